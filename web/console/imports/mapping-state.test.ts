import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenOf, mappingOf, problemsOf } from './mapping-state.ts';

const targets = [{ key: 'name', required: true }, { key: 'phone', required: false }, { key: 'code', required: true }];

test('a mapping goes there and back, in the order of the columns', () => {
  const chosen = new Map([[3, 'phone'], [0, 'name']]);
  assert.deepEqual(mappingOf(chosen), [{ column: 0, target: 'name' }, { column: 3, target: 'phone' }]);
  assert.deepEqual(chosenOf(mappingOf(chosen)), new Map([[0, 'name'], [3, 'phone']]));
});

test('what is missing and what is said twice is told', () => {
  assert.deepEqual(problemsOf(new Map([[0, 'phone'], [1, 'phone'], [2, 'phone'], [4, 'name']]), targets), { missing: ['code'], twice: ['phone'] });
  assert.deepEqual(problemsOf(new Map([[0, 'name'], [1, 'code']]), targets), { missing: [], twice: [] });
});
