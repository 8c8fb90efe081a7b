import { walked, type Known } from '../conditions/check-rule.ts';
import { normaliseInstant } from '../conditions/days.ts';
import { isObject, pointer, type DefinitionProblem } from '../conditions/json.ts';
import { checkValue } from './field-values.ts';
import { checkOptions, checkShape, checkWords, type Report } from './form-shape.ts';
import { formVariables } from './form-variables.ts';
import { formLimits, keyPattern, type Column, type FieldDefinition, type Form, type Option, type TreeOption } from './form.ts';
import { dependenciesOf, prepareForm } from './prepare.ts';

// Names every object of JavaScript answers to; as keys of answers they would be pitfalls for whoever reads them.
const reserved = new Set(Object.getOwnPropertyNames(Object.prototype));
const mostProblems = 300;

export interface CheckFormOptions {
  /** Forms that were published before, newest first: their answers are still about. */
  published?: readonly Form[];
  /** Whether an answer may hold an option; every one may, when absent. */
  isOptionUsed?: (field: string, option: string) => boolean;
}

/**
 * Whether a form can be published (表单检查). `form` may be any value of JSON; without problems it is a {@link Form}.
 *
 * @returns problems with JSON pointers into the form. Codes beside those of check-rule.ts: type, required, unknown_property, one_of,
 *   key, reserved_key, option_key, duplicate_key, duplicate_option, unknown_section, minimum, maximum, minLength, maxLength, maxItems,
 *   uniqueItems, decimals, order, format_or_mask, mask, text, time, day_limit, currency, color, no_options, no_columns, default, circle,
 *   retyped, option_removed, too_large, too_deep
 */
export function checkForm(form: unknown, options: CheckFormOptions = {}): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report: Report = (path, code, params) => {
    if (problems.length < mostProblems) problems.push({ path, code, ...(params ? { params } : {}) });
  };
  if (!isObject(form)) {
    report('', 'type', { expected: 'object' });
    return problems;
  }
  for (const name of Object.keys(form)) if (name !== 'fields' && name !== 'sections') report(pointer('', name.slice(0, 63)), 'unknown_property', { property: name.slice(0, 63) });
  const sections = checkSections(form['sections'], report);
  if (!Array.isArray(form['fields'])) {
    report('/fields', form['fields'] === undefined ? 'required' : 'type', { expected: 'list' });
    return problems;
  }
  if (form['fields'].length > formLimits.fields) {
    report('/fields', 'maxItems', { limit: formLimits.fields });
    return problems;
  }
  checkFields(form['fields'], sections, report);
  // Rules, defaults and what went before can only be judged on fields that are what they seem to be.
  if (problems.length > 0) return problems;
  const sound = form as unknown as Form;
  if (JSON.stringify(sound).length > formLimits.formBytes) report('', 'too_large', { limit: formLimits.formBytes });
  checkRules(sound, report);
  for (const [index, field] of sound.fields.entries()) checkDefault(field, pointer('/fields', index), report);
  if (problems.length === 0) checkCircles(sound, report);
  for (const earlier of options.published ?? []) checkAgainst(earlier, sound, options.isOptionUsed ?? (() => true), report);
  return unique(problems);
}

/** The same complaint about several published forms is one. */
function unique(problems: readonly DefinitionProblem[]): DefinitionProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = JSON.stringify(problem);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function checkSections(sections: unknown, report: Report): ReadonlySet<string> {
  const keys = new Set<string>();
  if (sections === undefined) return keys;
  if (!Array.isArray(sections)) {
    report('/sections', 'type', { expected: 'list' });
    return keys;
  }
  if (sections.length > formLimits.sections) report('/sections', 'maxItems', { limit: formLimits.sections });
  for (const [index, section] of sections.slice(0, formLimits.sections).entries()) {
    const at = pointer('/sections', index);
    if (!isObject(section)) {
      report(at, 'type', { expected: 'object' });
      continue;
    }
    for (const name of Object.keys(section)) if (!['key', 'label', 'help', 'visible'].includes(name)) report(pointer(at, name.slice(0, 63)), 'unknown_property', { property: name.slice(0, 63) });
    checkKey(section['key'], at, keys, report);
    checkWords(formLimits.label)(section['label'], pointer(at, 'label'), report);
    if (section['help'] !== undefined) checkWords(formLimits.help)(section['help'], pointer(at, 'help'), report);
  }
  return keys;
}

function checkKey(key: unknown, at: string, keys: Set<string>, report: Report): void {
  const path = pointer(at, 'key');
  if (typeof key !== 'string' || !keyPattern.test(key)) return report(path, 'key');
  if (reserved.has(key)) report(path, 'reserved_key', { key });
  if (keys.has(key)) report(path, 'duplicate_key', { key });
  keys.add(key);
}

function checkFields(fields: readonly unknown[], sections: ReadonlySet<string>, report: Report): void {
  const keys = new Set<string>();
  for (const [index, field] of fields.entries()) {
    const at = pointer('/fields', index);
    if (!checkShape(field, at, false, report)) continue;
    if (keyPattern.test(field.key)) checkKey(field.key, at, keys, report);
    const section = field['section'];
    if (typeof section === 'string' && !sections.has(section)) report(pointer(at, 'section'), 'unknown_section', { section: section.slice(0, 63) });
    if ('options' in field) checkOptions(field['options'], pointer(at, 'options'), field.kind === 'tree', report);
    if (field.kind === 'table') checkColumns(field['columns'], pointer(at, 'columns'), report);
  }
}

