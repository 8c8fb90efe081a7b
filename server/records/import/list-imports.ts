import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { Import, ImportIssuePage, ImportPage, ListImports, ListIssues } from '../../../contract/import.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor, readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { finishImport, unfinished, type ImportRow } from './store.ts';
import { viewImport } from './view-import.ts';

const sort = 'imports:createdAt';
const params = Closed({ id: Id });

/** Imports of the organization (导入记录), newest first. */
export const listImports = useCase({
  summary: 'List imports',
  query: ListImports,
  answer: ImportPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('import_job').selectAll().where('tenant_id', '=', context.tenantId);
    if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
    if (query.status !== undefined) select = select.where('status', '=', query.status);
    if (query.cursor !== undefined) {
      const [at, id] = readCursor(query.cursor, sort);
      select = select.where(sql<boolean>`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1));
    const last = rows[limit - 1];
    return { items: rows.slice(0, limit).map((row) => viewImport(context, row)), nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null };
  },
});

/** One import with its progress (导入进度). */
export const showImport = useCase({
  summary: 'Show an import with its progress',
  params,
  answer: Import,
  run: async (context, { params: { id } }) => viewImport(context, await findImport(context, id)),
});

/** Stops an import (取消导入) after the rows that are just being taken; what was imported stays. */
export const cancelImport = useCase({
  summary: 'Cancel an import',
  params,
  answer: Import,
  async run(context, { params: { id } }) {
    const row = await context.transaction.first(build.selectFrom('import_job').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    if (row.status === 'cancelled') return viewImport(context, row);
    if (!(unfinished as readonly string[]).includes(row.status)) throw new Refusal('import_finished');
    await finishImport(context.transaction, row, context.now, 'cancelled');
    return viewImport(context, await findImport(context, id));
  },
});

/** What was wrong with the rows that were refused (导入问题), in the order of the file; without what stood in them. */
export const listImportIssues = useCase({
  summary: 'List the refused rows of an import',
  params,
  query: ListIssues,
  answer: ImportIssuePage,
  async run(context, { params: { id }, query }) {
    await findImport(context, id);
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('import_issue').select(['row', 'columns', 'code', 'message']).where('tenant_id', '=', context.tenantId).where('import_id', '=', id);
    if (query.cursor !== undefined) select = select.where('row', '>', readRow(query.cursor));
    const rows = await context.transaction.run(select.orderBy('row').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((issue) => ({ row: issue.row, column: issue.columns.join('、') || null, code: issue.code, message: issue.message })),
      nextCursor: rows.length > limit ? Buffer.from(`issue ${rows[limit - 1]!.row}`).toString('base64url') : null,
    };
  },
});

export async function findImport({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<ImportRow> {
  const row = await transaction.first(build.selectFrom('import_job').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!row) throw new Refusal('not_found');
  return row;
}

function readRow(cursor: string): number {
  const row = /^issue (\d{1,9})$/.exec(decodeCursor(cursor))?.[1];
  if (row === undefined) throw new Refusal('invalid_cursor');
  return Number(row);
}
