import { importLimits } from '../../../../contract/import.ts';
import { unreadable, type Bytes } from './bytes.ts';
import type { CellRow } from './csv.ts';
import { decodeXml, resolvePart } from './parts.ts';
import { openZip, unzip, type ZipEntry } from './zip.ts';
import { openXml } from './xml.ts';

/** An Excel workbook (.xlsx) whose sheets can be read (ECMA-376 Part 1, 18). */
export interface Workbook {
  /** Names of the sheets that are shown, in their order. */
  sheets: readonly string[];
  /** The rows of a sheet, as many at once as a piece of the file holds. Formulas give the value they had when it was saved. */
  rows(sheet: string): AsyncIterable<CellRow[]>;
}

const mostSmall = 8 * 1024 * 1024;
const mostStringBytes = 192 * 1024 * 1024;
const mostStrings = 4_000_000;
const mostSheet = 768 * 1024 * 1024;
// The most rows a sheet can have.
const lastRow = 1_048_576;

interface Sheet {
  name: string;
  part: string;
}

/** Opens a workbook: its directory, its dates and its shared strings, but none of its sheets. */
export async function openWorkbook(bytes: Bytes): Promise<Workbook> {
  const entries = await openZip(bytes);
  const workbookPart = await mainPart(bytes, entries);
  const { sheets, from1904 } = await readWorkbook(bytes, entries, workbookPart);
  if (sheets.length === 0) throw unreadable('工作簿里没有可见的工作表', 'the workbook has no visible sheet');
  const related = await readRelations(bytes, entries, workbookPart);
  const partOf = (type: string) => [...related.values()].find((relation) => relation.type.endsWith(`/${type}`))?.part;
  const dates = await readDates(bytes, entries.get(partOf('styles') ?? ''));
  const stringsEntry = entries.get(partOf('sharedStrings') ?? '');
  let strings: Promise<StringTable> | undefined;
  return {
    sheets: sheets.map((sheet) => sheet.name),
    async *rows(name) {
      const sheet = sheets.find((one) => one.name === name);
      const entry = sheet && entries.get(related.get(sheet.part)?.part ?? '');
      if (!entry) throw unreadable(`没有工作表“${name}”`, `there is no sheet “${name}”`);
      strings ??= readStrings(bytes, stringsEntry);
      yield* readSheet(bytes, entry, await strings, dates, from1904);
    },
  };
}

async function mainPart(bytes: Bytes, entries: ReadonlyMap<string, ZipEntry>): Promise<string> {
  const roots = await readRelations(bytes, entries, '');
  const part = [...roots.values()].find((relation) => relation.type.endsWith('/officeDocument'))?.part ?? 'xl/workbook.xml';
  if (!entries.has(part)) throw unreadable('它不是 Excel 工作簿（.xlsx）', 'it is no Excel workbook (.xlsx)');
  return part;
}

async function parse(bytes: Bytes, entry: ZipEntry, handler: Parameters<typeof openXml>[0], most = mostSmall): Promise<void> {
  const reader = openXml(handler);
  for await (const text of decodeXml(unzip(bytes, entry, most))) reader.push(text);
  reader.end();
}

async function readRelations(bytes: Bytes, entries: ReadonlyMap<string, ZipEntry>, part: string): Promise<Map<string, { type: string; part: string }>> {
  const slash = part.lastIndexOf('/') + 1;
  const entry = entries.get(`${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`);
  const relations = new Map<string, { type: string; part: string }>();
  if (!entry) return relations;
  await parse(bytes, entry, {
    open(name, attribute) {
      // What lies outside of the file is none of our business.
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return;
      relations.set(attribute('Id') ?? '', { type: attribute('Type') ?? '', part: resolvePart(part, attribute('Target') ?? '') });
    },
    close() {}, text() {},
  });
  return relations;
}

async function readWorkbook(bytes: Bytes, entries: ReadonlyMap<string, ZipEntry>, part: string): Promise<{ sheets: Sheet[]; from1904: boolean }> {
  const sheets: Sheet[] = [];
  let from1904 = false;
  await parse(bytes, entries.get(part)!, {
    open(name, attribute) {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '');
      if (name === 'sheet' && !['hidden', 'veryHidden'].includes(attribute('state') ?? '')) sheets.push({ name: attribute('name') ?? '', part: attribute('id') ?? '' });
    },
    close() {}, text() {},
  });
  return { sheets, from1904 };
}

type Dates = readonly ('date' | 'date_time' | 'time' | null)[];

/** Which cell formats are days or times, by their place in the list of formats. */
async function readDates(bytes: Bytes, entry: ZipEntry | undefined): Promise<Dates> {
  if (!entry) return [];
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inFormats = false;
  await parse(bytes, entry, {
    open(name, attribute) {
      if (name === 'numFmt') codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      if (name === 'cellXfs') inFormats = true;
      if (name === 'xf' && inFormats) formats.push(Number(attribute('numFmtId') ?? 0));
    },
    close(name) {
      if (name === 'cellXfs') inFormats = false;
    },
    text() {},
  });
  return formats.map((id) => {
    const code = codes.get(id);
    if (code === undefined) return builtIn(id);
    // Of a format's code what is quoted, in brackets or escaped is shown as it is; elapsed hours count as time.
    const bare = code.replace(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|[_*]./gi, '').split(';')[0]!;
    const day = /[yd年日]|m{3,}|(?<![hs:\s])m(?![:s])/i.test(bare) && /[ymd]/i.test(bare);
    const time = /[hs时]/i.test(bare);
    return day && time ? 'date_time' : day ? 'date' : time ? 'time' : null;
  });
}

