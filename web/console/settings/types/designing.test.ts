import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../../../rules/conditions/json-logic.ts';
import { checkForm } from '../../../../rules/forms/check-form.ts';
import { columnKinds, fieldKinds, type Form } from '../../../../rules/forms/form.ts';
import { addSection, changeField, duplicateField, insertField, moveField, newColumn, newField, removeField, removeSection, renameField, stepField } from './edit-form.ts';
import { parseExpression, printExpression } from './expression.ts';
import { fromRule, toRule, type SimpleCondition } from './simple-condition.ts';

const keys = (form: Form): string => form.fields.map(({ key, section }) => (section === undefined ? key : `${key}@${section}`)).join(' ');
const start = (): Form => ['a', 'b', 'c'].reduce<Form>((form, key) => insertField(form, { key, kind: 'text', label: { zh: key } }, { section: null, before: null }), { fields: [] });

test('a field of every kind can be published as it is made', () => {
  const form: Form = { fields: fieldKinds.map((kind) => newField(kind, [])) };
  assert.deepEqual(checkForm(form), []);
  const table: Form = { fields: [{ key: 'rows', kind: 'table', label: { zh: '表' }, columns: columnKinds.map((kind) => newColumn(kind, [])) }] };
  assert.deepEqual(checkForm(table), []);
  assert.equal(newField('text', ['text', 'text2']).key, 'text3');
});

test('fields are put, moved, doubled and taken away', () => {
  const withSection = addSection(start());
  assert.equal(keys(moveField(withSection.form, 'c', { section: null, before: 'a' })), 'c a b');
  assert.equal(keys(moveField(withSection.form, 'a', { section: 'section', before: null })), 'b c a@section');
  assert.equal(keys(moveField(withSection.form, 'a', { section: null, before: 'a' })), 'a b c');
  assert.equal(keys(stepField(withSection.form, 'a', -1)), 'a b c');
  assert.equal(keys(stepField(withSection.form, 'a', 1)), 'b a c');
  assert.equal(keys(stepField(withSection.form, 'b', 1)), 'a c b');
  const inside = stepField(withSection.form, 'c', 1);
  assert.equal(keys(inside), 'a b c@section');
  assert.equal(keys(stepField(inside, 'c', -1)), 'a b c');
  assert.equal(keys(removeSection(inside, 'section')), 'a b c');
  assert.equal(removeSection(inside, 'section').sections, undefined);
  assert.equal(keys(duplicateField(inside, 'a').form), 'a a2 b c@section');
  assert.equal(keys(removeField(inside, 'b')), 'a c@section');
  assert.equal('help' in changeField(changeField(inside, 'a', { help: { zh: '说明' } }), 'a', { help: undefined }).fields[0]!, false);
});

test('another key is taken over by the rules that look at the field', () => {
  const form: Form = { fields: [
    { key: 'kind', kind: 'text', label: { zh: '类' } },
    { key: 'price', kind: 'money', label: { zh: '价' }, currencies: ['CNY'], visible: { '==': [{ var: 'fields.kind' }, 'fields.kind'] } },
    { key: 'sum', kind: 'formula', label: { zh: '和' }, result: 'money', formula: { '*': [{ var: ['fields.price.amount', 0] }, 2] } },
  ] };
  const next = renameField(renameField(form, 'kind', 'sort'), 'price', 'cost');
  assert.deepEqual(next.fields[1]?.visible, { '==': [{ var: 'fields.sort' }, 'fields.kind'] });
  assert.deepEqual((next.fields[2] as { formula: unknown }).formula, { '*': [{ var: ['fields.cost.amount', 0] }, 2] });
  assert.deepEqual(checkForm(next), []);
});

