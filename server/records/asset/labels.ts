import QRCode from 'qrcode';
import type { labelSizes } from '../../../contract/asset.ts';

/** What stands on a label beside its code. */
export interface Label {
  /** What the code opens. */
  url: string;
  code: string;
  name: string;
  /** One more line: where it stands. */
  place: string | null;
  organization: string;
}

export type LabelSize = (typeof labelSizes)[number];

// Millimetres. A4 as sheets of labels are sold: 21 of 63.5 × 38.1 (Avery L7160), 24 of 70 × 37 (3474), 40 of 52.5 × 29.7 (3657).
const sheets = {
  '40x30': { width: 40, height: 30, page: '40mm 30mm', columns: 1, rows: 1, top: 0, left: 0, columnGap: 0, share: 0.6, fonts: { code: 2.6, name: 2.4, place: 2, organization: 1.8 } },
  '60x40': { width: 60, height: 40, page: '60mm 40mm', columns: 1, rows: 1, top: 0, left: 0, columnGap: 0, share: 0.54, fonts: { code: 3.4, name: 3, place: 2.4, organization: 2.2 } },
  '80x50': { width: 80, height: 50, page: '80mm 50mm', columns: 1, rows: 1, top: 0, left: 0, columnGap: 0, share: 0.52, fonts: { code: 4.4, name: 3.8, place: 3, organization: 2.7 } },
  a4: { width: 63.5, height: 38.1, page: 'A4', columns: 3, rows: 7, top: 15.1, left: 7.2, columnGap: 2.5, share: 0.5, fonts: { code: 3.4, name: 3, place: 2.4, organization: 2.2 } },
  a4_24: { width: 70, height: 37, page: 'A4', columns: 3, rows: 8, top: 0.4, left: 0, columnGap: 0, share: 0.5, fonts: { code: 3.4, name: 3, place: 2.4, organization: 2.2 } },
  a4_40: { width: 52.5, height: 29.7, page: 'A4', columns: 4, rows: 10, top: 0, left: 0, columnGap: 0, share: 0.5, fonts: { code: 2.8, name: 2.4, place: 2, organization: 1.8 } },
} as const;
const margin = 2;

/**
 * The QR code of a text as one path of black modules on a square of `modules` units (二维码): ISO/IEC 18004, error
 * correction level M, with the quiet zone of four modules it asks for.
 */
export function qrPath(text: string): { modules: number; path: string } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  let path = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue;
      const start = column;
      while (column + 1 < modules.size && modules.get(row, column + 1)) column += 1;
      path += `M${start + quiet} ${row + quiet}h${column - start + 1}v1h-${column - start + 1}z`;
    }
  }
  return { modules: modules.size + 2 * quiet, path };
}

