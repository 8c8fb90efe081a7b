import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlaSay } from './texts.ts';
import { clockText, joinMinutes, minutesADay, readClock, splitMinutes, timeWords } from './time-words.ts';

test('a length is given in the largest unit in which it is whole, and comes back the same', () => {
  assert.deepEqual(splitMinutes(90), { n: 90, unit: 'minute' });
  assert.deepEqual(splitMinutes(120), { n: 2, unit: 'hour' });
  assert.deepEqual(splitMinutes(2_880), { n: 2, unit: 'day' });
  for (const minutes of [1, 59, 60, 61, 1_440, 1_500, 527_040]) {
    const { n, unit } = splitMinutes(minutes);
    assert.equal(joinMinutes(n, unit), minutes);
  }
  assert.equal(joinMinutes(1.5, 'hour'), 90);
});

test('what is no length stays wrong, for the check to say so, and never more than the interface takes', () => {
  assert.equal(joinMinutes(0, 'hour'), 0);
  assert.equal(joinMinutes(-3, 'minute'), -3);
  assert.equal(joinMinutes(999_999_999, 'day'), 1_000_000_000);
});

test('a day of 24 working hours is called so', () => {
  const said: unknown[] = [];
  const say = ((key: string, values: unknown) => {
    said.push([key, values]);
    return key;
  }) as unknown as SlaSay;
  timeWords(say, 1_440);
  timeWords(say, 60);
  timeWords(say, 1);
  assert.deepEqual(said, [['time.hour', { count: 24 }], ['time.hour', { count: 1 }], ['time.minute', { count: 1 }]]);
});

test('a workday is as long as the calendar’s, and 24 hours are none of its days', () => {
  const windows = [1, 2, 3, 4, 5].flatMap((weekday) => [{ weekday, startsMinute: 540, endsMinute: 720 }, { weekday, startsMinute: 810, endsMinute: 1_080 }]);
  const day = minutesADay({ windows } as unknown as Parameters<typeof minutesADay>[0]);
  assert.equal(day, 450);
  assert.deepEqual([splitMinutes(900, day), splitMinutes(1_440, day), joinMinutes(2, 'day', day)], [{ n: 2, unit: 'day' }, { n: 24, unit: 'hour' }, 900]);
  const said = ((key: string, values: { count: number }) => `${values.count} ${key}`) as unknown as SlaSay;
  assert.deepEqual([timeWords(said, 900, day), timeWords(said, 1_440, day), timeWords(said, 1_440, minutesADay(null))], ['2 time.day', '24 time.workHour', '1 time.wholeDay']);
});

test('a time of day is read as people type it, up to 24:00', () => {
  for (const [typed, minute] of [['9', 540], ['930', 570], ['9:30', 570], ['09：30', 570], ['24:00', 1_440], ['0', 0]] as const) assert.equal(readClock(typed), minute, typed);
  for (const typed of ['', 'abc', '25:99', '24:01', '9:60', '-1']) assert.equal(readClock(typed), null, typed);
  assert.equal(clockText(1_440), '24:00');
});
