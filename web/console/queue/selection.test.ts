import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ticked } from './selection.ts';

const order = ['a', 'b', 'c', 'd', 'e'];

test('one is ticked and unticked', () => {
  assert.deepEqual([...ticked(new Set(), 'b', null, order)], ['b']);
  assert.deepEqual([...ticked(new Set(['b']), 'b', null, order)], []);
});

test('a range reaches from the one ticked before, either way, and keeps what was ticked', () => {
  assert.deepEqual([...ticked(new Set(['b']), 'd', 'b', order)], ['b', 'c', 'd']);
  assert.deepEqual([...ticked(new Set(['e', 'd']), 'b', 'd', order)].sort(), ['b', 'c', 'd', 'e']);
});

test('where the range begins with one that has left the list, only the one here is ticked', () => {
  assert.deepEqual([...ticked(new Set(['gone']), 'c', 'gone', order)], ['gone', 'c']);
});
