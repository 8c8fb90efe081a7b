import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { distanceInMetres, type Point } from '../places/distance.ts';
import { blocksOf, nearestWays } from './blocks.ts';
import { figureOf } from './figure.ts';
import { learnFrom, leastObservations, middleMean, nothingLearned, type Observed } from './learn.ts';
import { faultOfJourney, referenceSeconds, type Journey, type JourneyFault } from './observe.ts';
import { bandOf, bands, cellOf, zoneOf } from './zones.ts';

const shanghai: Point = { lat: 31.2304, lng: 121.4737 };
const east = (metres: number, from = shanghai): Point => ({ lat: from.lat, lng: from.lng + metres / (111_195 * Math.cos((from.lat * Math.PI) / 180)) });
const anywhere = fc.record({ lat: fc.double({ min: -90, max: 90, noNaN: true }), lng: fc.double({ min: -180, max: 180, noNaN: true }) });

describe('zones', () => {
  test('are squares of some 1.4 km, cells of some 50 m; each point has one of each', () => {
    assert.equal(zoneOf(shanghai), Math.floor(121.2304 * 80) * 28_800 + Math.floor(301.4737 * 80));
    assert.notEqual(zoneOf(shanghai), zoneOf(east(1_300)));
    assert.notEqual(cellOf(shanghai), cellOf(east(60)));
    fc.assert(fc.property(anywhere, (point) => {
      const [zone, cell] = [zoneOf(point), cellOf(point)];
      // The south-west corner, found from the number alone, lies at most a square away.
      const corner = (square: number, perDegree: number) => ({ lat: Math.floor(square / (360 * perDegree)) / perDegree - 90, lng: (square % (360 * perDegree)) / perDegree - 180 });
      for (const [square, perDegree] of [[zone, 80], [cell, 2_000]] as const) {
        const { lat, lng } = corner(square, perDegree);
        assert.ok(point.lat - lat >= -1e-9 && point.lat - lat <= 1 / perDegree + 1e-9 && point.lng - lng >= -1e-9 && point.lng - lng <= 1 / perDegree + 1e-9);
      }
      assert.ok(zone >= 0 && zone < 2 ** 31 && Number.isSafeInteger(cell));
    }));
  });

  test('an hour has its kind of traffic', () => {
    const of = (workday: boolean) => Array.from({ length: 24 }, (_, hour) => 'nrd'[bandOf(hour, workday)]).join('');
    assert.equal(of(true), 'nnnnnndrrddddddddrrdddnn');
    assert.equal(of(false), 'nnnnnnddddddddddddddddnn');
    assert.equal(bands.day, 2);
  });
});

describe('a journey', () => {
  const minute = 60_000;
  const journey = (minutes: number, more: Partial<Journey> = {}): Journey => ({
    from: shanghai, to: east(6_000), accuracy: 20, distance: 40, departedAt: 0, arrivedAt: minutes * minute, departureToldAt: 500, arrivalToldAt: minutes * minute + 500, ...more,
  });

  test('is believed, or not, by a reason', () => {
    const cases: [string, Journey, JourneyFault | null][] = [
      ['as it should be', journey(18), null],
      ['nobody knows where they set out', journey(18, { from: null }), 'no_position'],
      ['nor where they arrived', journey(18, { to: null }), 'no_position'],
      ['the receiver says hardly anything', journey(18, { accuracy: 800 }), 'no_position'],
      ['accuracy was not told', journey(18, { accuracy: null }), null],
      ['told far from the place of work', journey(18, { distance: 5_000 }), 'elsewhere'],
      ['the place of work is not known', journey(18, { distance: null }), null],
      ['arrived before setting out', journey(-3), 'clock'],
      ['at the same moment', journey(0), 'clock'],
      ['one by the clock of the phone, one by that of the office', journey(18, { departureToldAt: 45 * minute }), 'clock'],
      ['both by that of the phone', journey(18, { departureToldAt: 45 * minute, arrivalToldAt: 46 * minute }), null],
      ['told before it was', journey(18, { departureToldAt: -5 * minute }), 'clock'],
      ['next door', journey(4, { to: east(250) }), 'too_near'],
      ['at 180 km/h', journey(2), 'too_fast'],
      ['at 144 km/h', journey(2.5), null],
      ['with lunch', journey(70), 'too_slow'],
      ['slow, and not four times as slow', journey(60), null],
      ['a short way takes its minutes', journey(9, { to: east(400) }), null],
      ['and not any', journey(11, { to: east(400) }), 'too_slow'],
    ];
    for (const [what, given, fault] of cases) assert.equal(faultOfJourney(given), fault, what);
  });
});

