import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRule, referencedVariables, type Known } from './check-rule.ts';
import type { Rule } from './json.ts';

const known: Known = { fields: { kind: 'value', price: { amount: 'value', currency: 'value' }, parts: [{ quantity: 'value', name: 'value' }], tags: ['value'] }, ticket: { status: 'value' }, now: 'value' };

function codes(rule: unknown): string[] {
  return checkRule(rule, known, '/fields/0/visible').map(({ path, code }) => `${path} ${code}`);
}

test('a rule that can work has no problems', () => {
  const rules: Rule[] = [
    true, 'text', { '==': [{ var: 'fields.kind' }, 'leak'] }, { var: ['fields.price.amount', 0] }, { in: ['a', { var: 'fields.tags' }] }, { '+': { map: [{ var: 'fields.parts' }, { var: 'quantity' }] } },
    { reduce: [{ var: 'fields.parts' }, { '+': [{ var: 'accumulator' }, { var: 'current.quantity' }] }, 0] }, { some: [{ filter: [{ var: 'fields.parts' }, { var: 'name' }] }, { '>': [{ var: 'quantity' }, 1] }] },
    { missing: { merge: ['fields.kind', { if: [{ var: 'ticket.status' }, ['fields.tags'], []] }] } }, { val: ['fields', 'kind'] }, { filter: [{ var: 'fields.parts' }, { '===': [{ var: 'name' }, { val: [[2], 'fields', 'kind'] }] }] },
    { try: [{ var: 'now' }, { var: 'type' }] }, { '<': ['2026', { var: 'now' }, '2030'] }, { preserve: { anything: 1 } }, { map: [[1, 2], { var: '' }] },
  ];
  for (const rule of rules) assert.deepEqual(codes(rule), [], JSON.stringify(rule));
});

test('each problem stands beside what causes it', () => {
  const cases: [unknown, string[]][] = [
    [{ fubar: [] }, ['/fields/0/visible unknown_operator']],
    [{ and: [true, { a: 1, b: 2 }] }, ['/fields/0/visible/and/1 unknown_operator']],
    [{ '/': [{ var: 'fields.nope' }, 2] }, ['/fields/0/visible/~1/0/var unknown_variable']],
    [{ var: 'fields.kind.deeper' }, ['/fields/0/visible/var unknown_variable']],
    [{ var: { cat: ['fields.', 'kind'] } }, ['/fields/0/visible/var computed_variable']],
    [{ missing: { map: [[1], 'a'] } }, ['/fields/0/visible/missing computed_variable']],
    [{ var: '' }, ['/fields/0/visible/var whole_data']],
    [{ var: 'fields' }, ['/fields/0/visible/var whole_data']],
    [{ '==': [1] }, ['/fields/0/visible/== arguments']],
    [{ in: [1, 2, 3] }, ['/fields/0/visible/in arguments']],
    [{ and: true }, ['/fields/0/visible/and list_needed']],
    [{ some: [{ var: 'fields.parts' }, { var: 'quanttity' }] }, ['/fields/0/visible/some/1/var unknown_variable']],
    [{ filter: [{ var: 'fields.parts' }, { val: [[2], 'fields', 'nope'] }] }, ['/fields/0/visible/filter/1/val/0 unknown_variable']],
    [{ missing_some: [1, ['fields.kind', 'nope']] }, ['/fields/0/visible/missing_some/1/1 unknown_variable']],
    ['x'.repeat(3_000), ['/fields/0/visible too_large']],
    [{ in: [1, Array.from({ length: 3_000 }, () => 1)] }, ['/fields/0/visible/in/1/2497 too_large']],
  ];
  for (const [rule, expected] of cases) assert.deepEqual(codes(rule), expected, JSON.stringify(rule).slice(0, 100));
  let deep: unknown = 1;
  for (let level = 0; level < 4_000; level += 1) deep = { '!': [deep] };
  assert.ok(checkRule(deep, known).some(({ code }) => code === 'too_deep'));
});

test('variables of the data are found, those of elements are not taken for them', () => {
  const cases: [Rule, string[]][] = [
    [{ and: [{ var: 'a.b' }, { '==': [{ var: ['c', { var: 'd' }] }, { var: 'a.b' }] }] }, ['a.b', 'c', 'd']],
    [{ map: [{ var: 'rows' }, { '*': [{ var: 'q' }, { val: [[2], 'rate'] }] }] }, ['rows', 'rate']],
    [{ reduce: [{ var: 'rows' }, { var: 'current.q' }, { var: 'start' }] }, ['rows', 'start']],
    [{ missing: ['a', { merge: ['b'] }] }, ['a', 'b']],
    [{ exists: ['a', 'b'] }, ['a.b']],
    [{ preserve: { var: 'a' } }, []],
  ];
  for (const [rule, expected] of cases) assert.deepEqual(referencedVariables(rule), expected, JSON.stringify(rule));
});
