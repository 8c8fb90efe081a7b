import type { ColumnMapping, Import } from '../../../contract/import.ts';
import { describeRefusal, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import type { ImportRow } from './store.ts';

/** An import as those who may import see it (导入任务视图). */
export function viewImport(context: Context, row: ImportRow): Import {
  const isTheirs = row.created_by === staffOf(context).staffId;
  return {
    id: row.id, kind: row.kind as Import['kind'], status: row.status as Import['status'], dryRun: row.dry_run, file: { name: row.file_name, size: row.file_size, format: row.format as Import['file']['format'] },
    columns: row.columns, mapping: row.mapping as ColumnMapping,
    counts: { rows: row.total, processed: row.position, created: row.created, updated: row.updated, present: row.present, failed: row.failed },
    error: row.error_code === null ? null : { code: row.error_code, message: describeRefusal(row.error_code as RefusalCode, (row.error_parameters ?? {}) as Record<string, RefusalParameter>, context.language) },
    // It holds whatever stood in the file: for whoever sent it, and nobody else.
    resultUrl: row.failed > 0 && row.finished_at && row.source_key !== null && isTheirs ? `/api/v1/imports/${row.id}/result.csv` : null,
    createdBy: { id: row.created_by, name: row.created_by_name }, createdAt: row.created_at.toISOString(), startedAt: row.started_at?.toISOString() ?? null, finishedAt: row.finished_at?.toISOString() ?? null, version: row.version,
  };
}
