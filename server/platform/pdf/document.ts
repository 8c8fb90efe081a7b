import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';

const require = createRequire(import.meta.url);
// Noto Sans in its Chinese cut, under the SIL Open Font License: 30,000 characters, of which a document takes those it needs.
const fonts = join(dirname(require.resolve('@embedpdf/fonts-sc')), '..', 'fonts');

/** Distances in points, of which 72 make an inch. */
export const page = { width: 595.28, height: 841.89, margin: 48 } as const;
export const textWidth = page.width - 2 * page.margin;

export type Pdf = PDFKit.PDFDocument;

/** A new A4 document whose fonts hold Chinese and Latin (PDF 文档): `regular` and `medium`, embedded as far as they are used. */
export function openPdf(about: { title: string; author: string; language: 'zh-CN' | 'en'; createdAt: Date }): Pdf {
  const document = new PDFDocument({
    size: 'A4', margins: { top: page.margin, bottom: page.margin + 12, left: page.margin, right: page.margin }, bufferPages: true, autoFirstPage: true, lang: about.language,
    info: { Title: about.title, Author: about.author, CreationDate: about.createdAt }, font: join(fonts, 'NotoSansHans-Regular.otf'),
  });
  document.registerFont('regular', join(fonts, 'NotoSansHans-Regular.otf'));
  document.registerFont('medium', join(fonts, 'NotoSansHans-Medium.otf'));
  return document;
}

/** The bytes of a document that is complete; what was drawn on pages before can still be added to until then. */
export function bytesOf(document: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
    document.end();
  });
}
