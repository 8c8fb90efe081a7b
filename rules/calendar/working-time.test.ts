import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestInstant, type BusinessCalendar, type Exceptions, type WeeklyWindow, type Weekday } from './calendar.ts';
import { sourceFromDays } from './holidays.ts';
import { addWorkingTime, businessMinutesBetween, dayAt, isWorkingTime, nextWorkingInstant, unpublishedYears, workingIntervals, workingMillisecondsBetween } from './working-time.ts';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const text = (found: { at: number | null }) => (found.at === null ? null : new Date(found.at).toISOString());
const weekly = (days: readonly Weekday[], ...windows: readonly (readonly [number, number])[]): WeeklyWindow[] =>
  days.flatMap((weekday) => windows.map(([from, to]) => ({ weekday, startsMinute: from * 60, endsMinute: to * 60 })));
const [weekdaysOnly, everyDay] = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7]] as const satisfies readonly (readonly Weekday[])[];

/** What the State Council published for the autumn of 2026: off from 1 to 7 October, at work on Sunday 20 September and Saturday 10 October. */
const autumn: Exceptions = sourceFromDays('cn', {
  holidays: Object.fromEntries(['01', '02', '03', '04', '05', '06', '07'].map((day) => [`2026-10-${day}`, 'National Day,国庆节,3'])),
  workdays: { '2026-09-20': 'National Day,国庆节,3', '2026-10-10': 'National Day,国庆节,3' },
}).source.days;
const shanghai: BusinessCalendar = { timeZone: 'Asia/Shanghai', windows: weekly(weekdaysOnly, [9, 12], [13.5, 18]), sources: [{ key: 'cn', knownFrom: 2007, knownUntil: 2026, days: autumn }] };

test('three o’clock on a Friday', () => {
  const friday = at('2026-11-20T15:00:00+08:00');
  assert.equal(text(addWorkingTime(shanghai, friday, 2 * hour)), '2026-11-20T09:00:00.000Z');
  // What ends with the window is over at its end, not on Monday.
  assert.equal(text(addWorkingTime(shanghai, friday, 3 * hour)), '2026-11-20T10:00:00.000Z');
  assert.equal(text(addWorkingTime(shanghai, friday, 3 * hour + 1)), '2026-11-23T01:00:00.001Z');
  assert.equal(text(addWorkingTime(shanghai, friday, 4 * hour)), '2026-11-23T02:00:00.000Z');
  // A working day of 7.5 hours: over the noon break of Monday.
  assert.equal(text(addWorkingTime(shanghai, friday, 7.5 * hour)), '2026-11-23T07:00:00.000Z');
  assert.equal(businessMinutesBetween(shanghai, friday, at('2026-11-23T10:00:00+08:00')), 240);
  assert.equal(businessMinutesBetween(shanghai, friday, at('2026-11-20T15:01:59+08:00')), 1);
});

test('from outside of hours the time begins with the next window', () => {
  for (const from of ['2026-11-21T03:00:00+08:00', '2026-11-22T23:59:59.999+08:00', '2026-11-23T09:00:00+08:00']) {
    assert.equal(text(addWorkingTime(shanghai, at(from), hour)), '2026-11-23T02:00:00.000Z');
    assert.equal(text(nextWorkingInstant(shanghai, at(from))), '2026-11-23T01:00:00.000Z');
  }
  assert.equal(text(nextWorkingInstant(shanghai, at('2026-11-23T12:00:00+08:00'))), '2026-11-23T05:30:00.000Z');
  assert.equal(text(nextWorkingInstant(shanghai, at('2026-11-23T11:59:59.999+08:00'))), '2026-11-23T03:59:59.999Z');
  assert.equal(text(addWorkingTime(shanghai, at('2026-11-21T03:00:00+08:00'), 0)), '2026-11-20T19:00:00.000Z');
});

test('windows are half-open', () => {
  assert.deepEqual(['08:59:59.999', '09:00', '11:59:59.999', '12:00', '13:30', '18:00'].map((time) => isWorkingTime(shanghai, at(`2026-11-23T${time}+08:00`))), [false, true, true, false, true, false]);
});

