import type { importFormats } from '../../../../contract/import.ts';
import { importLimits } from '../../../../contract/import.ts';
import type { Value } from '../../../../rules/imports/values.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { unreadable, type Bytes } from './bytes.ts';
import { guessSeparator, namedSeparator, openCsv, type CellRow, type RowFault } from './csv.ts';
import { decode, detectEncoding, type Encoding } from './encoding.ts';
import { openJsonLines, type JsonRow } from './json-lines.ts';
import { openWorkbook } from './xlsx.ts';

/** A row of a file: a value for each column. */
export interface TableRow {
  line: number;
  values: Value[];
  fault?: RowFault;
}

/** A file of rows, in whatever format (导入文件). */
export interface Table {
  format: (typeof importFormats)[number];
  encoding: Encoding | null;
  separator: string | null;
  sheets: readonly string[];
  /** Names of the columns. Of JSON Lines those of its first lines; more may come while its rows are read. */
  columns: string[];
  /** The rows below the heading, as many at once as a piece of the file holds. To be read once. */
  rows(): AsyncIterable<TableRow[]>;
  /** Lets go of the file where its rows are not read. */
  close(): Promise<void>;
}

const headCharacters = 65_536;
const columnsFrom = 200;

/**
 * Opens a file of rows: finds out by its content what it is and how it is written, and reads its heading.
 *
 * @throws Refusal import_unreadable, import_no_columns
 */
export async function openTable(bytes: Bytes, { sheet, encoding }: { sheet?: string | null | undefined; encoding?: Encoding | null | undefined } = {}): Promise<Table> {
  const head = await bytes.read(0, 8);
  if (head.length === 0) throw unreadable('文件是空的', 'it is empty');
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) return openSheet(bytes, sheet);
  if (head.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) throw unreadable('旧版 Excel（.xls）请另存为 .xlsx 再导入', 'save the old Excel format (.xls) as .xlsx first');
  const written = encoding ?? await detectEncoding(bytes);
  const start = await beginningOf(bytes, written);
  const first = start.trimStart()[0];
  if (first === undefined) throw unreadable('文件是空的', 'it is empty');
  if (first === '[') throw unreadable('JSON 请一行一个对象（JSON Lines）', 'JSON has to have one object on each line (JSON Lines)');
  return first === '{' ? openLines(bytes, written) : openText(bytes, written, start);
}

async function openSheet(bytes: Bytes, wanted: string | null | undefined): Promise<Table> {
  const workbook = await openWorkbook(bytes);
  const opened = await withHeading(workbook.rows(wanted ?? workbook.sheets[0]!));
  return { format: 'xlsx', encoding: null, separator: null, sheets: workbook.sheets, ...opened };
}

async function openText(bytes: Bytes, encoding: Encoding, start: string): Promise<Table> {
  const said = namedSeparator(start);
  const separator = said?.separator ?? guessSeparator(start, start.length < headCharacters);
  const pieces = async function* (): AsyncGenerator<CellRow[]> {
    const parser = openCsv(separator);
    let skip = said?.length ?? 0;
    for await (const text of readable(decode(bytes, encoding))) {
      const skipped = Math.min(skip, text.length);
      skip -= skipped;
      const rows = parser.push(text.slice(skipped));
      if (rows.length > 0) yield rows;
    }
    const rows = parser.end();
    if (rows.length > 0) yield rows;
  };
  return { format: 'csv', encoding, separator, sheets: [], ...await withHeading(pieces()) };
}

/** Takes the first row off as the heading. */
async function withHeading(pieces: AsyncIterable<CellRow[]>): Promise<Pick<Table, 'columns' | 'rows' | 'close'>> {
  const iterator = pieces[Symbol.asyncIterator]();
  // What stands still in the midst of a file holds it open.
  const close = async () => {
    await iterator.return?.();
  };
  const first = await iterator.next();
  if (first.done) throw new Refusal('import_no_columns');
  const [heading, ...rest] = first.value;
  if (heading!.fault || !heading!.cells.some((cell) => cell.trim() !== '')) {
    await close();
    throw new Refusal('import_no_columns');
  }
  const columns = heading!.cells.map((cell) => storableText(cell.trim().slice(0, 200)));
  const aligned = (row: CellRow): TableRow => ({
    line: row.line, values: Array.from({ length: columns.length }, (_, index) => storableText(row.cells[index] ?? '')),
    // Cells beside the last heading belong to nothing; a comma too many moves all that follows.
    ...(row.fault ? { fault: row.fault } : row.cells.slice(columns.length).some((cell) => cell.trim() !== '') ? { fault: 'too_many_columns' as const } : {}),
  });
  return {
    columns, close,
    async *rows() {
      try {
        if (rest.length > 0) yield rest.map(aligned);
        for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value.map(aligned);
      } finally {
        await close();
      }
    },
  };
}

async function openLines(bytes: Bytes, encoding: Encoding): Promise<Table> {
  const columns: string[] = [];
  const places = new Map<string, number>();
  const place = (name: string): number | undefined => {
    const known = places.get(name);
    if (known !== undefined || columns.length >= importLimits.columns) return known;
    places.set(name, columns.length);
    columns.push(storableText(name.slice(0, 200)));
    return columns.length - 1;
  };
  const pieces = async function* (): AsyncGenerator<JsonRow[]> {
    const parser = openJsonLines();
    for await (const text of readable(decode(bytes, encoding))) {
      const rows = parser.push(text);
      if (rows.length > 0) yield rows;
    }
    const rows = parser.end();
    if (rows.length > 0) yield rows;
  };
  let seen = 0;
  for await (const rows of pieces()) {
    for (const row of rows.slice(0, columnsFrom - seen)) for (const name of row.members.keys()) place(name);
    seen += rows.length;
    if (seen >= columnsFrom) break;
  }
  if (columns.length === 0) throw new Refusal('import_no_columns');
  return {
    format: 'jsonl', encoding, separator: null, sheets: [], columns,
    close: async () => {},
    async *rows() {
      for await (const rows of pieces()) {
        yield rows.map((row): TableRow => {
          const values: Value[] = [];
          for (const [name, value] of row.members) {
            const at = place(name);
            if (at !== undefined) values[at] = storable(value);
          }
          return { line: row.line, values: Array.from(values, (value) => value ?? null), ...(row.fault ? { fault: row.fault } : {}) };
        });
      }
    },
  };
}

/** Text that the database takes: half a character, cut off or written alone, and the zero that ends a text elsewhere become a mark. */
function storableText(text: string): string {
  const whole = text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

function storable(value: Value): Value {
  if (typeof value === 'string') return storableText(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(storable);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), storable(member)]));
}

async function beginningOf(bytes: Bytes, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const piece of readable(decode(bytes, encoding))) {
    text += piece;
    if (text.length >= headCharacters) break;
  }
  return text.slice(0, headCharacters);
}

/** What is not written as it was said, or as its beginning looked, is refused where it shows. */
async function* readable(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    if (error instanceof TypeError) throw unreadable('有些字符与文件的编码不符', 'some of its characters do not fit its encoding');
    throw error;
  }
}
