import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usualWindows } from './visit-windows.ts';

test('windows that have passed are not offered, those that run are', () => {
  const keys = usualWindows(new Date(2026, 10, 21, 15, 30)).map((choice) => choice.key);
  assert.deepEqual(keys, ['today afternoon', 'today evening', 'tomorrow morning', 'tomorrow afternoon', 'tomorrow evening']);
});

test('tomorrow goes over the end of a month', () => {
  const last = usualWindows(new Date(2026, 10, 30, 21)).at(-1);
  assert.equal(last?.window.start.getTime(), new Date(2026, 11, 1, 18).getTime());
  assert.equal(last?.window.end.getTime(), new Date(2026, 11, 1, 20).getTime());
});
