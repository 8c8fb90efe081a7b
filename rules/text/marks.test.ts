import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bigrams } from './bigrams.ts';
import { beginningOfPeriod, marksOf, organizationMark, periodMark, periodOf } from './marks.ts';

const organization = '01a2003a-fbe1-70a2-9972-12ed28b06e46';
const other = '01a2003a-fbe1-70a2-9972-12ed28b06e47';

test('a ticket bears the mark of the period it was made in, and of no other', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 1_500 }), (moment, period) => {
    const inside = moment >= beginningOfPeriod(period) && moment < beginningOfPeriod(period + 1);
    assert.equal(marksOf(organization, moment).includes(periodMark(organization, period)), inside);
    assert.ok(marksOf(organization, moment).includes(periodMark(organization, periodOf(moment))));
  }), { numRuns: 1_000 });
});

test('of another organization nothing is marked the same, and nobody can type a mark', () => {
  const mine = marksOf(organization, 0);
  assert.ok(mine.includes(organizationMark(organization)));
  assert.ok(marksOf(other, 0).every((mark) => !mine.includes(mark)));
  for (const mark of mine) assert.ok(!bigrams(mark).includes(mark));
});
