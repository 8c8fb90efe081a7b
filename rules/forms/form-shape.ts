import { isDay, isTime } from '../conditions/days.ts';
import { places } from '../conditions/decimal.ts';
import { asText, isObject, isStorable, own, pointer, type DefinitionProblem } from '../conditions/json.ts';
import { currencyPattern } from './currencies.ts';
import { columnKinds, fieldKinds, formLimits, keyPattern, optionKeyPattern, textFormats, type FieldKind } from './form.ts';
import { dayLimit } from './field-values.ts';
import { isMask } from './text-formats.ts';

/** Where problems with a definition are gathered. */
export type Report = (path: string, code: string, params?: DefinitionProblem['params']) => void;

type Check = (value: unknown, at: string, report: Report) => void;

const oneOf = (words: readonly string[]): Check => (value, at, report) => {
  if (typeof value !== 'string' || !words.includes(value)) report(at, 'one_of', { allowed: words.join(', ') });
};
const flag: Check = (value, at, report) => { if (typeof value !== 'boolean') report(at, 'type', { expected: 'boolean' }); };
const wholeNumber = (least: number, most: number): Check => (value, at, report) => {
  if (!Number.isInteger(value)) report(at, 'type', { expected: 'integer' });
  else if ((value as number) < least) report(at, 'minimum', { limit: least });
  else if ((value as number) > most) report(at, 'maximum', { limit: most });
};
const anyNumber: Check = (value, at, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(at, 'type', { expected: 'number' });
  else if (Math.abs(value) > formLimits.magnitude) report(at, 'maximum', { limit: formLimits.magnitude });
};
const text = (most: number): Check => (value, at, report) => {
  if (typeof value !== 'string') report(at, 'type', { expected: 'string' });
  else if (value.length > most) report(at, 'maxLength', { limit: most });
  else if (!isStorable(value)) report(at, 'text');
};
const matching = (pattern: RegExp, code: string): Check => (value, at, report) => { if (typeof value !== 'string' || !pattern.test(value)) report(at, code); };

/** Words: Chinese always, English where there are any. */
export function checkWords(most: number): Check {
  return (value, at, report) => {
    if (!isObject(value)) return report(at, 'type', { expected: 'words' });
    checkNames(value, ['zh', 'en'], at, report);
    if (typeof value['zh'] !== 'string' || value['zh'].trim() === '') report(pointer(at, 'zh'), 'required');
    else text(most)(value['zh'], pointer(at, 'zh'), report);
    if (value['en'] !== undefined) text(most)(value['en'], pointer(at, 'en'), report);
  };
}

const dayOrRelative: Check = (value, at, report) => { if (typeof value !== 'string' || dayLimit(value, '2026-01-01') === null) report(at, 'day_limit'); };
const timeOfDay: Check = (value, at, report) => { if (!isTime(value)) report(at, 'time'); };
const condition: Check = () => {};
const unchecked: Check = () => {};

const currencies: Check = (value, at, report) => {
  if (!Array.isArray(value) || value.length === 0) return report(at, 'required');
  if (value.length > 20) report(at, 'maxItems', { limit: 20 });
  for (const [index, code] of value.entries()) matching(currencyPattern, 'currency')(code, pointer(at, index), report);
  if (new Set(value).size < value.length) report(at, 'uniqueItems');
};
const ids: Check = (value, at, report) => {
  if (!Array.isArray(value) || value.some((id) => typeof id !== 'string' || id.length > 64)) report(at, 'type', { expected: 'list of ids' });
  else if (value.length > 50) report(at, 'maxItems', { limit: 50 });
};
const families: Check = (value, at, report) => {
  if (!Array.isArray(value)) return report(at, 'type', { expected: 'list' });
  for (const [index, family] of value.entries()) oneOf(['image', 'video', 'audio', 'pdf', 'document'])(family, pointer(at, index), report);
};
const mask: Check = (value, at, report) => {
  text(formLimits.mask)(value, at, report);
  if (typeof value === 'string' && value.length <= formLimits.mask && !isMask(value)) report(at, 'mask');
};

