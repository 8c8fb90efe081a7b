import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../solver/random.ts';
import { propose, reasonOf, scoreFactors, usualWeights, type Request } from './propose.ts';
import { changeDay, prepareRoster, usualTravel, type Candidate, type KnownWays } from './roster.ts';
import { distanceInMetres, type Point } from '../places/distance.ts';

const shanghai: Point = { lat: 31.23, lng: 121.47 };
const north = (metres: number): Point => ({ lat: shanghai.lat + metres / 111_195, lng: shanghai.lng });
const one = (id: string, change: Partial<Candidate> = {}): Candidate => ({ id, skills: { lift: 3 }, shift: [28_800, 61_200], start: shanghai, end: shanghai, stops: [], load: 2, capacity: 8, territories: ['east'], share: 0.1, ...change });
const asked: Request = { point: north(2_000), service: 3_600, windows: [[32_400, 43_200]], skills: [{ skill: 'lift', level: 2 }], territories: ['east'] };

test('each who is ruled out has the first reason that applies', () => {
  const busy = { point: north(30_000), service: 7_200, window: [32_400, 32_400] as const };
  const early = { point: shanghai, service: 5_000, window: [28_800, 28_800] as const };
  const roster = prepareRoster([
    one('off', { shift: null }), one('other'), one('banned'), one('west', { territories: ['west'] }), one('novice', { skills: { lift: 1 } }), one('full', { load: 8 }), one('kept', { stops: [early], room: 1_480 }), one('busy', { stops: [busy], shift: [28_800, 45_000] }), one('free'),
  ]);
  const proposal = propose(roster, { ...asked, withinTerritory: true, required: ['off', 'banned', 'west', 'novice', 'full', 'kept', 'busy', 'free'], banned: ['banned'] });
  assert.deepEqual(['off', 'other', 'banned', 'west', 'novice', 'full', 'kept', 'busy', 'free', 'nobody'].map((id) => reasonOf(roster, proposal, id)), ['off_duty', 'not_required', 'banned', 'territory', 'skill', 'full', 'reserved', 'no_gap', null, null]);
  assert.deepEqual([proposal.eligible, proposal.best.map(({ id }) => id)], [1, ['free']]);
});

test('a territory binds where it is to, counts where it is not, and is no matter where there is none', () => {
  const people = [one('here'), one('there', { territories: ['west'] }), one('anywhere', { territories: null })];
  const out = (change: Partial<Request>) => {
    const roster = prepareRoster(people);
    const proposal = propose(roster, { ...asked, ...change });
    return Object.fromEntries(people.map(({ id }) => [id, reasonOf(roster, proposal, id) ?? proposal.best.find((one) => one.id === id)!.sheet.find(({ factor }) => factor === 'territory')!.value]));
  };
  assert.deepEqual(out({}), { here: 1, there: 0, anywhere: 1 });
  assert.deepEqual(out({ withinTerritory: true }), { here: 1, there: 'territory', anywhere: 1 });
  assert.deepEqual(out({ territories: ['west', 'east'], withinTerritory: true }), { here: 1, there: 1, anywhere: 1 });
  assert.deepEqual(out({ territories: [], withinTerritory: true }), { here: 1, there: 1, anywhere: 1 });
});

test('what is kept for urgent work is left free, up to the last second, and urgent work may take it', () => {
  // Nine hours, of which thirty per cent are kept: 22,680 seconds.
  const busy = (service: number) => one('a', { room: 22_680 - service, stops: [{ point: shanghai, service, window: [28_800, 28_800] as const }] });
  const asks = { ...asked, windows: [[28_800, 61_200]] as const };
  const reason = (candidate: Candidate, change: Partial<Request> = {}) => {
    const roster = prepareRoster([candidate]);
    return reasonOf(roster, propose(roster, { ...asks, ...change }), 'a');
  };
  assert.deepEqual([reason(busy(19_080)), reason(busy(19_081)), reason(busy(19_081), { urgent: true }), reason(busy(32_400), { urgent: true })], [null, 'reserved', null, 'no_gap']);
});

