import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyForm } from './apply-form.ts';
import { checkForm } from './check-form.ts';
import type { ApplyOptions, Form, FormValues } from './form.ts';

const base: ApplyOptions = { mode: 'create', actor: { kind: 'staff', id: '0199aa00-0000-7000-8000-000000000001' }, now: '2026-11-20T20:00:00Z', timeZone: 'Asia/Shanghai' };
const label = { zh: '字段' };

function formOf(...fields: Record<string, unknown>[]): Form {
  const form = { fields: fields.map((field) => ({ label, ...field })) } as unknown as Form;
  assert.deepEqual(checkForm(form), []);
  return form;
}

function told(form: Form, values: FormValues, options: Partial<ApplyOptions> = {}): string[] {
  return applyForm(form, values, { ...base, ...options }).problems.map(({ path, code }) => `${path} ${code}`);
}

function stored(form: Form, values: FormValues, options: Partial<ApplyOptions> = {}): Record<string, unknown> {
  const { values: result, problems } = applyForm(form, values, { ...base, ...options });
  assert.deepEqual(problems, []);
  return result;
}

const options = [{ key: 'a', label }, { key: 'b', label }, { key: 'old', label, retired: true }];
const tree = [{ key: 'house', label, children: [{ key: 'roof', label }, { key: 'wall', label, retired: true }] }, { key: 'road', label }];
const id = '0199aa00-0000-7000-8000-0000000000ff';

test('answers are brought into the form they are stored in', () => {
  const cases: [Record<string, unknown>, unknown, unknown][] = [
    [{ kind: 'text' }, '  两\n 行 ', '两 行'], [{ kind: 'text' }, '   ', null], [{ kind: 'long_text' }, ' 一\r\n二 ', '一\n二'], [{ kind: 'text', maxLength: 2 }, '𠮷𠮷', '𠮷𠮷'], [{ kind: 'text', mask: 'AA-99' }, 'ab-12', 'AB-12'],
    [{ kind: 'text', format: 'phone' }, '１３８ 1234 5678', '13812345678'], [{ kind: 'text', format: 'cn_plate' }, '沪a·12345', '沪A12345'], [{ kind: 'number' }, -0, 0], [{ kind: 'number', decimals: 2 }, 1.25, 1.25],
    [{ kind: 'money', currencies: ['CNY', 'USD'] }, { amount: 5, currency: 'USD' }, { amount: 5, currency: 'USD' }], [{ kind: 'money', currencies: ['CNY'] }, { amount: null, currency: 'CNY' }, null], [{ kind: 'date' }, '2024-02-29', '2024-02-29'], [{ kind: 'time' }, '09:30', '09:30'],
    [{ kind: 'date_time' }, '2026-11-21T08:00:00+08:00', '2026-11-21T00:00:00.000Z'], [{ kind: 'boolean' }, false, false], [{ kind: 'choice', options }, 'a', 'a'], [{ kind: 'choices', options }, ['b', 'a', 'b'], ['a', 'b']], [{ kind: 'choices', options }, [], null],
    [{ kind: 'tree', options: tree }, 'roof', 'roof'], [{ kind: 'tree', options: tree }, 'house', 'house'], [{ kind: 'person' }, id.toUpperCase(), id], [{ kind: 'file' }, [id, id], [id]], [{ kind: 'signature' }, id, id],
    [{ kind: 'place' }, { lat: 31.23456789, lng: 121, address: ' 人民广场 ' }, { lat: 31.2345679, lng: 121, address: '人民广场' }], [{ kind: 'place' }, { address: '' }, null], [{ kind: 'place' }, { address: '3号楼' }, { lat: null, lng: null, address: '3号楼' }],
  ];
  for (const [field, given, result] of cases) assert.deepEqual(stored(formOf({ key: 'f', ...field }), { f: given }), { f: result }, JSON.stringify([field, given]));
});

