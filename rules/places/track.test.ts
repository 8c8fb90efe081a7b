import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOfPoint } from './plausible.ts';
import { comesNear, doubtOfCheckIn, reckonArrival, thinTrack, whyNotFollowed } from './track.ts';

const hangzhou = { lat: 30.2741, lng: 120.1551 };
const kashgar = { lat: 39.47, lng: 75.99 };

test('a check-in is doubted when it is far for sure, or when nobody can tell', () => {
  for (const [distance, accuracy, doubt] of [[null, null, null], [null, 50_000, null], [900, null, null], [1_001, null, 'far'], [1_500, 600, null], [30_000, 1_000, 'far'], [30_000, 30_000, 'unplaced'], [10, 1_001, 'unplaced']] as const) {
    assert.equal(doubtOfCheckIn({ distance, accuracy }), doubt, `${distance} ±${accuracy}`);
  }
});

test('nobody is followed home because they forgot a tap', () => {
  const hour = 3_600_000;
  const place = { lat: 30.2741, lng: 120.1551 };
  const near = { lat: 30.2831, lng: 120.1551, accuracy: 20 };
  const home = { lat: 30.3241, lng: 120.1551, accuracy: 20 };
  const onSite = { status: 'on_site', travelStartedAt: 0, checkedInAt: hour, place };
  const going = { status: 'travelling', travelStartedAt: 0, checkedInAt: null, place };
  for (const [visit, point, at, why] of [
    [going, home, hour, null], [going, home, 6 * hour, null], [going, null, 6 * hour + 1, 'too_long'], [onSite, near, 2 * hour, null], [onSite, home, 2 * hour, 'left'], [onSite, { ...home, accuracy: 100_000 }, 2 * hour, 'left'],
    [{ ...onSite, place: null }, home, 2 * hour, null], [onSite, near, 13 * hour, null], [onSite, near, 13 * hour + 1, 'too_long'],
  ] as const) assert.equal(whyNotFollowed(visit, point, at), why, JSON.stringify([visit, point, at]));
});

test('coordinates that cannot be meant, and those in each other’s place', () => {
  const cases: [lat: number, lng: number, expected: typeof hangzhou | null, fault: ReturnType<typeof faultOfPoint>][] = [
    [30.2746, 120.1557, hangzhou, null], [120.1551, 30.2741, null, 'swapped'], [120.1551, 200, null, 'impossible'], [0, 0, null, 'impossible'], [Number.NaN, 1, null, 'impossible'],
    [75.99, 39.47, kashgar, 'swapped'], [75.99, 39.47, null, null], [39.9, 116.4, hangzhou, null], [51.5, -0.1, hangzhou, null], [-91, 181, null, 'impossible'],
  ];
  for (const [lat, lng, expected, fault] of cases) assert.equal(faultOfPoint({ lat, lng }, expected), fault, `${lat}, ${lng}`);
});

test('a track holds what is worth keeping, in its order, whatever clock and order it came with', () => {
  const point = (at: number) => ({ ...hangzhou, at, accuracy: 10 });
  const given = [90_000, 10_000, 12_000, 15_000, 15_000, 5_000, 2_000_000, 40_000].map(point);
  assert.deepEqual(thinTrack(given, { from: 8_000, to: 100_000 }).map(({ at }) => at), [10_000, 15_000, 40_000, 90_000]);
  assert.deepEqual(thinTrack([], { from: 0, to: 1 }), []);
});

test('almost there is told of those who are, and not of a phone that hardly knows where it is', () => {
  const at = (lat: number, accuracy: number) => ({ lat, lng: hangzhou.lng, at: 0, accuracy });
  assert.equal(comesNear([at(30.2778, 20)], hangzhou), true);
  assert.equal(comesNear([at(30.2795, 20)], hangzhou), false);
  assert.equal(comesNear([at(30.2742, 3_000)], hangzhou), false);
  assert.deepEqual(reckonArrival({ lat: 30.3, lng: 120.1551 }, hangzhou, { roadFactor: 1.3, metresPerSecond: 8 }), { metres: 3_700, minutes: 8 });
  assert.deepEqual(reckonArrival(hangzhou, hangzhou, { roadFactor: 1.3, metresPerSecond: 8 }), { metres: 100, minutes: 1 });
});