// `default` and the rules are looked at when the whole form is known (check-form.ts).
const base: Readonly<Record<string, Check>> = {
  key: matching(keyPattern, 'key'), kind: unchecked, label: checkWords(formLimits.label), help: checkWords(formLimits.help), section: text(formLimits.key),
  required: condition, visible: condition, readOnly: condition, audience: oneOf(['staff', 'everyone']), indexed: flag, width: oneOf(['half', 'full']),
};
const placeholder = checkWords(formLimits.label);
const rules: Check = unchecked;

const kinds: Readonly<Record<FieldKind, Readonly<Record<string, Check>>>> = {
  text: { default: unchecked, minLength: wholeNumber(0, formLimits.text), maxLength: wholeNumber(1, formLimits.text), format: oneOf(textFormats), mask, placeholder },
  long_text: { default: unchecked, minLength: wholeNumber(0, formLimits.longText), maxLength: wholeNumber(1, formLimits.longText), placeholder },
  number: { default: unchecked, min: anyNumber, max: anyNumber, decimals: wholeNumber(0, formLimits.decimals), unit: checkWords(formLimits.unit) },
  money: { default: unchecked, currencies, min: wholeNumber(-formLimits.magnitude, formLimits.magnitude), max: wholeNumber(-formLimits.magnitude, formLimits.magnitude) },
  date: { default: dayOrRelative, min: dayOrRelative, max: dayOrRelative },
  time: { default: timeOfDay, min: timeOfDay, max: timeOfDay, step: wholeNumber(1, 720) },
  date_time: { default: unchecked, min: dayOrRelative, max: dayOrRelative },
  boolean: { default: flag },
  choice: { options: unchecked, default: unchecked },
  choices: { options: unchecked, default: unchecked, minItems: wholeNumber(0, formLimits.options), maxItems: wholeNumber(1, formLimits.options) },
  tree: { options: unchecked, default: unchecked, leavesOnly: flag },
  person: { default: unchecked, teams: ids },
  customer: {},
  asset: {},
  place: { coordinates: oneOf(['optional', 'required']) },
  file: { minItems: wholeNumber(0, formLimits.files), maxItems: wholeNumber(1, formLimits.files), accept: families },
  signature: {},
  formula: { formula: rules, result: oneOf(['number', 'money', 'text', 'boolean', 'date']), decimals: wholeNumber(0, formLimits.decimals), currency: matching(currencyPattern, 'currency'), unit: checkWords(formLimits.unit) },
  table: { columns: unchecked, minRows: wholeNumber(0, formLimits.rows), maxRows: wholeNumber(1, formLimits.rows) },
};
const needed: Partial<Record<FieldKind, readonly string[]>> = { money: ['currencies'], choice: ['options'], choices: ['options'], tree: ['options'], formula: ['formula', 'result'], table: ['columns'] };
const pairs: readonly (readonly [string, string])[] = [['min', 'max'], ['minLength', 'maxLength'], ['minItems', 'maxItems'], ['minRows', 'maxRows']];
const columnBase = ['key', 'kind', 'label', 'help', 'required', 'width'];
// Of other kinds there is nothing to mask; formulas are masked with what they read (masked-fields.ts).
const maskable: readonly FieldKind[] = ['text', 'long_text'];

function checkNames(value: Record<string, unknown>, names: readonly string[], at: string, report: Report): void {
  for (const name of Object.keys(value)) if (!names.includes(name)) report(pointer(at, name.slice(0, 63)), 'unknown_property', { property: name.slice(0, 63) });
}

/**
 * Checks the shape of one field or column: properties that exist, of the right type, within limits. Rules, defaults and
 * what concerns several fields come later.
 *
 * @returns whether its kind is known, so that the rest can be looked at
 */
