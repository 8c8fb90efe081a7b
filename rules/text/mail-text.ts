/** The text of a mail taken apart (邮件正文拆分): what is new, what is quoted, what is signed. Nothing is lost: the three together are the whole. */
export interface MailText {
  fresh: string;
  quoted: string;
  signature: string;
}

// How programs introduce what they quote, in the languages that are met most.
const introductions: readonly RegExp[] = [
  /^\s*-{2,}\s*(original message|forwarded message|原始邮件|原邮件|转发邮件|转发的邮件|回复的邮件|回复邮件)\s*-{2,}\s*$/i,
  /^\s*在\s?.{4,80}(写道|寫道)\s*[:：]\s*$/, /^\s*.{0,80}于\s?\d{4}年.{2,60}(写道|寫道)\s*[:：]?\s*$/,
  /^\s*on\s.{6,200}\bwrote\s*:\s*$/i, /^\s*am\s.{6,200}\bschrieb\b.{0,80}:\s*$/i, /^\s*le\s.{6,200}\ba écrit\s*:\s*$/i,
  /^_{20,}\s*$/,
];
const headerLine = /^\s*\*?(from|sent|to|cc|subject|date|发件人|发送时间|发送日期|收件人|抄送|主题|日期|寄件者|收件者)\*?\s*[:：]\s*\S?/i;
const mobileLine = /^\s*(sent from my .{2,40}|发自我的.{1,30}|从我的.{1,20}发送|发自.{1,20}(邮箱|手机|iPhone|iPad).{0,10})\s*$/i;
const mostSignature = 12;

/** Where the quotation begins; the number of lines where there is none. */
function quotedFrom(lines: readonly string[]): number {
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (introductions.some((pattern) => pattern.test(line))) return at;
    // An introduction that was broken over two lines.
    if (/^\s*on\s.{6,}$/i.test(line) && lines[at + 1] !== undefined && /\bwrote\s*:\s*$/i.test(lines[at + 1]!)) return at;
    // The head of a mail as Outlook and Foxmail put it before what they quote.
    if (headerLine.test(line) && [1, 2, 3, 4].filter((below) => headerLine.test(lines[at + below] ?? '')).length >= 2) return at;
    // Quoted to the end: nothing else comes after it.
    if (line.startsWith('>') && lines.slice(at).every((below) => below.startsWith('>') || below.trim() === '')) return at;
  }
  return lines.length;
}

/**
 * Takes the text of an answer apart. Where somebody has written between the lines that they quote, all of it is new: their words mean
 * nothing without the others.
 */
export function splitMailText(text: string): MailText {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const at = quotedFrom(lines);
  const below = lines.slice(at);
  const own = lines.slice(0, at);
  const words = own.join('\n').trim();
  // All that is new stands below or between what is quoted.
  if (words === '') return { fresh: text.replace(/\r\n?/g, '\n').trim(), quoted: '', signature: '' };
  let end = own.length;
  const dashes = own.findLastIndex((line) => /^--\s?$/.test(line));
  if (dashes > 0 && own.length - dashes <= mostSignature + 1) end = dashes;
  else {
    const mobile = own.findLastIndex((line) => line.trim() !== '');
    if (mobile > 0 && mobileLine.test(own[mobile]!)) end = mobile;
  }
  const fresh = own.slice(0, end).join('\n').trim();
  return { fresh: fresh === '' ? words : fresh, quoted: below.join('\n').trim(), signature: fresh === '' ? '' : own.slice(end).join('\n').trim() };
}
