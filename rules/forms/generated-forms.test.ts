import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import type { Rule } from '../conditions/json.ts';
import { evaluate, truthy } from '../conditions/json-logic.ts';
import { checkFilter } from '../conditions/check-filter.ts';
import { round } from '../conditions/decimal.ts';
import { describeFormulaFailure, describeValueProblem } from '../../contract/form-problems.ts';
import { applyForm, isSame } from './apply-form.ts';
import { checkForm } from './check-form.ts';
import { fieldProperties } from './field-properties.ts';
import { fromText } from './from-text.ts';
import { inWords } from './in-words.ts';
import { formLimits, type ApplyOptions, type FieldDefinition, type Form, type FormValues } from './form.ts';
import { toJsonSchema } from './json-schema.ts';

// Forms in which fields look at those made before them, in whatever order they stand, and answers both right and wrong.
const label = { zh: '字段' };
const options = [{ key: 'a', label }, { key: 'b', label }, { key: 'old', label, retired: true }];
const ids = ['0199aa00-0000-7000-8000-000000000001', '0199aa00-0000-7000-8000-000000000002'];
const actors: ApplyOptions['actor'][] = [{ kind: 'staff', id: ids[0]!, roles: ['manager'] }, { kind: 'staff', id: ids[1]!, roles: [] }, { kind: 'customer', id: null }];

interface Draw { pick: <Value>(...values: Value[]) => Value; chance: (percent: number) => boolean }

function drawFrom(numbers: readonly number[]): Draw {
  let at = 0;
  const next = () => numbers[at++ % numbers.length]!;
  return { pick: (...values) => values[next() % values.length]!, chance: (percent) => next() % 100 < percent };
}

function conditionOn(earlier: readonly FieldDefinition[], draw: Draw): Rule {
  const about = earlier.length === 0 ? undefined : draw.pick(...earlier);
  const read: Rule = about ? { var: `fields.${about.key}` } : { var: 'ticket.status' };
  const simple: Rule = draw.pick<Rule>({ '!!': read }, { '!': [read] }, { '===': [read, draw.pick<Rule>('a', 1, true, null, 'open')] }, { '===': [{ var: 'ticket.status' }, 'open'] }, { in: ['manager', { var: 'actor.roles' }] });
  return draw.chance(30) ? { [draw.pick('and', 'or')]: [simple, conditionOn(earlier.slice(0, -1), draw)] } : simple;
}

function valueOf(field: FieldDefinition, draw: Draw): unknown {
  if (draw.chance(12)) return draw.pick<unknown>(5, 'x', [], {}, [5], true, { a: { b: [] } }, '\u0000', -1e300);
  if (draw.chance(10)) return null;
  switch (field.kind) {
    case 'text': case 'long_text': return draw.pick('水管', ' a ', '', 'x'.repeat(30), '𠮷');
    case 'number': return draw.pick(0, 1, 2.5, -3, 0.1, 99, -0);
    case 'money': return { amount: draw.pick(0, 1_250, -1, 0.5), currency: draw.pick('CNY', 'CNY', 'JPY', 'XXX') };
    case 'date': return draw.pick('2026-11-20', '2026-12-31', '2026-02-30');
    case 'time': return draw.pick('09:30', '23:59', '9:30');
    case 'date_time': return draw.pick('2026-11-20T08:00:00+08:00', '2026-11-20', '2026-11-21T00:00:00.000Z');
    case 'boolean': return draw.pick(true, false);
    case 'choice': return draw.pick('a', 'b', 'old', 'nope');
    case 'choices': return draw.pick(['a'], ['b', 'a'], ['old'], ['a', 'a'], []);
    case 'tree': return draw.pick('a', 'below', 'nope');
    case 'place': return draw.pick<unknown>({ lat: 31.5, lng: 121, address: ' 门口 ' }, { address: 'x' }, { lat: 100, lng: 0 });
    case 'file': return draw.pick([ids[0]], ids, []);
    case 'formula': return draw.pick<unknown>(1, 'x', null);
    case 'table': return draw.pick<unknown>([{ name: 'a', count: 2, price: 1.5 }, {}], [{ count: 1 }], [{ name: 'b', count: 3, price: 0.1 }, { name: 'c', count: 1, price: 0.2, sum: 5 }], []);
    default: return draw.pick(...ids, 'x');
  }
}

