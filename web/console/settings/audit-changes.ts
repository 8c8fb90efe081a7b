import { isObject } from '../../../rules/conditions/json.ts';

/** A property that was one thing and became another. */
export interface Change { property: string; before: unknown; after: unknown }

/** What an entry of the audit trail says (审计内容): what changed from what to what, and what else it says. */
export function changesOf(data: Readonly<Record<string, unknown>>): { changes: Change[]; others: [string, unknown][] } {
  const { before, after, ...rest } = data;
  if (!isObject(before) && !isObject(after)) {
    return { changes: before === undefined && after === undefined ? [] : [{ property: '', before, after }], others: Object.entries(rest) };
  }
  const was = isObject(before) ? before : {};
  const is = isObject(after) ? after : {};
  const changes = [...new Set([...Object.keys(was), ...Object.keys(is)])].map((property) => ({ property, before: was[property] ?? null, after: is[property] ?? null }));
  return { changes, others: Object.entries(rest) };
}

/** A value in one line. */
export function shortValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  const named = isObject(value) && typeof value['name'] === 'string' ? value['name'] : null;
  const text = named ?? (typeof value === 'string' ? value : JSON.stringify(value));
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