export function checkShape(field: unknown, at: string, isColumn: boolean, report: Report): field is Record<string, unknown> & { key: string; kind: FieldKind } {
  if (!isObject(field)) {
    report(at, 'type', { expected: 'object' });
    return false;
  }
  const allowedKinds: readonly string[] = isColumn ? columnKinds : fieldKinds;
  const kind = field['kind'];
  if (typeof kind !== 'string' || !allowedKinds.includes(kind)) {
    report(pointer(at, 'kind'), kind === undefined ? 'required' : 'one_of', { allowed: allowedKinds.join(', ') });
    return false;
  }
  const own = kinds[kind as FieldKind];
  const shared = isColumn ? columnBase : Object.keys(base);
  checkNames(field, [...shared, ...Object.keys(own), ...(!isColumn && maskable.includes(kind as FieldKind) ? ['masked'] : [])], at, report);
  for (const name of ['key', 'label', ...needed[kind as FieldKind] ?? []]) if (field[name] === undefined) report(pointer(at, name), 'required');
  for (const [name, value] of Object.entries(field)) {
    const check = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(base, name) ? base[name] : name === 'masked' ? flag : undefined;
    if (value !== undefined) check?.(value, pointer(at, name), report);
  }
  checkPairs(field, at, report);
  return typeof field['key'] === 'string';
}

function checkPairs(field: Record<string, unknown>, at: string, report: Report): void {
  for (const [least, most] of pairs) {
    const [first, last] = [field[least], field[most]];
    const bothNumbers = typeof first === 'number' && typeof last === 'number';
    const bothPlain = typeof first === 'string' && typeof last === 'string' && ((isDay(first) && isDay(last)) || (isTime(first) && isTime(last)));
    if ((bothNumbers || bothPlain) && first > last) report(pointer(at, least), 'order', { limit: String(last) });
  }
  if (field['format'] !== undefined && field['mask'] !== undefined) report(pointer(at, 'mask'), 'format_or_mask');
  const decimals = typeof field['decimals'] === 'number' ? field['decimals'] : 0;
  if (field['kind'] === 'number') for (const name of ['min', 'max']) if (typeof field[name] === 'number' && places(field[name]) > decimals) report(pointer(at, name), 'decimals', { limit: decimals });
}

/** Checks options, those of a tree with all below them. Keys are unique in the whole list; at least one may be chosen. */
export function checkOptions(options: unknown, at: string, isTree: boolean, report: Report): void {
  if (options === undefined) return;
  const keys = new Set<string>();
  let open = 0;
  const visit = (list: unknown, path: string, depth: number): void => {
    if (!Array.isArray(list)) return report(path, 'type', { expected: 'list' });
    if (depth > formLimits.treeDepth) return report(path, 'too_deep', { limit: formLimits.treeDepth });
    for (const [index, option] of list.entries()) {
      if (keys.size >= formLimits.options) return report(at, 'maxItems', { limit: formLimits.options });
      const here = pointer(path, index);
      if (!isObject(option)) {
        report(here, 'type', { expected: 'object' });
        continue;
      }
      checkNames(option, ['key', 'label', 'retired', 'color', ...(isTree ? ['children'] : [])], here, report);
      matching(optionKeyPattern, 'option_key')(option['key'], pointer(here, 'key'), report);
      const key = asText(option['key']);
      if (keys.has(key)) report(pointer(here, 'key'), 'duplicate_option', { key: key.slice(0, 63) });
      keys.add(key);
      checkWords(formLimits.label)(option['label'], pointer(here, 'label'), report);
      if (option['retired'] !== undefined) flag(option['retired'], pointer(here, 'retired'), report);
      if (option['retired'] !== true) open += 1;
      if (option['color'] !== undefined) matching(/^#[0-9a-fA-F]{6}$/, 'color')(option['color'], pointer(here, 'color'), report);
      if (isTree && own(option, 'children') !== undefined) visit(option['children'], pointer(here, 'children'), depth + 1);
    }
  };
  visit(options, at, 1);
  if (Array.isArray(options) && open === 0) report(at, 'no_options');
}
