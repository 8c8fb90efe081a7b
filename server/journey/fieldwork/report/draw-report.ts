import { bytesOf, openPdf, page, textWidth, type Pdf } from '../../../platform/pdf/document.ts';

/** What a service report says (服务报告), in the language it is written in. */
export interface Report {
  language: 'zh-CN' | 'en';
  organization: { name: string; phone: string | null; /** As #rrggbb; null: the usual. */ colour: string | null; /** PNG. */ logo: Uint8Array | null };
  number: string;
  subject: string;
  description: string;
  /** Label and value, in order; what is empty is left out. */
  lines: readonly (readonly [label: string, value: string])[];
  workSummary: string | null;
  obstacle: string | null;
  /** What the next visit needs, and what was used up on this one. */
  needs: readonly string[];
  parts: readonly string[];
  /** Label and value of the type's own fields. */
  answers: readonly (readonly [label: string, value: string])[];
  checklist: readonly { text: string; done: boolean }[];
  /** JPEG or PNG. */
  photos: readonly { image: Uint8Array; caption: string }[];
  /** How many more there are than are shown. */
  photosLeftOut: number;
  /** Films, words and other files, a line each. */
  files: readonly string[];
  filesLeftOut: number;
  signature: { image: Uint8Array | null; by: string | null; at: string } | null;
  /** From 1 to 5. */
  rating: number | null;
  writtenAt: string;
  createdAt: Date;
}

const words = {
  'zh-CN': { title: '服务报告', description: '问题描述', work: '处理情况', obstacle: '未完成原因', checklist: '检查清单', photos: '现场照片', needs: '下次上门需要', parts: '耗用配件和材料', answers: '工单信息', files: '录像、录音与文件', morePhotos: (count: number) => `另有 ${count} 张照片，可在系统中查看`, moreFiles: (count: number) => `另有 ${count} 个文件，可在系统中查看`, signature: '客户签名', rating: '客户评价', stars: (count: number) => `${count} / 5 分`, number: '工单', page: (at: number, of: number) => `第 ${at} / ${of} 页`, written: (at: string) => `生成于 ${at}` },
  en: { title: 'Service report', description: 'Request', work: 'What was done', obstacle: 'Why it was not completed', checklist: 'Checklist', photos: 'Photos', needs: 'Needed for the next visit', parts: 'Parts and materials used', answers: 'Details', files: 'Films, recordings and files', morePhotos: (count: number) => `and ${count} more ${count === 1 ? 'photo' : 'photos'}, to be seen in the system`, moreFiles: (count: number) => `and ${count} more ${count === 1 ? 'file' : 'files'}, to be seen in the system`, signature: 'Customer’s signature', rating: 'Rating', stars: (count: number) => `${count} of 5`, number: 'Ticket', page: (at: number, of: number) => `Page ${at} of ${of}`, written: (at: string) => `Written ${at}` },
} as const;
const ink = { text: '#1a1f2b', muted: '#667085', line: '#d8dce4', accent: '#1a56db' } as const;