test('what does not fit its field is told, and counts as empty', () => {
  const cases: [Record<string, unknown>, unknown, string][] = [
    [{ kind: 'text' }, 5, '/f type'], [{ kind: 'text' }, 'a\u0000', '/f text'], [{ kind: 'text' }, '\ud800', '/f text'], [{ kind: 'text', maxLength: 2 }, 'abc', '/f maxLength'], [{ kind: 'text', minLength: 2 }, '𠮷', '/f minLength'], [{ kind: 'text' }, 'x'.repeat(501), '/f maxLength'], [{ kind: 'text', format: 'email' }, 'a@b', '/f format'], [{ kind: 'text', mask: '99' }, '1', '/f mask'],
    [{ kind: 'number' }, '5', '/f type'], [{ kind: 'number' }, 1.5, '/f decimals'], [{ kind: 'number', min: 1 }, 0, '/f minimum'], [{ kind: 'number', max: 1 }, 2, '/f maximum'], [{ kind: 'number' }, 1e15, '/f maximum'], [{ kind: 'number', decimals: 2 }, 1e-7, '/f decimals'],
    [{ kind: 'money', currencies: ['CNY'] }, 5, '/f type'], [{ kind: 'money', currencies: ['CNY'] }, { amount: 1.5, currency: 'CNY' }, '/f type'], [{ kind: 'money', currencies: ['CNY'] }, { amount: 1, currency: 'USD' }, '/f/currency currency'], [{ kind: 'money', currencies: ['CNY'], max: 9 }, { amount: 10, currency: 'CNY' }, '/f/amount maximum'],
    [{ kind: 'date' }, '2026-02-29', '/f date'], [{ kind: 'date' }, 20260101, '/f type'], [{ kind: 'date', min: 'today' }, '2026-11-20', '/f minimum'], [{ kind: 'date', max: 'today+7' }, '2026-11-29', '/f maximum'], [{ kind: 'date_time', min: 'today' }, '2026-11-20T15:59:00Z', '/f minimum'], [{ kind: 'date_time' }, '2026-11-20', '/f date_time'],
    [{ kind: 'time' }, '24:00', '/f time'], [{ kind: 'time', step: 15 }, '09:20', '/f step'], [{ kind: 'time', min: '09:00' }, '08:00', '/f minimum'], [{ kind: 'boolean' }, 'true', '/f type'], [{ kind: 'choice', options }, 'c', '/f option'], [{ kind: 'choice', options }, 'old', '/f option_retired'], [{ kind: 'choices', options }, ['a', 'c'], '/f/1 option'],
    [{ kind: 'choices', options, maxItems: 1 }, ['a', 'b'], '/f maxItems'], [{ kind: 'choices', options, minItems: 2 }, ['a'], '/f minItems'], [{ kind: 'choices', options }, 'a', '/f type'], [{ kind: 'tree', options: tree }, 'wall', '/f option_retired'], [{ kind: 'tree', options: tree, leavesOnly: true }, 'house', '/f leaf'],
    [{ kind: 'person' }, 'me', '/f reference'], [{ kind: 'customer' }, 5, '/f type'], [{ kind: 'file' }, ['x'], '/f/0 reference'], [{ kind: 'file', maxItems: 1 }, [id, `${id.slice(0, -1)}e`], '/f maxItems'], [{ kind: 'place' }, { lat: 91, lng: 0 }, '/f place'], [{ kind: 'place' }, { lat: 1 }, '/f place'], [{ kind: 'place' }, { x: 1 }, '/f type'], [{ kind: 'place', coordinates: 'required' }, { address: 'a' }, '/f place'],
  ];
  for (const [field, given, problem] of cases) {
    const form = formOf({ key: 'f', ...field }, { key: 'seen', kind: 'formula', result: 'boolean', formula: { '===': [{ var: 'fields.f' }, null] } });
    const applied = applyForm(form, { f: given }, base);
    assert.deepEqual(applied.problems.map(({ path, code }) => `${path} ${code}`), [problem], JSON.stringify([field, given]));
    assert.deepEqual(applied.values, { f: null, seen: true });
  }
});

