import { importLimits } from '../../../../contract/import.ts';
import { unguardCell } from '../../../../rules/imports/cells.ts';

/** One row of a file with the line it begins on. */
export interface CellRow {
  line: number;
  cells: string[];
  /** What is wrong with the row as a whole. */
  fault?: RowFault;
}
export type RowFault = 'unclosed_quote' | 'cell_too_long' | 'too_many_columns' | 'malformed_json' | 'not_an_object' | 'line_too_long';

export const separators = [',', ';', '\t', '|', '，', '；'] as const;
export type Separator = (typeof separators)[number];

// A quoted cell that goes on for so long has no end; so has a row.
const longestQuoted = importLimits.cell * 4;
const longestRow = 2 * 1024 * 1024;

/** A parser that is fed a file piece by piece and gives the rows that are complete. */
export interface CsvParser {
  push(text: string): CellRow[];
  end(): CellRow[];
}

/**
 * Reads CSV as RFC 4180 has it and as people write it (CSV 解析): any line ends, quotes around any cell with quotes in it
 * doubled, rows of uneven length, blank lines passed over. A quote that is never closed spoils its own line only: when
 * its cell gets longer than a cell may be, or the file ends, reading goes on at the next line.
 */
export function openCsv(separator: string): CsvParser {
  let cells: string[] = [];
  let cell = '';
  let state: 'start' | 'plain' | 'quoted' | 'after' = 'start';
  // The line the row began on and the one being read, from 1.
  let began = 1;
  let line = 1;
  let raw = '';
  let quoted = 0;
  let afterReturn = false;
  let tooLong = false;

  const endCell = () => {
    cells.push(cell);
    cell = '';
    state = 'start';
  };
  const endRow = (rows: CellRow[]) => {
    endCell();
    if (cells.some((one) => one !== '')) {
      const fault: RowFault | undefined = tooLong ? 'cell_too_long' : cells.length > importLimits.columns ? 'too_many_columns' : undefined;
      rows.push({ line: began, cells: cells.slice(0, importLimits.columns).map(unguardCell), ...(fault ? { fault } : {}) });
    }
    cells = [];
    raw = '';
    tooLong = false;
    began = line;
  };
  const grow = (text: string) => {
    if (cell.length + text.length <= importLimits.cell) cell += text;
    else tooLong = true;
  };

  /** Gives up a quote that does not close: its line is a row with a fault, what follows is read anew. */
  const giveUp = (rows: CellRow[]): string => {
    const cut = /\r\n|\r|\n/.exec(raw);
    const [first, rest] = cut ? [raw.slice(0, cut.index), raw.slice(cut.index + cut[0].length)] : [raw, ''];
    rows.push({ line: began, cells: first.split(separator).slice(0, importLimits.columns).map((one) => one.slice(0, importLimits.cell)), fault: 'unclosed_quote' });
    cells = [];
    cell = '';
    raw = '';
    state = 'start';
    tooLong = false;
    line = began + (cut ? 1 : 0);
    began = line;
    afterReturn = false;
    return rest;
  };

  function read(text: string, rows: CellRow[]): void {
    let pending = text;
    for (let at = 0; at < pending.length; at += 1) {
      const character = pending[at]!;
      if (character === '\n' && afterReturn) {
        // The second half of a line end that was taken already.
        afterReturn = false;
        if (state === 'quoted') {
          grow('\n');
          raw += '\n';
        }
        continue;
      }
      afterReturn = character === '\r';
      const isEnd = character === '\n' || character === '\r';
      if (isEnd) line += 1;
      if (raw.length < longestRow) raw += character;
      if (state === 'quoted') {
        quoted += 1;
        if (character === '"') state = 'after';
        else grow(character);
        if (quoted > longestQuoted || raw.length >= longestRow) {
          const rest = giveUp(rows);
          pending = rest + pending.slice(at + 1);
          at = -1;
        }
        continue;
      }
      if (state === 'after' && character === '"') {
        grow('"');
        state = 'quoted';
      } else if (character === separator) endCell();
      else if (isEnd) endRow(rows);
      else if (state === 'start' && character === '"') {
        state = 'quoted';
        quoted = 0;
      }
      else if (state === 'start' && character === ' ' && cell === '') {
        // Blanks before a quote say nothing.
        continue;
      } else {
        grow(character);
        state = 'plain';
      }
    }
  }

  return {
    push(text) {
      const rows: CellRow[] = [];
      read(text, rows);
      return rows;
    },
    end() {
      const rows: CellRow[] = [];
      while (state === 'quoted') read(giveUp(rows), rows);
      if (raw !== '') endRow(rows);
      return rows;
    },
  };
}

const sampleRows = 20;

/**
 * Which character separates the cells (分隔符识别): the one that gives the first rows the same number of cells, more than
 * one; a comma when none does.
 *
 * @param whole whether it is the whole file; else its last row may be cut off
 */
export function guessSeparator(head: string, whole = true): Separator {
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 };
  for (const separator of separators) {
    const parser = openCsv(separator);
    const read = parser.push(head);
    const rows = (whole || read.length === 0 ? [...read, ...parser.end()] : read).slice(0, sampleRows);
    const counts = rows.filter((row) => !row.fault).map((row) => row.cells.length);
    const width = counts[0] ?? 0;
    if (width < 2) continue;
    const even = counts.filter((count) => count === width).length / counts.length;
    const score = even * 100 + Math.min(width, 50);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** The separator that the first line of a file from Excel names: `sep=;`. */
export function namedSeparator(head: string): { separator: string; length: number } | null {
  const match = /^sep=(.)\r?\n/i.exec(head);
  return match ? { separator: match[1]!, length: match[0].length } : null;
}
