import { foldCase } from '../../../rules/conditions/filter.ts';
import type { FieldDefinition } from '../../../rules/forms/form.ts';

/** Kinds of fields whose values can stand in an index (可索引字段): those that are short and have an order. */
export const indexableKinds = ['text', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice', 'choices', 'tree', 'person', 'customer', 'asset'] as const;
export type IndexableKind = (typeof indexableKinds)[number];

export const isIndexable = (kind: FieldDefinition['kind']): kind is IndexableKind => (indexableKinds as readonly string[]).includes(kind);

// An entry of a B-tree holds about 2,700 bytes.
const longestText = 200;
const mostValues = 100;

/** A number as 16 letters that sort as numbers do: the bits of IEEE 754, turned so that the negative ones come first. */
export function sortableNumber(value: number): string {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value === 0 ? 0 : value);
  const bits = bytes.getBigUint64(0);
  const turned = bits >> 63n === 1n ? ~bits & 0xffff_ffff_ffff_ffffn : bits | (1n << 63n);
  return turned.toString(16).padStart(16, '0');
}

/** A value to look for, as it stands in the index. */
export function indexedValue(value: string | number | boolean): string {
  return typeof value === 'number' ? sortableNumber(value) : String(value);
}

/** A text as it stands in the index, in small letters; null when it is too long to be told from others there. */
export function indexedText(text: string): string | null {
  const folded = foldCase(text);
  return folded.length < longestText ? folded : null;
}

/** The entries of a field's value in the index; none when it is empty or has not the shape of its kind. */
export function indexEntries(kind: IndexableKind, value: unknown): string[] {
  switch (kind) {
    case 'number': return typeof value === 'number' && Number.isFinite(value) ? [sortableNumber(value)] : [];
    case 'money': {
      const amount = (value as { amount?: unknown } | null | undefined)?.amount;
      return typeof amount === 'number' && Number.isFinite(amount) ? [sortableNumber(amount)] : [];
    }
    case 'boolean': return typeof value === 'boolean' ? [String(value)] : [];
    case 'choices': return Array.isArray(value) ? [...new Set(value.filter((one): one is string => typeof one === 'string' && one !== ''))].slice(0, mostValues) : [];
    case 'text': return typeof value === 'string' && value !== '' ? [foldCase(value).slice(0, longestText).toWellFormed()] : [];
    default: return typeof value === 'string' && value !== '' ? [value.slice(0, longestText)] : [];
  }
}