test('rows of a table are checked cell by cell, and empty ones left out', () => {
  const form = formOf({
    key: 'parts', kind: 'table', maxRows: 2, columns: [
      { key: 'name', kind: 'text', label, required: true }, { key: 'count', kind: 'number', label, default: 1 }, { key: 'price', kind: 'money', label, currencies: ['CNY'], required: { '>': [{ var: 'row.count' }, 1] } },
      { key: 'sum', kind: 'formula', label, result: 'money', formula: { '*': [{ var: 'row.count' }, { var: 'row.price.amount' }] } },
    ],
  }, { key: 'total', kind: 'formula', result: 'money', formula: { '+': { map: [{ var: 'fields.parts' }, { var: 'sum.amount' }] } } });
  const price = { amount: 1_250, currency: 'CNY' };
  assert.deepEqual(stored(form, { parts: [{ name: '阀门', count: 3, price }, {}, { name: ' ', price: null }, { name: '垫片', sum: 99 }] }), {
    parts: [{ name: '阀门', count: 3, price, sum: { amount: 3_750, currency: 'CNY' } }, { name: '垫片', count: 1, price: null, sum: null }], total: { amount: 3_750, currency: 'CNY' },
  });
  assert.deepEqual(told(form, { parts: [{ count: 2 }, { name: 'a', nope: 1 }, 5, { name: 7 }] }), ['/parts/0/name required', '/parts/0/price required', '/parts/1/nope unknown_field', '/parts/2 type', '/parts/3/name type']);
  assert.deepEqual(told(form, { parts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }), ['/parts maxRows']);
  assert.deepEqual(told(form, { parts: Array.from({ length: 5_000 }, () => ({})) }), ['/parts maxRows']);
  assert.deepEqual(told(form, { parts: 'x' }), ['/parts type']);
});

test('what other answers hide has no answer, and brings its default when it shows again', () => {
  const form = formOf({ key: 'kind', kind: 'choice', options }, { key: 'where', kind: 'text', default: '厨房', required: true, visible: { '===': [{ var: 'fields.kind' }, 'a'] } }, { key: 'deeper', kind: 'number', visible: { '!!': { var: 'fields.where' } } });
  assert.deepEqual(stored(form, { kind: 'b', where: 'x', deeper: 5 }), { kind: 'b' });
  assert.deepEqual(stored(form, { kind: 'a', deeper: 5 }), { kind: 'a', where: '厨房', deeper: 5 });
  const previous = stored(form, { kind: 'a', where: '阳台', deeper: 5 });
  assert.deepEqual(stored(form, { kind: 'b' }, { mode: 'update', previous }), { kind: 'b' });
  assert.deepEqual(stored(form, { kind: 'a' }, { mode: 'update', previous: { kind: 'b' } }), { kind: 'a', where: '厨房' });
  const { states } = applyForm(form, { kind: 'b' }, base);
  assert.deepEqual(states['where'], { visible: false, required: false, readOnly: true });
});

test('what is hidden from a person or in a state of the ticket keeps its answer, and is not given another', () => {
  const form = formOf({ key: 'cost', kind: 'number', visible: { in: ['manager', { var: 'actor.roles' }] } }, { key: 'cause', kind: 'text', required: true, visible: { '===': [{ var: 'ticket.status' }, 'resolved'] } },
    { key: 'share', kind: 'formula', result: 'number', formula: { '/': [{ var: 'fields.cost' }, 2] } }, { key: 'note', kind: 'text', visible: false, default: 'x' });
  const previous = { cost: 10, cause: '老化', share: 5, note: 'x' };
  const update: Partial<ApplyOptions> = { mode: 'update', previous, ticket: { status: 'open' } };
  assert.deepEqual(stored(form, { cost: 10 }, update), previous);
  assert.deepEqual(told(form, { cost: 11, cause: null }, update), ['/cost read_only', '/cause read_only']);
  assert.deepEqual(applyForm(form, { cost: 11 }, { ...base, ...update }).values, previous);
  assert.deepEqual(stored(form, { cost: 20 }, { ...update, actor: { kind: 'staff', roles: ['manager'] } }), { ...previous, cost: 20, share: 10 });
  assert.deepEqual(stored(form, { cost: 8, cause: '外力' }, { mode: 'import' }), { cost: 8, cause: '外力', share: 4 });
  assert.deepEqual(stored(form, {}, {}), { share: null, note: 'x' });
});

