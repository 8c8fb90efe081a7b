/** Text made harmless for where it is put (转义). What somebody wrote never becomes a mark-up, a header or a mention. */

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For HTML and what resembles it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!);

/** For Markdown as DingTalk and WeCom draw it: no link, picture, heading, list or mention comes of it. */
export const escapeMarkdown = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-!|>~@]/g, (sign) => (sign === '@' ? '＠' : `\\${sign}`)).replaceAll('<', '&lt;');

/** One line without control characters: what goes into a header, a title or a text message. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();

/** Several lines without other control characters. */
export const plainLines = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[\p{Cc}]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : '')).replace(/[\u202a-\u202e\u2066-\u2069]/g, '').trim();

/** The beginning of a text, by what people count as characters, with an ellipsis where something is missing. */
export function shorten(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}

/** The beginning of a text that takes no more than so many bytes in UTF-8. */
export function shortenBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let size = 3;
  let kept = '';
  for (const sign of text) {
    size += Buffer.byteLength(sign);
    if (size > bytes) break;
    kept += sign;
  }
  return `${kept}…`;
}
