import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Form } from '../../../rules/forms/form.ts';
import { instantOf, localMinute, minorUnits, moneyText, toAnswer } from './answers.ts';
import { answersToSend, firstWrong, formState, hold, leave, nothingFilled, refuse, shownSections, type FillingOptions } from './filling.ts';

const form: Form = {
  sections: [{ key: 'costs', label: { zh: '费用' } }],
  fields: [
    { key: 'kind', kind: 'choice', label: { zh: '类别' }, required: true, options: [{ key: 'leak', label: { zh: '漏水' } }, { key: 'other', label: { zh: '其他' } }] },
    { key: 'detail', kind: 'text', label: { zh: '说明' }, visible: { '==': [{ var: 'fields.kind' }, 'other'] }, required: true },
    { key: 'quantity', kind: 'number', label: { zh: '数量' }, section: 'costs', decimals: 1 },
    { key: 'price', kind: 'money', label: { zh: '单价' }, section: 'costs', currencies: ['CNY', 'JPY'] },
    { key: 'total', kind: 'formula', label: { zh: '合计' }, section: 'costs', result: 'money', formula: { '*': [{ var: 'fields.quantity' }, { var: 'fields.price.amount' }] } },
    { key: 'parts', kind: 'table', label: { zh: '备件' }, columns: [{ key: 'name', kind: 'text', label: { zh: '名称' }, required: true }, { key: 'count', kind: 'number', label: { zh: '件数' } }] },
  ],
};
const options: FillingOptions = { mode: 'create', actor: { kind: 'staff' }, timeZone: 'Asia/Shanghai' };
const now = '2026-11-22T01:00:00.000Z';
const at = (filling: typeof nothingFilled, more: Partial<FillingOptions> = {}) => formState(form, filling, { ...options, ...more }, 'zh-CN', now);

test('amounts are read exactly as typed', () => {
  const rows: [string, string, number | null][] = [
    ['12.5', 'CNY', 1250], ['0.29', 'CNY', 29], ['1,234.50', 'CNY', 123450], ['１２', 'CNY', 1200], ['-3', 'CNY', -300], ['.5', 'CNY', 50], ['12.345', 'CNY', null], ['12.340', 'CNY', 1234],
    ['12.5', 'JPY', null], ['12', 'JPY', 12], ['1.234', 'KWD', 1234], ['abc', 'CNY', null], ['1e3', 'CNY', null], ['', 'CNY', null], ['99999999999999999', 'CNY', null],
  ];
  for (const [text, currency, amount] of rows) assert.equal(minorUnits(text, currency), amount, `${text} ${currency}`);
  assert.deepEqual(moneyText({ amount: 1250, currency: 'CNY' }, ['CNY']), { text: '12.50', currency: 'CNY' });
  assert.deepEqual(moneyText(undefined, ['USD']), { text: '', currency: 'USD' });
});

test('a number stays as it is typed, and is refused while it is none', () => {
  const field = form.fields[2]!;
  assert.equal(toAnswer(field, '1.'), 1);
  assert.equal(toAnswer(field, ' '), null);
  assert.equal(toAnswer(field, '1x'), '1x');
  const state = at(leave(hold(nothingFilled, 'quantity', '1x'), 'quantity'));
  assert.equal(state.shown(field), '1x');
  assert.equal(state.errors['quantity'], '应为数字');
});

test('instants go to the control and back', () => {
  const instant = '2026-11-22T01:30:00.000Z';
  assert.equal(instantOf(localMinute(instant)), instant);
  assert.equal(localMinute('no time'), '');
  assert.equal(instantOf(''), null);
});

test('conditions and formulas follow what is typed', () => {
  const before = at(nothingFilled);
  assert.deepEqual(shownSections(form, before.applied.states).map(({ section, fields }) => [section?.key ?? null, fields.map(({ key }) => key)]), [[null, ['kind', 'parts']], ['costs', ['quantity', 'price', 'total']]]);
  const filling = hold(hold(hold(nothingFilled, 'kind', 'other'), 'quantity', '2.5'), 'price', { text: '4.20', currency: 'CNY' });
  const state = at(filling);
  assert.equal(state.applied.states['detail']?.visible, true);
  assert.deepEqual(state.applied.values['total'], { amount: 1050, currency: 'CNY' });
  assert.deepEqual(answersToSend(form, filling, state), { kind: 'other', quantity: 2.5, price: { amount: 420, currency: 'CNY' } });
});

test('what is wrong is said once a field was left, or sending was tried', () => {
  const filling = hold(nothingFilled, 'kind', 'other');
  assert.deepEqual(at(filling).errors, {});
  assert.equal(at(filling).wrong, 1);
  assert.deepEqual(at(leave(filling, 'detail')).errors, { detail: '必须填写' });
  const rows = hold({ ...filling, tried: true }, 'parts', [{ count: '3' }]);
  assert.deepEqual(at(rows).errors, { detail: '必须填写', 'parts/0/name': '必须填写' });
  assert.equal(firstWrong(form, at(rows)), 'detail');
});

test('a refusal stands at its field until that is changed', () => {
  const refused = refuse(hold(nothingFilled, 'kind', 'leak'), [{ path: '/fields/kind', code: 'option', message: '没有这个选项' }, { path: '/subject', code: 'required', message: '请填写' }]);
  assert.deepEqual(at(refused).errors, { kind: '没有这个选项' });
  assert.deepEqual(at(hold(refused, 'kind', 'leak')).errors, {});
});

test('an answer that another one has hidden is not sent', () => {
  const filling = hold(hold(hold(nothingFilled, 'kind', 'other'), 'detail', '水管'), 'kind', 'leak');
  assert.deepEqual(answersToSend(form, filling, at(filling)), { kind: 'leak' });
});

test('an update sends what was changed, null for what was emptied', () => {
  const previous = { kind: 'leak', quantity: 2 };
  const filling = hold(hold(nothingFilled, 'kind', 'leak'), 'quantity', '');
  const state = at(filling, { mode: 'update', previous });
  assert.deepEqual(answersToSend(form, filling, state, previous), { quantity: null });
});

test('a sum of too many places is said to be that, also in a row of a table', () => {
  const money: Form = { fields: [{ key: 'price', kind: 'money', label: { zh: '单价' }, currencies: ['CNY', 'JPY'], max: 5_000 }, { key: 'rows', kind: 'table', label: { zh: '明细' }, columns: [{ key: 'each', kind: 'money', label: { zh: '单价' }, currencies: ['CNY'] }] }] };
  const said = (held: Record<string, unknown>) => formState(money, { ...nothingFilled, held, tried: true }, options, 'zh-CN', now).errors;
  assert.deepEqual(said({ price: { text: '1.234', currency: 'CNY' }, rows: [{ each: { text: '0.001', currency: 'CNY' } }] }), { price: '最多 2 位小数', 'rows/0/each': '最多 2 位小数' });
  assert.deepEqual(said({ price: { text: '1.5', currency: 'JPY' } }), { price: '应为整数' });
  assert.deepEqual(said({ price: { text: '很贵', currency: 'CNY' } }), { price: '应为金额' });
  assert.deepEqual(Object.values(said({ price: { text: '50.01', currency: 'CNY' } })), ['不能大于 50.00 CNY']);
});