test('customers see what is for everyone', () => {
  const form = formOf({ key: 'open', kind: 'text', required: true, audience: 'everyone' }, { key: 'inner', kind: 'text', required: true });
  const customer: ApplyOptions['actor'] = { kind: 'customer' };
  assert.deepEqual(told(form, {}, { actor: customer }), ['/open required']);
  assert.deepEqual(told(form, { open: 'a', inner: 'b' }, { actor: customer }), ['/inner read_only']);
  assert.equal(applyForm(form, {}, { ...base, actor: customer }).states['inner']?.visible, false);
});

test('read-only fields keep what they had', () => {
  const form = formOf({ key: 'code', kind: 'text', readOnly: true, default: 'A1' }, { key: 'once', kind: 'text', readOnly: { '!!': { var: 'fields.once' } } }, { key: 'locked', kind: 'number', required: true, readOnly: { '===': [{ var: 'ticket.status' }, 'closed'] } });
  assert.deepEqual(stored(form, { once: 'first', locked: 1 }), { code: 'A1', once: 'first', locked: 1 });
  assert.deepEqual(told(form, { code: 'B', locked: 1 }), ['/code read_only']);
  const previous = { code: 'A1', once: 'first', locked: 1 };
  assert.deepEqual(told(form, { once: 'second' }, { mode: 'update', previous }), ['/once read_only']);
  assert.deepEqual(told(form, { locked: null }, { mode: 'update', previous, ticket: { status: 'closed' } }), ['/locked read_only']);
  assert.deepEqual(told(form, { locked: 'x' }, { mode: 'update', previous, ticket: { status: 'closed' } }), ['/locked read_only']);
  assert.deepEqual(stored(form, { locked: 1, once: 'first' }, { mode: 'update', previous, ticket: { status: 'closed' } }), previous);
});

test('a change answers for what it touches and what it brings about, not for gaps that were there', () => {
  const form = formOf({ key: 'new', kind: 'text', required: true }, { key: 'kind', kind: 'choice', options }, { key: 'why', kind: 'text', required: { '===': [{ var: 'fields.kind' }, 'a'] } }, { key: 'short', kind: 'text', maxLength: 2 });
  const previous = { kind: 'b', short: 'too long by now' };
  const update: Partial<ApplyOptions> = { mode: 'update', previous };
  assert.deepEqual(told(form, {}, update), []);
  assert.deepEqual(told(form, { short: 'too long by now' }, update), []);
  assert.deepEqual(told(form, { kind: 'a' }, update), ['/why required']);
  assert.deepEqual(told(form, { new: null }, update), []);
  assert.deepEqual(told(form, { new: 'x', short: 'abc' }, update), ['/short maxLength']);
  assert.deepEqual(told(form, { new: '' }, { mode: 'update', previous: { new: 'x' } }), ['/new required']);
  assert.deepEqual(told(form, {}, { touched: ['why'] }), []);
  assert.deepEqual(told(form, {}, { touched: ['new'] }), ['/new required']);
});

