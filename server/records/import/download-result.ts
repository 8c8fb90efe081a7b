import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Closed, Id } from '../../../contract/common.ts';
import { csvLine } from '../../../rules/imports/cells.ts';
import type { Value } from '../../../rules/imports/values.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { downloadHeaders } from '../../platform/files/headers.ts';
import { stream, type StreamContext } from '../../platform/http/use-case.ts';
import { findImport } from './list-imports.ts';
import type { ImportRow } from './store.ts';

const rowsAtOnce = 500;

/**
 * The rows that were refused as CSV (导入结果文件): where each stood, what is wrong with it, and the row as it was, so that
 * it can be mended in this very file and sent again. Only for whoever sent it, as it holds what stood there.
 */
export const downloadImportResult = stream({
  summary: 'The refused rows of an import as CSV',
  params: Closed({ id: Id }),
  produces: 'text/csv',
  async run(context, request, reply) {
    const { id } = request.params as { id: string };
    const row = await context.transact(async (inner) => {
      const found = await findImport(inner, id);
      if (found.created_by !== staffOf(inner).staffId) throw new Refusal('forbidden');
      return found;
    });
    const name = `${row.file_name.replace(/\.\w+$/, '')} ${row.language === 'en' ? 'refused rows' : '未导入的行'}.csv`;
    return sendCsv(reply, name, `import-${row.id}-${row.version}`).send(Readable.from(linesOf(context, row)));
  },
});

/** With a byte order mark, by which Excel knows that it is UTF-8. */
export function sendCsv(reply: FastifyReply, name: string, tag: string): FastifyReply {
  const { 'accept-ranges': _ranges, ...headers } = downloadHeaders({ name, mediaType: 'text/csv; charset=utf-8', tag }, { asAttachment: true });
  return reply.headers(headers);
}

/** Names that no file of somebody's own has: columns of these are left out when the file comes back. */
export const resultColumns = { zh: ['导入结果：行', '导入结果：列', '导入结果：原因'], en: ['Import result: row', 'Import result: column', 'Import result: reason'] } as const;

async function* linesOf(context: StreamContext, row: ImportRow): AsyncGenerator<string> {
  yield `\ufeff${csvLine([...resultColumns[row.language === 'en' ? 'en' : 'zh'], ...row.columns])}`;
  for (let last = 0; ;) {
    const issues = await context.transact((inner) => inner.transaction.run(build.selectFrom('import_issue').select(['row', 'columns', 'message', 'cells'])
      .where('tenant_id', '=', row.tenant_id).where('import_id', '=', row.id).where('row', '>', last).orderBy('row').limit(rowsAtOnce)));
    yield issues.map((issue) => csvLine([String(issue.row), issue.columns.join('、'), issue.message, ...row.columns.map((_, index) => textOf((issue.cells as Value[])[index]))])).join('');
    if (issues.length < rowsAtOnce) return;
    last = issues.at(-1)!.row;
  }
}

function textOf(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
