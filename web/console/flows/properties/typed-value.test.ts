import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedValue } from './typed-value.ts';

test('what is typed is a number where it is written as one, and text otherwise', () => {
  for (const [text, value] of [['1.05', 1.05], ['0.05', 0.05], ['-3', -3], ['0', 0], ['1.0', 1]] as const) assert.equal(typedValue(text), value, text);
  for (const text of ['0571', '1.', '.5', '1,5', '1e9', '12345678901234567890', '', ' 1', 'null']) assert.equal(typedValue(text), text, text);
  assert.deepEqual([typedValue('true'), typedValue('false')], [true, false]);
});