function fieldOf(index: number, earlier: readonly FieldDefinition[], draw: Draw): FieldDefinition {
  const kind = draw.pick(...(['text', 'number', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'choice', 'choices', 'tree', 'person', 'place', 'file', 'signature', 'formula', 'formula', 'table', 'long_text', 'customer', 'asset'] as const));
  const rules = {
    ...(draw.chance(40) ? { visible: draw.chance(10) ? false : conditionOn(earlier, draw) } : {}),
    ...(draw.chance(30) ? { required: draw.chance(50) || conditionOn(earlier, draw) } : {}),
    ...(draw.chance(15) ? { readOnly: draw.chance(20) || conditionOn(earlier, draw) } : {}),
    audience: draw.pick('staff' as const, 'everyone' as const, 'everyone' as const),
  };
  const base = { key: `f${index}`, label, ...rules };
  const numbers = earlier.filter(({ kind }) => kind === 'number' || kind === 'formula').map(({ key }): Rule => ({ var: `fields.${key}` }));
  switch (kind) {
    case 'text': return { ...base, kind, maxLength: 20, ...(draw.chance(30) ? { default: 'd' } : {}) };
    case 'number': return { ...base, kind, decimals: draw.pick(0, 2), min: -5, ...(draw.chance(30) ? { default: 7 } : {}) };
    case 'money': return { ...base, kind, currencies: ['CNY', 'JPY'], min: 0 };
    case 'date': return { ...base, kind, min: 'today-10', ...(draw.chance(30) ? { default: 'today+1' } : {}) };
    case 'choice': return { ...base, kind, options, ...(draw.chance(30) ? { default: 'b' } : {}) };
    case 'choices': return { ...base, kind, options };
    case 'tree': return { ...base, kind, options: [{ key: 'a', label, children: [{ key: 'below', label }] }], leavesOnly: draw.chance(50) };
    case 'formula': return { ...base, kind, result: 'number', decimals: 2, formula: numbers.length === 0 ? draw.pick<Rule>(1, { '/': [1, 0] }) : { [draw.pick('+', '*', '-', '/', 'max')]: [draw.pick(...numbers), draw.pick(...numbers, 0.1)] } };
    case 'table': return { ...base, kind, maxRows: 3, columns: [{ key: 'name', kind: 'text', label, required: true }, { key: 'count', kind: 'number', label, default: 1 }, { key: 'price', kind: 'number', decimals: 2, label }, { key: 'sum', kind: 'formula', result: 'number', label, formula: { '*': [{ var: 'row.count' }, { var: 'row.price' }] } }] };
    default: return { ...base, kind } as FieldDefinition;
  }
}

interface Case { form: Form; shuffled: Form; given: FormValues; given2: FormValues; options: ApplyOptions }

const cases: fc.Arbitrary<Case> = fc.record({ size: fc.integer({ min: 1, max: 14 }), numbers: fc.array(fc.nat(9_999), { minLength: 200, maxLength: 200 }), order: fc.array(fc.nat(), { minLength: 14, maxLength: 14 }) }).map(({ size, numbers, order }) => {
  const draw = drawFrom(numbers);
  const fields: FieldDefinition[] = [];
  for (let index = 0; index < size; index += 1) fields.push(fieldOf(index, fields, draw));
  const answers = (): FormValues => Object.fromEntries(fields.filter(() => draw.chance(70)).map((field) => [field.key, valueOf(field, draw)]));
  const shuffled = [...fields.keys()].sort((a, b) => order[a]! - order[b]!).map((index) => fields[index]!);
  return {
    form: { fields }, shuffled: { fields: shuffled }, given: { ...answers(), ...(draw.chance(10) ? { strange: 1 } : {}) }, given2: answers(),
    options: { mode: draw.pick('create' as const, 'create' as const, 'import' as const), actor: draw.pick(...actors), ticket: { status: draw.pick('open', 'closed') }, now: '2026-11-20T20:00:00Z', timeZone: 'Asia/Shanghai' },
  };
});

/** An update over what creating left behind. */
function updateOf({ form, given, given2, options }: Case): { given: FormValues; options: ApplyOptions } {
  return { given: given2, options: { ...options, mode: 'update', previous: { ...applyForm(form, given, options).values, removed: ['x'] } } };
}

test('the forms made here are sound', () => {
  fc.assert(fc.property(cases, ({ form, shuffled }) => {
    assert.deepEqual(checkForm(form), []);
    assert.deepEqual(checkForm(shuffled), []);
  }), { numRuns: 300 });
});

