import { maskPhoneNumber } from '../privacy/masks.ts';

/** A piece of a message, as far as its words are concerned. */
export type SaidPart =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; name?: string | undefined }
  | { kind: 'location'; lat: number; lng: number; address?: string | undefined }
  | { kind: 'link'; url: string; title: string };

const words = {
  'zh-CN': { image: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', link: '链接' },
  en: { image: 'Picture', voice: 'Voice message', video: 'Video', file: 'File', location: 'Place', link: 'Link' },
} as const;

/** What a message says, in words (消息正文): its texts, and in brackets what else it has. Never empty for a message of any parts. */
export function wordsOf(parts: readonly SaidPart[], language: 'zh-CN' | 'en'): string {
  const named = words[language];
  return parts.map((part) => {
    switch (part.kind) {
      case 'text': return part.text.trim();
      case 'location': return `[${named.location}] ${part.address ?? `${part.lat}, ${part.lng}`}`;
      case 'link': return `[${named.link}] ${part.title} ${part.url}`.trim();
      default: return `[${named[part.kind]}]${part.name === undefined ? '' : ` ${part.name}`}`;
    }
  }).filter((line) => line !== '').join('\n');
}

const longestSubject = 40;
// A subject stands in lists that show numbers to nobody.
const telephone = /(?<![\dA-Za-z])(?:\+?86)?1[3-9]\d{9}(?!\d)|(?<![\dA-Za-z-])0\d{2,3}-?[2-9]\d{6,7}(?!\d)/g;
// Said before one comes to the point.
const greeting = /^(你好|您好|hi|hello|hey|在吗|在么|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|请问|客服|人工|转人工|亲|good (morning|afternoon|evening)|[\s,，。.!！?？~～、])+$/iu;

const opening = /^((你好|您好|hi|hello|请问)[\s,，、!！]+)+(?=.)/iu;

/** Whether a message only greets (寒暄): what the matter is has still to come. */
export const isGreeting = (text: string): boolean => greeting.test(text.trim());

/** Whether a subject says nothing of the matter so far (待补标题): a greeting, or the name of a picture. */
export const saysNothingYet = (subject: string): boolean => isGreeting(subject) || /^\[[^\]\n]{1,20}\]$/.test(subject);

/**
 * The subject of a request out of what was said (会话主题): the first sentence that says something, cut where it gets long; where nothing
 * but pictures or a greeting came, the whole of it.
 */
export function subjectOf(text: string): string {
  const sentences = text.split(/[。！？!?\n；;]/u).map((part) => part.trim()).filter((part) => part !== '');
  const sentence = (sentences.find((part) => !isGreeting(part)) ?? sentences[0] ?? '').replace(opening, '');
  const characters = [...sentence.replace(/\s+/gu, ' ').replace(telephone, (number) => maskPhoneNumber(number))];
  if (characters.length <= longestSubject) return characters.join('');
  // Words of letters are not torn apart, where that leaves something.
  const kept = characters.slice(0, longestSubject - 1).join('');
  const whole = /^[\w'-]$/.test(characters[longestSubject - 1]!) ? kept.replace(/\s+[\w'-]*$/, '') : kept;
  return `${whole.length > longestSubject / 2 ? whole : kept}…`;
}