/** Against white paper (WCAG 2.2, "relative luminance" and "contrast ratio"). */
function contrastOnPaper(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** The colour of lines and ticks, and of words: one too light to be read draws only lines. */
function inksOf({ organization: { colour } }: Report): { line: string; words: string } {
  const line = colour ?? ink.accent;
  return { line, words: contrastOnPaper(line) >= 4.5 ? line : ink.text };
}
const photoGap = 10;
const photosARow = 3;
const photoWidth = (textWidth - (photosARow - 1) * photoGap) / photosARow;
const photoHeight = photoWidth * 0.75;
const labelWidth = 84;
const logoRoom = { width: 140, height: 36 } as const;

/** Draws a service report on A4 pages (绘制服务报告). */
export function drawReport(report: Report): Promise<Buffer> {
  const say = words[report.language];
  const pdf = openPdf({ title: `${say.title} ${report.number}`, author: report.organization.name, language: report.language, createdAt: report.createdAt });
  drawHead(pdf, report, say.title, say.number);
  drawLines(pdf, report.lines);
  drawText(pdf, say.description, report.description === report.subject ? '' : report.description);
  drawText(pdf, say.work, report.workSummary ?? '');
  drawText(pdf, say.obstacle, report.obstacle ?? '');
  drawText(pdf, say.needs, report.needs.map((line) => `· ${line}`).join('\n'));
  drawText(pdf, say.parts, report.parts.map((line) => `· ${line}`).join('\n'));
  if (report.answers.length > 0) {
    drawHeading(pdf, say.answers, 16);
    drawLines(pdf, report.answers);
  }
  if (report.checklist.length > 0) drawChecklist(pdf, say.checklist, report.checklist, inksOf(report).line);
  if (report.photos.length > 0) drawPhotos(pdf, say.photos, report.photos);
  if (report.photosLeftOut > 0) drawRemark(pdf, say.morePhotos(report.photosLeftOut));
  drawText(pdf, say.files, report.files.map((line) => `· ${line}`).join('\n'));
  if (report.filesLeftOut > 0) drawRemark(pdf, say.moreFiles(report.filesLeftOut));
  if (report.signature) drawSignature(pdf, say.signature, report.signature);
  if (report.rating !== null) drawRating(pdf, say.rating, report.rating, say.stars(report.rating));
  drawFeet(pdf, report, say);
  return bytesOf(pdf);
}

function drawHead(pdf: Pdf, report: Report, title: string, numberLabel: string): void {
  const { organization, number, subject } = report;
  const inks = inksOf(report);
  const half = textWidth / 2;
  const logo = organization.logo && drawLogo(pdf, organization.logo);
  const left = logo === null ? 0 : logo.width + 10;
  pdf.font('medium').fontSize(11);
  const nameHeight = pdf.heightOfString(organization.name, { width: half - left });
  const line = Math.max(logo?.height ?? 0, nameHeight);
  pdf.fillColor(ink.text).text(organization.name, page.margin + left, page.margin + (line - nameHeight) / 2, { width: half - left });
  const below = page.margin + line;
  pdf.font('regular').fontSize(11).fillColor(inks.words).text(title, page.margin + half, page.margin + Math.max(0, (line - 14) / 2), { width: half, align: 'right' });
  pdf.y = Math.max(below, pdf.y) + 6;
  pdf.moveTo(page.margin, pdf.y).lineTo(page.width - page.margin, pdf.y).lineWidth(1.5).strokeColor(inks.line).stroke();
  pdf.x = page.margin;
  pdf.y += 16;
  pdf.font('medium').fontSize(18).fillColor(ink.text).text(subject, { width: textWidth, lineGap: 3 });
  pdf.moveDown(0.2).font('regular').fontSize(9).fillColor(ink.muted).text(`${numberLabel} ${number}`, { width: textWidth });
  pdf.y += 12;
}

/** The logo at the upper left, as it fits there; how large it is then. */
function drawLogo(pdf: Pdf, logo: Uint8Array): { width: number; height: number } {
  const image = (pdf as Pdf & { openImage(source: Buffer): { width: number; height: number } }).openImage(Buffer.from(logo));
  const scale = Math.min(logoRoom.width / image.width, logoRoom.height / image.height, 1);
  const size = { width: image.width * scale, height: image.height * scale };
  pdf.image(Buffer.from(logo), page.margin, page.margin, size);
  return size;
}

function drawRemark(pdf: Pdf, text: string): void {
  ensureRoom(pdf, 16);
  pdf.y += 4;
  pdf.font('regular').fontSize(9).fillColor(ink.muted).text(text, page.margin, pdf.y, { width: textWidth });
}

/** Two columns of labels with their values. */
function drawLines(pdf: Pdf, lines: Report['lines']): void {
  const column = (textWidth - 24) / 2;
  const shown = lines.filter(([, value]) => value !== '');
  for (let at = 0; at < shown.length; at += 2) {
    const pair = shown.slice(at, at + 2);
    const heights = pair.map(([, value]) => pdf.font('regular').fontSize(10).heightOfString(value, { width: column - labelWidth, lineGap: 2 }));
    const height = Math.max(...heights, 12);
    ensureRoom(pdf, height + 6);
    const top = pdf.y;
    pair.forEach(([label, value], index) => {
      const left = page.margin + index * (column + 24);
      pdf.font('regular').fontSize(9).fillColor(ink.muted).text(label, left, top + 1, { width: labelWidth - 8 });
      pdf.fontSize(10).fillColor(ink.text).text(value, left + labelWidth, top, { width: column - labelWidth, lineGap: 2 });
    });
    pdf.x = page.margin;
    pdf.y = top + height + 6;
  }
}

function drawHeading(pdf: Pdf, heading: string, room: number): void {
  ensureRoom(pdf, room + 40);
  pdf.y += 14;
  pdf.font('medium').fontSize(11).fillColor(ink.text).text(heading, page.margin, pdf.y, { width: textWidth });
  pdf.y += 2;
  pdf.moveTo(page.margin, pdf.y).lineTo(page.width - page.margin, pdf.y).lineWidth(0.5).strokeColor(ink.line).stroke();
  pdf.y += 8;
}

function drawText(pdf: Pdf, heading: string, text: string): void {
  if (text.trim() === '') return;
  drawHeading(pdf, heading, 16);
  pdf.font('regular').fontSize(10).fillColor(ink.text).text(text, page.margin, pdf.y, { width: textWidth, lineGap: 4 });
}

function drawChecklist(pdf: Pdf, heading: string, items: Report['checklist'], accent: string): void {
  drawHeading(pdf, heading, 16);
  for (const { text, done } of items) {
    const height = pdf.font('regular').fontSize(10).heightOfString(text, { width: textWidth - 20, lineGap: 2 });
    ensureRoom(pdf, height + 4);
    const top = pdf.y;
    pdf.roundedRect(page.margin, top + 2, 9, 9, 1.5).lineWidth(0.8).strokeColor(done ? accent : ink.muted).stroke();
    if (done) pdf.moveTo(page.margin + 2, top + 6.5).lineTo(page.margin + 4, top + 8.8).lineTo(page.margin + 7.4, top + 4.2).lineWidth(1.2).strokeColor(accent).stroke();
    pdf.fillColor(ink.text).text(text, page.margin + 20, top, { width: textWidth - 20, lineGap: 2 });
    pdf.x = page.margin;
    pdf.y = top + height + 4;
  }
}

function drawPhotos(pdf: Pdf, heading: string, photos: Report['photos']): void {
  drawHeading(pdf, heading, photoHeight + 16);
  for (let at = 0; at < photos.length; at += photosARow) {
    ensureRoom(pdf, photoHeight + 22);
    const top = pdf.y;
    photos.slice(at, at + photosARow).forEach(({ image, caption }, index) => {
      const left = page.margin + index * (photoWidth + photoGap);
      pdf.rect(left, top, photoWidth, photoHeight).lineWidth(0.5).strokeColor(ink.line).stroke();
      pdf.image(Buffer.from(image), left + 1, top + 1, { fit: [photoWidth - 2, photoHeight - 2], align: 'center', valign: 'center' });
      pdf.font('regular').fontSize(8).fillColor(ink.muted).text(caption, left, top + photoHeight + 3, { width: photoWidth, height: 11, ellipsis: true });
    });
    pdf.x = page.margin;
    pdf.y = top + photoHeight + 22;
  }
}

function drawSignature(pdf: Pdf, heading: string, { image, by, at }: NonNullable<Report['signature']>): void {
  drawHeading(pdf, heading, 96);
  const top = pdf.y;
  if (image) pdf.image(Buffer.from(image), page.margin, top, { fit: [220, 80] });
  pdf.font('regular').fontSize(10).fillColor(ink.text).text([by, at].filter((part) => part !== null && part !== '').join(' · '), page.margin, top + (image ? 86 : 0), { width: textWidth });
}

function drawRating(pdf: Pdf, heading: string, rating: number, text: string): void {
  drawHeading(pdf, heading, 16);
  const top = pdf.y;
  for (let star = 0; star < 5; star += 1) {
    const [x, y] = [page.margin + 7 + star * 17, top + 7];
    const points = Array.from({ length: 10 }, (_, corner) => [x + Math.sin((corner * Math.PI) / 5) * (corner % 2 === 0 ? 7 : 3), y - Math.cos((corner * Math.PI) / 5) * (corner % 2 === 0 ? 7 : 3)]);
    pdf.polygon(...points).fillColor(star < rating ? '#d97706' : ink.line).fill();
  }
  pdf.font('regular').fontSize(10).fillColor(ink.text).text(text, page.margin + 92, top, { width: textWidth - 92 });
}

/** Page numbers, once it is known how many pages there are. */
function drawFeet(pdf: Pdf, { organization, writtenAt }: Report, say: (typeof words)['zh-CN' | 'en']): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = start; at < start + count; at += 1) {
    pdf.switchToPage(at);
    // Below the margin, where text would begin a new page.
    pdf.page.margins.bottom = 0;
    const y = page.height - page.margin + 4;
    pdf.font('regular').fontSize(8).fillColor(ink.muted);
    pdf.text([organization.name, organization.phone].filter((part) => part !== null && part !== '').join(' · '), page.margin, y, { width: textWidth / 2, height: 12, ellipsis: true, lineBreak: false });
    pdf.text(`${say.written(writtenAt)}   ${say.page(at - start + 1, count)}`, page.margin + textWidth / 2, y, { width: textWidth / 2, align: 'right', lineBreak: false });
  }
}

function ensureRoom(pdf: Pdf, height: number): void {
  if (pdf.y + height > page.height - page.margin - 12) {
    pdf.addPage();
    pdf.x = page.margin;
    pdf.y = page.margin;
  }
}
