import { importLimits } from '../../../../contract/import.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import type { Services } from '../../../platform/context.ts';
import { writeBlob } from '../../../platform/files/write-blob.ts';
import { bytesOf, unreadable, type Bytes } from '../../../records/import/reading/bytes.ts';
import type { Encoding } from '../../../records/import/reading/encoding.ts';
import { openTable, type TableRow } from '../../../records/import/reading/table.ts';
import { extendLease, type ImportRow } from '../../../records/import/store.ts';

/** The keys under which an import's file and its rows lie. */
export const importKey = (tenantId: string, importId: string, what: 'source' | 'rows'): string => `${tenantId}/imports/${importId}-${what}`;

const mostRowsBytes = 512 * 1024 * 1024;
const signEveryMilliseconds = 5_000;

/** Somebody else has the import, or it was cancelled. */
export class ImportGone extends Error {}

/**
 * Reads a file through, whatever its format, and stores its rows one on a line (整理行数据), so that the work on them can be
 * taken up anywhere. Nothing is written to the organization before the whole file was read: one with too many rows is
 * refused as a whole.
 *
 * @throws Refusal import_unreadable, import_no_columns, import_too_many_rows
 */
export async function readFile(services: Services, row: ImportRow): Promise<{ key: string; size: number; total: number; columns: string[] }> {
  const table = await openTable(bytesOf(services.blobs, row.source_key!, row.file_size), { sheet: row.sheet, encoding: row.encoding as Encoding | null });
  const key = importKey(row.tenant_id, row.id, 'rows');
  let total = 0;
  let written = 0;
  let signed = services.clock.now().getTime();
  const lines = async function* (): AsyncGenerator<Buffer> {
    for await (const rows of table.rows()) {
      const piece = Buffer.from(rows.map((one) => `${JSON.stringify([one.line, one.values, ...(one.fault ? [one.fault] : [])])}\n`).join(''));
      total += rows.length;
      written += piece.length;
      if (total > importLimits.rows) throw new Refusal('import_too_many_rows', { limit: importLimits.rows.toLocaleString('en-US') });
      if (written > mostRowsBytes) throw unreadable('解压后太大', 'it unpacks to too much');
      yield piece;
      const now = services.clock.now().getTime();
      if (now - signed < signEveryMilliseconds) continue;
      signed = now;
      if (!await extendLease(services, row)) throw new ImportGone();
    }
  };
  const size = await writeBlob(services.blobs, key, 'application/jsonl', lines());
  return { key, size, total, columns: table.columns };
}

const window = 262_144;

/** Some of the rows that were stored, from a place on, and the place behind them. */
export async function readRows(bytes: Bytes, offset: number, most: number): Promise<{ rows: TableRow[]; next: number }> {
  const rows: TableRow[] = [];
  let next = offset;
  let length = window;
  while (next < bytes.size && rows.length < most) {
    const piece = await bytes.read(next, next + length);
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0 && rows.length < most; end = piece.indexOf(10, start)) {
      const [line, values, fault] = JSON.parse(piece.toString('utf8', start, end)) as [number, TableRow['values'], TableRow['fault']];
      rows.push({ line, values, ...(fault ? { fault } : {}) });
      start = end + 1;
    }
    next += start;
    // A row that is longer than what was read.
    if (start === 0) length *= 4;
    else break;
  }
  return { rows, next };
}