test('answers to fields the form no longer has stay, and take no others', () => {
  const form = formOf({ key: 'a', kind: 'text' });
  const previous = { a: 'x', gone: { any: 'thing' } };
  assert.deepEqual(stored(form, { a: 'y', gone: { any: 'thing' } }, { mode: 'update', previous }), { a: 'y', gone: { any: 'thing' } });
  assert.deepEqual(told(form, { gone: 1, never: 2, empty: null }, { mode: 'update', previous }), ['/gone read_only', '/never unknown_field']);
  assert.deepEqual(told(form, JSON.parse('{"__proto__": 1, "constructor": 2}') as FormValues), ['/__proto__ unknown_field', '/constructor unknown_field']);
});

test('retired options may stay where they are, and come in with old data', () => {
  const form = formOf({ key: 'one', kind: 'choice', options }, { key: 'some', kind: 'choices', options }, { key: 'rows', kind: 'table', columns: [{ key: 'c', kind: 'choice', label, options }, { key: 'n', kind: 'number', label }] });
  const previous = { one: 'old', some: ['a', 'old'], rows: [{ c: 'old', n: 1 }] };
  assert.deepEqual(stored(form, { some: ['b', 'old'], rows: [{ c: 'a' }, { c: 'old', n: 2 }] }, { mode: 'update', previous }), { one: 'old', some: ['b', 'old'], rows: [{ c: 'a', n: null }, { c: 'old', n: 2 }] });
  assert.deepEqual(told(form, { one: 'old' }, { mode: 'update', previous: { one: 'a' } }), ['/one option_retired']);
  assert.deepEqual(stored(form, previous, { mode: 'import' }), previous);
});

test('defaults fill in what was never answered', () => {
  const form = formOf({ key: 'day', kind: 'date', default: 'today+1' }, { key: 'at', kind: 'date_time', default: 'now' }, { key: 'who', kind: 'person', default: 'me' }, { key: 'many', kind: 'choices', options, default: ['b', 'a'] }, { key: 'text', kind: 'text', default: 'x' });
  // It is the 21st in Shanghai already.
  assert.deepEqual(stored(form, { text: null }), { day: '2026-11-22', at: '2026-11-20T20:00:00.000Z', who: base.actor.id, many: ['a', 'b'], text: null });
  assert.deepEqual(stored(form, {}, { mode: 'import' }), {});
  assert.deepEqual(stored(form, {}, { mode: 'update', previous: {} }), {});
  assert.equal('who' in stored(form, {}, { actor: { kind: 'customer' } }), false);
});

test('formulas are reckoned in decimals and fail with a reason', () => {
  const result = (formula: unknown, given: FormValues = {}, more: Record<string, unknown> = {}) => {
    const form = formOf({ key: 'a', kind: 'number', decimals: 6 }, { key: 'b', kind: 'number', decimals: 6 }, { key: 't', kind: 'text' }, { key: 'd', kind: 'date' }, { key: 'm', kind: 'money', currencies: ['CNY'] }, { key: 'f', kind: 'formula', result: 'number', formula, ...more });
    const applied = applyForm(form, given, base);
    assert.deepEqual(applied.problems, []);
    return applied.values['f'] ?? applied.states['f']?.failure;
  };
  const [a, b, d] = [{ var: 'fields.a' }, { var: 'fields.b' }, { var: 'fields.d' }];
  assert.equal(result({ '+': [a, b] }, { a: 0.1, b: 0.2 }), 0.3);
  assert.equal(result({ '*': [a, b] }, { a: 1.005, b: 1 }), 1.01);
  assert.equal(result({ '*': [a, b] }, { a: 1.005, b: 1 }, { decimals: 3 }), 1.005);
  assert.equal(result({ '+': [a, b] }, { a: 5 }), 5);
  assert.equal(result({ '+': [a, b] }), 'missing');
  assert.equal(result({ '*': [a, b] }, { a: 5 }), 'missing');
  assert.equal(result({ '*': [a, { '??': [b, 2] }] }, { a: 5 }), 10);
  assert.equal(result({ '/': [a, b] }, { a: 5, b: 0 }), 'division_by_zero');
  assert.equal(result({ '+': [a, { var: 'fields.t' }] }, { a: 5, t: 'x' }), 'not_a_number');
  assert.equal(result({ '*': [1e10, 1e10] }), 'too_large');
  assert.equal(result({ cat: ['a', { var: 'fields.t' }] }, { t: 'b' }), 'wrong_type');
  assert.equal(result({ cat: ['a', { var: 'fields.t' }] }, { t: 'b' }, { result: 'text' }), 'ab');
  assert.equal(result({ throw: 'x' }), 'bad_rule');
  assert.equal(result({ days_between: [d, { var: 'today' }] }, { d: '2026-11-01' }), 20);
  assert.equal(result({ add_days: [d, 30] }, { d: '2026-11-01' }, { result: 'date' }), '2026-12-01');
  assert.equal(result({ add_days: [d, 30] }, {}, { result: 'date' }), 'missing');
  assert.equal(result({ '>': [a, 1] }, {}, { result: 'boolean' }), false);
  assert.deepEqual(result({ '*': [{ var: 'fields.m.amount' }, 0.065] }, { m: { amount: 1_230, currency: 'CNY' } }, { result: 'money' }), { amount: 80, currency: 'CNY' });
});

