/**
 * What a text names (信息抽取): numbers, places, names and times in the words of whoever wrote or was heard, each with the very words
 * it was read from. Rules only, no dictionary of the world: what a word could mean elsewhere is worth less, and what no rule is
 * sure of is not found. Reading is linear in the text.
 */
import { maskPattern } from '../forms/text-formats.ts';
import { placesIn } from './extract-place.ts';
import { timesIn } from './extract-time.ts';
import { phoneProblem } from './phone-number.ts';

/** Kinds of what can be found. */
export const foundKinds = ['phone', 'email', 'name', 'place', 'plate', 'order', 'asset', 'model', 'amount', 'time'] as const;
export type FoundKind = (typeof foundKinds)[number];

/** One thing that a text names. */
export interface Found {
  kind: FoundKind;
  /** In its plain form: digits of a phone, `¥` amounts in yuan, a day or `YYYY-MM-DD HH:MM` of a time. */
  value: string;
  /** The words it was read from, as they stand in the text, and where. */
  words: string;
  start: number;
  end: number;
  /** How sure the rule is, from 0 to 1. */
  confidence: number;
  /** Of a span of time its end, as `YYYY-MM-DD HH:MM`. */
  until?: string;
}

export interface ExtractOptions {
  /** `YYYY-MM-DD` and weekday come from it: the day on which it was said, in the organization's time zone. */
  today: string;
  /** How the organization's own order numbers look: masks as of form fields (`9` digit, `A` capital letter, `*` either). */
  orderMasks?: readonly string[];
}

export const extractLimits = { text: 20_000, masks: 20, found: 60 } as const;

interface Pattern {
  kind: FoundKind;
  find: RegExp;
  value: (match: RegExpExecArray) => string | null;
  /** Which group holds the words; the whole when absent. */
  group?: number;
  confidence: number;
  /** What stands before it says what it is: it is nothing else. */
  named?: boolean;
}