test('nothing is begun that a break would break off, and what is on the way waits for its end', () => {
  const [nine, ten, noon, one_, two, four, six] = [9, 10, 12, 13, 14, 16, 18].map((at) => at * 3_600) as [number, number, number, number, number, number, number];
  const here = { ...asked, point: shanghai };
  const begins = (change: Partial<Candidate>, request: Partial<Request> = {}) => propose(prepareRoster([one('a', { shift: [nine, six], ...change })]), { ...here, windows: [[nine, six]], ...request }).best[0]?.begins ?? null;
  const leave = [{ from: ten, to: four }];
  const lunch = [{ from: noon, to: one_ }];
  for (const [name, change, request, expected] of [
    ['before leave', { breaks: leave }, {}, nine],
    ['in the middle of leave', { breaks: leave }, { windows: [[noon, one_]] }, null],
    ['after leave, from where they live', { breaks: leave, start: north(-8_000), end: null }, { windows: [[ten, six]] }, four + 10_000 * 1.3 / 8],
    ['too long for the hour before', { breaks: leave }, { service: 5_400 }, four],
    ['between two shifts', { breaks: [{ from: noon, to: two }] }, { windows: [[noon - 1_800, two - 1]] }, null],
    ['what would run into lunch', { breaks: lunch }, { windows: [[noon - 1_800, six]] }, one_],
    ['what may, where lunch may be later', { breaks: [{ ...lunch[0]!, slack: 1_800 }] }, { windows: [[noon - 1_800, six]] }, noon - 1_800],
    ['behind a stop that runs up to lunch', { breaks: lunch, stops: [{ point: shanghai, service: 5_400, window: [ten, ten + 1_800] }] }, { windows: [[ten, noon]], service: 7_200 }, null],
    ['two parts of a window, of which one is in a break', { breaks: lunch }, { windows: [[noon, noon + 600], [two, six]] }, two],
  ] as const) {
    const found = begins(change, { ...(name.startsWith('after leave') ? { point: north(2_000) } : {}), ...request });
    assert.ok(found === expected || (found !== null && expected !== null && Math.abs(found - expected) < 5), `${name}: ${found} and ${expected}`);
  }
  // What is promised for the afternoon is kept: nothing goes in before it that would end in the break.
  const promised = { point: shanghai, service: 3_600, window: [one_, one_ + 600] as const };
  assert.equal(begins({ breaks: lunch, stops: [promised] }, { service: 3_600, windows: [[noon - 3_000, six]] }), two);
  assert.equal(begins({ breaks: lunch, stops: [promised] }, { service: 3_600, windows: [[noon - 3_600, noon]] }), noon - 3_600);
});

test('the least skilled who suffices, the near, the familiar go first', () => {
  const first = (candidates: readonly Candidate[], request: Request = asked) => propose(prepareRoster(candidates), request).best[0]!.id;
  assert.equal(first([one('expert', { skills: { lift: 5 } }), one('apt', { skills: { lift: 2 } })]), 'apt');
  assert.equal(first([one('far', { start: north(-9_000), end: north(-9_000) }), one('near')]), 'near');
  assert.equal(first([one('stranger'), one('known')], { ...asked, familiar: { known: 1 } }), 'known');
  assert.equal(first([one('laden', { load: 7 }), one('light', { load: 0 })]), 'light');
});

test('the sheet adds up to the score', () => {
  const { best } = propose(prepareRoster([one('a'), one('b', { load: 5, share: 0.6 })]), { ...asked, preferred: ['b'] });
  for (const { score, sheet } of best) {
    assert.deepEqual(sheet.map(({ factor }) => factor), [...scoreFactors]);
    assert.ok(Math.abs(sheet.reduce((sum, { points }) => sum + points, 0) - score) < 1e-9 && score >= 0 && score <= 100);
  }
});

