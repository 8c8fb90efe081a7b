/**
 * What stands where nobody said anything (占位文字): names of people who never said how they are called, and pictures and recordings among the words. It is kept in the
 * organization's language and read in that of whoever reads it.
 */

type Language = 'zh-CN' | 'en';

/** What somebody is called of whom only a name on a channel is known. */
const people: Readonly<Record<string, { 'zh-CN': string; en: string }>> = {
  caller: { 'zh-CN': '来电客户', en: 'Caller' }, phone: { 'zh-CN': '客户', en: 'Customer' }, visitor: { 'zh-CN': '网页访客', en: 'Website visitor' }, openid: { 'zh-CN': '微信用户', en: 'WeChat user' },
  external_userid: { 'zh-CN': '企业微信客户', en: 'WeCom contact' }, wecom: { 'zh-CN': '企业微信用户', en: 'WeCom user' }, dingtalk: { 'zh-CN': '钉钉用户', en: 'DingTalk user' }, feishu: { 'zh-CN': '飞书用户', en: 'Feishu user' },
  telegram: { 'zh-CN': 'Telegram 用户', en: 'Telegram user' }, whatsapp: { 'zh-CN': 'WhatsApp 用户', en: 'WhatsApp user' }, messenger: { 'zh-CN': 'Messenger 用户', en: 'Messenger user' }, line: { 'zh-CN': 'LINE 用户', en: 'LINE user' },
  douyin: { 'zh-CN': '抖音用户', en: 'Douyin user' }, weibo: { 'zh-CN': '微博用户', en: 'Weibo user' }, other: { 'zh-CN': '未留名客户', en: 'Unnamed customer' },
};
const sameAs: Readonly<Record<string, string>> = { unionid: 'openid', site_user: 'visitor', userid: 'wecom', open_id: 'feishu' };
const suffixLength = 4;

/**
 * What somebody is called who never said a name (未留名客户的称呼): 来电客户 0011. The end of what is known of them tells them apart, and stays the same.
 *
 * @param kind as what they are known: `caller`, `phone`, `visitor`, or the kind of a name on a channel such as `openid`
 */
export function placeholderName(kind: string, value: string, language: Language): string {
  const name = people[sameAs[kind] ?? kind] ?? people[Object.keys(people).find((one) => kind.startsWith(`${one}_`)) ?? 'other']!;
  // The name a site gives stands behind the account it is of.
  const own = kind === 'site_user' ? value.slice(value.indexOf(' ') + 1) : value;
  const suffix = own.replace(/[^A-Za-z0-9]/g, '').slice(-suffixLength);
  return suffix === '' ? name[language] : `${name[language]} ${suffix}`;
}

const called = new Map(Object.entries(people).flatMap(([kind, { 'zh-CN': zh, en }]) => [[zh, kind], [en, kind]]));
// 客户 VIP and Customer are what people enter: of a number there are its last digits.
const ofNumber: ReadonlySet<string> = new Set(['caller', 'phone']);
const anyOf = (numbers: boolean): string => [...called].filter(([, kind]) => ofNumber.has(kind) === numbers).map(([name]) => name).sort((a, b) => b.length - a.length).join('|');
const placeholder = new RegExp(`^(?:(${anyOf(false)})(?: ([A-Za-z0-9]{1,${suffixLength}}))?|(${anyOf(true)}) (\\d{3,${suffixLength}}))$`);
// As they were called before: the kind of a name and its end, a masked number.
const former = /^[a-z_]{4,20} ….{1,12}$|^(?:Visitor|访客) [0-9a-f]{6}$|^\d{2,4}\*{4}\d{2,4}$/u;

/** Whether a name looks like one that stands where none was said (是否占位称呼): somebody may have entered it nevertheless. */
export const isPlaceholderName = (name: string): boolean => placeholder.test(name) || former.test(name);

/** Whether a name is the one that was made of what somebody is known as (按已知身份得来的称呼), in any language, or as such were made before. */
export const standsFor = (name: string, known: readonly { kind: string; value: string }[]): boolean => former.test(name) || (placeholder.test(name) && known.some(({ kind, value }) => placeholderName(kind, value, 'en') === nameFor(name, 'en')));

/** A name as somebody reads it: a placeholder in their language, any other as it is. */
export function nameFor(name: string, language: Language): string {
  const match = placeholder.exec(name);
  if (!match) return name;
  const suffix = match[2] ?? match[4];
  return `${people[called.get(match[1] ?? match[3]!)!]![language]}${suffix === undefined ? '' : ` ${suffix}`}`;
}

/** What a message has besides words. */
export const mediaWords = {
  'zh-CN': { image: '图片', voice: '语音', video: '视频', file: '文件', location: '位置', link: '链接' },
  en: { image: 'Picture', voice: 'Voice message', video: 'Video', file: 'File', location: 'Place', link: 'Link' },
} as const;

type Media = keyof (typeof mediaWords)['en'];
const media = new Map((Object.keys(mediaWords.en) as Media[]).flatMap((kind) => [[mediaWords['zh-CN'][kind] as string, kind] as const, [mediaWords.en[kind] as string, kind] as const]));
const inBrackets = new RegExp(`^\\[(${[...media.keys()].join('|')})\\](?=$| )`, 'gmu');

/** A text as somebody reads it: where a line begins with the name of a picture or recording, that name in their language. */
export const wordsFor = (text: string, language: Language): string => (text.includes('[') ? text.replace(inBrackets, (_, word: string) => `[${mediaWords[language][media.get(word)!]}]`) : text);
