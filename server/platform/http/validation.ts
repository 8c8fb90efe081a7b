import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import type { TSchema } from 'typebox';
import type { Language } from '../../../contract/refusals.ts';
import { describeValidationError, pointerStep, type ValidationError } from '../../../contract/validation.ts';
import { Refusal } from '../errors/refusal.ts';
import { fittingErrors } from './fitting-errors.ts';

const addFormats = formatsModule as unknown as (ajv: Ajv2020, options?: { mode: 'fast' | 'full' }) => void;

const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

function open(coerce: boolean): Ajv2020 {
  const ajv = new Ajv2020({ coerceTypes: coerce, useDefaults: false, removeAdditional: false, allErrors: true, verbose: true, strict: false, ownProperties: true });
  addFormats(ajv, { mode: 'full' });
  // Of what RFC 3339 allows, only moments that can be kept: no leap seconds, no years that need a sign.
  const { validate } = ajv.formats['date-time'] as { validate: (text: string) => boolean };
  ajv.addFormat('date-time', (text) => validate(text) && Date.parse(text) >= earliest && Date.parse(text) <= latest);
  // As ids are stored and compared: no urn:uuid:, no capitals.
  ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  return ajv;
}

// Query parameters and path parts arrive as text.
const checkers = { json: open(false), text: open(true) };
const compiled = { json: new WeakMap<TSchema, ValidateFunction>(), text: new WeakMap<TSchema, ValidateFunction>() };
const maximumErrors = 20;

/** The compiled check of a schema; `text` for what arrives as text. */
export function validator(schema: TSchema, kind: 'json' | 'text'): ValidateFunction {
  let check = compiled[kind].get(schema);
  if (!check) {
    check = checkers[kind].compile(schema);
    compiled[kind].set(schema, check);
  }
  return check;
}

/** Refuses a value that does not fit its schema, naming every wrong place. */
export function ensureValid(check: ValidateFunction, value: unknown, language: Language): void {
  if (check(value)) return;
  if (check.errors?.every((error) => error.keyword === 'minProperties' && error.instancePath === '')) throw new Refusal('nothing_to_change');
  const told = fittingErrors(check.errors ?? [])
    // A union fails once as a whole and once for each alternative; null is never what was meant.
    .filter((error) => !(error.keyword === 'anyOf') && !(error.keyword === 'type' && error.params['type'] === 'null'))
    .map((error) => describeValidationError(error as ValidationError, language));
  const errors = told.filter((one, index) => told.findIndex((other) => other.path === one.path && other.code === one.code && other.message === one.message) === index).slice(0, maximumErrors);
  throw new Refusal('invalid_input', {}, { errors: errors.length > 0 ? errors : [{ path: '/', code: 'anyOf', message: describeValidationError({ keyword: 'anyOf', instancePath: '', params: {} }, language).message }] });
}

const maximumDepth = 32;

/** Whether the database can keep a text: no NUL characters, no halves of surrogate pairs. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Refuses text that the database cannot keep: NUL characters, halves of surrogate pairs, nesting without end. */
export function ensureStorable(value: unknown, language: Language, path = '', depth = 0): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) {
      throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'text', instancePath: path, params: {} }, language)] });
    }
    return;
  }
  if (value === null || typeof value !== 'object') return;
  if (depth > maximumDepth) throw new Refusal('invalid_input', {}, { errors: [describeValidationError({ keyword: 'maxDepth', instancePath: path, params: {} }, language)] });
  for (const key of Object.keys(value)) {
    if (!isStorable(key)) ensureStorable(key, language, `${path}/?`, depth);
    ensureStorable((value as Record<string, unknown>)[key], language, `${path}${pointerStep(key)}`, depth + 1);
  }
}