test('applied to its own values, a form gives them back', () => {
  fc.assert(fc.property(cases, (one) => {
    const first = applyForm(one.form, one.given, one.options);
    assert.deepEqual(applyForm(one.form, first.values, one.options).values, first.values);
    const update = updateOf(one);
    const changed = applyForm(one.form, update.given, update.options);
    assert.deepEqual(applyForm(one.form, changed.values, { ...update.options, previous: changed.values }).values, changed.values);
    // Nothing changed, nothing is complained of.
    assert.deepEqual(applyForm(one.form, changed.values, { ...update.options, previous: changed.values }).problems, []);
  }), { numRuns: 600 });
});

test('it does not matter in which order the fields stand', () => {
  const byPath = (problems: readonly { path: string; code: string }[]) => problems.map(({ path, code }) => `${path} ${code}`).sort();
  fc.assert(fc.property(cases, (one) => {
    for (const { given, options } of [one, updateOf(one)]) {
      const [straight, shuffled] = [applyForm(one.form, given, options), applyForm(one.shuffled, given, options)];
      assert.deepEqual(shuffled.values, straight.values);
      assert.deepEqual(shuffled.states, straight.states);
      assert.deepEqual(byPath(shuffled.problems), byPath(straight.problems));
    }
  }), { numRuns: 400 });
});

/**
 * An oracle for create: starts with every field shown and every answer as it would be alone on a form, then goes over all
 * fields again and again until nothing changes, whatever depends on what.
 */
function expected({ form, given, options }: Case): { values: Record<string, unknown>; visible: Record<string, boolean>; required: string[] } {
  const ticket = options.ticket!;
  const holds = (rule: unknown, fields: Record<string, unknown>, otherwise: boolean): boolean => {
    if (typeof rule === 'boolean') return rule;
    try {
      return truthy(evaluate(rule as Rule, { fields, ticket, actor: options.actor }, { exact: true }));
    } catch {
      return otherwise;
    }
  };
  const alone = (field: FieldDefinition): unknown => {
    const single = { ...field, visible: true, readOnly: false, required: false, audience: 'everyone' } as FieldDefinition;
    return applyForm({ fields: [single] }, Object.hasOwn(given, field.key) ? { [field.key]: given[field.key] } : {}, options).values[field.key];
  };
  const empty = Object.fromEntries(form.fields.map(({ key }) => [key, null]));
  let fields: Record<string, unknown> = empty;
  let [values, visible]: [Record<string, unknown>, Record<string, boolean>] = [{}, {}];
  for (let round_ = 0; round_ <= form.fields.length * 2; round_ += 1) {
    [values, visible] = [{}, {}];
    for (const field of form.fields) {
      const text = JSON.stringify(field.visible ?? true);
      const isShown = field.visible === undefined || holds(field.visible, fields, true);
      const mayNotSee = options.actor.kind === 'customer' && field.audience !== 'everyone';
      visible[field.key] = isShown && !mayNotSee;
      if (!isShown && text.includes('fields.') && !text.includes('ticket.') && !text.includes('actor.')) continue;
      if (field.kind === 'formula') {
        values[field.key] = reckoned(field.formula, fields);
        continue;
      }
      const locked = (field.readOnly !== undefined && holds(field.readOnly, fields, true)) || !visible[field.key];
      const asDefault = applyForm({ fields: [{ ...field, visible: true, readOnly: false, audience: 'everyone' } as FieldDefinition] }, {}, options).values[field.key];
      const value = locked && options.mode !== 'import' ? asDefault : alone(field);
      if (value !== undefined) values[field.key] = value;
    }
    const next = { ...empty, ...values };
    if (isSame(next, fields)) break;
    fields = next;
  }
  const required = form.fields.filter((field) => visible[field.key] && field.kind !== 'formula' && !(field.readOnly !== undefined && holds(field.readOnly, fields, true)) && field.required !== undefined && holds(field.required, fields, false)).map(({ key }) => key);
  return { values, visible, required };
}

function reckoned(formula: Rule, fields: Record<string, unknown>): number | null {
  if (typeof formula === 'number') return formula;
  const [name, given] = Object.entries(formula as Record<string, Rule[]>)[0]!;
  const operands = given.map((one) => (typeof one === 'object' && one !== null ? fields[(one as { var: string }).var.slice(7)] ?? null : one)) as (number | null)[];
  const [a, b] = operands as [number | null, number | null];
  if (name === '+' || name === 'max') {
    const present = operands.filter((operand) => operand !== null);
    if (present.length === 0) return null;
    return round(name === '+' ? present.reduce((x, y) => round(x + y, 8), 0) : Math.max(...present), 2);
  }
  if (a === null || b === null || (name === '/' && b === 0)) return null;
  const result = name === '*' ? a * b : name === '-' ? a - b : a / b;
  // Enough places that the binary fraction does not show, more than the operands have.
  return round(round(result, 9), 2);
}

