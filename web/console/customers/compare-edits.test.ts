import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareEdits, sameValue } from './compare-edits.ts';

test('left empty is the same as left empty, in whatever way', () => {
  for (const [a, b] of [[undefined, ''], [null, '  '], [[], undefined], ['', null]]) assert.equal(sameValue(a, b), true);
  assert.equal(sameValue('a', null), false);
  assert.equal(sameValue(0, null), false);
  assert.equal(sameValue(['a'], ['a']), true);
  assert.equal(sameValue(['a'], ['a', 'b']), false);
});

test('two edits are put together field by field', () => {
  const before = { name: '王芳', tier: '普通', address: '1 幢', tags: ['a'] };
  const { adopted, both } = compareEdits(['name', 'tier', 'address', 'tags'], before, { ...before, name: '王方', address: '2 幢' }, { ...before, name: '王小芳', tier: 'VIP', tags: ['a', 'b'] });
  assert.deepEqual(adopted, { tier: 'VIP', tags: ['a', 'b'] }, 'what only the other one changed');
  assert.deepEqual(both, [{ name: 'name', before: '王芳', theirs: '王小芳', mine: '王方' }], 'what both changed; the address only I changed');
  assert.deepEqual(compareEdits(['name'], before, { name: '同' }, { name: '同' }), { adopted: {}, both: [] }, 'both the same is no contest');
});