describe('what is learned', () => {
  const ways = (ratios: readonly number[], more: Partial<Observed> = {}): Observed => ({ fromZone: 1, toZone: 2, workday: true, hour: 9, ratios, ...more });
  const near = (actual: number | undefined, expected: number) => assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

  test('the middle mean leaves a quarter out on either side, in parts where it has to', () => {
    near(middleMean([5]), 5);
    near(middleMean([1, 3]), 2);
    near(middleMean([1, 2, 3, 100]), 2.5);
    // Of five, 1.25 on either side go: 0.75 of the second, the third, 0.75 of the fourth.
    near(middleMean([100, 1, 2, 3, 4]), (0.75 * 2 + 3 + 0.75 * 4) / 2.5);
  });

  test('the middle mean is that of every value four times over, by plainly leaving out', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 40 }), (values) => {
      const four = values.flatMap((value) => [value, value, value, value]).sort((a, b) => a - b);
      const middle = four.slice(values.length, 3 * values.length);
      assert.ok(Math.abs(middleMean(values) - middle.reduce((sum, value) => sum + value, 0) / middle.length) < 1e-9);
    }));
  });

  test('few observations are drawn to what the organization’s ways took, those to 1', () => {
    assert.equal(nothingLearned.way(1, 2, true), undefined);
    assert.deepEqual(nothingLearned.all, { ratio: 1, count: 0 });
    assert.equal(learnFrom([ways([2, 2])]).way(1, 2, true), undefined, 'two say nothing of a way');
    const learned = learnFrom([ways([2, 2, 2]), ways(Array.from({ length: 77 }, () => 1.5), { fromZone: 8, toZone: 9 })]);
    const all = (80 * 1.5 + 20) / 100;
    near(learned.all.ratio, all);
    const workdays = (80 * 1.5 + 20 * all) / 100;
    near(learned.way(1, 2, true)?.ratio, (3 * 2 + 3 * workdays) / 6);
    assert.equal(learned.way(1, 2, true)?.count, 3);
    assert.equal(learned.way(2, 1, true), undefined, 'the way back is another');
    assert.equal(learned.way(1, 2, false), undefined, 'and so is Sunday');
  });

  test('an hour of its own counts where enough is known of it, else the day', () => {
    const learned = learnFrom([ways([2, 2, 2, 2], { hour: 8 }), ways([1, 1], { hour: 14 })]);
    assert.equal(learned.way(1, 2, true, 8)?.count, 4);
    assert.equal(learned.way(1, 2, true, 14)?.count, 6, 'two of that hour are too few');
    assert.equal(learned.way(1, 2, true)?.count, 6);
    assert.ok(learned.way(1, 2, true, 8)!.ratio > learned.way(1, 2, true)!.ratio);
  });

  test('lies between the least and the most that was seen, or 1; one liar in eight moves it little', () => {
    const ratio = fc.double({ min: 0.3, max: 4, noNaN: true });
    fc.assert(fc.property(fc.array(fc.record({ fromZone: fc.integer({ min: 0, max: 3 }), toZone: fc.integer({ min: 0, max: 3 }), workday: fc.boolean(), hour: fc.integer({ min: 7, max: 9 }), ratios: fc.array(ratio, { minLength: 1, maxLength: 6 }) }), { maxLength: 20 }), (observed) => {
      const learned = learnFrom(observed);
      const seen = [1, ...observed.flatMap(({ ratios }) => ratios)];
      for (const { fromZone, toZone, workday, hour } of observed) {
        const own = observed.filter((one) => one.fromZone === fromZone && one.toZone === toZone && one.workday === workday);
        const count = own.reduce((sum, { ratios }) => sum + ratios.length, 0);
        assert.equal(learned.way(fromZone, toZone, workday)?.count, count >= leastObservations ? count : undefined);
        for (const way of [learned.way(fromZone, toZone, workday), learned.way(fromZone, toZone, workday, hour)]) {
          assert.ok(way === undefined || (way.ratio >= Math.min(...seen) - 1e-9 && way.ratio <= Math.max(...seen) + 1e-9));
        }
      }
    }));
    const honest = Array.from({ length: 7 }, () => 1.2);
    const lied = learnFrom([ways([...honest, 4])]).way(1, 2, true)!.ratio;
    assert.ok(Math.abs(lied - learnFrom([ways([...honest, 1.2])]).way(1, 2, true)!.ratio) < 1e-9);
  });
});

