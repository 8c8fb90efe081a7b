import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodOf } from './insight.ts';
import { niceTicks } from './ticks.ts';

test('a period ends today in the organization’s zone, whatever the machine’s is', () => {
  // 17:00 UTC is already tomorrow in Shanghai.
  assert.deepEqual(periodOf(7, 'Asia/Shanghai', new Date('2026-11-21T17:00:00Z')), { from: '2026-11-16', to: '2026-11-22' });
  assert.deepEqual(periodOf(7, 'America/New_York', new Date('2026-11-21T03:00:00Z')), { from: '2026-11-14', to: '2026-11-20' });
});

test('a period over a month’s end counts calendar days', () => {
  assert.deepEqual(periodOf(30, 'UTC', new Date('2026-03-10T12:00:00Z')), { from: '2026-02-09', to: '2026-03-10' });
});

test('ticks are round, begin at nought and reach the highest value', () => {
  assert.deepEqual(niceTicks(0), [0, 1]);
  assert.deepEqual(niceTicks(3), [0, 1, 2, 3]);
  assert.deepEqual(niceTicks(87), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(niceTicks(1234), [0, 500, 1000, 1500]);
});
