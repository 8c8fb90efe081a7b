import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLongerThan } from './length.ts';

test('characters are counted as people count them', () => {
  assert.equal(isLongerThan('一二三', 3), false);
  assert.equal(isLongerThan('一二三四', 3), true);
  assert.equal(isLongerThan('🔧🔧🔧', 3), false);
  assert.equal(isLongerThan('🔧🔧🔧a', 3), true);
  assert.equal(isLongerThan('a'.repeat(10_000_000), 20_000), true);
});
