import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOfPoint } from './plausible.ts';
import { comesNear, reckonArrival, thinTrack } from './track.ts';

const hangzhou = { lat: 30.2741, lng: 120.1551 };
const kashgar = { lat: 39.47, lng: 75.99 };

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
