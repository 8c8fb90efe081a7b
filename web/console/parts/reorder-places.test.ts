import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landing, moved } from './reorder-places.ts';

test('an entry lands where it was let go', () => {
  const items = ['a', 'b', 'c', 'd'];
  const dropped = (from: number, over: number, edge: 'top' | 'bottom') => moved(items, from, landing(from, over, edge)).join('');
  assert.equal(dropped(0, 2, 'top'), 'bacd');
  assert.equal(dropped(0, 2, 'bottom'), 'bcad');
  assert.equal(dropped(3, 0, 'top'), 'dabc');
  assert.equal(dropped(3, 0, 'bottom'), 'adbc');
  assert.equal(dropped(1, 1, 'top'), 'abcd');
  assert.equal(moved(items, 9, 0).join(''), 'abcd', 'what is gone meanwhile moves nothing');
});