describe('a figure', () => {
  const to = east(8_000);
  const estimate = { roadFactor: 1.5, metresPerSecond: 10 };

  test('comes from the router, else from what was learned, else from the straight line', () => {
    const straight = figureOf(shanghai, to, estimate);
    assert.deepEqual(straight.origin, { source: 'straight_line', roadFactor: 1.5 });
    assert.ok(Math.abs(straight.metres - 12_000) < 5 && Math.abs(straight.seconds - 1_200) < 2);
    const way = { ratio: 2, count: 14 };
    assert.deepEqual(figureOf(shanghai, to, estimate, { way }), { seconds: Math.round(referenceSeconds(shanghai, to) * 2), metres: straight.metres, origin: { source: 'learned', count: 14 } });
    const leg = { seconds: 900.4, metres: 9_000.6, askedAt: 5 };
    assert.deepEqual(figureOf(shanghai, to, estimate, { router: 'osrm', leg, way }), { seconds: 900, metres: 9_001, origin: { source: 'osrm', askedAt: 5 } });
    assert.equal(figureOf(shanghai, to, estimate, { router: 'amap', leg: { ...leg, metres: null } }).metres, straight.metres);
    assert.equal(figureOf(shanghai, to, estimate, { router: 'osrm', leg: { ...leg, seconds: null }, way }).origin.source, 'learned', 'where it knows no road');
    assert.equal(figureOf(shanghai, shanghai, estimate).seconds, 0);
  });
});

describe('what is asked at once', () => {
  test('is all, or of too many places from each to the nearest', () => {
    const row = Array.from({ length: 10 }, (_, index) => east(index * index * 100));
    assert.equal(nearestWays(row, 1_000).length, 90);
    const few = nearestWays(row, 30);
    assert.equal(few.length, 30);
    row.forEach((point, from) => {
      const metres = row.map((other, to) => (to === from ? Infinity : distanceInMetres(point, other)));
      const farthest = metres.toSorted((a, b) => a - b)[2]!;
      for (const [, to] of few.filter(([one]) => one === from)) assert.ok(metres[to]! <= farthest + 1);
    });
    assert.deepEqual([nearestWays([], 10), nearestWays([shanghai], 10), nearestWays([shanghai, shanghai], 10).length], [[], [], 2]);
    assert.equal(nearestWays(row.map(() => shanghai), 20).length, 20, 'at one place, too');
  });

  test('covers all that is missing, within limits, near ones first, and nothing in vain', () => {
    const point = fc.record({ lat: fc.double({ min: 31, max: 31.4, noNaN: true }), lng: fc.double({ min: 121, max: 121.5, noNaN: true }) });
    fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 9 }), (points, from, to, every) => {
      const isMissing = (one: number, other: number) => (one * 7 + other) % every === 0;
      const missing = points.flatMap((_, one) => points.flatMap((__, other) => (isMissing(one, other) ? [[one, other] as const] : [])));
      const blocks = blocksOf(points, missing, { from, to }, 10_000);
      const asked = new Set<string>();
      for (const block of blocks) {
        assert.ok(block.from.length >= 1 && block.from.length <= from && block.to.length >= 1 && block.to.length <= to);
        for (const one of block.from) assert.ok(block.to.some((other) => one !== other && isMissing(one, other)), 'no row in vain');
        for (const other of block.to) assert.ok(block.from.some((one) => one !== other && isMissing(one, other)), 'no column in vain');
        for (const one of block.from) for (const other of block.to) {
          if (one === other) continue;
          assert.ok(!asked.has(`${one} ${other}`), 'nothing twice');
          asked.add(`${one} ${other}`);
        }
      }
      points.forEach((_, one) => points.forEach((__, other) => assert.ok(one === other || !isMissing(one, other) || asked.has(`${one} ${other}`))));
    }), { numRuns: 60 });
    // Two towns, far from each other: within each of them first.
    const towns = [...Array.from({ length: 4 }, (_, index) => ({ lat: 31 + index / 1_000, lng: 121 })), ...Array.from({ length: 4 }, (_, index) => ({ lat: 32 + index / 1_000, lng: 121 }))];
    const first = blocksOf(towns, nearestWays(towns, 1_000), { from: 4, to: 4 }, 2);
    assert.deepEqual(first.map(({ from, to }) => [...from, ...to].sort().join('')), ['00112233', '44556677']);
  });
});
