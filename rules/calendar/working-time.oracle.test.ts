import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseCount, minute, paint, randomCalendar, randomFrom, readPeriods } from './sample-minutes.ts';
import { addWorkingTime, isWorkingTime, nextWorkingInstant, workingIntervals, workingMillisecondsBetween } from './working-time.ts';

/** Each calendar is asked so many questions. */
const questions = 25;

test('arithmetic agrees with looking at the clock every minute', () => {
  const cases = caseCount(0.6, process.env['ORACLE_CASES']);
  const periods = readPeriods();
  let [asked, beyond] = [0, 0];
  for (let seed = 1; asked < cases; seed += 1) {
    const random = randomFrom(seed);
    const period = periods[seed % periods.length]!;
    const calendar = randomCalendar(period, random);
    const open = paint(calendar, period);
    const end = period.start + period.minutes * minute;
    for (let question = 0; question < questions; question += 1, asked += 1) {
      const note = `seed ${seed}, question ${question}, ${period.zone}`;
      // From any millisecond to any other, more often on whole minutes.
      const offset = random() < 0.5 ? 0 : Math.floor(random() * minute);
      const first = Math.floor(random() * period.minutes * 0.9);
      const last = Math.min(first + Math.floor(random() ** 2 * period.minutes), period.minutes - 1);
      const from = period.start + first * minute + offset;
      const to = Math.max(period.start + last * minute + (random() < 0.5 ? 0 : Math.floor(random() * minute)), from);
      let expected = 0;
      for (let index = first; index <= last; index += 1) {
        if (open[index]) expected += Math.max(Math.min(period.start + (index + 1) * minute, to) - Math.max(period.start + index * minute, from), 0);
      }
      assert.equal(workingMillisecondsBetween(calendar, from, to), expected, `between, ${note}`);
      assert.equal(isWorkingTime(calendar, from), open[first] === 1, `is working time, ${note}`);

      const duration = question % 5 === 0 ? expected : Math.floor(random() ** 2 * 4_000) * minute + (random() < 0.5 ? 0 : Math.floor(random() * minute));
      let rest = duration;
      let due = duration === 0 ? from : Infinity;
      for (let index = first; rest > 0 && index < period.minutes; index += 1) {
        if (!open[index]) continue;
        const begins = Math.max(period.start + index * minute, from);
        const length = period.start + (index + 1) * minute - begins;
        if (rest <= length) due = begins + rest;
        rest -= length;
      }
      const found = addWorkingTime(calendar, from, duration);
      if (due === Infinity) {
        beyond += 1;
        assert.ok(found.at === null || found.at > end, `due beyond, ${note}`);
      } else assert.equal(found.at, due, `due, ${note}`);

      let next = first;
      while (next < period.minutes && !open[next]) next += 1;
      const nextFound = nextWorkingInstant(calendar, from).at;
      if (next < period.minutes) assert.equal(nextFound, Math.max(period.start + next * minute, from), `next, ${note}`);
      else assert.ok(nextFound === null || nextFound >= end, `next beyond, ${note}`);
    }
    // All intervals of the period, against the painted runs.
    const runs: { from: number; to: number }[] = [];
    for (let index = 0; index < period.minutes; index += 1) {
      if (!open[index]) continue;
      if (index > 0 && open[index - 1]) runs.at(-1)!.to += minute;
      else runs.push({ from: period.start + index * minute, to: period.start + (index + 1) * minute });
    }
    assert.deepEqual([...workingIntervals(calendar, period.start, end)], runs, `intervals, seed ${seed}, ${period.zone}`);
  }
  assert.ok(beyond < asked / 2, 'most deadlines lie within the period');
});
