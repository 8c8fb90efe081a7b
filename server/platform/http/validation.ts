import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { Language } from '../../../contract/refusals.ts';
import { describeValidationError, type ValidationError } from '../../../contract/validation.ts';
import { Refusal } from '../errors/refusal.ts';

const addFormats = formatsModule as unknown as (ajv: Ajv2020, options?: { mode: 'fast' | 'full' }) => void;

function open(coerce: boolean): Ajv2020 {
  const ajv = new Ajv2020({ coerceTypes: coerce, useDefaults: false, removeAdditional: false, allErrors: true, strict: false, ownProperties: true });
  addFormats(ajv, { mode: 'full' });
  // As ids are stored and compared: no urn:uuid:, no capitals.
  ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  return ajv;
}

const exact = open(false);
// Query parameters and path parts arrive as text.
const fromText = open(true);
const compiled = new WeakMap<TSchema, ValidateFunction>();
const maximumErrors = 20;

/** The compiled check of a schema; `text` for what arrives as text. */
export function validator(schema: TSchema, kind: 'json' | 'text'): ValidateFunction {
  let check = compiled.get(schema);
  if (!check) {
    check = (kind === 'json' ? exact : fromText).compile(schema);
    compiled.set(schema, check);
  }
  return check;
}

/** Refuses a value that does not fit its schema, naming every wrong place. */
export function ensureValid(check: ValidateFunction, value: unknown, language: Language): void {
  if (check(value)) return;
  const errors = (check.errors ?? [])
    // A union fails once as a whole and once for each alternative; null is never what was meant.
    .filter((error) => !(error.keyword === 'anyOf') && !(error.keyword === 'type' && error.params['type'] === 'null'))
    .slice(0, maximumErrors)
    .map((error) => describeValidationError(error as ValidationError, language));
  throw new Refusal('invalid_input', {}, { errors: errors.length > 0 ? errors : [{ path: '/', code: 'anyOf', message: describeValidationError({ keyword: 'anyOf', instancePath: '', params: {} }, language).message }] });
}

const maximumDepth = 32;

/** Refuses text that the database cannot keep: NUL characters, halves of surrogate pairs, nesting without end. */
export function ensureStorable(value: unknown, language: Language, path = '', depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) {
      throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'text', instancePath: path, params: {} }, language)] });
    }
    return;
  }
  if (value === null || typeof value !== 'object') return;
  if (depth > maximumDepth) throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'maxDepth', instancePath: path, params: {} }, language)] });
  for (const key of Object.keys(value)) {
    if (key.includes('\0') || !key.isWellFormed()) ensureStorable('\0', language, `${path}/?`, depth);
    ensureStorable((value as Record<string, unknown>)[key], language, `${path}/${key}`, depth + 1);
  }
}
