/**
 * Cells as spreadsheets take them (表格单元格). A text that begins like a formula would be run by the program that opens
 * the file, so one apostrophe is put before it on the way out, and taken away again on the way in: what goes round comes
 * back as it was.
 */
// Full-width forms as well: East Asian versions take them for the same.
const like = /^'*[=+\-@\t\r＝＋－＠]/;
const guarded = /^'+[=+\-@\t\r＝＋－＠]/;
const number = /^[+-]?\d+(?:\.\d+)?$/;

/** A text on its way into a file that a spreadsheet opens. */
export function guardCell(text: string): string {
  return like.test(text) && !number.test(text) ? `'${text}` : text;
}

/** A text that came out of such a file. */
export function unguardCell(text: string): string {
  return guarded.test(text) ? text.slice(1) : text;
}

/** A row of CSV as RFC 4180 has it, its cells guarded. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => {
    const safe = guardCell(cell);
    return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(',')}\r\n`;
}
