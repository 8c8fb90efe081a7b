import { createReadStream } from 'node:fs';

/** What reading a file as text found. */
export interface TextContent {
  /** The first few thousand characters, without a byte order mark. */
  head: string;
  /** Whether markup anywhere in it could run, fetch or expand something. */
  active: boolean;
}

const headLength = 4_096;
// Bytes that no text holds: "binary data byte" of https://mimesniff.spec.whatwg.org/#binary-data-byte
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const binary = /[\u0000-\u0008\u000B\u000E-\u001A\u001C-\u001F]/;
const activeMarkup = /<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet|<(?:[\w.-]+:)?(?:script|svg|html|iframe|foreignObject|handler)\b|javascript:|www\.w3\.org\/(?:1999\/(?:xhtml|XSL)|2000\/svg)/i;
const longestMarkup = 64;

/**
 * Reads a file as text of an encoding, without keeping it; null as soon as it turns out to be none.
 *
 * @param encoding `gb18030` covers GBK and GB 2312, in which spreadsheets on Chinese Windows still save CSV
 */
export async function readText(path: string, encoding: 'utf-8' | 'gb18030'): Promise<TextContent | null> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let head = '';
  let active = false;
  let end = '';
  const take = (text: string): boolean => {
    if (binary.test(text)) return false;
    if (head.length < headLength) head += text.slice(0, headLength - head.length);
    active ||= activeMarkup.test(end + text);
    end = text.slice(-longestMarkup);
    return true;
  };
  try {
    for await (const chunk of createReadStream(path)) {
      if (!take(decoder.decode(chunk as Buffer, { stream: true }))) return null;
    }
    return take(decoder.decode()) ? { head, active } : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const documentTags = new Set('html head body script iframe frameset frame object embed applet style title meta link base form template math'.split(' '));
// What browsers also take for HTML when it comes first (https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type);
// Markdown may well begin with one of these.
const contentTags = new Set('a b br div font h1 p table img video audio input button'.split(' '));

/**
 * What the beginning of a text is when it is no plain text: a page, a drawing, XML, a script or a document of another
 * program; null for plain text.
 *
 * @param markdown whether it may begin with a tag of running text
 */
export function markupOf(head: string, markdown: boolean): string | null {
  if (/^\s*%PDF-/.test(head)) return 'application/pdf';
  if (/^\s*\{\\rtf/.test(head)) return 'application/rtf';
  if (head.startsWith('%!')) return 'application/postscript';
  if (/^#!\s*\//.test(head) || /^\s*<\?(?:php\b|=)/i.test(head)) return 'text/x-script';
  let rest = head.trimStart();
  let xml = false;
  for (;;) {
    const skipped = /^(?:<!--[^]*?-->|<\?[^]*?\?>)\s*/.exec(rest)?.[0];
    if (skipped === undefined) break;
    xml ||= /^<\?xml\s/i.test(skipped);
    rest = rest.slice(skipped.length);
  }
  // A comment without an end within reach hides what follows.
  if (rest.startsWith('<!--')) return 'text/html';
  const declared = /^<!doctype\s+([\w:.-]+)/i.exec(rest)?.[1]?.toLowerCase();
  if (declared !== undefined) return declared === 'html' ? 'text/html' : declared === 'svg' ? 'image/svg+xml' : 'application/xml';
  const tag = /^<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])/.exec(rest)?.[1]?.toLowerCase();
  if (tag === 'svg') return 'image/svg+xml';
  if (tag !== undefined && (documentTags.has(tag) || (!markdown && !xml && contentTags.has(tag)))) return 'text/html';
  return xml ? 'application/xml' : null;
}
