import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHeaderLines, writeHeaderLines } from './header-lines.ts';

test('headers go into lines and back; what is sealed is not shown, and stays unless it is written anew', () => {
  const kept = { Authorization: 'sealed:abc', 'X-Team': 'a: b' };
  const shown = writeHeaderLines(kept);
  assert.equal(shown, 'Authorization: ••••••\nX-Team: a: b');
  assert.deepEqual(readHeaderLines(shown, kept), kept);
  assert.deepEqual(readHeaderLines('Authorization: Bearer new\n\nnonsense\n  X-Team :c  ', kept), { Authorization: 'Bearer new', 'X-Team': 'c' });
  assert.deepEqual(readHeaderLines('X-Other: ••••••', kept), { 'X-Other': '••••••' }, 'of what was never kept it is only a text');
});
