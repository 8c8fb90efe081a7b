import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../contract/common.ts';
import { lengthOf, nearEnd, textLimits } from './text-room.ts';

test('characters are counted as the server counts them', () => {
  assert.equal(lengthOf('水管漏水'), 4);
  assert.equal(lengthOf('🔥👍'), 2);
});

test('the end is near in the last tenth, and never more than 500 characters before it', () => {
  assert.deepEqual([899, 900, 1_001].map((length) => nearEnd(length, 1_000)), [false, true, true]);
  assert.deepEqual([19_499, 19_500].map((length) => nearEnd(length, 20_000)), [false, true]);
});

test('the limits are those of the contract', () => {
  assert.deepEqual(textLimits, { comment: limits.comment, description: limits.description, reason: limits.reason });
});
