import type { FieldDefinition, Form } from '../forms/form.ts';
import { fromText } from '../forms/from-text.ts';
import { withFormat, withMask } from '../forms/text-formats.ts';
import { instantOf } from '../conditions/days.ts';
import { bestOf, type Found, type FoundKind } from './extract.ts';

/** What a field of a form may be filled with out of what was said. */
export interface SaidAnswer {
  key: string;
  value: unknown;
  words: string;
  confidence: number;
}

interface Naming {
  kind: FoundKind;
  names: RegExp;
  fields: readonly FieldDefinition['kind'][];
  /** Which of that kind are meant, by the words before them. */
  which?: (found: Found, before: string) => boolean;
}

// Couriers begin their numbers with letters of their own; else what stands before it says whose number it is.
const ofParcel = (found: Found, before: string): boolean => /^(?:SF|YT|JD|JT|DPK|ZT)/.test(found.value) || /(?:快递|运单|物流|tracking|waybill)[^，。,.;；]{0,8}$/i.test(before);
// What a field is called says what of what was named belongs in it; what it is called otherwise, nobody guesses.
const called: readonly Naming[] = [
  { kind: 'order', names: /运单|(?:快递|物流|快件|包裹)(?:单|编)?号|tracking|waybill/i, fields: ['text'], which: ofParcel },
  { kind: 'order', names: /订单(?:编)?号|订单(?:\s|$)|\border(?:[_ ]?(?:no|number|id|code))?\b/i, fields: ['text'], which: (found, before) => !ofParcel(found, before) },
  { kind: 'plate', names: /车牌|plate/i, fields: ['text'] },
  { kind: 'model', names: /型号|机型|model/i, fields: ['text'] },
  { kind: 'phone', names: /电话|手机|phone|mobile/i, fields: ['text'] },
  { kind: 'email', names: /邮箱|邮件|e-?mail/i, fields: ['text'] },
  { kind: 'name', names: /联系人|姓名|收件人|contact/i, fields: ['text'] },
  { kind: 'amount', names: /金额|费用|价格|付款|amount|price|fee/i, fields: ['money', 'number', 'text'] },
  // Only of when somebody is to come: when something was bought, or began, is another day.
  { kind: 'time', names: /预约|上门|希望|期望|appointment|preferred|visit/i, fields: ['date', 'date_time', 'time'] },
  { kind: 'place', names: /地址|位置|地点|address|place|location/i, fields: ['place', 'text'] },
];
/** Of these one alone is taken for what is meant: of several nobody can tell which. */
const onlyAlone: ReadonlySet<FoundKind> = new Set(['amount', 'order', 'plate', 'model']);
const lessSure = 0.9;
/** Fields of until when somebody may come: what a span ends with. */
const ofEnd = /结束|截止|最晚|(?:至|止|到)[)）]?(?:\s|$)|\b(?:end|until|latest|to)\b/i;
const leastOption = 2;
const denied = /[不没未非]$|没有$|不是$|别$/;

/**
 * Guesses answers to the fields of a form (自定义字段猜测): by what they are called and what was named, and choices by their names. Nothing for what is
 * masked, reckoned, or closed to whoever writes: those are asked for.
 */
export function answersSaid(form: Form, text: string, found: readonly Found[], timeZone: string): SaidAnswer[] {
  const answers: SaidAnswer[] = [];
  const taken = new Set<Found>();
  for (const field of form.fields) {
    if (field.masked || field.readOnly) continue;
    const answer = optionSaid(field, text) ?? formatSaid(field, found) ?? partSaid(field, found) ?? namedSaid(field, text, found, timeZone, taken);
    if (answer) answers.push({ key: field.key, ...answer });
  }
  return answers;
}

type Answer = Omit<SaidAnswer, 'key'>;

