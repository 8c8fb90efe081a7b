import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFilter, operatorsFor } from '../../../../rules/conditions/check-filter.ts';
import { checkRule } from '../../../../rules/conditions/check-rule.ts';
import type { Filter, FilterTest, Properties } from '../../../../rules/conditions/filter.ts';
import { evaluate } from '../../../../rules/conditions/json-logic.ts';
import { filterFromRule, ruleFromFilter } from './rule-filter.ts';

const properties: Properties = {
  'ticket.subject': { kind: 'text' }, 'ticket.priority': { kind: 'key', keys: ['urgent', 'high'] }, 'ticket.team': { kind: 'reference' }, 'ticket.tags': { kind: 'set' },
  'fields.count': { kind: 'number' }, 'fields.amount': { kind: 'money' }, 'fields.day': { kind: 'date' }, 'fields.yes': { kind: 'boolean' },
};

function valueFor(operator: string, kind: string): fc.Arbitrary<unknown> {
  const single = kind === 'boolean' ? fc.boolean() : kind === 'number' || kind === 'money' ? fc.integer() : kind === 'date' ? fc.constantFrom('2026-01-31', '2026-11-22') : kind === 'key' ? fc.constantFrom('urgent', 'high') : kind === 'reference' ? fc.uuid() : fc.constantFrom('a', '漏水', 'var');
  if (['empty', 'not_empty'].includes(operator)) return fc.constant(undefined);
  if (['in', 'not_in'].includes(operator)) return fc.uniqueArray(single, { minLength: 1, maxLength: 3 });
  // One alone is “contains”.
  if (operator === 'contains_all') return fc.uniqueArray(single, { minLength: 2, maxLength: 3 });
  if (operator === 'between') return fc.tuple(single, single);
  if (['within_last', 'older_than', 'within_next'].includes(operator)) return fc.record({ n: fc.integer({ min: 1, max: 99 }), unit: fc.constant('day') }, { noNullPrototype: true });
  return single;
}

const tests: fc.Arbitrary<FilterTest> = fc.constantFrom(...Object.keys(properties)).chain((property) => {
  const definition = properties[property]!;
  return fc.constantFrom(...operatorsFor(definition).filter((operator) => operator !== 'during')).chain((operator) => valueFor(operator, definition.kind).map((value) => ({ property, operator, ...(value === undefined ? {} : { value }) }) as FilterTest));
});
// A group of one is its part, and two opposites in a row are none: the builder shows those more simply.
const filters = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tests, fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((all) => ({ all })), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((any) => ({ any })), fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((any) => ({ not: { any } }))),
})).filter;

test('every filter the builder makes has a rule that can be checked, carried out and read back', () => {
  fc.assert(fc.property(filters.filter((filter) => checkFilter(filter, properties).length === 0), (filter) => {
    const rule = ruleFromFilter(filter, properties);
    assert.notEqual(rule, null);
    assert.deepEqual(checkRule(rule, 'any'), []);
    evaluate(rule!, { fields: {}, ticket: {}, today: '2026-11-22' } as never);
    const read = filterFromRule(rule, properties);
    // What is read back says the very same: another writing of it would be another rule.
    assert.deepEqual(ruleFromFilter(read!, properties), rule);
  }), { numRuns: 500 });
  fc.assert(fc.property(tests, (filter) => assert.deepEqual(filterFromRule(ruleFromFilter(filter, properties), properties), filter)));
});

test('a rule means what its filter says', () => {
  const holds = (filter: Filter, fields: object) => evaluate(ruleFromFilter(filter, properties)!, { fields, ticket: {}, today: '2026-11-22' } as never);
  const over: Filter = { property: 'fields.amount', operator: 'more', value: 1_000_000 };
  assert.deepEqual(ruleFromFilter(over, properties), { and: [{ '!==': [{ var: 'fields.amount.amount' }, null] }, { '>': [{ var: 'fields.amount.amount' }, 1_000_000] }] });
  assert.equal(holds(over, { amount: { amount: 1_000_001, currency: 'CNY' } }), true);
  assert.equal(holds(over, { amount: { amount: 1_000_000, currency: 'CNY' } }), false);
  assert.equal(holds({ property: 'fields.count', operator: 'less', value: 5 }, {}), false, 'nothing is not less than five');
  assert.equal(holds({ property: 'fields.day', operator: 'within_last', value: { n: 7, unit: 'day' } }, { day: '2026-11-16' }), true);
  assert.equal(holds({ property: 'fields.day', operator: 'older_than', value: { n: 1, unit: 'week' } }, { day: '2026-11-16' }), false);
});

test('rules written elsewhere are shown as filters where they can be', () => {
  assert.deepEqual(filterFromRule({ '>': [{ var: 'fields.amount.amount' }, 5] }, properties), { property: 'fields.amount', operator: 'more', value: 5 });
  assert.deepEqual(filterFromRule({ '<': [5, { var: 'fields.count' }] }, properties), { property: 'fields.count', operator: 'more', value: 5 });
  assert.deepEqual(filterFromRule({ '==': [{ var: ['ticket.priority'] }, 'urgent'] }, properties), { property: 'ticket.priority', operator: 'is', value: 'urgent' });
  assert.deepEqual(filterFromRule(true, properties), { all: [] });
  for (const rule of [{ var: 'fields.count' }, { '>': [{ var: 'fields.gone' }, 1] }, { '>': [{ '+': [{ var: 'fields.count' }, 1] }, 2] }, { var: 'constructor' }, { '>': [{ var: 'fields.amount' }, 1] }, { if: [true, 1, 2] }, 'text', null, [], { and: 'x' }, { '===': [{ var: 'ticket.tags' }, 'x'] }]) {
    assert.equal(filterFromRule(rule, properties), null, JSON.stringify(rule));
  }
  // Incomplete ones have no rule yet.
  for (const filter of [{ property: '', operator: 'is' }, { property: 'fields.count', operator: 'more' }, { property: 'ticket.priority', operator: 'in', value: [] }, { property: 'fields.day', operator: 'during', value: 'today' }] as Filter[]) assert.equal(ruleFromFilter(filter, properties), null);
});
