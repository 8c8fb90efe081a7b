import { visible } from '../../contract/common.ts';
import type { TSchema } from 'typebox';
import { takeTurns } from './turns.ts';

/** A body or a query that is wrong in one place, and what has to be said of it. */
export interface Mutation {
  /** Where (JSON pointer). */
  path: string;
  /** The JSON Schema keyword that is broken, or `text` for what cannot be stored. */
  code: string;
  value: unknown;
}

interface Schema {
  type?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Schema;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
}

const id = '01a2003a-fbe1-70a2-9972-12ed28b06e46';
const wrongFormats: Record<string, string[]> = {
  uuid: ['7', id.toUpperCase(), `urn:uuid:${id}`, ` ${id}`, `{${id}}`, id.replaceAll('-', '')],
  email: ['nobody', 'a@', '@b.example', 'a b@c.example'],
  'date-time': ['yesterday', '2026-11-21', '2026-02-30T08:00:00Z', '2026-11-21T08:00:00', '2026-11-21T24:30:00Z', '2016-12-31T23:59:60Z', '0000-01-01T00:00:00Z'],
  date: ['yesterday', '2026-02-30', '2026-11-21T08:00:00Z', '20261121'],
};
/** How many of a format's wrong values one property is tried with: the next ones at each. */
const formats = Object.fromEntries(Object.entries(wrongFormats).map(([format, wrong]) => [format, takeTurns(wrong, 2)]));
const noStrings = takeTurns<unknown>([5, ['x']], 1);
const notStorable = takeTurns(['a\0b', 'a\ud83d'], 1);
const noBooleans = takeTurns<unknown>(['yes', 1], 1);
const fits: Record<string, string> = { uuid: id, email: 'a@b.example', 'date-time': '2026-11-21T08:00:00Z', date: '2026-11-21' };

/** Every way in which a value of a schema can break one of its limits, with everything else left right; of values that break the same one, some. */
export function mutationsOf(schema: TSchema, right: unknown): Mutation[] {
  const found: Mutation[] = [];
  breakObject(schema as Schema, right as Record<string, unknown>, '', (value) => value, found);
  return found;
}

type Embed = (value: unknown) => unknown;

function breakObject(schema: Schema, right: Record<string, unknown>, path: string, embed: Embed, found: Mutation[]): void {
  const add = (at: string, code: string, value: unknown) => found.push({ path: at, code, value: embed(value) });
  if (schema.additionalProperties === false) add(`${path}/surprise`, 'additionalProperties', { ...right, surprise: 1 });
  for (const required of schema.required ?? []) {
    const { [required]: _left, ...rest } = right;
    add(`${path}/${required}`, 'required', rest);
  }
  for (const [property, inner] of Object.entries(schema.properties ?? {})) {
    breakValue(inner, right[property], `${path}/${property}`, (value) => embed({ ...right, [property]: value }), found);
  }
}

