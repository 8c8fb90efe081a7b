import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from './one-line.ts';

test('a text of several lines becomes one', () => {
  assert.equal(oneLine(' 厨房漏水\r\n\t3 幢\u2028 1 单元　'), '厨房漏水 3 幢 1 单元');
  assert.equal(oneLine('一行'), '一行');
  assert.equal(oneLine(' \n '), '');
});