function optionSaid(field: FieldDefinition, text: string): Answer | null {
  if (field.kind !== 'choice') return null;
  const said = field.options.filter((option) => !('retired' in option && option.retired === true)).flatMap((option) => {
    const words = [option.label.zh, option.label.en].filter((label): label is string => label !== undefined && [...label].length >= leastOption);
    const word = words.find((label) => {
      const at = text.toLowerCase().indexOf(label.toLowerCase());
      return at >= 0 && !denied.test(text.slice(Math.max(0, at - 2), at));
    });
    return word === undefined ? [] : [{ key: option.key, word }];
  });
  // Where several were named, the longest that holds the others stands; else nobody can tell.
  const longest = said.reduce<(typeof said)[number] | undefined>((best, one) => (best && best.word.length >= one.word.length ? best : one), undefined);
  return longest && said.every(({ word }) => longest.word.includes(word)) ? { value: longest.key, words: longest.word, confidence: 0.7 } : null;
}

function formatSaid(field: FieldDefinition, found: readonly Found[]): Answer | null {
  if (field.kind !== 'text') return null;
  const fits = (value: string): string | null => (field.mask !== undefined ? withMask(field.mask, value) : field.format === 'cn_plate' ? withFormat('cn_plate', value) : null);
  if (field.mask === undefined && field.format !== 'cn_plate') return null;
  for (const one of found) {
    const value = fits(one.value);
    if (value !== null) return { value, words: one.words, confidence: Math.max(one.confidence, 0.85) };
  }
  return null;
}

// Parts of a place have fields of their own: the room, and the building it is in.
const partsOfPlace: readonly { names: RegExp; part: RegExp }[] = [
  { names: /房号|房间号|室号|\broom\b/i, part: /(\d{3,5})\s?(?:室|号房|房间|房|户)?$/ },
  { names: /楼栋|楼号|楼幢|building/i, part: /(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[A-Za-z])\s?(?:号楼|栋|幢|座)(?:\s?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?单元)?/ },
];

function partSaid(field: FieldDefinition, found: readonly Found[]): Answer | null {
  if (field.kind !== 'text') return null;
  const names = `${field.key} ${field.label.zh} ${field.label.en ?? ''}`;
  const rule = partsOfPlace.find(({ names: wanted }) => wanted.test(names));
  const place = rule && bestOf(found, 'place');
  const match = place && rule.part.exec(place.words);
  return match ? { value: (match[1] ?? match[0]).replace(/\s+/g, ''), words: place.words, confidence: place.confidence * lessSure } : null;
}

/** @param taken what another field holds already: it is not said twice */
function namedSaid(field: FieldDefinition, text: string, found: readonly Found[], timeZone: string, taken: Set<Found>): Answer | null {
  const names = `${field.key} ${field.label.zh} ${field.label.en ?? ''}`;
  const rule = called.find(({ names: wanted, fields }) => fields.includes(field.kind) && wanted.test(names));
  if (!rule) return null;
  const meant = found.filter((one) => one.kind === rule.kind && (rule.which?.(one, text.slice(Math.max(0, one.start - 14), one.start)) ?? true));
  if (onlyAlone.has(rule.kind) && new Set(meant.map(({ value }) => value)).size > 1) return null;
  const best = bestOf(meant, rule.kind);
  if (!best) return null;
  if (rule.kind === 'time' && ofEnd.test(names)) {
    const end = best.until === undefined ? null : timeAs(field.kind, best.until, timeZone);
    return end === null ? null : { value: end, words: best.words, confidence: best.confidence * lessSure };
  }
  if (taken.has(best)) return null;
  if (field.kind === 'text' && (field.mask !== undefined || (field.maxLength !== undefined && best.value.length > field.maxLength))) return null;
  const value = rule.kind === 'time' ? timeAs(field.kind, best.value, timeZone) : fromText(field, best.value, timeZone);
  if (value === null || value === undefined) return null;
  if (rule.kind !== 'place') taken.add(best);
  return { value, words: best.words, confidence: best.confidence * lessSure };
}

function timeAs(kind: FieldDefinition['kind'], said: string, timeZone: string): string | null {
  const [day, time] = said.split(' ');
  if (kind === 'date') return day!;
  if (kind === 'time') return time ?? null;
  return time === undefined ? null : instantOf(day!, timeZone, time);
}
