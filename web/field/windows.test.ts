import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatWindow } from './windows.ts';

// Local times, so that the expectations hold in every zone the tests run in.
const at = (date: number, hours: number, minutes = 0): string => new Date(2026, 10, date, hours, minutes).toISOString();
const now = new Date(2026, 10, 20, 9, 0).getTime();

test('a window of today is its times, another day is named', () => {
  assert.equal(formatWindow({ windowStart: at(20, 14), windowEnd: at(20, 15, 30) }, now, 'zh-CN'), '14:00–15:30');
  assert.equal(formatWindow({ windowStart: at(21, 8), windowEnd: at(21, 10) }, now, 'zh-CN'), '明天 08:00–10:00');
  assert.equal(formatWindow({ windowStart: at(19, 8), windowEnd: at(19, 10) }, now, 'en'), 'yesterday 08:00–10:00');
  assert.equal(formatWindow({ windowStart: at(25, 8), windowEnd: null }, now, 'zh-CN'), '11月25日 08:00');
});

test('no promise, no window', () => {
  assert.equal(formatWindow({ windowStart: null, windowEnd: null }, now, 'zh-CN'), null);
});
