import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BusinessCalendar, Weekday } from '../../../../rules/calendar/calendar.ts';
import { afterWorkingTime, minutesOfWorkingDay } from './working-time.ts';

/** Monday to Friday, 9 to 12 and 13:30 to 18; the 23rd is a holiday. */
const calendar: BusinessCalendar = {
  timeZone: 'Asia/Shanghai', windows: ([1, 2, 3, 4, 5] as Weekday[]).flatMap((weekday) => [{ weekday, startsMinute: 540, endsMinute: 720 }, { weekday, startsMinute: 810, endsMinute: 1_080 }]),
  exceptions: { '2026-11-23': { kind: 'holiday' } },
};
const friday = '2026-11-20T08:00:00.000Z';

test('hours are working hours, and go on after the weekend and a holiday', () => {
  assert.equal(afterWorkingTime(calendar, friday, { amount: 2, unit: 'hours', calendar: 'working' }), '2026-11-20T10:00:00.000Z');
  assert.equal(afterWorkingTime(calendar, friday, { amount: 3, unit: 'hours', calendar: 'working' }), '2026-11-24T02:00:00.000Z');
});

test('a working day is as long as what is worked on one, not 24 hours', () => {
  assert.equal(minutesOfWorkingDay(calendar), 450);
  assert.equal(afterWorkingTime(calendar, friday, { amount: 1, unit: 'days', calendar: 'working' }), '2026-11-24T08:00:00.000Z');
});

test('where nothing is ever worked, that moment never comes', () => {
  assert.equal(afterWorkingTime({ timeZone: 'Asia/Shanghai', windows: [] }, friday, { amount: 1, unit: 'hours' }), null);
});