test('make-up Saturdays and Sundays are worked like a weekday, holidays not at all', () => {
  assert.equal(isWorkingTime(shanghai, at('2026-10-10T10:00:00+08:00')), true);
  assert.equal(isWorkingTime(shanghai, at('2026-10-10T12:30:00+08:00')), false);
  assert.equal(isWorkingTime(shanghai, at('2026-09-20T10:00:00+08:00')), true);
  assert.equal(isWorkingTime(shanghai, at('2026-10-03T10:00:00+08:00')), false);
  // Wednesday 30 September 17:00; off until Thursday the 8th.
  assert.equal(text(addWorkingTime(shanghai, at('2026-09-30T17:00:00+08:00'), 2 * hour)), '2026-10-08T02:00:00.000Z');
  // Friday the 9th 17:00: the Saturday after counts.
  assert.equal(text(addWorkingTime(shanghai, at('2026-10-09T17:00:00+08:00'), 2 * hour)), '2026-10-10T02:00:00.000Z');
});

test('a make-up workday has its own windows, those of a weekday, or those of the calendar’s weekday', () => {
  const windows = [...weekly([2], [10, 16]), ...weekly([5], [8, 11]), ...weekly([6], [9, 12])];
  const minutesOn = (calendar: BusinessCalendar) => businessMinutesBetween(calendar, at('2026-10-10T00:00:00Z'), at('2026-10-11T00:00:00Z'));
  const saturday = (exception: Exceptions[string], more: Partial<BusinessCalendar> = {}) => minutesOn({ timeZone: 'UTC', windows, exceptions: { '2026-10-10': exception }, ...more });
  assert.equal(minutesOn({ timeZone: 'UTC', windows }), 180);
  assert.equal(saturday({ kind: 'workday' }), 360);
  assert.equal(saturday({ kind: 'workday' }, { makeUpWeekday: 5 }), 180);
  assert.equal(saturday({ kind: 'workday', weekday: 2 }, { makeUpWeekday: 5 }), 360);
  assert.equal(saturday({ kind: 'workday', windows: [{ startsMinute: 0, endsMinute: 60 }] }), 60);
});

test('own exceptions go over published ones, and parts of days can be taken out or added', () => {
  const own: BusinessCalendar = { ...shanghai, exceptions: {
    '2026-10-10': { kind: 'holiday' }, '2026-10-07': { kind: 'workday' },
    '2026-11-24': { kind: 'closed', windows: [{ startsMinute: 660, endsMinute: 840 }] }, '2026-11-25': { kind: 'open', windows: [{ startsMinute: 1_080, endsMinute: 1_200 }] },
  } };
  const minutes = (day: string) => businessMinutesBetween(own, at(`${day}T00:00:00+08:00`), at(`${day}T24:00:00+08:00`));
  assert.deepEqual(['2026-10-10', '2026-10-07', '2026-11-24', '2026-11-25', '2026-11-26'].map(minutes), [0, 450, 450 - 60 - 30, 450 + 120, 450]);
});

test('midnight, 24:00 and a night shift', () => {
  const always: BusinessCalendar = { timeZone: 'Asia/Shanghai', windows: weekly(everyDay, [0, 24]) };
  assert.equal(text(addWorkingTime(always, at('2026-12-31T23:00:00+08:00'), 2 * hour)), '2026-12-31T17:00:00.000Z');
  assert.deepEqual([...workingIntervals(always, 1_000, 10 * 24 * hour)], [{ from: 1_000, to: 10 * 24 * hour }]);
  // Friday evening to midnight, and on to six on Saturday: one night.
  const night: BusinessCalendar = { timeZone: 'Asia/Shanghai', windows: [...weekly([5], [22, 24]), ...weekly([6], [0, 6])] };
  assert.deepEqual([...workingIntervals(night, at('2026-11-16T00:00:00+08:00'), at('2026-11-23T00:00:00+08:00'))], [{ from: at('2026-11-20T22:00:00+08:00'), to: at('2026-11-21T06:00:00+08:00') }]);
  assert.equal(text(addWorkingTime(night, at('2026-11-20T23:00:00+08:00'), hour)), '2026-11-20T16:00:00.000Z');
  assert.equal(text(addWorkingTime(night, at('2026-11-20T23:00:00+08:00'), hour + 1)), '2026-11-20T16:00:00.001Z');
  assert.equal(text(nextWorkingInstant(night, at('2026-11-20T24:00:00+08:00'))), '2026-11-20T16:00:00.000Z');
});

