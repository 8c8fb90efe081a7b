import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayAfter, dayIn, leftOf, linesOf, momentAt, scaleOf, shownHours, stepped, tracksOf, wallMoment } from './scale.ts';
import { zooms } from './search.ts';

const zone = 'Asia/Shanghai';
const at = (time: string): number => Date.parse(`2026-11-23T${time}:00+08:00`);

test('a moment lies where it is read back from, at every zoom', () => {
  for (const zoom of zooms) {
    const scale = scaleOf(at('07:00'), at('19:00'), zoom);
    for (let moment = scale.start; moment < scale.end; moment += scale.snap * 60_000) assert.equal(momentAt(scale, leftOf(scale, moment)), moment);
    assert.equal(momentAt(scale, -500), scale.start, 'nothing lies left of the axis');
    assert.equal(momentAt(scale, scale.width + 500), scale.end - scale.snap * 60_000, 'nor right of it');
  }
});

test('what is dropped snaps to the nearest step', () => {
  const scale = scaleOf(at('07:00'), at('19:00'), 60);
  assert.equal(momentAt(scale, leftOf(scale, at('09:07'))), at('09:00'));
  assert.equal(momentAt(scale, leftOf(scale, at('09:08'))), at('09:15'));
  assert.equal(stepped(scale, at('09:07'), 1), at('09:15'));
  assert.equal(stepped(scale, at('09:00'), -1), at('08:45'));
  assert.equal(stepped(scale, at('07:00'), -1), at('07:00'));
});

test('lines stand a step apart, hours among them', () => {
  const lines = linesOf(scaleOf(at('07:00'), at('09:00'), 30));
  assert.deepEqual(lines.map(({ hour }) => hour), [true, false, true, false]);
  assert.deepEqual(lines.map(({ at: moment }) => moment), [at('07:00'), at('07:30'), at('08:00'), at('08:30')]);
});

test('the hours shown widen to what there is, in full hours, within the day', () => {
  assert.deepEqual(shownHours('2026-11-23', zone, []), { from: at('07:00'), to: at('19:00') });
  assert.deepEqual(shownHours('2026-11-23', zone, [at('06:20'), at('22:10')]), { from: at('06:00'), to: at('23:00') });
  assert.deepEqual(shownHours('2026-11-23', zone, [at('06:20') - 86_400_000]), { from: at('07:00'), to: at('19:00') }, 'another day is another board');
});

test('days follow one another, over months and years', () => {
  assert.equal(dayAfter('2026-12-31'), '2027-01-01');
  assert.equal(dayAfter('2027-03-01', -1), '2027-02-28');
  assert.equal(wallMoment(zone, '2026-11-23', 9 * 60 + 30), at('09:30'));
  assert.equal(wallMoment('Europe/Berlin', '2026-03-29', 9 * 60), Date.parse('2026-03-29T09:00:00+02:00'), 'nine on the wall, also when the night was shorter');
  assert.equal(dayIn(zone, Date.parse('2026-11-22T16:30:00Z')), '2026-11-23');
});

test('what overlaps lies on tracks of its own, and one is used again once it is free', () => {
  const stretch = (from: string, to: string) => ({ start: at(from), end: at(to) });
  assert.deepEqual(tracksOf([stretch('08:00', '10:00'), stretch('09:00', '10:00'), stretch('10:00', '11:00')]), { track: [0, 1, 0], count: 2 });
  assert.deepEqual(tracksOf([]), { track: [], count: 1 });
});
