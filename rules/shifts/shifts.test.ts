import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSchedule, rosterDays, scheduleOf, shiftsBetween, spanOfDays, weekOf, type Schedule, type StoredSchedule } from './shifts.ts';

const shanghai = 'Asia/Shanghai';
const at = (text: string): number => new Date(text).getTime();
const days = (windows: [number, number][], weekdays = [1, 2, 3, 4, 5]) => weekdays.flatMap((weekday) => windows.map(([startsMinute, endsMinute]) => ({ weekday: weekday as 1, startsMinute, endsMinute })));
const week: Schedule = { timeZone: shanghai, windows: days([[540, 720], [810, 1080]]), exceptions: {} };
const told = (intervals: { from: number; to: number }[]) => intervals.map(({ from, to }) => `${new Date(from).toISOString()} ${(to - from) / 3_600_000}`);

test('shifts are worked by the clock on the wall, without the time somebody is away', () => {
  const monday = spanOfDays(shanghai, '2026-11-23', '2026-11-24');
  assert.deepEqual(told(shiftsBetween(week, monday.from, monday.to)), ['2026-11-23T01:00:00.000Z 3', '2026-11-23T05:30:00.000Z 4.5']);
  const away = [{ from: at('2026-11-23T03:00:00Z'), to: at('2026-11-23T06:30:00Z') }, { from: at('2026-11-23T06:00:00Z'), to: at('2026-11-23T07:30:00Z') }];
  assert.deepEqual(told(shiftsBetween(week, monday.from, monday.to, away)), ['2026-11-23T01:00:00.000Z 2', '2026-11-23T07:30:00.000Z 2.5']);
  assert.deepEqual(shiftsBetween(week, monday.from, monday.to, [{ from: monday.from, to: monday.to }]), []);
});

test('a night is two windows and one stretch', () => {
  const night = { ...week, windows: weekOf([{ weekday: 7, startsMinute: 1320, endsMinute: 360 }]) };
  assert.deepEqual(night.windows, [{ weekday: 1, startsMinute: 0, endsMinute: 360 }, { weekday: 7, startsMinute: 1320, endsMinute: 1440 }]);
  const { from, to } = spanOfDays(shanghai, '2026-11-22', '2026-11-24');
  assert.deepEqual(told(shiftsBetween(night, from, to)), ['2026-11-22T14:00:00.000Z 8']);
});

test('a shift over a change of the clock lasts as long as it does', () => {
  const berlin: Schedule = { timeZone: 'Europe/Berlin', windows: weekOf([{ weekday: 6, startsMinute: 1320, endsMinute: 360 }]), exceptions: {} };
  const autumn = spanOfDays('Europe/Berlin', '2026-10-24', '2026-10-26');
  assert.deepEqual(told(shiftsBetween(berlin, autumn.from, autumn.to)), ['2026-10-24T20:00:00.000Z 9']);
  assert.equal((autumn.to - autumn.from) / 3_600_000, 49);
});

test('days that differ, and days somebody is away, show in the roster', () => {
  const schedule: Schedule = { ...week, exceptions: { '2026-11-24': { windows: [], note: '体检' }, '2026-11-28': { windows: [{ startsMinute: 540, endsMinute: 720 }], note: null } } };
  const roster = rosterDays(schedule, '2026-11-23', '2026-11-30', [{ from: at('2026-11-25T01:00:00Z'), to: at('2026-11-25T02:00:00Z') }, { from: at('2026-11-29T01:00:00Z'), to: at('2026-11-29T02:00:00Z') }]);
  assert.deepEqual(roster.map(({ day, windows, exception, absent }) => [day.slice(8), windows.length, exception, absent]), [
    ['23', 2, null, false], ['24', 0, '体检', false], ['25', 2, null, true], ['26', 2, null, false], ['27', 2, null, false], ['28', 1, '', false], ['29', 0, null, false],
  ]);
});

test('a person works their own week, else their team’s, with their own days over the team’s', () => {
  const team: StoredSchedule = { timeZone: null, windows: days([[480, 960]]), exceptions: { '2026-10-01': { windows: [], note: '国庆' }, '2026-10-02': { windows: [], note: null } } };
  const follower: StoredSchedule = { timeZone: null, windows: null, exceptions: { '2026-10-02': { windows: [{ startsMinute: 480, endsMinute: 600 }], note: '值班' } } };
  const followed = scheduleOf(follower, team, shanghai);
  assert.deepEqual([followed.source, Object.entries(followed.schedule.exceptions).map(([day, one]) => [day, one.windows.length])], ['team', [['2026-10-01', 0], ['2026-10-02', 1]]]);
  const own = scheduleOf({ ...follower, windows: days([[540, 1020]]), timeZone: 'Asia/Tokyo' }, team, shanghai);
  assert.deepEqual([own.source, own.schedule.timeZone, Object.keys(own.schedule.exceptions)], ['own', 'Asia/Tokyo', ['2026-10-02']]);
  assert.deepEqual([scheduleOf(null, null, shanghai).source, scheduleOf({ ...follower, windows: [] }, team, shanghai).source], ['none', 'own']);
});

test('what cannot be meant is refused; to work not at all is nothing wrong', () => {
  const codes = (schedule: Schedule) => checkSchedule(schedule).map(({ path, code }) => `${path} ${code}`);
  assert.deepEqual(codes({ ...week, windows: [] }), []);
  assert.deepEqual(codes({ ...week, timeZone: 'Asia/Nowhere' }), ['/timeZone unknown_zone']);
  assert.deepEqual(codes({ ...week, windows: [{ weekday: 1, startsMinute: 540, endsMinute: 720 }, { weekday: 1, startsMinute: 700, endsMinute: 800 }] }), ['/windows/1 overlap']);
  assert.deepEqual(codes({ ...week, windows: [{ weekday: 1, startsMinute: 720, endsMinute: 540 }] }), ['/windows/0 order']);
  assert.deepEqual(codes({ ...week, exceptions: { '2026-02-30': { windows: [], note: null } } }), ['/exceptions/2026-02-30 day']);
});