test('windows that touch or overlap count once', () => {
  const windows = [{ weekday: 1, startsMinute: 540, endsMinute: 720 }, { weekday: 1, startsMinute: 720, endsMinute: 780 }, { weekday: 1, startsMinute: 700, endsMinute: 750 }] as const;
  assert.deepEqual([...workingIntervals({ timeZone: 'UTC', windows }, at('2026-11-23T00:00:00Z'), at('2026-11-24T00:00:00Z'))], [{ from: at('2026-11-23T09:00:00Z'), to: at('2026-11-23T13:00:00Z') }]);
});

test('a window across a change of the clock', () => {
  // New York, 8 March 2026: 02:00 becomes 03:00 (at 07:00 UTC); 1 November: 02:00 becomes 01:00 (at 06:00 UTC).
  const nights: BusinessCalendar = { timeZone: 'America/New_York', windows: weekly([7], [1, 4]) };
  assert.deepEqual([...workingIntervals(nights, at('2026-03-08T00:00:00Z'), at('2026-03-09T00:00:00Z'))], [{ from: at('2026-03-08T06:00:00Z'), to: at('2026-03-08T08:00:00Z') }]);
  assert.equal(text(addWorkingTime(nights, at('2026-03-08T01:30:00-05:00'), hour)), '2026-03-08T07:30:00.000Z');
  // From one o'clock, shown twice, to four: four hours.
  assert.deepEqual([...workingIntervals(nights, at('2026-11-01T00:00:00Z'), at('2026-11-02T00:00:00Z'))], [{ from: at('2026-11-01T05:00:00Z'), to: at('2026-11-01T09:00:00Z') }]);
  const always: BusinessCalendar = { timeZone: 'America/New_York', windows: weekly(everyDay, [0, 24]) };
  assert.equal(businessMinutesBetween(always, at('2026-03-08T00:00:00-05:00'), at('2026-03-09T00:00:00-04:00')), 23 * 60);
  assert.equal(businessMinutesBetween(always, at('2026-11-01T00:00:00-04:00'), at('2026-11-02T00:00:00-05:00')), 25 * 60);
});

test('times the clock skips are not worked, times it shows twice are worked twice', () => {
  const skipped: BusinessCalendar = { timeZone: 'America/New_York', windows: weekly([7], [2, 3]) };
  assert.deepEqual([...workingIntervals(skipped, at('2026-03-08T00:00:00Z'), at('2026-03-09T00:00:00Z'))], []);
  assert.equal(text(nextWorkingInstant(skipped, at('2026-03-08T00:00:00Z'))), '2026-03-15T06:00:00.000Z');
  const doubled: BusinessCalendar = { timeZone: 'America/New_York', windows: weekly([7], [1.5, 2]) };
  assert.deepEqual([...workingIntervals(doubled, at('2026-11-01T00:00:00Z'), at('2026-11-02T00:00:00Z'))], [
    { from: at('2026-11-01T05:30:00Z'), to: at('2026-11-01T06:00:00Z') }, { from: at('2026-11-01T06:30:00Z'), to: at('2026-11-01T07:00:00Z') },
  ]);
});

