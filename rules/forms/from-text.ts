import { normaliseInstant, instantOf, isDay } from '../conditions/days.ts';
import { minorDigits } from './currencies.ts';
import type { Column, FieldDefinition, Option, TreeOption } from './form.ts';

/**
 * A cell of a spreadsheet as a field's answer (从文本读取): options by key or by name, a place in a tree by its names joined by
 * `/`, several by commas or semicolons, yes and no in both languages, days and times as people write them, sums with their
 * separators. What cannot be understood is handed on as it is, so that {@link applyForm} says what is wrong with it; an
 * empty cell is null.
 *
 * @param timeZone of days and times without an offset
 */
export function fromText(field: FieldDefinition | Column, cell: string, timeZone: string): unknown {
  const text = cell.trim();
  if (text === '') return null;
  switch (field.kind) {
    case 'number': return numberIn(text) ?? text;
    case 'money': return moneyIn(text, field.currencies) ?? text;
    case 'boolean': return words.get(text.toLowerCase()) ?? text;
    case 'date': return dayIn(text) ?? text;
    case 'time': return timeIn(text) ?? text;
    case 'date_time': return instantIn(text, timeZone) ?? text;
    case 'choice': return optionIn(text, field.options) ?? text;
    case 'choices': return list(text).map((one) => optionIn(one, field.options) ?? one);
    case 'tree': return entryIn(text, field.options) ?? text;
    case 'file': return list(text);
    case 'place': return { address: text };
    default: return text;
  }
}

const words = new Map<string, boolean>([['是', true], ['有', true], ['对', true], ['yes', true], ['y', true], ['true', true], ['1', true], ['√', true], ['否', false], ['无', false], ['没有', false], ['错', false], ['no', false], ['n', false], ['false', false], ['0', false], ['×', false]]);

const list = (text: string): string[] => text.split(/[,，;；、\n]/).map((one) => one.trim()).filter((one) => one !== '');

/** 1,234.5 and １２３, also 1 234; not 1e5, not 0x10. */
function numberIn(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[\s_]/g, '').replace(/,(?=\d{3}(?:\D|$))/g, '');
  return /^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(plain) ? Number(plain) + 0 : null;
}

const signs: Readonly<Record<string, string>> = { '¥': 'CNY', '元': 'CNY', $: 'USD', '€': 'EUR', '£': 'GBP' };

function moneyIn(text: string, currencies: readonly string[]): { amount: number; currency: string } | null {
  const match = /^([A-Z]{3}|[¥$€£])?\s*([+-]?[\d,.\s]+?)\s*([A-Z]{3}|元)?$/.exec(text.normalize('NFKC'));
  if (!match) return null;
  const sign = match[1] ?? match[3];
  const currency = sign === undefined ? currencies[0] : signs[sign] ?? sign;
  const amount = numberIn(match[2]!);
  if (amount === null || currency === undefined || !currencies.includes(currency)) return null;
  const [whole = '0', fraction = ''] = String(Math.abs(amount)).split('.');
  const digits = minorDigits(currency);
  if (fraction.length > digits) return null;
  return { amount: Number(whole + fraction.padEnd(digits, '0')) * (amount < 0 ? -1 : 1) + 0, currency };
}

const two = (digits: string) => digits.padStart(2, '0');

/** 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日, 20261121. */
function dayIn(text: string): string | null {
  const match = /^(\d{4})(?:[-/.]|年\s*)(\d{1,2})(?:[-/.]|月\s*)(\d{1,2})\s*日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!match) return null;
  const day = `${match[1]}-${two(match[2]!)}-${two(match[3]!)}`;
  return isDay(day) ? day : null;
}

/** 9:30, 09:30, 09:30:00, 9点30分. */
function timeIn(text: string): string | null {
  const match = /^(\d{1,2})(?::(\d{2})(?::\d{2})?|点(?:(\d{1,2})分?)?)$/.exec(text);
  if (!match) return null;
  const time = `${two(match[1]!)}:${two(match[2] ?? match[3] ?? '0')}`;
  return time < '24:00' && time.slice(3) < '60' ? time : null;
}

function instantIn(text: string, timeZone: string): string | null {
  const instant = normaliseInstant(text.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T'));
  if (instant !== null) return instant;
  const parts = /^(.*?)(?:[T\s]+(\S+))?$/.exec(text);
  const day = dayIn(parts?.[1]?.trim() ?? '');
  const time = parts?.[2] === undefined ? '00:00' : timeIn(parts[2]);
  return day === null || time === null ? null : instantOf(day, timeZone, time);
}

const same = (a: string, b: string | undefined) => b !== undefined && a.trim().toLowerCase() === b.trim().toLowerCase();

/** By key first, then by name; of several with the same name, the one that is not retired. */
function optionIn(text: string, options: readonly (Option | TreeOption)[]): string | null {
  const byKey = options.find(({ key }) => key === text);
  if (byKey) return byKey.key;
  const named = options.filter(({ label }) => same(text, label.zh) || same(text, label.en));
  return (named.find(({ retired }) => retired !== true) ?? named[0])?.key ?? null;
}

function entryIn(text: string, options: readonly TreeOption[]): string | null {
  const direct = findKey(text, options);
  if (direct !== null) return direct;
  const names = text.split(/[/／>]/).map((name) => name.trim()).filter((name) => name !== '');
  let [level, found]: [readonly TreeOption[], string | null] = [options, null];
  for (const name of names) {
    found = optionIn(name, level);
    if (found === null) return names.length === 1 ? onlyNamed(name, options) : null;
    level = level.find(({ key }) => key === found)?.children ?? [];
  }
  return found;
}

function findKey(text: string, options: readonly TreeOption[]): string | null {
  for (const { key, children } of options) {
    if (key === text) return key;
    const below = findKey(text, children ?? []);
    if (below !== null) return below;
  }
  return null;
}

/** A name anywhere in the tree, when it is there only once. */
function onlyNamed(name: string, options: readonly TreeOption[]): string | null {
  const found: string[] = [];
  const visit = (list: readonly TreeOption[]) => {
    for (const option of list) {
      if (same(name, option.label.zh) || same(name, option.label.en)) found.push(option.key);
      visit(option.children ?? []);
    }
  };
  visit(options);
  return found.length === 1 ? found[0]! : null;
}
