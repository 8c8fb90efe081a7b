/** A value of JSON (RFC 8259). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A JsonLogic rule (条件): an object of one operator, an array of rules, or a plain value.
 * See https://jsonlogic.com/operations.html.
 */
export type Rule = Json;

/** What is wrong with a definition: where (JSON pointer, RFC 6901), a stable code and what the sentence needs. */
export interface DefinitionProblem {
  path: string;
  code: string;
  params?: Readonly<Record<string, string | number>>;
}

/** A step further along a JSON pointer. */
export function pointer(path: string, step: string | number): string {
  return `${path}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value as a text: texts as they are, nothing as '', lists and objects as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** Whether a text can be kept: no half of a surrogate pair, nor the one character PostgreSQL does not hold. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/** Whether a value can be kept as JSON: each text in it, and no deeper than so many lists and objects in one another (可存储的值). */
export function isKeepable(value: unknown, depth = 60): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isKeepable(inner, depth - 1));
}

/** Whether a value is an object of JSON, not a list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A record's own property; undefined when it has none of that name. */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
