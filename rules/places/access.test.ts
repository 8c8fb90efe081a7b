import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayNumber, type WeeklyWindow } from '../calendar/calendar.ts';
import { beginningsIn, openingsOn } from './access.ts';

const hour = 3_600_000;
const monday = dayNumber('2027-03-01');
const access: WeeklyWindow[] = [{ weekday: 1, startsMinute: 780, endsMinute: 1_020 }, { weekday: 1, startsMinute: 540, endsMinute: 720 }, { weekday: 6, startsMinute: 0, endsMinute: 1_440 }];
const nine = Date.parse('2027-03-01T01:00:00Z');

test('a place is open by the clock on its wall', () => {
  assert.deepEqual(openingsOn(access, 'Asia/Shanghai', monday), [{ from: nine, to: nine + 3 * hour }, { from: nine + 4 * hour, to: nine + 8 * hour }]);
  assert.deepEqual([openingsOn(access, 'Asia/Shanghai', monday + 1), openingsOn(null, 'Asia/Shanghai', monday)], [[], null]);
  const [saturday] = openingsOn(access, 'Europe/Berlin', dayNumber('2027-03-27'))!;
  assert.equal(saturday!.to - saturday!.from, 24 * hour);
});

test('work begins in time to be done before the place closes', () => {
  const openings = openingsOn(access, 'Asia/Shanghai', monday);
  const of = (from: number, to: number, service: number, there = openings) => beginningsIn({ from: nine + from * hour, to: nine + to * hour }, there, service * hour).map((one) => [(one.from - nine) / hour, (one.to - nine) / hour]);
  assert.deepEqual(of(-5, 20, 1), [[0, 2], [4, 7]]);
  assert.deepEqual(of(1, 5, 2), [[1, 1], [4, 5]]);
  assert.deepEqual(of(0, 20, 4), [[0, 0], [4, 4]], 'what takes longer than it is open begins when it opens');
  assert.deepEqual(of(3, 3.5, 1), []);
  assert.deepEqual(of(0, 20, 1, []), []);
  assert.deepEqual(of(0, 20, 1, null), [[0, 20]]);
});
