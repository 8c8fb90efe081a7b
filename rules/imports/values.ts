import { fromText } from '../forms/from-text.ts';
import type { Column } from '../forms/form.ts';

/** What a cell or a member of a JSON line holds. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const kindOf = (kind: 'number' | 'date' | 'date_time'): Column => ({ key: 'value', kind, label: { zh: '' } }) as unknown as Column;

/** A value as text; null when it says nothing. */
export function textIn(value: Value | undefined): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.trim() === '' ? null : text;
}

/** A number as people write it; what is none stays what it is, for the schema to refuse. */
export function numberIn(value: Value): unknown {
  return typeof value === 'string' ? fromText(kindOf('number'), value, 'UTC') ?? value : value;
}

/** A day as people write it, 2026年11月21日 as well as 2026-11-21T00:00:00Z; else what it was. */
export function dayIn(value: Value, timeZone: string): unknown {
  if (typeof value !== 'string') return value;
  const day = fromText(kindOf('date'), value, timeZone);
  if (typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day)) return day;
  // Spreadsheets know no days without a time.
  const midnight = /^(.{6,12}?)[T\s]+00:00(?::00(?:\.0+)?)?$/.exec(value.trim());
  return midnight ? fromText(kindOf('date'), midnight[1]!, timeZone) : value;
}

/** A moment as people write it, without an offset in the organization's time zone; else what it was. */
export function momentIn(value: Value, timeZone: string): unknown {
  return typeof value === 'string' ? fromText(kindOf('date_time'), value, timeZone) ?? value : value;
}

/** Several texts in one cell, separated by commas or semicolons, or a list. */
export function listIn(value: Value): unknown {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [...new Set(value.split(/[,，;；、|\n]/).map((one) => one.trim()).filter((one) => one !== ''))] : value;
}

/** One of some words, by its key or its name in either language; else what it was. */
export function wordIn(value: Value, words: Readonly<Record<string, readonly string[]>>): unknown {
  if (typeof value !== 'string') return value;
  const text = value.normalize('NFKC').trim().toLowerCase();
  return Object.entries(words).find(([key, names]) => key.toLowerCase() === text || names.some((name) => name.toLowerCase() === text))?.[0] ?? value;
}

/** What says something of some parts: those that are empty left out. */
export function withoutEmpty<Part extends Record<string, unknown>>(parts: Part): Partial<Part> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined && value !== null && value !== '')) as Partial<Part>;
}