test('half hours, quarter hours, midnights that never were, and a day left out', () => {
  const nine = (timeZone: string): BusinessCalendar => ({ timeZone, windows: weekly(everyDay, [9, 10]) });
  const opens = (timeZone: string, from: string) => text(nextWorkingInstant(nine(timeZone), at(from)));
  // Lord Howe moves by half an hour: +10:30, and +11 in summer.
  assert.equal(opens('Australia/Lord_Howe', '2026-07-01T00:00:00Z'), '2026-07-01T22:30:00.000Z');
  assert.equal(opens('Australia/Lord_Howe', '2026-12-01T00:00:00Z'), '2026-12-01T22:00:00.000Z');
  // Kathmandu: +5:30 until 1986, +5:45 since.
  assert.equal(opens('Asia/Kathmandu', '1985-12-31T00:00:00Z'), '1985-12-31T03:30:00.000Z');
  assert.equal(opens('Asia/Kathmandu', '1986-01-02T00:00:00Z'), '1986-01-02T03:15:00.000Z');
  // São Paulo had summer time until 2019, beginning at a midnight that never was.
  assert.equal(opens('America/Sao_Paulo', '2018-11-03T00:00:00Z'), '2018-11-03T12:00:00.000Z');
  assert.equal(opens('America/Sao_Paulo', '2018-11-04T00:00:00Z'), '2018-11-04T11:00:00.000Z');
  assert.equal(opens('America/Sao_Paulo', '2026-12-01T00:00:00Z'), '2026-12-01T12:00:00.000Z');
  const midnight: BusinessCalendar = { timeZone: 'America/Sao_Paulo', windows: weekly([7], [0, 24]) };
  assert.equal(businessMinutesBetween(midnight, at('2018-11-03T12:00:00Z'), at('2018-11-05T12:00:00Z')), 23 * 60);
  // Shanghai had summer time from 1986 to 1991.
  assert.equal(opens('Asia/Shanghai', '1988-07-01T00:00:00+08:00'), '1988-07-01T00:00:00.000Z');
  // Samoa had no 30 December 2011.
  assert.equal(businessMinutesBetween(nine('Pacific/Apia'), at('2011-12-29T00:00:00-10:00'), at('2012-01-01T00:00:00+14:00')), 2 * 60);
  // Kathmandu before 1920 was ahead by 5:41:16.
  assert.equal(opens('Asia/Kathmandu', '1910-06-01T00:00:00Z'), '1910-06-01T03:18:44.000Z');
});

test('no working time, and deadlines too far away', () => {
  const from = at('2026-11-20T15:00:00+08:00');
  const never: BusinessCalendar = { timeZone: 'Europe/Berlin', windows: [] };
  assert.deepEqual(addWorkingTime(never, from, 1), { at: null, reason: 'no_working_time' });
  assert.deepEqual(nextWorkingInstant(never, from), { at: null, reason: 'no_working_time' });
  assert.equal(workingMillisecondsBetween(never, 0, latestInstant), 0);
  const once: BusinessCalendar = { ...never, exceptions: { '2026-12-01': { kind: 'open', windows: [{ startsMinute: 540, endsMinute: 600 }] } } };
  assert.equal(text(addWorkingTime(once, from, hour)), '2026-12-01T09:00:00.000Z');
  assert.deepEqual(addWorkingTime(once, from, hour + 1), { at: null, reason: 'no_working_time' });
  // An hour a week, and ten years of hours to work.
  const rare: BusinessCalendar = { timeZone: 'Asia/Shanghai', windows: weekly([1], [9, 10]) };
  assert.deepEqual(addWorkingTime(rare, from, 10 * 365 * 24 * hour), { at: null, reason: 'too_far' });
  assert.equal(text(addWorkingTime(rare, from, 52 * hour)), '2027-11-15T02:00:00.000Z');
  assert.deepEqual(addWorkingTime(rare, latestInstant - 1, hour), { at: null, reason: 'too_far' });
  assert.equal(workingMillisecondsBetween(rare, Infinity, Infinity), 0);
  assert.equal(workingMillisecondsBetween(rare, from, from - hour), 0);
});

test('a year whose holidays are not published is named', () => {
  assert.deepEqual(unpublishedYears(shanghai, at('2026-12-31T10:00:00+08:00'), at('2026-12-31T23:59:59+08:00')), []);
  assert.deepEqual(unpublishedYears(shanghai, at('2026-12-31T10:00:00+08:00'), at('2027-01-01T00:00:00+08:00')), [2027]);
  assert.deepEqual(unpublishedYears(shanghai, at('2006-12-31T10:00:00+08:00'), at('2007-01-01T00:00:00+08:00')), [2006]);
  assert.deepEqual(unpublishedYears({ ...shanghai, sources: [] }, 0, latestInstant), []);
  assert.equal(dayAt(shanghai, at('2026-11-20T16:00:00Z')), '2026-11-21');
});
