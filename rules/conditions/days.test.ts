import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, addMonths, dayIn, daysBetween, instantOf, isDay, isTime, isTimeZone, normaliseInstant, weekday } from './days.ts';

test('only days of the calendar are days', () => {
  for (const day of ['2026-02-28', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) assert.ok(isDay(day), day);
  for (const day of ['2026-02-29', '1900-02-29', '2026-13-01', '2026-00-01', '2026-04-31', '2026-1-1', '0000-01-01', '2026-01-01T00:00', ' 2026-01-01', '', null, 20260101]) assert.ok(!isDay(day), String(day));
  for (const time of ['00:00', '23:59', '09:05']) assert.ok(isTime(time), time);
  for (const time of ['24:00', '9:05', '12:60', '12:00:00', '']) assert.ok(!isTime(time), time);
});

test('instants are brought to UTC with milliseconds', () => {
  const cases: [string, string | null][] = [
    ['2026-11-21T08:00:00+08:00', '2026-11-21T00:00:00.000Z'], ['2026-11-21T00:00:00Z', '2026-11-21T00:00:00.000Z'], ['2026-11-21t23:30:00.5-05:30', '2026-11-22T05:00:00.500Z'], ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2026-11-21T08:00:00.1239Z', '2026-11-21T08:00:00.123Z'], ['2026-02-30T00:00:00Z', null], ['2026-11-21T24:00:00Z', null], ['2026-11-21T08:00:00', null], ['2026-11-21', null], ['9999-12-31T23:00:00-05:00', null], ['0001-01-01T00:00:00+05:00', null], ['', null],
  ];
  for (const [given, normal] of cases) assert.equal(normaliseInstant(given), normal, given);
});

test('days and months are counted by the calendar', () => {
  fc.assert(fc.property(fc.integer({ min: -600_000, max: 2_000_000 }), fc.integer({ min: -10_000, max: 10_000 }), (start, count) => {
    const day = addDays('2000-01-01', start);
    if (day === null) return;
    const later = addDays(day, count);
    if (later === null) return;
    assert.equal(daysBetween(day, later), count);
    assert.equal(weekday(later), (((weekday(day) + count) % 7) + 7) % 7);
  }));
  for (const [day, months, result] of [['2026-01-31', 1, '2026-02-28'], ['2024-01-31', 1, '2024-02-29'], ['2026-03-31', -1, '2026-02-28'], ['2026-01-15', -13, '2024-12-15'], ['2026-12-31', 2, '2027-02-28']] as const) assert.equal(addMonths(day, months), result);
  assert.equal(weekday('2026-11-23'), 0);
  assert.equal(addDays('9999-12-31', 1), null);
});

test('a day begins when the clock in its zone says so, even where the clock is changed', () => {
  const cases: [string, string, string, string][] = [
    ['2026-11-21', 'Asia/Shanghai', '00:00', '2026-11-20T16:00:00.000Z'], ['2026-07-01', 'America/New_York', '00:00', '2026-07-01T04:00:00.000Z'],
    // 02:30 does not exist, 01:30 exists twice.
    ['2026-03-08', 'America/New_York', '02:30', '2026-03-08T07:00:00.000Z'], ['2026-11-01', 'America/New_York', '01:30', '2026-11-01T05:30:00.000Z'],
    // Midnight did not exist in Santiago that day.
    ['2026-09-06', 'America/Santiago', '00:00', '2026-09-06T04:00:00.000Z'], ['2026-11-21', 'Asia/Kathmandu', '00:00', '2026-11-20T18:15:00.000Z'],
  ];
  for (const [day, zone, time, instant] of cases) assert.equal(instantOf(day, zone, time), instant, `${day} ${time} ${zone}`);
  assert.ok(isTimeZone('Asia/Shanghai') && !isTimeZone('Asia/Nowhere'));
});

test('an instant lies between the beginning of its day and that of the next', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'America/New_York', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC', 'Africa/Casablanca');
  fc.assert(fc.property(fc.integer({ min: 946_684_800_000, max: 1_900_000_000_000 }), zones, (at, zone) => {
    const instant = new Date(at).toISOString();
    const day = dayIn(instant, zone);
    assert.ok(instantOf(day, zone) <= instant && instant < instantOf(addDays(day, 1)!, zone), `${instant} ${zone} ${day}`);
  }), { numRuns: 500 });
});
