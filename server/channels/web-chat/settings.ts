import { createHmac } from 'node:crypto';
import { isSame } from '../inbound-calls.ts';

/** What a chat on websites is set up with (网页聊天设置), as its account keeps it. */
export type ChatValues = Readonly<Record<string, string>>;

/** The origins whose pages may hold the chat (允许的站点); none unless they are named. */
export const originsOf = (values: ChatValues): string[] => (values['origins'] ?? '').split(/[\s,，]+/).filter((one) => one !== '').flatMap((one) => {
  const origin = URL.parse(one)?.origin;
  return origin === undefined || origin === 'null' ? [] : [origin];
});

/** Whether the page a visitor is on, and came from, is shown to colleagues. */
export const tellsPage = (values: ChatValues): boolean => values['context'] !== 'no';

/** What is said where the account says nothing. */
const standard = {
  title: { 'zh-CN': '在线客服', en: 'Chat with us' },
  greeting: { 'zh-CN': '您好，请问有什么可以帮您？', en: 'Hello, how can we help?' },
  away: { 'zh-CN': '现在不在服务时间。请留言并留下联系方式，我们上班后回复您。', en: 'We are away at present. Leave a message and how to reach you; we answer when we are back.' },
} as const;

/** A text of the chat in both languages: what is written in one stands for the other. */
export function wordsOf(values: ChatValues, name: keyof typeof standard): { 'zh-CN': string; en: string } {
  const [chinese, english] = [values[name] ?? '', values[`${name}En`] ?? ''];
  return chinese === '' && english === '' ? standard[name] : { 'zh-CN': chinese || english, en: english || chinese };
}

const signedFor = { milliseconds: 86_400_000, ahead: 300_000 };

/**
 * Whether the own site vouches for a user (站点用户签名): HMAC-SHA256 of `id.at` under the account's secret, in hexadecimal; `at` is when it did so, in seconds
 * since 1970. It holds for 24 hours; the site's clock may be five minutes ahead.
 */
export function isSigned(values: ChatValues, { id, at, signature }: { id: string; at: number; signature: string }, now: Date): boolean {
  const secret = values['secret'] ?? '';
  const age = now.getTime() - at * 1000;
  return secret !== '' && age <= signedFor.milliseconds && age >= -signedFor.ahead && isSame(signature, createHmac('sha256', secret).update(`${id}.${at}`).digest('hex'));
}