function checkColumns(columns: unknown, at: string, report: Report): void {
  if (!Array.isArray(columns)) return report(at, 'type', { expected: 'list' });
  if (columns.length > formLimits.columns) return report(at, 'maxItems', { limit: formLimits.columns });
  if (columns.length === 0) report(at, 'no_columns');
  const keys = new Set<string>();
  for (const [index, column] of columns.entries()) {
    const here = pointer(at, index);
    if (!checkShape(column, here, true, report)) continue;
    if (keyPattern.test(column.key)) checkKey(column.key, here, keys, report);
    if ('options' in column) checkOptions(column['options'], pointer(here, 'options'), false, report);
  }
}

function checkRules(form: Form, report: Report): void {
  const known = formVariables(form.fields);
  const check = (rule: unknown, variables: Known, at: string) => {
    if (rule === undefined || typeof rule === 'boolean') return;
    for (const { path, code, params } of walked(rule, variables, at).problems) report(path, code, params);
  };
  for (const [index, section] of (form.sections ?? []).entries()) check(section.visible, known, pointer(pointer('/sections', index), 'visible'));
  for (const [index, field] of form.fields.entries()) {
    const at = pointer('/fields', index);
    for (const name of ['required', 'visible', 'readOnly'] as const) check(field[name], known, pointer(at, name));
    if (field.kind === 'formula') check(field.formula, known, pointer(at, 'formula'));
    if (field.kind !== 'table') continue;
    // Formulas of a row are reckoned one after the other: each sees those before it.
    for (const [place, column] of field.columns.entries()) {
      const here = pointer(pointer(at, 'columns'), place);
      const seen = field.columns.filter((other, position) => other.kind !== 'formula' || position < place || column.kind !== 'formula');
      const inRow = formVariables(form.fields, seen);
      check(column.required, inRow, pointer(here, 'required'));
      if (column.kind === 'formula') check(column.formula, inRow, pointer(here, 'formula'));
    }
  }
}

function checkDefault(field: FieldDefinition | Column, at: string, report: Report): void {
  if (field.kind === 'table') for (const [index, column] of field.columns.entries()) checkDefault(column, pointer(pointer(at, 'columns'), index), report);
  if (!('default' in field) || field.default === undefined) return;
  const path = pointer(at, 'default');
  const special = (field.kind === 'person' && field.default === 'me') || (field.kind === 'date_time' && (field.default === 'now' || normaliseInstant(field.default) !== null));
  // Relative days are judged on the day; their form was.
  if (special || field.kind === 'date') return;
  const checked = checkValue(field, field.default, { today: '2026-01-01', timeZone: 'UTC' });
  if (checked.problems) report(path, 'default', { reason: checked.problems[0]?.code ?? '' });
  else if (checked.value === null) report(path, 'default', { reason: 'required' });
}

function checkCircles(form: Form, report: Report): void {
  const places = new Map(form.fields.map((field, index) => [field.key, index]));
  for (const circle of prepareForm(form).circles) {
    const index = places.get(circle[0]!)!;
    const field = form.fields[index]!;
    const next = circle[1] ?? circle[0]!;
    const property = dependenciesOf(field, form.sections?.find(({ key }) => key === field.section)).find(({ keys }) => keys.includes(next))?.property ?? 'visible';
    report(pointer(pointer('/fields', index), property), 'circle', { fields: [...circle, circle[0]!].slice(0, 12).join(' → ') });
  }
}

/** The keys of all options, those of branches among them. */
export const optionKeys = (options: readonly (Option | TreeOption)[]): string[] => options.flatMap((option) => [option.key, ...optionKeys('children' in option ? option.children ?? [] : [])]);

/** Answers given to an earlier form have to make sense in this one. */
function checkAgainst(earlier: Form, form: Form, isUsed: (field: string, option: string) => boolean, report: Report): void {
  const before = new Map(earlier.fields.map((field) => [field.key, field]));
  for (const [index, field] of form.fields.entries()) {
    const old = before.get(field.key);
    const at = pointer('/fields', index);
    if (!old) continue;
    compare(old, field, field.key, at, isUsed, report);
    if (old.kind !== 'table' || field.kind !== 'table') continue;
    for (const [place, column] of field.columns.entries()) {
      const oldColumn = old.columns.find(({ key }) => key === column.key);
      if (oldColumn) compare(oldColumn, column, `${field.key}.${column.key}`, pointer(pointer(at, 'columns'), place), isUsed, report);
    }
  }
}

function compare(old: FieldDefinition | Column, field: FieldDefinition | Column, key: string, at: string, isUsed: (field: string, option: string) => boolean, report: Report): void {
  if (old.kind !== field.kind || (old.kind === 'formula' && field.kind === 'formula' && old.result !== field.result)) return report(pointer(at, 'kind'), 'retyped', { key, was: old.kind === 'formula' ? old.result : old.kind });
  if (!('options' in old) || !('options' in field)) return;
  const keys = new Set(optionKeys(field.options));
  for (const option of optionKeys(old.options)) if (!keys.has(option) && isUsed(key, option)) report(pointer(at, 'options'), 'option_removed', { option });
}
