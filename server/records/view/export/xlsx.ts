import { zipped, type ZipEntry } from './zip.ts';

/** A cell: a text, a number, or a moment as its local parts say it (milliseconds since 1970 as if they were of UTC). */
export type Cell = string | number | null | { moment: number };

const mostRows = 1_048_576;
// A sheet's text in its archive has to stay below 4 GiB.
const mostCharacters = 1_000_000_000;
const longestText = 32_767;
const pieceLength = 65_536;
const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/**
 * A workbook as it is being made (流式 XLSX): rows go out as they come in, and nothing of what went out is held. What does
 * not fit on one sheet goes on on the next, under the same headings. Texts are texts: none is taken for a formula.
 *
 * @see ECMA-376, part 1 (SpreadsheetML)
 */
export async function* workbook(sheetName: string, headings: readonly string[], rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<Buffer> {
  yield* zipped(files(sheetName, headings, rows[Symbol.asyncIterator]()));
}

async function* files(sheetName: string, headings: readonly string[], rows: AsyncIterator<readonly Cell[]>): AsyncGenerator<ZipEntry> {
  let sheets = 0;
  const state = { ended: false };
  try {
    do {
      sheets += 1;
      yield { name: `xl/worksheets/sheet${sheets}.xml`, chunks: sheet(headings, rows, state) };
    } while (!state.ended);
  } finally {
    // Whoever stopped reading needs no more rows.
    await rows.return?.();
  }
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const file = (name: string, text: string): ZipEntry => ({ name, chunks: [declaration + text] });
  yield file('xl/styles.xml', styles);
  yield file('xl/workbook.xml', `<workbook xmlns="${spreadsheet}" xmlns:r="${relations}"><sheets>${numbers
    .map((number) => `<sheet name="${escape(nameOf(sheetName, number, sheets))}" sheetId="${number}" r:id="rId${number}"/>`).join('')}</sheets></workbook>`);
  yield file('xl/_rels/workbook.xml.rels', `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${numbers
    .map((number) => `<Relationship Id="rId${number}" Type="${relations}/worksheet" Target="worksheets/sheet${number}.xml"/>`).join('')}<Relationship Id="rId${sheets + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`);
  yield file('_rels/.rels', `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  yield file('[Content_Types].xml', `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${numbers
    .map((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`);
}

async function* sheet(headings: readonly string[], rows: AsyncIterator<readonly Cell[]>, state: { ended: boolean }): AsyncGenerator<string> {
  const letters = headings.map((_, index) => letter(index));
  yield `${declaration}<worksheet xmlns="${spreadsheet}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="${Math.max(1, headings.length)}" width="20" customWidth="1"/></cols><sheetData>`;
  yield row(1, headings, letters, 2);
  let characters = 0;
  // Many rows at once: each piece goes through the compressor and the pipes by itself.
  let piece = '';
  for (let number = 2; number <= mostRows && characters < mostCharacters; number += 1) {
    const next = await rows.next();
    if (next.done) {
      state.ended = true;
      break;
    }
    const text = row(number, next.value, letters, 0);
    characters += text.length;
    piece += text;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}</sheetData></worksheet>`;
}

function row(number: number, cells: readonly Cell[], letters: readonly string[], style: number): string {
  const written = cells.map((cell, index) => {
    if (cell === null || cell === '') return '';
    const place = `<c r="${letters[index]}${number}"`;
    if (typeof cell === 'number') return `${place}><v>${cell}</v></c>`;
    if (typeof cell === 'object') return `${place} s="1"><v>${serial(cell.moment)}</v></c>`;
    return `${place}${style ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${escape(cell.slice(0, longestText))}</t></is></c>`;
  });
  return `<row r="${number}">${written.join('')}</row>`;
}

/** Days since 30 December 1899, as spreadsheets count them. */
function serial(moment: number): number {
  return Math.round((moment / 86_400_000 + 25_569) * 1e6) / 1e6;
}

/** The letters of a column: A to Z, AA, AB … */
function letter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : letter(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26));
}

// What XML 1.0 cannot hold at all, and what spreadsheets would read as the code of a character.
// oxlint-disable-next-line no-control-regex -- these are what it is about
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const coded = /_(?=x[0-9a-fA-F]{4}_)/g;

function escape(text: string): string {
  return text.toWellFormed().replaceAll(unwritable, '').replaceAll(coded, '_x005F_').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A sheet's name: at most 31 characters, without those that stand for something in formulas. */
function nameOf(name: string, number: number, sheets: number): string {
  const plain = name.replaceAll(/[[\]:*?/\\']/g, ' ').trim() || 'Sheet';
  const end = sheets > 1 ? ` ${number}` : '';
  return [...plain].slice(0, 31 - end.length).join('') + end;
}

const styles = `<styleSheet xmlns="${spreadsheet}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>`;