const digitWords: Readonly<Record<string, string>> = { 零: '0', 〇: '0', 一: '1', 幺: '1', 二: '2', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9' };
const spoken = (text: string): string => [...text].map((one) => digitWords[one] ?? one).join('');
const phone = (text: string): string | null => {
  const digits = text.replace(/^(\+?86|0086)[- ]?(?=1)/, '').replace(/[^\d]/g, '');
  return phoneProblem(digits) === null ? digits : null;
};

const numberNamed = /号|number|(?:\bno\.?|\bid)\s?(?:is\s?)?$|[:：#]/i;
const dayOrHours = /^\d{1,4}-\d{1,2}(?:-\d{1,2})?$/;
const leastOrder = 4;
const leastUnnamed = 6;
/** A number of an order: a few digits only where they are said to be a number, as 订单1000 may be how many. */
function orderNumber(match: RegExpExecArray): string | null {
  const said = match[1]!;
  const before = match[0].slice(0, match[0].lastIndexOf(said));
  if (said.length < leastOrder || dayOrHours.test(said) || (said.length < leastUnnamed && !/[A-Za-z]/.test(said) && !numberNamed.test(before))) return null;
  return said.toUpperCase();
}

// The hundred most frequent names and all in use of two characters: the rest is found by what stands before it only.
const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温康施葛柯';
const double = '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|司徒|端木|夏侯|慕容|独孤|南宫|长孙';
const surname = `(?:${double}|[${surnames}])`;
const title = '(?:先生|女士|小姐|老师|师傅|阿姨|大爷|大姐|大哥|经理|工)';
const notNames = /^(?:是?谁|什么|哪|高兴|何时|何况|方便|方法|任何|万一|向您|向你|于是|白天|江南|金额|石头|毛病|温度|水|业主|用户|客户|租户|住户|住在|来自|想|要|一|这|那|个|在|不|打算|\d)/;

const patterns: readonly Pattern[] = [
  { kind: 'email', find: /[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63}){1,4}/g, value: ([all]) => all.toLowerCase(), confidence: 0.95 },
  { kind: 'phone', find: /(?<![\dA-Za-z])(?:(?:\+?86|0086)[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g, value: ([all]) => phone(all), confidence: 0.95 },
  { kind: 'phone', find: /(?<![\dA-Za-z-])0\d{2,3}[- ]?[2-9]\d{6,7}(?!\d)/g, value: ([all]) => phone(all), confidence: 0.85 },
  { kind: 'phone', find: /(?<![\dA-Za-z-])[48]00[- ]?\d{3}[- ]?\d{4}(?!\d)/g, value: ([all]) => phone(all), confidence: 0.6 },
  { kind: 'phone', find: /[幺一][三四五六七八九][零〇一幺二两三四五六七八九]{9}(?![零〇一幺二两三四五六七八九])/g, value: ([all]) => phone(spoken(all)), confidence: 0.85 },
  { kind: 'plate', find: /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·•・ ]?(?=[A-HJ-NP-Za-hj-np-z0-9]{0,5}\d)[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])/g, value: ([all]) => all.replace(/[·•・ ]/g, '').toUpperCase(), confidence: 0.95 },
  // With what it is called before it: 订单号是 …, 快递单号：… What is only called 单号 may be of anything.
  { kind: 'order', find: /(?:订单|运单|[递流购买货]单号)(?:编号|号码|号)?\s?(?:是|为|[:：#])?\s?([A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{2,29})(?![A-Za-z0-9]|\s?[年月天日元块个件份万千百]|\.\d)/g, group: 1, value: orderNumber, confidence: 0.85, named: true },
  { kind: 'order', find: /(?<![递流购买货])单号(?:码)?\s?(?:是|为|[:：#])?\s?([A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{2,29})(?![A-Za-z0-9]|\s?[年月天日元块个件份万千百]|\.\d)/g, group: 1, value: orderNumber, confidence: 0.8 },
  { kind: 'order', find: /\border\s?(?:number|no\.?|id)?\s?(?:is|[:：#])?\s?#?([A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{2,29})(?![A-Za-z0-9]|\.\d)/gi, group: 1, value: orderNumber, confidence: 0.8, named: true },
  { kind: 'order', find: /(?:订单|运单|快递|物流|采购|购买|提货|发货|退货)(?:编号|单号|号码|号|单)?\s?(?:是|为|[:：#])?\s?([A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{5,29})(?![A-Za-z0-9])/g, group: 1, value: orderNumber, confidence: 0.9, named: true },
  { kind: 'order', find: /(?:order|tracking) (?:number|no\.?)\s?(?:is|[:：#])?\s?#?([A-Za-z]{0,6}[-_]?\d[A-Za-z0-9_-]{5,29})(?![A-Za-z0-9])/gi, group: 1, value: orderNumber, confidence: 0.85, named: true },
  { kind: 'order', find: /(?<![A-Za-z0-9])(?:SF\d{12,15}|YT\d{13,15}|JD[A-Z0-9]{11,15}|JT\d{13}|DPK\d{12}|ZT[O0]\d{10,13})(?![A-Za-z0-9])/gi, value: ([all]) => all.toUpperCase(), confidence: 0.9 },
  { kind: 'model', find: /(?:型号|机型|model)\s?(?:是|为|is|[:：])?\s?([A-Za-z0-9][A-Za-z0-9./-]{2,29})(?![A-Za-z0-9])/gi, group: 1, value: (match) => (/\d/.test(match[1]!) ? match[1]!.replace(/[./-]+$/, '') : null), confidence: 0.85 },
  { kind: 'amount', find: /[¥￥]\s?(\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)/g, value: (match) => match[1]!.replaceAll(',', ''), confidence: 0.9 },
  { kind: 'amount', find: /(?<![\d.])(\d{1,9}(?:,\d{3})*(?:\.\d{1,2})?)\s?(万|千|百)?(?:元|块钱|块|圆|人民币|RMB)/gi, value: (match) => String(Math.round(Number(match[1]!.replaceAll(',', '')) * ({ 万: 10_000, 千: 1_000, 百: 100 }[match[2] ?? ''] ?? 1) * 100) / 100), confidence: 0.85 },
  { kind: 'name', find: new RegExp(`(?:我叫|我的名字是|名字叫|姓名|联系人|报修人|收件人|请联系|联系一下|contact)\\s?(?:是|为|[:：])?\\s?((?:${double}|\\p{Script=Han})\\p{Script=Han}{1,2}?)(?=[,，。.;；!！?？、\\s]|$|的|[住在电手]|1[3-9]|${title})(${title})?`, 'gu'), group: 1, value: (match) => (notNames.test(match[1]!) ? null : match[1]! + (match[1]!.length === 1 ? match[2] ?? '' : '')), confidence: 0.9 },
  { kind: 'name', find: new RegExp(`(?:免贵姓|我姓|本人姓|贵姓)\\s?(${double}|\\p{Script=Han})`, 'gu'), group: 1, value: (match) => match[1]!, confidence: 0.8 },
  { kind: 'name', find: new RegExp(`(?:我是|这里是|找|叫我)\\s?(?:[\\p{Script=Han}\\d]{0,8}的)?(${surname}${title})`, 'gu'), group: 1, value: (match) => match[1]!, confidence: 0.8 },
  { kind: 'name', find: new RegExp(`(?:我是)\\s?(${surname}\\p{Script=Han}{1,2})(?=[,，。.;；!！?？、\\s]|$)`, 'gu'), group: 1, value: (match) => (notNames.test(match[1]!) ? null : match[1]!), confidence: 0.7 },
  { kind: 'name', find: /\b(?:my name is|this is)\s([A-Z][a-z]{1,19}(?:\s[A-Z][a-z]{1,19}){0,2})/g, group: 1, value: (match) => match[1]!, confidence: 0.85 },
  // Whatever looks like a code may be that of an asset: whether there is one, the records know.
  { kind: 'asset', find: /(?<![A-Za-z0-9])(?=[A-Za-z0-9-]{0,39}\d)[A-Za-z][A-Za-z0-9]{0,19}(?:[-_][A-Za-z0-9]{1,19}){0,5}(?![A-Za-z0-9])/g, value: ([all]) => (all.length >= 3 ? all.toUpperCase() : null), confidence: 0.5 },
];

/** Full-width letters and digits as plain ones, character by character: places in the text stay what they are. */
const narrow = (text: string): string => text.replace(/[\uff01-\uff5e]/g, (one) => (/[，。；：！？（）～]/.test(one) ? one : String.fromCharCode(one.charCodeAt(0) - 0xfee0)));

const masked = new Map<string, RegExp>();
const mostMasks = 500;
/** What looks like a mask, anywhere in a text. */
function ofMask(mask: string): RegExp {
  let known = masked.get(mask);
  if (!known) {
    if (masked.size >= mostMasks) masked.clear();
    known = new RegExp(`(?<![A-Za-z0-9])(?:${maskPattern(mask).replace(/^\^|\$$/g, '')})(?![A-Za-z0-9])`, 'gu');
    masked.set(mask, known);
  }
  return known;
}

/** Finds what a text names (抽取), in the order it is named; where two readings overlap, the surer one stands, then the longer. */
export function extract(said: string, { today, orderMasks = [] }: ExtractOptions): Found[] {
  const text = narrow(said.slice(0, extractLimits.text));
  const all: (Found & { named?: boolean })[] = [...placesIn(text), ...timesIn(text, today)];
  for (const mask of orderMasks.slice(0, extractLimits.masks)) {
    for (const match of text.matchAll(ofMask(mask))) all.push({ kind: 'order', value: match[0], words: match[0], start: match.index, end: match.index + match[0].length, confidence: 0.97 });
  }
  for (const { kind, find, value, group = 0, confidence, named = false } of patterns) {
    for (const match of text.matchAll(find)) {
      const words = match[group]!;
      const found = value(match as RegExpExecArray);
      const start = match.index + (group === 0 ? 0 : match[0].lastIndexOf(words));
      if (found !== null && found !== '') all.push({ kind, value: found, words, start, end: start + words.length, confidence, named });
    }
  }
  const kept: typeof all = [];
  for (const one of all.sort((a, b) => b.confidence - a.confidence || (b.end - b.start) - (a.end - a.start) || a.start - b.start)) {
    // A code may be an asset's as well as whatever else it looks like, but no part of a number, an address, a place or a plate is one.
    const overlapping = kept.filter((other) => one.start < other.end && other.start < one.end);
    if (overlapping.length === 0 || (one.kind === 'asset' && overlapping.every((other) => (other.kind === 'order' && !other.named) || other.kind === 'model'))) kept.push(one);
  }
  return kept.sort((a, b) => a.start - b.start).slice(0, extractLimits.found).map(({ named: _named, ...one }) => ({ ...one, words: said.slice(one.start, one.end) }));
}

/** The best of a kind: the surest, and of those equally sure the one that was said last, as people correct themselves. */
export function bestOf(found: readonly Found[], kind: FoundKind): Found | undefined {
  return found.filter((one) => one.kind === kind).reduce<Found | undefined>((best, one) => (best && best.confidence > one.confidence ? best : one), undefined);
}
