import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What one table says, with the remarks that stand below it. */
export interface Section {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  remarks: readonly string[];
}

/** What one part of the benchmark found. */
export type Report = readonly Section[];

const readme = join(import.meta.dirname, 'README.md');

/** A section as text for the terminal: columns aligned, figures to the right. */
export function asText({ title, columns, rows, remarks }: Section): string {
  const widths = columns.map((column, index) => Math.max(...[column, ...rows.map((row) => row[index] ?? '')].map(widthOf)));
  const line = (cells: readonly string[]) => cells
    .map((cell, index) => (index === 0 ? cell + ' '.repeat(widths[index]! - widthOf(cell)) : ' '.repeat(widths[index]! - widthOf(cell)) + cell)).join('  ');
  return ['', title, '', line(columns), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line), ...remarks.map((remark) => `  ${remark}`), ''].join('\n');
}

/** Chinese characters take two places of a terminal's line. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (/\p{Script=Han}|[\u3000-\u303f\uff00-\uffef]/u.test(character) ? 2 : 1), 0);
}

function asMarkdown({ title, columns, rows, remarks }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `### ${title}`, '', line(columns), line(columns.map((_, index) => (index === 0 ? ':--' : '--:'))), ...rows.map(line), '',
    ...(remarks.length > 0 ? [remarks.join('  \n'), ''] : []),
  ].join('\n');
}

/**
 * Puts a part's results into README.md, in the place of those from before. Results of other parts stay as they are.
 *
 * @param machine one line that says where and when they were measured
 */
export async function writeResults(part: string, machine: string, report: Report): Promise<void> {
  const [begin, end] = [`<!-- results of ${part} -->`, `<!-- end of ${part} -->`];
  const text = await readFile(readme, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`bench/README.md has no place for the results of ${part}: ${begin} … ${end}`);
  const results = [begin, `*${machine}*`, '', ...report.map(asMarkdown)].join('\n');
  await writeFile(readme, text.slice(0, from) + results + text.slice(to));
}
