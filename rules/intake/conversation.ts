import { maskPhoneNumber } from '../privacy/masks.ts';
import { oneLine, readableText } from '../text/one-line.ts';
import { mediaWords } from './placeholders.ts';

/** A piece of a message, as far as its words are concerned. */
export type SaidPart =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'voice' | 'video' | 'file'; name?: string | undefined }
  | { kind: 'location'; lat: number; lng: number; address?: string | undefined }
  | { kind: 'link'; url: string; title: string };

/** What a message says, in words (消息正文): its texts, and in brackets what else it has. Never empty for a message of any parts. */
export function wordsOf(parts: readonly SaidPart[], language: 'zh-CN' | 'en'): string {
  const named = mediaWords[language];
  return parts.map((part) => {
    switch (part.kind) {
      case 'text': return readableText(part.text).trim();
      case 'location': return `[${named.location}] ${(part.address === undefined ? '' : oneLine(part.address)) || (isNowhere(part) ? '' : `${part.lat}, ${part.lng}`)}`.trim();
      case 'link': return `[${named.link}] ${oneLine(part.title)} ${part.url}`.trim();
      default: return `[${named[part.kind]}]${part.name === undefined ? '' : ` ${oneLine(part.name)}`}`;
    }
  }).filter((line) => line !== '').join('\n');
}

/** Whether a pin is where pins are of devices that do not know where they are (空坐标): 0, 0. */
export const isNowhere = ({ lat, lng }: { lat: number; lng: number }): boolean => Math.abs(lat) < 1e-4 && Math.abs(lng) < 1e-4;

const longestSubject = 40;
// A subject stands in lists that show numbers to nobody.
const telephone = /(?<![\dA-Za-z])(?:\+?86)?1[3-9]\d{9}(?!\d)|(?<![\dA-Za-z-])0\d{2,3}-?[2-9]\d{6,7}(?!\d)/g;
// Said before one comes to the point.
const greeting = /^(你们?好|您好|哈喽|哈[啰罗]|嗨|喂|hi|hello|hey|there|(?:is )?any(?:one|body) (?:here|there|home)|在吗|在么|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|请问|客服|人工|转人工|亲|谢谢(?:你们?|您|啦|了)?|多谢|感谢|辛苦了|好的|收到|ok|thanks?(?: you)?|good (morning|afternoon|evening)|[\s,，。.!！?？~～、])+$/iu;
// What a platform writes in the place of what it cannot hand on.
const notHandedOn = /^[【[]收到不支持的消息类型[^】\]\n]{0,30}[】\]]$/u;

// Whom one greets comes before it in Chinese, and after it in English; what follows has to be set apart, or it is a name: 你好小区.
const greeted = '(?:(?:物业|师傅|管家|客服|老师|老板|各位|大家|同志|小姐姐?|亲爱的)?(?:你们?好|您好|好)|喂|嗨|哈喽|哈[啰罗]|亲|在吗|在么|有人吗|早上好|上午好|中午好|下午好|晚上好|早|请问(?:一下)?(?:在吗|在么|有人吗)?|打扰(?:一下|了)|不好意思|麻烦(?:问一下|问下))';
const greetedEnglish = '(?:(?:hello|hi|hey|greetings|good (?:morning|afternoon|evening))(?: (?:there|all|team|everyone|sir|madam|guys|support))?|dear (?:sir or madam|sirs?|madam|team|all|support|customer service)|excuse me)';
const opening = new RegExp(`^(?:${greeted}[\\s,，、!！:：~～]+|${greetedEnglish}(?:\\s*[,，、!！:：~～]+\\s*|\\s+[-–—]+\\s+))+(?=.)`, 'iu');
// A small letter behind it goes on with the sentence; a capital may be a name.
const openingWord = /^(?:[Hh]ello|[Hh]i)\s+(?=[a-z])/u;

/** A text without the greeting in front of it (去问候语); what is nothing else stays. */
export const withoutGreeting = (text: string): string => text.replace(opening, '').replace(openingWord, '');

/** Whether a message only greets (寒暄): what the matter is has still to come. */
export const isGreeting = (text: string): boolean => greeting.test(text.trim()) || notHandedOn.test(text.trim());

/** Whether a subject says nothing of the matter so far (待补标题): a greeting, the name of a picture, or a choice of a menu. */
export const saysNothingYet = (subject: string): boolean => isGreeting(subject) || /^\[[^\]\n]{1,20}\]$|^\[(?:位置|Place)\] |^\d{1,2}$/u.test(subject);

/** What a request is called of which nothing can be read (无标题): where it came by, in brackets, so that nothing is read out of that. */
export const unnamed = (from: string): string => `[${[...oneLine(from.replace(/[[\]]/g, ' '))].slice(0, 20).join('')}]`;

/**
 * The subject of a request out of what was said (会话主题): the first sentence that says something, cut where it gets long; where nothing
 * but pictures or a greeting came, the whole of it.
 *
 * @param written whether somebody wrote it: a device greets nobody
 */
export function subjectOf(text: string, { written = true }: { written?: boolean } = {}): string {
  const sentences = text.split(/[。！？!?\n；;]/u).map((part) => part.trim()).filter((part) => part !== '');
  const sentence = written ? withoutGreeting(sentences.find((part) => !isGreeting(part)) ?? sentences[0] ?? '') : sentences[0] ?? '';
  const characters = [...sentence.replace(/\s+/gu, ' ').replace(telephone, (number) => maskPhoneNumber(number))];
  if (characters.length <= longestSubject) return characters.join('');
  // Words of letters are not torn apart, where that leaves something.
  const kept = characters.slice(0, longestSubject - 1).join('');
  const whole = /^[\w'-]$/.test(characters[longestSubject - 1]!) ? kept.replace(/\s+[\w'-]*$/, '') : kept;
  return `${whole.length > longestSubject / 2 ? whole : kept}…`;
}
