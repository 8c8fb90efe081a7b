import type { InboundPart } from '../inbound.ts';
import { saidIn } from '../notice-channel.ts';
import { within, type Said } from './events.ts';

/**
 * The pieces of a message (消息内容归一化); files are named by the message and their key, as both are needed to fetch them. Places are in GCJ-02.
 * https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content
 */
export function partsOf(message: Said, messageId: string, mentions: readonly Said[]): InboundPart[] {
  const type = saidIn(message['message_type']);
  const content = contentOf(message);
  const media = (key: unknown): string => `${messageId}/${saidIn(key)}`;
  const name = saidIn(content['file_name']).slice(0, 200);
  switch (type) {
    case 'text': return [{ kind: 'text', text: spoken(saidIn(content['text']), mentions) }];
    case 'post': return postParts(content, media, mentions);
    case 'image': return [{ kind: 'image', media: media(content['image_key']) }];
    case 'audio': return [{ kind: 'voice', media: media(content['file_key']) }];
    case 'media': return [{ kind: 'video', media: media(content['file_key']), ...(name === '' ? {} : { name }) }];
    case 'file': return [{ kind: 'file', media: media(content['file_key']), ...(name === '' ? {} : { name }) }];
    case 'location': {
      const [lat, lng] = [Number(content['latitude'] ?? Number.NaN), Number(content['longitude'] ?? Number.NaN)];
      const address = saidIn(content['name']);
      if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return [{ kind: 'text', text: address }];
      return [{ kind: 'location', lat, lng, crs: 'GCJ02', ...(address === '' ? {} : { address }) }];
    }
    default: return [{ kind: 'text', text: `[${type}]` }];
  }
}

function contentOf(message: Said): Said {
  try {
    const value = JSON.parse(saidIn(message['content'])) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Said;
  } catch {
    // It is told of as what it is called.
  }
  return {};
}

/** Names in place of `@_user_1`; the one it is addressed by is no part of what is said. */
function spoken(text: string, mentions: readonly Said[]): string {
  let said = text.replaceAll('@_all', '@所有人');
  // The longer first, as `@_user_1` begins `@_user_10`.
  for (const mention of mentions.toSorted((one, other) => saidIn(other['key']).length - saidIn(one['key']).length)) {
    const key = saidIn(mention['key']);
    if (key === '') continue;
    if (said.trimStart().startsWith(key)) said = said.trimStart().slice(key.length);
    said = said.replaceAll(key, `@${saidIn(mention['name'])}`);
  }
  return said.trim();
}

type Media = (key: unknown) => string;

/** Words, pictures and videos of a rich text in their order; lines that stand together are one piece. */
function postParts(content: Said, media: Media, mentions: readonly Said[]): InboundPart[] {
  // In events it stands as it is; where it was copied from elsewhere, under its language.
  const post = Array.isArray(content['content']) ? content : [within(content, 'zh_cn'), within(content, 'en_us'), within(content, 'ja_jp')].find((one) => Array.isArray(one['content'])) ?? {};
  const parts: InboundPart[] = [];
  const lines: string[] = saidIn(post['title']).trim() === '' ? [] : [saidIn(post['title']).trim()];
  const end = (): void => {
    const text = spoken(lines.splice(0).join('\n'), mentions);
    if (text !== '') parts.push({ kind: 'text', text });
  };
  for (const [number, row] of (Array.isArray(post['content']) ? post['content'] as unknown[] : []).entries()) {
    let line = '';
    for (const [place, one] of (Array.isArray(row) ? row as Said[] : []).entries()) {
      const tag = saidIn(one['tag']);
      if (tag === 'img' || tag === 'media') {
        if (line !== '') lines.push(line);
        line = '';
        end();
        parts.push(tag === 'img' ? { kind: 'image', media: media(one['image_key']) } : { kind: 'video', media: media(one['file_key']) });
      } else if (tag === 'at' && number === 0 && place === 0) line = '';
      else if (tag === 'at') line += saidIn(one['user_id']).startsWith('@_') ? saidIn(one['user_id']) : `@${saidIn(one['user_name'])}`;
      else if (tag === 'a') line += saidIn(one['href']) === saidIn(one['text']) ? saidIn(one['text']) : `${saidIn(one['text'])} ${saidIn(one['href'])}`.trim();
      else if (tag === 'emotion') line += `[${saidIn(one['emoji_type'])}]`;
      else line += saidIn(one['text']);
    }
    if (line.trim() !== '') lines.push(line.trim());
  }
  end();
  return parts;
}
