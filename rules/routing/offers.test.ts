import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../solver/random.ts';
import { advance, areaOf, inOrder, isDue, offerModes, ringMembers, whatComes, withoutNumbers, type CandidateState, type Eligible, type OfferPlan, type Ring, type Standing } from './offers.ts';

const minute = 60_000;
const one = (id: string, change: Partial<Eligible> = {}): Eligible => ({ id, score: 50, travel: 600, metres: 2_000, load: 1, lastOfferedAt: null, ...change });
const ring = (change: Partial<Ring> = {}): Ring => ({ people: null, kilometres: null, minutes: null, ...change });
const plan = (change: Partial<OfferPlan> = {}): OfferPlan => ({ mode: 'grab', rings: [ring({ people: 2 }), ring({ people: 4 })], ringOrder: 'best_match', widenMinutes: 3, acceptMinutes: 5, mostCandidates: 3, ...change });
const before: Standing = { ring: -1, nextAt: 0, candidates: [] };
const ids = (eligible: readonly Eligible[]) => eligible.map(({ id }) => id).join('');

test('the order of each mode', () => {
  const people = [one('a', { score: 70, travel: 900, load: 3, lastOfferedAt: 5 }), one('b', { score: 60, travel: 300, load: 2, lastOfferedAt: 9 }), one('c', { score: 50, travel: null, load: 0, lastOfferedAt: null }), one('d', { score: 60, travel: 300, load: 2, lastOfferedAt: 1 })];
  assert.deepEqual((['best_match', 'nearest', 'by_load', 'in_turn'] as const).map((mode) => ids(inOrder(mode, people))), ['abdc', 'bdac', 'cbda', 'cdab']);
});

test('a ring holds all that its bounds allow, and the narrower ones; without a place distances bind nobody', () => {
  const people = [one('a', { score: 90, metres: 9_000, travel: 2_000 }), one('b', { score: 80, metres: 1_000, travel: 200 }), one('c', { score: 70, metres: 3_000, travel: 500 }), one('d', { score: 60, metres: null, travel: null })];
  for (const [rings, at, expected] of [
    [[ring({ people: 1 })], 0, 'a'], [[ring({ kilometres: 3 })], 0, 'bcd'], [[ring({ minutes: 5 })], 0, 'bd'], [[ring({ people: 1, kilometres: 3 })], 0, 'b'],
    [[ring({ people: 1 }), ring({ minutes: 5 })], 1, 'abd'], [[ring({ people: 1 })], 1, 'abcd'], [[], 0, 'abcd'],
  ] as const) assert.equal(ids(ringMembers({ rings, ringOrder: 'best_match' }, at, people)), expected, JSON.stringify([rings, at]));
  assert.equal(ids(ringMembers({ rings: [ring({ people: 2 })], ringOrder: 'nearest' }, 0, people)), 'bc');
});

test('a grab widens by time or once all have declined, passes rings that bring nobody, and lapses behind the whole team', () => {
  const people = [...'abcde'].map((id, index) => one(id, { score: 90 - index }));
  const first = advance(plan(), before, people, 0);
  assert.deepEqual(first, { state: 'open', ring: 0, nextAt: 3 * minute, offered: ['a', 'b'], passed: [] });
  const at = (states: Record<string, CandidateState>, ringAt = 0): Standing => ({ ring: ringAt, nextAt: 3 * minute, candidates: Object.entries(states).map(([id, state]) => ({ id, state })) });
  assert.equal(advance(plan(), at({ a: 'declined', b: 'offered' }), people, 3 * minute - 1), null, 'somebody may still take it');
  assert.deepEqual(advance(plan(), at({ a: 'declined', b: 'declined' }), people, minute), { state: 'open', ring: 1, nextAt: 4 * minute, offered: ['c', 'd'], passed: [] });
  assert.deepEqual(advance(plan(), at({ a: 'offered', b: 'offered', c: 'offered', d: 'offered' }, 1), people, 6 * minute), { state: 'open', ring: 2, nextAt: 9 * minute, offered: ['e'], passed: [] });
  assert.deepEqual(advance(plan(), at({ a: 'offered', e: 'declined' }, 2), people, 9 * minute), { state: 'lapsed', passed: ['a'] });
  // Two at work only: the wider rings would bring nobody.
  assert.deepEqual(advance(plan(), at({ a: 'offered', b: 'offered' }), people.slice(0, 2), 3 * minute), { state: 'lapsed', passed: ['a', 'b'] });
  assert.deepEqual(advance(plan(), before, [], 0), { state: 'lapsed', passed: [] });
});