// Formats that every file knows without saying (18.8.30), with those of the East Asian versions.
function builtIn(id: number): Dates[number] {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || (id >= 57 && id <= 58)) return 'date';
  if (id === 22) return 'date_time';
  return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id === 55 || id === 56 ? 'time' : null;
}

/** Strings as bytes beside each other, and where each lies as two numbers: a million of them as objects would take ten times the memory. */
class StringTable {
  readonly #chunks: Buffer[] = [];
  #current: Buffer = Buffer.allocUnsafe(chunkBytes);
  #used = 0;
  #count = 0;
  // Which chunk and where in it, as one number; and how many bytes.
  #places = new Uint32Array(1_024);
  #lengths = new Uint32Array(1_024);

  add(text: string): void {
    // Each may be empty and cost next to nothing in the file.
    if (this.#count >= mostStrings) throw unreadable('其中的字符串太多', 'it has too many strings');
    const bytes = Buffer.from(text);
    if (this.#used + bytes.length > this.#current.length || this.#used >= chunkBytes) {
      this.#chunks.push(this.#current);
      this.#current = Buffer.allocUnsafe(Math.max(chunkBytes, bytes.length));
      this.#used = 0;
    }
    bytes.copy(this.#current, this.#used);
    if (this.#count === this.#places.length) {
      this.#places = grown(this.#places);
      this.#lengths = grown(this.#lengths);
    }
    this.#places[this.#count] = this.#chunks.length * chunkBytes + this.#used;
    this.#lengths[this.#count] = bytes.length;
    this.#count += 1;
    this.#used += bytes.length;
  }

  at(index: number): string {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return '';
    const place = this.#places[index]!;
    const start = place % chunkBytes;
    return (this.#chunks[Math.floor(place / chunkBytes)] ?? this.#current).toString('utf8', start, start + this.#lengths[index]!);
  }
}

const chunkBytes = 1_048_576;

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

async function readStrings(bytes: Bytes, entry: ZipEntry | undefined): Promise<StringTable> {
  const table = new StringTable();
  if (!entry) return table;
  let text = '';
  let inText = false;
  // How the characters of a name are pronounced stands beside them, and is no part of it.
  let phonetic = 0;
  await parse(bytes, entry, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') inText = phonetic === 0;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'si') table.add(text);
    },
    text(part) {
      if (inText && text.length <= importLimits.cell) text += part;
    },
  }, mostStringBytes);
  return table;
}

async function* readSheet(bytes: Bytes, entry: ZipEntry, strings: StringTable, dates: Dates, from1904: boolean): AsyncGenerator<CellRow[]> {
  let rows: CellRow[] = [];
  let row: CellRow | null = null;
  let cell: { column: number; type: string; style: number } | null = null;
  let value = '';
  let inValue = false;
  let line = 0;
  // The column of the last cell of the row: also of one that is empty, or says no place.
  let column = -1;
  const reader = openXml({
    open(name, attribute) {
      if (name === 'row') {
        // As far as its number tells where it stands: each row has one of its own.
        const said = Number(attribute('r'));
        line = Number.isInteger(said) && said > line && said <= lastRow ? said : line + 1;
        column = -1;
        row = { line, cells: [] };
      } else if (name === 'c' && row) {
        column = columnOf(attribute('r')) ?? column + 1;
        cell = { column, type: attribute('t') ?? 'n', style: Number(attribute('s') ?? -1) };
        value = '';
      } else if (cell && (name === 'v' || name === 't')) inValue = true;
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c' && cell && row) {
        const text = textOf(value, cell.type, strings, dates[cell.style] ?? null, from1904);
        if (cell.column >= importLimits.columns) {
          if (text !== '') row.fault = 'too_many_columns';
        } else if (text !== '') {
          while (row.cells.length < cell.column) row.cells.push('');
          row.cells[cell.column] = text.slice(0, importLimits.cell);
          if (text.length > importLimits.cell) row.fault = 'cell_too_long';
        }
        cell = null;
      } else if (name === 'row' && row) {
        if (row.cells.some((one) => one !== '')) rows.push(row);
        row = null;
      }
    },
    text(part) {
      if (inValue && value.length <= importLimits.cell) value += part;
    },
  });
  for await (const text of decodeXml(unzip(bytes, entry, mostSheet))) {
    reader.push(text);
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
  reader.end();
  if (rows.length > 0) yield rows;
}

/** The column that a reference such as BC12 names, from 0. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1];
  if (!letters) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function textOf(value: string, type: string, strings: StringTable, date: Dates[number], from1904: boolean): string {
  if (type === 's') return strings.at(Number(value));
  if (type === 'b') return value.trim() === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n') return value;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  if (date !== null) return momentOf(number, date, from1904);
  // A number of more than 15 digits has been rounded by the spreadsheet: shown as it is, so that it is not taken for whole.
  return Math.abs(number) >= 1e15 ? value : String(Number(number.toPrecision(15)));
}

/** A serial day number (18.17.4.1) as people write it. The year 1900 of spreadsheets has a 29th of February. */
function momentOf(serial: number, kind: 'date' | 'date_time' | 'time', from1904: boolean): string {
  const days = Math.floor(serial);
  const seconds = Math.round((serial - days) * 86_400);
  const first = from1904 ? Date.UTC(1904, 0, 1) : serial < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  const moment = new Date(first + days * 86_400_000 + seconds * 1_000);
  if (serial < 0 || Number.isNaN(moment.getTime())) return String(serial);
  const [day, time] = [moment.toISOString().slice(0, 10), moment.toISOString().slice(11, 19)];
  return kind === 'time' && days === 0 ? time : kind === 'date' && seconds === 0 ? day : `${day} ${time}`;
}
