import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFilter } from '../../../rules/conditions/check-filter.ts';
import { ticketProperties } from '../../../rules/conditions/filter.ts';
import { carriedValue, usualTest } from './value-shape.ts';

test('the usual test of every property is one it takes', () => {
  for (const [property, definition] of Object.entries(ticketProperties)) {
    const problems = checkFilter({ property, ...usualTest(definition) }, ticketProperties);
    assert.deepEqual(problems.filter(({ path }) => path !== '/value'), [], property);
  }
});

test('a value goes along with the operator as far as it fits', () => {
  const key = ticketProperties.status;
  assert.deepEqual(carriedValue('new', 'is', 'in', key), ['new']);
  assert.equal(carriedValue(['new', 'open'], 'in', 'is', key), 'new');
  assert.deepEqual(carriedValue(['new'], 'in', 'not_in', key), ['new']);
  assert.equal(carriedValue(['new'], 'in', 'empty', { kind: 'key' }), undefined);
  assert.deepEqual(carriedValue('2026-11-01', 'before', 'within_last', ticketProperties.createdAt), { n: 7, unit: 'day' });
});
