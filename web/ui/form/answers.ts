import { isObject, own } from '../../../rules/conditions/json.ts';
import { majorUnits, minorDigits } from '../../../rules/forms/currencies.ts';
import type { Column, FieldDefinition, Words } from '../../../rules/forms/form.ts';
import { inWords, type NameOf } from '../../../rules/forms/in-words.ts';
import type { Language } from '../preferences.ts';

/** Words in the reader's language. */
export function wordsIn(words: Words | undefined, language: Language): string {
  if (words === undefined) return '';
  return language === 'en' && words.en ? words.en : words.zh;
}

/** A sum while it is typed: the amount as text, in whole units. */
export interface TypedMoney { text: string; currency: string }

/** A decimal as people type it; null when it is none. Separators of thousands and full-width digits are let through. */
function decimal(text: string): string | null {
  const plain = text.normalize('NFKC').replace(/[,，\s]/g, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(plain) ? plain : null;
}

/** Whether people would call it a number (是否数字). */
export const isDecimal = (text: string): boolean => decimal(text) !== null;

/** Minor units of an amount in whole units, exactly: `12.5` of CNY is 1250; null when it is none, or has too many places. */
export function minorUnits(text: string, currency: string): number | null {
  const plain = decimal(text);
  if (plain === null) return null;
  const [whole = '', fraction = ''] = plain.replace(/^[+-]/, '').split('.');
  const digits = minorDigits(currency);
  if (fraction.replace(/0+$/, '').length > digits) return null;
  const amount = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return Number.isSafeInteger(amount) ? (plain.startsWith('-') ? -amount : amount) + 0 : null;
}

/**
 * What a control holds, made into an answer (录入值转答案). Numbers and sums are kept as they are typed, so that nothing
 * changes under one's hands; what is no number stays a text, and is refused as one.
 */
export function toAnswer(field: FieldDefinition | Column, held: unknown): unknown {
  if (field.kind === 'number' && typeof held === 'string') {
    if (held.trim() === '') return null;
    const plain = decimal(held);
    return plain === null ? held : Number(plain);
  }
  if (field.kind === 'money' && isObject(held) && typeof held['text'] === 'string') {
    const currency = String(held['currency']);
    if (held['text'].trim() === '') return null;
    return { amount: minorUnits(held['text'], currency) ?? held['text'], currency };
  }
  if (field.kind === 'table' && Array.isArray(held)) {
    return held.map((row: unknown) => (isObject(row) ? Object.fromEntries(field.columns.flatMap((column) => {
      const cell = own(row, column.key);
      return cell === undefined || column.kind === 'formula' ? [] : [[column.key, toAnswer(column, cell)]];
    })) : row));
  }
  return held;
}

/** The text in the control of a number. */
export function numberText(held: unknown): string {
  return typeof held === 'string' ? held : typeof held === 'number' ? String(held) : '';
}

/** What stands in the control of a sum; the first currency of the field when there is none yet. */
export function moneyText(held: unknown, currencies: readonly string[]): TypedMoney {
  const currency = isObject(held) && typeof held['currency'] === 'string' ? held['currency'] : (currencies[0] ?? 'CNY');
  if (!isObject(held)) return { text: '', currency };
  if (typeof held['text'] === 'string') return { text: held['text'], currency };
  if (typeof held['amount'] === 'number') return { text: majorUnits(held['amount'], currency), currency };
  return { text: typeof held['amount'] === 'string' ? held['amount'] : '', currency };
}

/**
 * A sum as people read it on a screen (金额显示): `¥1,280.50`. '' where it is none.
 */
export function sumWords(value: unknown, language: Language): string {
  if (!isObject(value) || typeof value['amount'] !== 'number' || typeof value['currency'] !== 'string') return '';
  const { amount, currency } = value as { amount: number; currency: string };
  const digits = minorDigits(currency);
  try {
    return new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(majorUnits(amount, currency) as `${number}`);
  } catch {
    // A code that no currency has.
    return `${majorUnits(amount, currency)} ${currency}`;
  }
}

/** An answer in words, as all faces show it; instants and days are left to them. */
export function faceWords(field: FieldDefinition | Column, value: unknown, language: Language, nameOf: NameOf): string {
  if (field.kind === 'money' || (field.kind === 'formula' && field.result === 'money')) return sumWords(value, language);
  if (field.kind === 'signature') return typeof value === 'string' && value !== '' ? (language === 'en' ? 'Signed' : '已签名') : '';
  return inWords(field, value, language === 'en' ? 'en' : 'zh', nameOf);
}

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as the browser's own control has it, `2026-11-21T09:30` in the device's zone. */
export function localMinute(instant: unknown): string {
  const date = new Date(typeof instant === 'string' ? instant : Number.NaN);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** And back; null for what is no time. */
export function instantOf(local: string): string | null {
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
