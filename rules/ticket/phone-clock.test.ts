import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockBehind } from './phone-clock.ts';

const now = Date.parse('2026-03-02T03:30:00Z');

test('a clock is behind by what it lacks, ahead below zero, and right when a message may have been under way so long', () => {
  for (const [sentAt, behind] of [
    [undefined, 0], ['2026-03-02T03:30:00Z', 0], ['2026-03-02T03:29:00Z', 0], ['2026-03-02T03:31:00Z', 0], ['2026-03-02T11:30:00+08:00', 0],
    ['2026-03-02T01:30:00Z', 7_200_000], ['2026-03-02T05:30:00Z', -7_200_000], ['2026-03-02T03:28:59Z', 61_000],
  ] as const) assert.equal(clockBehind(sentAt, now), behind, sentAt);
});
