import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnedMinutes } from './durations.ts';

test('what it took is drawn towards what was entered, the more the fewer visits there are', () => {
  const of = (count: number, median: number) => ({ count, median });
  for (const [base, all, own, expected] of [
    [60, null, null, [null, null]], [60, of(4, 120), null, [null, null]], [60, of(5, 120), null, [80, null]], [60, of(10, 120), null, [90, null]], [60, of(990, 120), null, [119, null]],
    // Three of one person against five of everybody.
    [60, null, of(3, 92), [null, 72]], [60, of(10, 120), of(5, 60), [90, 75]], [60, null, of(2, 10), [null, null]],
    // Twice as long as others at most, half as long at least; never below five minutes.
    [60, null, of(95, 600), [null, 120]], [60, null, of(95, 2), [null, 30]], [6, of(1_000, 2), null, [5, null]],
  ] as const) {
    const learned = learnedMinutes(base, all, own);
    assert.deepEqual([learned.all, learned.own], expected, JSON.stringify([base, all, own]));
  }
});
