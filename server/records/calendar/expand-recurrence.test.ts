import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandRecurrence } from './expand-recurrence.ts';

const expand = (rule: string, start: string, to = '2030-12-31') => expandRecurrence({ rule, start, timeZone: null }, '2026-01-01', to);

test('years, weeks and days are expanded with their counts and ends', () => {
  assert.deepEqual(expand('FREQ=YEARLY;COUNT=3', '2026-10-01'), ['2026-10-01', '2027-10-01', '2028-10-01']);
  assert.deepEqual(expand('FREQ=YEARLY', '2024-02-29', '2033-01-01'), ['2024-02-29', '2028-02-29', '2032-02-29']);
  assert.deepEqual(expand('FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;UNTIL=20271231', '2026-12-31'), ['2026-12-31', '2027-12-31']);
  assert.deepEqual(expand('FREQ=WEEKLY;BYDAY=SA,SU;COUNT=3', '2026-11-21'), ['2026-11-21', '2026-11-22', '2026-11-28']);
  assert.deepEqual(expand('FREQ=WEEKLY;INTERVAL=2;COUNT=2', '2026-11-18T09:00:00'), ['2026-11-18T09:00:00', '2026-12-02T09:00:00']);
  assert.deepEqual(expand('FREQ=DAILY;INTERVAL=3;UNTIL=20261125T000000Z', '2026-11-20'), ['2026-11-20', '2026-11-23']);
});

test('what is not understood is refused and not guessed', () => {
  for (const rule of ['FREQ=MONTHLY', 'FREQ=YEARLY;BYDAY=4TH', 'FREQ=YEARLY;BYSETPOS=1', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;INTERVAL=0', 'nonsense']) assert.throws(() => expand(rule, '2026-11-20'), RangeError, rule);
});
