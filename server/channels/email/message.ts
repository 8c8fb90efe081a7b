import { createHash } from 'node:crypto';
import { escapeHtml, oneLine, plainLines } from '../escape.ts';
import type { OutgoingNotice } from '../notice-channel.ts';

// An encoded word takes 75 characters (RFC 2047 §2): 45 bytes as base64 with what stands around them.
const wordBytes = 45;

/** A text for a header (RFC 2047): nothing in it ends the header, whatever it holds. */
export function headerText(text: string): string {
  const line = oneLine(text);
  if (/^[\x20-\x7e]*$/.test(line) && !line.includes('=?') && line.length <= 70) return line;
  const words: string[] = [];
  let part = '';
  for (const sign of line) {
    if (Buffer.byteLength(part + sign) > wordBytes) {
      words.push(part);
      part = '';
    }
    part += sign;
  }
  if (part !== '') words.push(part);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

const quotedName = (name: string) => (/^[A-Za-z0-9 ]*$/.test(name) ? name : headerText(name).startsWith('=?') ? headerText(name) : `"${name.replace(/[\\"]/g, '')}"`);
const base64Lines = (text: string) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');

/** Who sends it, by the account. */
export interface Sender {
  address: string;
  name: string;
}

/**
 * A notice as an e-mail (RFC 5322): plain text and HTML beside each other, UTF-8, base64. Its Message-ID follows from the
 * reference, so that a mail that was sent twice is the same mail to whoever compares; Auto-Submitted (RFC 3834) keeps answering machines quiet.
 */
export function composeMail(from: Sender, notice: OutgoingNotice, at: Date): string {
  const boundary = `=_${createHash('sha256').update(notice.reference).digest('hex').slice(0, 32)}`;
  const body = plainLines(notice.body);
  const text = [body, notice.link === null ? '' : `${notice.linkText}\n${notice.link}`].filter((part) => part !== '').join('\n\n').replaceAll('\n', '\r\n');
  const headers = [
    `From: ${from.name === '' ? '' : `${quotedName(oneLine(from.name))} `}<${from.address}>`, `To: <${notice.address}>`, `Subject: ${headerText(notice.title)}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`, `Message-ID: <${notice.reference}@${from.address.slice(from.address.lastIndexOf('@') + 1)}>`,
    'MIME-Version: 1.0', 'Auto-Submitted: auto-generated', ...(notice.urgent ? ['X-Priority: 1', 'Importance: high'] : []), `Content-Type: multipart/alternative; boundary="${boundary}"`,
  ];
  const part = (type: string, content: string) => [`--${boundary}`, `Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', base64Lines(content), ''].join('\r\n');
  return `${headers.join('\r\n')}\r\n\r\n${part('text/plain', text)}${part('text/html', htmlOf(notice, body))}--${boundary}--\r\n`;
}

/** The same as HTML: everything in it is escaped, and nothing is fetched from elsewhere. */
export function htmlOf(notice: OutgoingNotice, body: string): string {
  const paragraphs = body.split('\n').map((line) => (line === '' ? '<br>' : `<p style="margin:0 0 8px">${escapeHtml(line)}</p>`)).join('');
  const button = notice.link === null ? '' : `<p style="margin:20px 0 0"><a href="${escapeHtml(notice.link)}" style="display:inline-block;padding:10px 20px;border-radius:6px;background:#1a56db;color:#ffffff;text-decoration:none">${escapeHtml(notice.linkText)}</a></p>`;
  const mark = notice.urgent ? 'border-left:4px solid #c5221f;padding-left:16px;' : '';
  return `<!doctype html><html><body style="margin:0;padding:24px;background:#f6f7f9"><div style="max-width:560px;margin:0 auto;padding:24px;border-radius:8px;background:#ffffff;color:#1f2329;font:14px/1.7 -apple-system,'PingFang SC','Microsoft YaHei',sans-serif"><div style="${mark}"><h1 style="margin:0 0 12px;font-size:18px;line-height:1.5">${escapeHtml(oneLine(notice.title))}</h1>${paragraphs}</div>${button}</div></body></html>`;
}