test('a condition that cannot be evaluated shows, does not require, and protects', () => {
  const form = formOf({ key: 'n', kind: 'number' }, { key: 'f', kind: 'text', visible: { '>': [{ var: 'fields.n' }, 'many'] }, required: { '==': [{ var: 'fields.n' }, 'many'] }, readOnly: { '<': [{ var: 'fields.n' }, 'many'] } });
  assert.deepEqual(applyForm(form, { n: 5 }, base).states['f'], { visible: true, required: false, readOnly: true });
});

test('a form whose fields depend on each other in a circle is still applied', () => {
  const fields = ['a', 'b', 'c'].map((key, index) => ({ key, kind: 'formula', label, result: 'number', formula: { '+': [1, { var: `fields.${['b', 'c', 'a'][index]}` }] } }));
  const { values, problems } = applyForm({ fields } as unknown as Form, {}, base);
  assert.deepEqual(problems, []);
  assert.equal(Object.keys(values).length, 3);
});

test('a form has one budget for all its rules, and texts are paid for by their length', () => {
  const label = { zh: '字段' };
  // Each of them goes 20 × 20 times over a text of 20,000 characters.
  const costly = { '+': [{ reduce: [Array.from({ length: 20 }, (_, index) => index), { '+': [{ var: 'accumulator' }, { reduce: [Array.from({ length: 20 }, (_, index) => index), { '+': [{ var: 'accumulator' }, { length: [{ val: [[99], 'fields', 'long'] }] }] }, 0] }] }, 0] }] };
  const form: Form = { fields: [
    { key: 'long', kind: 'long_text', label },
    ...Array.from({ length: 300 - 1 }, (_, index) => ({ key: `f${index}`, kind: 'formula' as const, result: 'number' as const, label, formula: costly as never })),
  ] };
  assert.deepEqual(checkForm(form), []);
  const options = { mode: 'create', actor: { kind: 'staff' }, now: '2026-11-22T08:00:00Z', timeZone: 'UTC' } as const;
  const short = applyForm(form, { long: 'x' }, { ...options, touched: ['long'] });
  assert.ok(short.problems.some(({ path, code }) => path === '' && code === 'too_long'), 'told, whatever is asked about');
  const { states } = applyForm({ fields: form.fields.slice(0, 2) }, { long: 'x'.repeat(20_000) }, options);
  assert.equal(states['f0']!.failure, 'too_long');
  const { problems, values } = applyForm({ fields: form.fields.slice(0, 2) }, { long: 'x'.repeat(20) }, options);
  assert.deepEqual([problems, values['f0']], [[], 8_000]);
});