test('a day that is changed is as if it had been there from the beginning', () => {
  const random = randomFrom(9);
  const somewhere = (): Point => north((random() - 0.5) * 20_000);
  const stops = (count: number) => Array.from({ length: count }, (_, at) => ({ point: somewhere(), service: 1_200, window: [30_000 + at * 4_000, 40_000 + at * 5_000] as const }));
  let people = Array.from({ length: 30 }, (_, index) => one(`t${index}`, { start: somewhere(), end: index % 3 === 0 ? null : somewhere(), stops: stops(index % 4), load: 1 }));
  const ways: KnownWays = (from, to) => (from.lat < to.lat ? 1_000 + Math.round((to.lat - from.lat) * 50_000) : undefined);
  const [roster, knowing] = [prepareRoster(people), prepareRoster(people, usualTravel, ways)];
  for (let round = 0; round < 60; round += 1) {
    const index = Math.floor(random() * people.length);
    const next = { ...people[index]!, stops: stops(Math.floor(random() * 6)), load: round % 8, ...(round % 2 === 0 ? { room: 6_000 } : {}) };
    people = people.with(index, next);
    changeDay(roster, index, next);
    changeDay(knowing, index, next);
    const request: Request = { ...asked, point: somewhere(), service: 4_000 };
    assert.deepEqual(propose(roster, request), propose(prepareRoster(people), request));
    assert.deepEqual(propose(knowing, request), propose(prepareRoster(people, usualTravel, ways), request));
  }
});

test('the place found is the best of all, as one by one trial says, also where ways are known that are another there than back', () => {
  for (const isKnown of [false, true]) bestPlaces(isKnown);
});

function bestPlaces(isKnown: boolean): void {
  const random = randomFrom(5);
  const somewhere = (): Point => ({ lat: shanghai.lat + (random() - 0.5) * 0.3, lng: shanghai.lng + (random() - 0.5) * 0.3 });
  const candidates = Array.from({ length: 300 }, (_, index): Candidate => {
    const end = random() < 0.7 ? somewhere() : null;
    const stops = Array.from({ length: Math.floor(random() * 6) }, (__, at) => ({ point: somewhere(), service: 1_800, window: [30_000 + at * 6_000, 38_000 + at * 6_000] as const }));
    return one(`t${index}`, { start: somewhere(), end, stops, shift: [28_800, 70_000] });
  });
  const straight = (a: Point, b: Point) => (distanceInMetres(a, b) * usualTravel.roadFactor) / usualTravel.metresPerSecond;
  // Of two ways in three something is known: eastward it is slow.
  const ways = (a: Point, b: Point) => (Math.floor((a.lat + b.lng) * 1e4) % 3 === 0 ? undefined : straight(a, b) * (a.lng < b.lng ? 1.9 : 0.8));
  const roster = isKnown ? prepareRoster(candidates, usualTravel, ways) : prepareRoster(candidates);
  const seconds = (a: Point, b: Point) => (isKnown ? ways(a, b) : undefined) ?? straight(a, b);
  for (let round = 0; round < 20; round += 1) {
    const slower = `t${round}`;
    const request: Request = { point: somewhere(), service: 2_400, serviceBy: { [slower]: 9_000 }, windows: [[30_000, 36_000], [45_000, 52_000]], skills: [] };
    const proposal = propose(roster, request, { ...usualWeights }, candidates.length);
    const travel = new Map(proposal.best.map((each) => [each.id, each.travel]));
    for (const { id, start, end, stops, shift } of candidates) {
      // What somebody cannot keep as it is says nothing about what may be added.
      let [present, at] = [shift![0], start];
      const isKept = stops.every(({ point, service, window }) => {
        const arrives = present + seconds(at, point);
        [present, at] = [Math.max(arrives, window[0]) + service, point];
        return arrives <= window[1];
      });
      if (!isKept) continue;
      let best = Infinity;
      for (let at = 0; at <= stops.length; at += 1) {
        const row = [...stops.slice(0, at), { point: request.point, service: id === slower ? 9_000 : request.service, window: null }, ...stops.slice(at)];
        let [now, here, length] = [shift![0], start, 0];
        for (const { point, service, window } of row) {
          length += seconds(here, point);
          now += seconds(here, point);
          const open = (window ? [window] : request.windows).find(([, until]) => now <= until);
          now = open ? Math.max(now, open[0]) + service : Infinity;
          here = point;
        }
        if (end) [now, length] = [now + seconds(here, end), length + seconds(here, end)];
        if (now <= shift![1]) best = Math.min(best, length);
      }
      let before = 0;
      const points = [start, ...stops.map(({ point }) => point), ...(end ? [end] : [])];
      for (let at = 1; at < points.length; at += 1) before += seconds(points[at - 1]!, points[at]!);
      assert.equal(travel.has(id), best < Infinity, id);
      if (best < Infinity) assert.ok(Math.abs(travel.get(id)! - (best - before)) < 0.5, `${id}: ${travel.get(id)} and ${best - before}`);
    }
  }
}