test('conditions of lines go to rules and back, and hold when they should', () => {
  const data = { fields: { n: 3, s: '漏水', list: ['a', 'b'], no: false, none: null } };
  const rows: [SimpleCondition, boolean][] = [
    [{ join: 'all', lines: [{ variable: 'fields.n', comparison: 'more', value: 2 }] }, true],
    [{ join: 'all', lines: [{ variable: 'fields.n', comparison: 'at_most', value: 2 }] }, false],
    [{ join: 'any', lines: [{ variable: 'fields.s', comparison: 'is', value: '漏水' }, { variable: 'fields.n', comparison: 'less', value: 1 }] }, true],
    [{ join: 'all', lines: [{ variable: 'fields.s', comparison: 'in', value: ['漏水', '停电'] }, { variable: 'fields.list', comparison: 'contains', value: 'b' }] }, true],
    [{ join: 'all', lines: [{ variable: 'fields.s', comparison: 'not_in', value: ['停电'] }, { variable: 'fields.list', comparison: 'not_contains', value: 'c' }] }, true],
    [{ join: 'all', lines: [{ variable: 'fields.none', comparison: 'empty', value: null }] }, true],
    [{ join: 'all', lines: [{ variable: 'fields.no', comparison: 'empty', value: null }] }, false],
    [{ join: 'all', lines: [{ variable: 'fields.no', comparison: 'is', value: false }, { variable: 'fields.s', comparison: 'not_empty', value: null }] }, true],
  ];
  for (const [condition, holds] of rows) {
    assert.deepEqual(fromRule(toRule(condition)), condition);
    assert.equal(evaluate(toRule(condition), data), holds, JSON.stringify(condition));
  }
  for (const rule of [{ if: [true, 1] }, { and: [{ or: [{ '==': [{ var: 'a' }, 1] }] }] }, { '<': [1, { var: 'a' }, 3] }, { and: [] }, true, 'x', { '==': [{ var: 'a' }, { var: 'b' }] }]) assert.equal(fromRule(rule), null, JSON.stringify(rule));
});

test('formulas are read, and written out as they were meant', () => {
  const rows: [string, unknown, string?][] = [
    ['1 + 2 * 3', { '+': [1, { '*': [2, 3] }] }],
    ['(1 + 2) * 3', { '*': [{ '+': [1, 2] }, 3] }],
    ['a - (b - c)', { '-': [{ var: 'fields.a' }, { '-': [{ var: 'fields.b' }, { var: 'fields.c' }] }] }],
    ['a - b - c', { '-': [{ '-': [{ var: 'fields.a' }, { var: 'fields.b' }] }, { var: 'fields.c' }] }],
    ['round(price.amount × quantity，0)', { round: [{ '*': [{ var: 'fields.price.amount' }, { var: 'fields.quantity' }] }, 0] }, 'round(price.amount * quantity, 0)'],
    ['if(n >= 10 and tier = "vip", 5, -1)', { if: [{ and: [{ '>=': [{ var: 'fields.n' }, 10] }, { '==': [{ var: 'fields.tier' }, 'vip'] }] }, 5, -1] }],
    ['row.count * fields.today', { '*': [{ var: 'row.count' }, { var: 'fields.today' }] }],
    ['days_between(from, today)', { days_between: [{ var: 'fields.from' }, { var: 'today' }] }],
    ['concat("a\\"b", name)', { cat: ['a"b', { var: 'fields.name' }] }],
    ['-a', { '-': [{ var: 'fields.a' }] }],
    ['not(done = true)', { '!': [{ '==': [{ var: 'fields.done' }, true] }] }],
  ];
  for (const [text, rule, printed = text] of rows) {
    assert.deepEqual(parseExpression(text).rule, rule, text);
    assert.equal(printExpression(rule), printed);
  }
  for (const [text, problem, at] of [['1 +', 'end', 3], ['a b', 'unexpected', 2], ['sum(a)', 'unknown_function', 0], ['1 # 2', 'unexpected', 1], ['', 'end', 0], ['(1', 'end', 2], ['a.', 'unexpected', 0]] as const) {
    const parsed = parseExpression(text);
    assert.equal(parsed.problem, problem, text);
    if (parsed.problem !== undefined) assert.equal(parsed.at, at, text);
  }
  for (const rule of [{ map: [{ var: 'a' }, 1] }, { var: '' }, { '<': [1, 2, 3] }, [1]]) assert.equal(printExpression(rule), null);
});
