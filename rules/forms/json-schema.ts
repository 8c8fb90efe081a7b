import { isDay } from '../conditions/days.ts';
import { formLimits, type Column, type FieldDefinition, type Form, type Option, type TreeOption, type Words } from './form.ts';
import { maskPattern } from './text-formats.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Record<string, unknown>;

const id: JsonSchema = { type: 'string', format: 'uuid' };
// JSON Schema has names for these formats; the others can only be hinted at.
const formatNames: Readonly<Record<string, string>> = { email: 'email', url: 'uri' };
const formatPatterns: Readonly<Record<string, string>> = { digits: '^[0-9]+$', cn_postcode: '^[0-9]{6}$', cn_id: '^[0-9]{17}[0-9X]$', cn_uscc: '^[0-9A-HJ-NPQRTUWXY]{18}$' };

/**
 * The JSON Schema of a form's answers, for publication (表单的 JSON Schema). It says what can be said without knowing the
 * other answers: kinds, limits, options. What depends on conditions — what is shown, required, read-only — is in the
 * form itself, so a field is required here only when it always is. An answer may be null where it may be empty.
 */
export function toJsonSchema(form: Form): JsonSchema {
  const sections = new Map((form.sections ?? []).map((section) => [section.key, section]));
  const isAlwaysShown = (field: FieldDefinition) => (field.visible ?? true) === true && (field.section === undefined || (sections.get(field.section)?.visible ?? true) === true) && field.audience === 'everyone';
  const required = form.fields.filter((field) => field.required === true && (field.readOnly ?? false) === false && field.kind !== 'formula' && isAlwaysShown(field)).map(({ key }) => key);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(form.fields.map((field) => [field.key, fieldSchema(field, required.includes(field.key))])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** The JSON Schema of one field's answer (字段的 JSON Schema); null is allowed unless it always has to be there. */
export function fieldSchema(field: FieldDefinition | Column, isRequired = false): JsonSchema {
  return {
    title: field.label.zh,
    ...(field.help ? { description: field.help.zh } : {}),
    ...nullable(valueSchema(field), isRequired),
    ...(field.kind === 'formula' || field.readOnly === true ? { readOnly: true } : {}),
    ...('default' in field && isPlainDefault(field) ? { default: field.default } : {}),
  };
}

/** `today`, `now` and `me` are words of our own, no values. */
function isPlainDefault(field: FieldDefinition | Column): boolean {
  if (!('default' in field) || field.default === undefined) return false;
  if (field.kind === 'date') return isDay(field.default);
  return !(field.kind === 'date_time' && field.default === 'now') && !(field.kind === 'person' && field.default === 'me');
}

function nullable(schema: JsonSchema, isRequired: boolean): JsonSchema {
  if (isRequired) return schema;
  if (Array.isArray(schema['oneOf'])) return { ...schema, oneOf: [...(schema['oneOf'] as unknown[]), { type: 'null' }] };
  return { ...schema, type: [schema['type'], 'null'] };
}

const present = (entries: Record<string, unknown>): JsonSchema => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
const titleOf = (words: Words) => words.zh;

function choices(options: readonly (Option | TreeOption)[], leavesOnly: boolean, above = ''): JsonSchema[] {
  return options.flatMap((option) => {
    const children = 'children' in option ? option.children ?? [] : [];
    const title = above + titleOf(option.label);
    const own = leavesOnly && children.length > 0 ? [] : [present({ const: option.key, title, deprecated: option.retired === true ? true : undefined })];
    return [...own, ...choices(children, leavesOnly, `${title} / `)];
  });
}

function valueSchema(field: FieldDefinition | Column): JsonSchema {
  switch (field.kind) {
    case 'text':
      return present({ type: 'string', minLength: field.minLength, maxLength: field.maxLength ?? formLimits.text, format: formatNames[field.format ?? ''], pattern: field.mask === undefined ? formatPatterns[field.format ?? ''] : maskPattern(field.mask), $comment: field.format });
    case 'long_text': return present({ type: 'string', minLength: field.minLength, maxLength: field.maxLength ?? formLimits.longText });
    case 'number': {
      const whole = (field.decimals ?? 0) === 0;
      return present({ type: whole ? 'integer' : 'number', minimum: field.min ?? -formLimits.magnitude, maximum: field.max ?? formLimits.magnitude, multipleOf: whole ? undefined : Number(`1e-${field.decimals}`) });
    }
    case 'money': return money(field.currencies, field.currencies.length === 1 ? field : {});
    case 'date': return { type: 'string', format: 'date' };
    case 'time': return { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' };
    case 'date_time': return { type: 'string', format: 'date-time' };
    case 'boolean': return { type: 'boolean' };
    case 'choice': return { oneOf: choices(field.options, false) };
    case 'choices': return present({ type: 'array', items: { oneOf: choices(field.options, false) }, uniqueItems: true, minItems: field.minItems, maxItems: field.maxItems });
    case 'tree': return { oneOf: choices(field.options, field.leavesOnly === true) };
    case 'person': case 'customer': case 'asset': case 'signature': return { ...id };
    case 'file': return present({ type: 'array', items: id, uniqueItems: true, minItems: field.minItems, maxItems: field.maxItems ?? formLimits.files });
    case 'place': {
      const degrees = (most: number) => ({ type: ['number', 'null'], minimum: -most, maximum: most });
      return { type: 'object', properties: { lat: degrees(90), lng: degrees(180), address: { type: ['string', 'null'], maxLength: 300 } }, ...(field.coordinates === 'required' ? { required: ['lat', 'lng'] } : {}), additionalProperties: false };
    }
    case 'formula': return field.result === 'money' ? money([field.currency ?? 'CNY'], {}) : field.result === 'date' ? { type: 'string', format: 'date' } : { type: field.result === 'text' ? 'string' : field.result };
    case 'table': {
      const required = field.columns.filter((column) => column.required === true && column.kind !== 'formula').map(({ key }) => key);
      return present({
        type: 'array', minItems: field.minRows, maxItems: field.maxRows ?? formLimits.rows,
        items: { type: 'object', properties: Object.fromEntries(field.columns.map((column) => [column.key, fieldSchema(column, required.includes(column.key))])), ...(required.length > 0 ? { required } : {}), additionalProperties: false },
      });
    }
  }
}

function money(currencies: readonly string[], { min, max }: { min?: number; max?: number }): JsonSchema {
  return {
    type: 'object', required: ['amount', 'currency'], additionalProperties: false,
    properties: { amount: present({ type: 'integer', minimum: min, maximum: max, description: 'Minor units' }), currency: { type: 'string', enum: [...currencies] } },
  };
}
