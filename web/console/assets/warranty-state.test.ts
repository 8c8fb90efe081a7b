import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warrantyOf } from './warranty-state.ts';

const zone = 'Asia/Shanghai';

test('a warranty holds to the end of its last day where the organization is', () => {
  const evening = new Date('2026-11-22T15:59:59Z');
  const midnight = new Date('2026-11-22T16:00:00Z');
  assert.deepEqual(warrantyOf('2026-11-22', evening, zone), { state: 'ending', daysLeft: 0 });
  assert.deepEqual(warrantyOf('2026-11-22', midnight, zone), { state: 'expired', daysLeft: -1 });
  assert.deepEqual(warrantyOf('2026-11-22', midnight, 'UTC'), { state: 'ending', daysLeft: 0 });
});

test('it is ending for thirty days, and nothing is said of none', () => {
  const now = new Date('2026-11-22T02:00:00Z');
  assert.deepEqual(warrantyOf('2026-12-22', now, zone), { state: 'ending', daysLeft: 30 });
  assert.deepEqual(warrantyOf('2026-12-23', now, zone), { state: 'valid', daysLeft: 31 });
  assert.deepEqual(warrantyOf(null, now, zone), { state: 'none', daysLeft: 0 });
});
