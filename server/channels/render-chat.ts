import { plainLines, shortenBytes } from './escape.ts';
import type { Capabilities, OutgoingFile, OutgoingKind, OutgoingPiece, OutgoingReply } from './outbound.ts';

const kindOf = ({ mediaType }: OutgoingFile): OutgoingKind => (/^image\/(jpeg|png|gif)$/.test(mediaType) ? 'image' : /^audio\/(amr|mpeg)$/.test(mediaType) ? 'voice' : mediaType === 'video/mp4' ? 'video' : 'file');

/**
 * An answer as messages of a chat (回复渲染): its text, and each file as one of its kind, as far as the channel takes it and messages are left; what
 * is too long or is not taken is said with a link to where it can be seen.
 *
 * @param takes what beyond kind and size a file has to be
 */
export function renderChat(reply: OutgoingReply, { parts, textBytes, fileBytes, quota }: Capabilities, takes: (file: OutgoingFile) => boolean = () => true): OutgoingPiece[] {
  const room = quota === null ? Number.POSITIVE_INFINITY : Math.max(0, quota.left - 1);
  const fitting = reply.files.filter((file) => {
    const kind = kindOf(file);
    return parts.includes(kind) && file.bytes <= (fileBytes[kind] ?? 0) && takes(file);
  }).slice(0, room);
  const left = reply.files.length - fitting.length;
  const english = reply.language === 'en';
  const text = plainLines(reply.text);
  const more = left > 0 ? (english ? `${left} more file${left === 1 ? '' : 's'}: ${reply.link}` : `另有 ${left} 个附件：${reply.link}`) : '';
  const whole = [text, more].filter((line) => line !== '').join('\n');
  const said = Buffer.byteLength(whole) <= textBytes ? whole : cut(text, english ? `\nAll of it: ${reply.link}` : `\n全文：${reply.link}`, textBytes);
  return [{ content: { msgtype: 'text', text: { content: said } }, files: [] }, ...fitting.map((file): OutgoingPiece => ({ content: { msgtype: kindOf(file) }, files: [file] }))];
}

const cut = (text: string, end: string, bytes: number): string => `${shortenBytes(text, bytes - Buffer.byteLength(end))}${end}`;
