/**
 * One line of a CSV file (RFC 4180), with its end. What a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, a tab or
 * a return in front, and of the first four the full-width forms, which East Asian versions take for the same) is led by an
 * apostrophe, so that opening an export runs nothing.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A record of a CSV file: the line it begins on, from 1, and its cells. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** Where a CSV text is broken: a quoted cell that never ends, or something behind its end. */
export class BrokenCsv extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`broken quotes in line ${line}`);
    this.name = 'BrokenCsv';
    this.line = line;
  }
}

/**
 * The records of a CSV text (解析 CSV), separated by comma, semicolon or tab, whichever the first line has most of outside of
 * quotes; empty lines are left out. Quoted cells may hold separators and line ends (RFC 4180).
 *
 * @throws BrokenCsv
 */
export function parseCsv(text: string): CsvRecord[] {
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const begin = line;
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        at += 1;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) throw new BrokenCsv(begin);
          cell += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at += 1;
        }
        line += countLines(cell);
        if (at < text.length && !isEnd(text[at]!) && text[at] !== separator) throw new BrokenCsv(line);
      } else {
        const start = at;
        while (at < text.length && !isEnd(text[at]!) && text[at] !== separator) at += 1;
        cell = text.slice(start, at);
      }
      cells.push(cell);
      if (text[at] !== separator) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (cells.length > 1 || cells[0]!.trim() !== '') records.push({ line: begin, cells });
  }
  return records;
}

const isEnd = (character: string): boolean => character === '\n' || character === '\r';
const countLines = (text: string): number => (text.match(/\r\n|\r|\n/g) ?? []).length;

function separatorOf(text: string): string {
  const first = /^(?:"[^"]*"|[^"\r\n])*/.exec(text)?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const count = (separator: string) => first.split(separator).length - 1;
  return [',', ';', '\t'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}