function breakValue(schema: Schema, right: unknown, path: string, embed: Embed, found: Mutation[]): void {
  const add = (code: string, value: unknown) => found.push({ path, code, value: embed(value) });
  if (schema.anyOf) {
    // What fits none of the ways is said to have the wrong type, or to break the limit of the way it was meant in.
    const ways = schema.anyOf.filter((way) => way.type !== 'null');
    if (ways.length === 1) return breakValue(ways[0]!, right ?? sampleOf(ways[0]!), path, embed, found);
    // Objects told apart by one property: that it is missing is said.
    const tag = Object.keys(ways[0]!.properties ?? {}).find((property) => ways.every((way) => way.required?.includes(property) && way.properties?.[property] !== undefined));
    if (tag !== undefined) {
      found.push({ path: `${path}/${tag}`, code: 'required', value: embed({ surprise: 1 }) });
      return;
    }
    add('type', { surprise: 1 });
    return;
  }
  if (schema.enum) {
    add('enum', 'surprise');
    return;
  }
  switch (schema.type) {
    case 'string':
      for (const wrong of noStrings()) add('type', wrong);
      for (const wrong of notStorable()) add('text', wrong);
      if (schema.maxLength !== undefined) add('maxLength', 'x'.repeat(schema.maxLength + 1));
      if (schema.minLength) add('minLength', 'x'.repeat(schema.minLength - 1));
      if (schema.pattern !== undefined) add('pattern', schema.pattern === visible ? ' \t　\n\u200b\u3164' : new RegExp(schema.pattern, 'u').test('a, b') ? '密码' : 'a, b');
      for (const wrong of formats[schema.format ?? '']?.() ?? []) add('format', wrong);
      break;
    case 'integer': case 'number':
      add('type', 'x');
      add('type', String(schema.minimum ?? 1));
      if (schema.type === 'integer') add('type', 1.5);
      if (schema.minimum !== undefined) add('minimum', schema.minimum - 1);
      if (schema.maximum !== undefined) add('maximum', schema.maximum + 1);
      if (schema.maximum !== undefined) add('maximum', 1e300);
      break;
    case 'boolean':
      for (const wrong of noBooleans()) add('type', wrong);
      break;
    case 'array': {
      const item = sampleOf(schema.items!);
      add('type', {});
      // Of lists of lists an item is a list as well.
      if (!Array.isArray(item)) add('type', item);
      if (schema.maxItems !== undefined) add('maxItems', Array.from({ length: schema.maxItems + 1 }, (_, index) => another(item, index)));
      if (schema.minItems) add('minItems', []);
      if (schema.uniqueItems) add('uniqueItems', [item, item]);
      breakValue(schema.items!, item, `${path}/0`, (value) => embed([value]), found);
      break;
    }
    case 'object':
      add('type', 'x');
      add('type', []);
      breakObject(schema, (right ?? sampleOf(schema)) as Record<string, unknown>, path, embed, found);
      break;
    default:
  }
}

/** Some value that fits a schema. */
function sampleOf(schema: Schema): unknown {
  if (schema.anyOf) return sampleOf(schema.anyOf[0]!);
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'string': return fits[schema.format ?? ''] ?? (schema.pattern?.includes('0-9') ? '13800000000' : 'x'.repeat(Math.max(1, schema.minLength ?? 1)));
    case 'integer': case 'number': return schema.minimum ?? 1;
    case 'boolean': return true;
    case 'array': return [];
    case 'object': return Object.fromEntries((schema.required ?? []).map((property) => [property, sampleOf(schema.properties?.[property] ?? { type: 'string' } as Schema)]));
    default: return null;
  }
}

/** The same value, told apart from others of its kind. */
function another(value: unknown, index: number): unknown {
  if (typeof value !== 'string') return value;
  const mark = index.toString(16).padStart(4, '0');
  return value === id ? `${id.slice(0, -4)}${mark}` : `${value}${mark}`;
}

/** Every way in which a query of a schema can be wrong, as it stands in an address. */
export function queryMutationsOf(schema: TSchema): { query: string; path: string; code: string }[] {
  const { properties = {} } = schema as Schema;
  const found = [{ query: '?surprise=1', path: '/surprise', code: 'additionalProperties' }, { query: '?constructor=1', path: '/constructor', code: 'additionalProperties' }];
  for (const [property, inner] of Object.entries(properties)) {
    const add = (code: string, ...values: string[]) => found.push({ query: `?${values.map((value) => `${property}=${value}`).join('&')}`, path: `/${property}`, code });
    if (inner.enum) {
      add('enum', 'surprise');
      add('enum', '');
      continue;
    }
    if (inner.type === 'string') {
      add('text', '%00');
      add('type', 'x', 'y');
      if (inner.maxLength !== undefined) add('maxLength', 'x'.repeat(inner.maxLength + 1));
      for (const wrong of formats[inner.format ?? '']?.() ?? []) add('format', encodeURIComponent(wrong));
    } else {
      for (const junk of ['x', '', '1.5', '%EF%BC%91', '1%00'].slice(0, 4)) add('type', junk);
      add('type', '1', '2');
      if (inner.minimum !== undefined) add('minimum', String(inner.minimum - 1));
      if (inner.maximum !== undefined) add('maximum', String(inner.maximum + 1));
      if (inner.maximum !== undefined) add('maximum', '99999999999999999999');
    }
  }
  return found;
}