test('values, what is shown and what is required are as reckoned by going over the form until nothing changes', () => {
  fc.assert(fc.property(cases, (one) => {
    const applied = applyForm(one.form, one.given, one.options);
    const wanted = expected(one);
    assert.deepEqual(applied.values, wanted.values);
    for (const [key, state] of Object.entries(applied.states)) {
      assert.equal(state.visible, wanted.visible[key], key);
      assert.equal(state.required, wanted.required.includes(key), key);
    }
  }), { numRuns: 800 });
});

/** Whether a JSON pointer leads somewhere in these values, or to a field or cell that may be filled in. */
function leadsSomewhere(path: string, form: Form, given: FormValues): boolean {
  const [, key, ...rest] = path.split('/');
  const field = form.fields.find((one) => one.key === key);
  if (!field) return key !== undefined && Object.hasOwn(given, key) && rest.length === 0;
  let value: unknown = given[field.key];
  for (const [index, step] of rest.entries()) {
    if (typeof value !== 'object' || value === null) return false;
    const isCell = index === rest.length - 1;
    if (!Object.hasOwn(value, step) && !isCell) return false;
    value = (value as Record<string, unknown>)[step];
  }
  return true;
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: false });
formats.default(ajv);

test('every problem leads to what it is about and has a sentence; without problems the values fit the published schema', () => {
  let fitting = 0;
  fc.assert(fc.property(cases, (one) => {
    const validate: ValidateFunction = ajv.compile(toJsonSchema(one.form));
    for (const { given, options } of [one, updateOf(one)]) {
      const { values, problems, states } = applyForm(one.form, given, options);
      for (const problem of problems) {
        assert.ok(leadsSomewhere(problem.path, one.form, given), problem.path);
        for (const sentence of Object.values(describeValueProblem(problem))) assert.ok(!/undefined|NaN|object/.test(sentence), sentence);
      }
      assert.deepEqual(Object.keys(states), one.form.fields.map(({ key }) => key));
      for (const { failure } of Object.values(states)) if (failure) assert.ok(describeFormulaFailure(failure).zh);
      for (const field of one.form.fields) for (const language of ['zh', 'en'] as const) assert.equal(typeof inWords(field, values[field.key], language), 'string');
      const { removed: _, ...own } = values;
      if (problems.length > 0 || options.mode === 'update') continue;
      fitting += 1;
      // Customers do not see, and so are not asked for, everything the schema asks for.
      const isValid = validate(own);
      const missingOnly = validate.errors?.every(({ keyword }) => keyword === 'required');
      assert.ok(isValid || (options.actor.kind === 'customer' && missingOnly), JSON.stringify([validate.errors, own]));
    }
    ajv.removeSchema();
  }), { numRuns: 120 });
  // That there are some at all: how many is chance.
  assert.ok(fitting > 0, 'none was without problems');
});

test('whatever is given for answers, a form is applied', () => {
  const wild = fc.oneof(fc.dictionary(fc.oneof(fc.constantFrom('f0', 'f1', 'f2', '__proto__', 'constructor'), fc.string()), fc.json().map((text) => JSON.parse(text) as unknown)), fc.json().map((text) => JSON.parse(text) as unknown));
  fc.assert(fc.property(cases, wild, wild, (one, given, previous) => {
    for (const mode of ['create', 'update', 'import'] as const) {
      const { values, problems } = applyForm(one.form, given as FormValues, { ...one.options, mode, previous: previous as FormValues });
      assert.ok(problems.length <= 200 && JSON.stringify(values).length < formLimits.formBytes);
    }
  }), { numRuns: 600 });
});

test('answers survive the way into a spreadsheet and back', () => {
  fc.assert(fc.property(cases, (one) => {
    const { values, problems } = applyForm(one.form, one.given, one.options);
    for (const field of one.form.fields) {
      const value = values[field.key] ?? null;
      if (problems.length > 0 || value === null || ['formula', 'table', 'place', 'person', 'customer', 'asset', 'signature', 'file', 'choice', 'choices', 'tree'].includes(field.kind)) continue;
      const back = fromText(field, inWords(field, value, 'zh'), 'Asia/Shanghai');
      assert.deepEqual(back, value, field.kind);
    }
  }), { numRuns: 500 });
});

test('every field can be filtered by, each by its kind', () => {
  fc.assert(fc.property(cases, ({ form }) => {
    const properties = fieldProperties(form);
    for (const { key } of form.fields) assert.deepEqual(checkFilter({ property: `fields.${key}`, operator: 'not_empty' }, properties), []);
  }), { numRuns: 100 });
});