/** One label as an SVG drawing of its true size (设备标签). */
export function labelSvg(label: Label, size: LabelSize): string {
  const { width, height, share, fonts } = sheets[size];
  const code = qrPath(label.url);
  const side = Math.min(height - 2 * margin, width * share);
  const [top, quiet] = [(height - side) / 2, (side * 4) / code.modules];
  const textX = margin + side + 0.5;
  const room = width - textX - margin;
  const lines: string[] = [];
  // The text stands as high as the modules do.
  let y = top + quiet;
  const write = (text: string, font: number, weight: number, most: number) => {
    for (const line of wrap(text, room / font, most)) {
      y += font;
      lines.push(`<text x="${round(textX)}" y="${round(y - font * 0.15)}" font-size="${round(font)}" font-weight="${weight}">${escapeXml(line)}</text>`);
      y += font * 0.2;
    }
    y += 0.7;
  };
  // A code that is cut in two is misread: rather a little smaller.
  write(label.code, Math.max(fonts.code * 0.7, Math.min(fonts.code, room / widthOf(label.code))), 700, 2);
  write(label.name, fonts.name, 400, 3);
  if (label.place) write(label.place, fonts.place, 400, height > 35 ? 4 : 3);
  const organization = Math.max(fonts.organization * 0.6, Math.min(fonts.organization, room / widthOf(label.organization)));
  // Whose it is stands at the bottom, where there is room left.
  if (y + organization * 0.2 <= top + side - quiet) lines.push(`<text x="${round(textX)}" y="${round(top + side - quiet)}" font-size="${round(organization)}" fill="#555">${escapeXml(wrap(label.organization, room / organization, 1)[0] ?? '')}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" font-family="'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif" role="img" aria-label="${escapeXml(`${label.code} ${label.name}`)}">`
    + `<rect width="${width}" height="${height}" fill="#fff"/>`
    + `<svg x="${margin}" y="${round((height - side) / 2)}" width="${round(side)}" height="${round(side)}" viewBox="0 0 ${code.modules} ${code.modules}" shape-rendering="crispEdges"><path d="${code.path}" fill="#000"/></svg>`
    + `${lines.join('')}</svg>`;
}

/**
 * Labels as a page to be printed as it is (标签打印页): as many sheets as they take.
 *
 * @param skip so many places of the first sheet stay empty, as their labels are used up
 */
export function labelSheet(labels: readonly Label[], size: LabelSize, title: string, skip = 0): string {
  const sheet = sheets[size];
  const onPage = sheet.columns * sheet.rows;
  const pages: string[] = [];
  const first = skip % onPage;
  for (let start = -first; start < labels.length; start += onPage) {
    pages.push(`<section>${labels.slice(Math.max(0, start), start + onPage).map((label, at) => {
      const index = at + Math.max(0, -start);
      const x = sheet.left + (index % sheet.columns) * (sheet.width + sheet.columnGap);
      const y = sheet.top + Math.floor(index / sheet.columns) * sheet.height;
      return `<div style="left:${round(x)}mm;top:${round(y)}mm">${labelSvg(label, size)}</div>`;
    }).join('')}</section>`);
  }
  const [pageWidth, pageHeight] = sheet.page === 'A4' ? ['210mm', '296.9mm'] : sheet.page.split(' ');
  return `<!doctype html><html><head><meta charset="utf-8"><title>${escapeXml(title)}</title><style>`
    + `@page{size:${sheet.page};margin:0}*{margin:0;padding:0}body{background:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}`
    + `section{position:relative;width:${pageWidth};height:${pageHeight};overflow:hidden;break-after:page}section:last-child{break-after:auto}div{position:absolute}svg{display:block}`
    + `@media screen{body{background:#e5e7eb;padding:8mm}section{background:#fff;margin:0 auto 8mm;box-shadow:0 1px 4px #0003}}@media screen and (max-width:840px){body{padding:2mm}section{zoom:.37}}`
    + `</style></head><body>${pages.join('')}</body></html>`;
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** About how wide a text is, in em. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (wide.test(character) ? 1 : 0.62), 0);

const words = new Intl.Segmenter('zh', { granularity: 'word' });
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** Breaks a text into lines of so many em, between words where it can; what does not fit ends in an ellipsis. */
function wrap(text: string, em: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const fits = (more: string) => widthOf(line + more) <= em + 0.01;
  const add = (piece: string) => {
    if (line !== '' && !fits(piece)) {
      lines.push(line.trimEnd());
      line = '';
    }
    line = (line + piece).trimStart();
  };
  for (const { segment: word } of words.segment(text.replace(/\s+/g, ' ').trim())) {
    if (widthOf(word) <= em) add(word);
    else for (const { segment } of graphemes.segment(word)) add(segment);
  }
  if (line !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  const last = [...graphemes.segment(lines[most - 1]!)].map(({ segment }) => segment);
  while (last.length > 0 && widthOf(last.join('')) + 1 > em) last.pop();
  return [...lines.slice(0, most - 1), `${last.join('')}…`];
}

const round = (value: number): string => String(Number(value.toFixed(2)));

// What XML 1.0 does not allow at all is left out.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const escapeXml = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
