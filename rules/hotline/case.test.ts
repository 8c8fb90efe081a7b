import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOf, openActions } from './case.ts';

test('what may be done with a case, by how it stands', () => {
  for (const [state, extension, open] of [
    ['dispatched', null, ['accept', 'return']], ['accepted', null, ['return', 'ask_extension', 'finish']], ['accepted', 'asked', ['return', 'finish']], ['accepted', 'granted', ['return', 'ask_extension', 'finish']],
    ['accepted', 'refused', ['return', 'ask_extension', 'finish']], ['returned', null, []], ['finished', null, ['revisit']],
  ] as const) assert.deepEqual(openActions(state, extension), open, `${state} ${extension}`);
});

test('a code is what the longest beginning of it says', () => {
  const codes = [{ code: '04', name: '城乡建设', category: 'a' }, { code: '0403', name: '物业管理', category: 'b' }, { code: '', name: '空', category: 'c' }];
  for (const [code, name] of [['0403', '物业管理'], ['040302', '物业管理'], ['0401', '城乡建设'], ['05', undefined], [undefined, undefined]] as const) assert.equal(lineOf(codes, code)?.name, name);
});
