import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenByReleasing } from './broken-rules.ts';
import type { Day, DayJob } from './day.ts';
import { brokenByPlan, fit, type Put } from './fit.ts';
import { planDay } from './planned.ts';
import { randomDay, sampleDay, sampleJob, samplePerson } from './sample-days.ts';

const hour = (hours: number) => hours * 3_600;
const planned = (day: Day, anew = false): Put[] =>
  planDay(day, { keep: 'promises', anew, milliseconds: 0, rounds: 300, now: () => 0 }).jobs.filter(({ before, after }) => before !== null || after !== null).map(({ job, after }) => ({ job, to: after }));
const own = (id: string, place: number, more: Partial<DayJob> = {}) => sampleJob(id, place, { technician: 'p', ...more });
const breaks = (day: Day, puts: readonly Put[]) => [...brokenByPlan(day, puts)].map(([id, found]) => [id, found.map(({ rule }) => rule)]);

test('what a plan has late because nobody can keep the promise fits with a reason, and only with one', () => {
  const day = sampleDay([samplePerson('p')], [sampleJob('a', 1, { promised: [hour(9), hour(10)] })], { now: hour(11) });
  const puts = planned(day);
  assert.deepEqual(puts.map(({ to }) => to !== null && to.begins >= hour(11)), [true]);
  assert.deepEqual(breaks(day, puts), [['a', ['promise']]]);
  assert.deepEqual(fit(day, puts).dropped, puts);
  assert.deepEqual(fit(day, puts, () => true).days.get('p')!.stops.map(({ begins }) => begins), [puts[0]!.to!.begins]);
});

test('days of chance: what a plan shows is what can be applied, with a reason where it says so', () => {
  for (let seed = 1; seed <= Number(process.env['DAYS'] ?? 12); seed += 1) {
    const day = { ...randomDay(seed, 4, 20), now: hour(9) };
    const puts = planned(day);
    const told = brokenByPlan(day, puts);
    for (const [id, found] of told) assert.ok(found.every(({ rule }) => rule === 'promise' || rule === 'released_promised' || rule === 'access_hours'), `seed ${seed} ${id} ${JSON.stringify(found.map(({ rule }) => rule))}`);
    assert.deepEqual(fit(day, puts, ({ job }, { rule }) => told.get(job.id)?.some((one) => one.rule === rule) ?? false).dropped, [], `seed ${seed}`);
  }
});

test('what nobody can do any more is given back and leaves its day; held or promised, that takes a reason', () => {
  const cases: [Partial<DayJob>, number | null, string[]][] = [
    [{}, null, []],
    [{ lock: { person: true, range: null } }, null, ['released_held']],
    [{ lock: { person: false, range: [hour(10), hour(10)] } }, hour(9), ['released_held']],
    [{ lock: { person: false, range: [hour(10), hour(10)] } }, hour(11), []],
    [{ promised: [hour(10), hour(12)] }, hour(11), ['released_promised']],
    [{ promised: [hour(10), hour(12)] }, hour(13), []],
  ];
  for (const [job, now, rules] of cases) assert.deepEqual(brokenByReleasing(samplePerson('p'), own('a', 1, job), now).map(({ rule }) => rule), rules);
  const day = sampleDay([samplePerson('p')], [own('a', 1, { promised: [hour(10), hour(12)] }), own('b', 1)]);
  const puts = day.jobs.map((job): Put => ({ job, to: null }));
  assert.deepEqual(breaks(day, puts), [['a', ['released_promised']]]);
  const { days, dropped } = fit(day, puts);
  assert.deepEqual([dropped.map(({ job }) => job.id), days.get('p')!.stops.map(({ job }) => job.id)], [['a'], ['a']]);
});

test('whoever comes along has it in their own day: what they cannot keep is taken out', () => {
  const two = sampleJob('a', 1, { crew: [{ skills: [] }] });
  const put: Put = { job: two, to: { person: 'p', begins: hour(10), members: ['q'] } };
  const cases: [string, Parameters<typeof samplePerson>[2], DayJob[], boolean][] = [
    ['free', {}, [], true],
    ['somewhere else at that time', {}, [sampleJob('b', 9, { technician: 'q', planned: hour(9.8) })], false],
    ['behind it', {}, [sampleJob('b', 9, { technician: 'q', planned: hour(11) })], true],
    ['home already', { shift: [hour(8), hour(10)] }, [], false],
    ['off that day', { shift: null }, [], false],
  ];
  for (const [what, person, jobs, fits] of cases) {
    const { days, dropped } = fit(sampleDay([samplePerson('p'), samplePerson('q', 0, person)], [two, ...jobs]), [put]);
    assert.deepEqual([dropped.length === 0, days.get('p')!.stops.length, days.get('q')!.stops.length], [fits, fits ? 1 : 0, jobs.length + (fits ? 1 : 0)], what);
  }
  const busy = sampleDay([samplePerson('p'), samplePerson('q')], [two, own('c', 1, { planned: hour(9.8) })]);
  assert.equal(fit(busy, [put]).dropped.length, 1, 'who leads comes later than who comes along');
});