test('one after another: silence and a decline lead to the next, so many and no more', () => {
  const people = [...'abcde'].map((id, index) => one(id, { load: index }));
  const turn = plan({ mode: 'by_load' });
  assert.deepEqual(advance(turn, before, people, 0), { state: 'open', ring: 0, nextAt: 5 * minute, offered: ['a'], passed: [] });
  assert.equal(advance(turn, { ring: 0, nextAt: 5 * minute, candidates: [{ id: 'a', state: 'offered' }] }, people, 5 * minute - 1), null);
  assert.deepEqual(advance(turn, { ring: 0, nextAt: 5 * minute, candidates: [{ id: 'a', state: 'offered' }] }, people, 5 * minute), { state: 'open', ring: 1, nextAt: 10 * minute, offered: ['b'], passed: ['a'] });
  assert.deepEqual(advance(turn, { ring: 1, nextAt: 9 * minute, candidates: [{ id: 'a', state: 'passed' }, { id: 'b', state: 'declined' }] }, people, 6 * minute), { state: 'open', ring: 2, nextAt: 11 * minute, offered: ['c'], passed: [] });
  assert.deepEqual(advance(turn, { ring: 2, nextAt: 11 * minute, candidates: [{ id: 'a', state: 'passed' }, { id: 'b', state: 'declined' }, { id: 'c', state: 'offered' }] }, people, 11 * minute), { state: 'lapsed', passed: ['c'] });
  assert.deepEqual([whatComes(turn, { ring: 0, asked: 1 }), whatComes(plan(), { ring: 1, asked: 0 }), whatComes(plan(), { ring: 2, asked: 0 })], ['next', 'widen', 'lapse']);
});

test('whatever people do and whoever is there, an offer asks nobody twice, nobody who cannot be sent, and comes to an end', () => {
  const random = randomFrom(11);
  const some = (most: number): number => Math.floor(random() * (most + 1));
  for (let round = 0; round < 400; round += 1) {
    const everybody = Array.from({ length: some(12) }, (_, index) => one(`p${String(index).padStart(2, '0')}`, { score: some(100), travel: random() < 0.2 ? null : some(3_000), metres: some(20_000), load: some(6), lastOfferedAt: random() < 0.3 ? null : some(99) }));
    const mine = plan({ mode: offerModes[round % offerModes.length]!, mostCandidates: 1 + some(6), rings: Array.from({ length: some(3) }, () => ring({ people: random() < 0.5 ? 1 + some(5) : null, kilometres: random() < 0.5 ? some(15) : null, minutes: random() < 0.3 ? some(40) : null })) });
    let [standing, now, steps]: [Standing, number, number] = [before, 0, 0];
    for (;;) {
      const present = everybody.filter(() => random() < 0.8);
      const outcome = advance(mine, standing, present, now);
      assert.equal(outcome === null, !isDue(standing, now));
      if (outcome === null) {
        // Somebody declines, or nobody does and time goes by.
        const waiting = standing.candidates.findIndex(({ state }) => state === 'offered');
        if (random() < 0.4) standing = { ...standing, candidates: standing.candidates.map((candidate, index) => (index === waiting ? { ...candidate, state: 'declined' } : candidate)) };
        else now = standing.nextAt;
        continue;
      }
      steps += 1;
      assert.ok(steps <= 20, 'comes to an end');
      const known = new Map(standing.candidates.map(({ id, state }) => [id, state]));
      assert.ok(outcome.passed.every((id) => known.get(id) === 'offered'));
      if (outcome.state === 'lapsed') {
        if (mine.mode === 'grab') assert.ok(present.every(({ id }) => known.has(id)) || standing.ring >= mine.rings.length, 'everybody was asked, or the last ring was open');
        break;
      }
      assert.ok(outcome.offered.length > 0 && outcome.nextAt > now && outcome.ring > standing.ring);
      for (const id of outcome.offered) assert.ok(!known.has(id) && present.some((other) => other.id === id));
      if (mine.mode !== 'grab') assert.equal(outcome.offered.length, 1);
      standing = {
        ring: outcome.ring, nextAt: outcome.nextAt,
        candidates: [...standing.candidates.map((candidate) => (outcome.passed.includes(candidate.id) ? { ...candidate, state: 'passed' as const } : candidate)), ...outcome.offered.map((id) => ({ id, state: 'offered' as const }))],
      };
      if (mine.mode !== 'grab') assert.ok(standing.candidates.length <= mine.mostCandidates && standing.candidates.filter(({ state }) => state === 'offered').length === 1);
    }
  }
});

test('before it is taken, a place is told without its numbers, and words without telephone numbers', () => {
  for (const [address, area] of [['世纪大道 1 号', '世纪大道'], ['西畔花园3幢501室', '西畔花园'], ['12 High Street, Flat 3', 'High Street'], ['Market Square', 'Market Square'], ['３号楼', ''], ['501', '']] as const) assert.equal(areaOf(address), area);
  assert.equal(withoutNumbers('漏水，打 138 0000-1111 找王先生'), '漏水，打 *** 找王先生');
  assert.equal(withoutNumbers('3幢501室水管爆裂'), '3幢501室水管爆裂');
});
