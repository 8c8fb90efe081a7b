import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../solver/random.ts';
import { brokenRules, dayRules, newlyBroken } from './broken-rules.ts';
import { placeCrews } from './crews.ts';
import { presentDay, serviceOf, type Day, type DayJob, type DayPerson } from './day.ts';
import { layOut } from './lay-out.ts';
import { planDay } from './planned.ts';
import { randomDay, sampleDay, sampleJob, samplePerson } from './sample-days.ts';

const hour = (hours: number) => hours * 3_600;
const anybody = { skills: [] };
const lift = (level: number) => ({ skills: [{ skill: 'lift', level }] });
const plan = (day: Day) => planDay(day, { keep: 'promises', anew: false, milliseconds: 0, rounds: 300, now: () => 0 });

test('a crew is those who suffice, the nearest first, at the first moment they are free together', () => {
  const people = [samplePerson('near', 1), samplePerson('expert', 1, { skills: { lift: 3 } }), samplePerson('able', 2, { skills: { lift: 1 } }), samplePerson('far', 20)];
  const cases: [string, Partial<DayJob>, DayPerson[], [people: string[], begins: number] | null][] = [
    ['three of anybody', { crew: [anybody, anybody] }, people, [['near', 'able', 'expert'], hour(8.25)]],
    ['skills of the lead and of one who comes along', { skills: [{ skill: 'lift', level: 1 }], crew: [lift(2), anybody] }, people, [['able', 'expert', 'near'], hour(8.25)]],
    ['nobody twice', { skills: [{ skill: 'lift', level: 2 }], crew: [lift(2), anybody] }, people, null],
    ['who was asked for leads', { required: ['far'], crew: [anybody, anybody] }, people, [['far', 'near', 'able'], hour(9)]],
    ['who is not accepted does not come along either', { banned: ['near', 'able'], crew: [anybody, anybody] }, people, null],
    ['as promised', { promised: [hour(14), hour(15)], crew: [anybody, anybody, anybody] }, people, [['near', 'far', 'able', 'expert'], hour(14)]],
    ['while one may enter', { access: [[hour(10), hour(11)]], crew: [anybody, anybody] }, people, [['near', 'far', 'able'], hour(10)]],
    ['late rather than not at all', { promised: [hour(6), hour(7)], crew: [anybody, anybody] }, people, [['near', 'able', 'expert'], hour(8.25)]],
    ['not more than there are', { crew: [anybody, anybody, anybody, anybody] }, people, null],
    ['behind what they have', { crew: [anybody, anybody, anybody] }, [...people.slice(0, 3), samplePerson('far', 20, { shift: [hour(12), hour(17)] })], [['near', 'far', 'able', 'expert'], hour(13.25)]],
  ];
  for (const [what, job, present, expected] of cases) {
    const { day, made, left } = placeCrews(sampleDay(present, [sampleJob('a', 1, { ...job })]));
    if (expected === null) {
      assert.deepEqual([left.map(({ reason }) => reason), made.size], [['no_crew'], 0], what);
      continue;
    }
    const lead = day.jobs.find(({ along }) => !along)!;
    assert.deepEqual([lead.technician, ...lead.members].toSorted(), expected[0].toSorted(), what);
    assert.equal(lead.technician, expected[0][0], what);
    assert.ok(lead.planned! <= expected[1] && lead.planned! > expected[1] - 3_600, `${what}: ${lead.planned! / 3_600}`);
    assert.deepEqual(day.jobs.map(({ planned }) => planned), day.jobs.map(() => lead.planned), what);
  }
});

test('what would have to give way is told: an earlier time, overtime, or people', () => {
  const people = ['p', 'q', 'r'].map((id) => samplePerson(id, 1));
  const of = (job: Partial<DayJob>, present = people) => placeCrews(sampleDay(present, [sampleJob('a', 1, { crew: [anybody, anybody], ...job })])).left[0]!.relaxations.map(({ kind, seconds }) => [kind, seconds]);
  assert.deepEqual(of({ promised: [hour(16.75), hour(17)] }), [['window', -hour(0.25)], ['overtime', hour(0.25)]]);
  assert.deepEqual(of({}, people.slice(1)), [['second', null]]);
  assert.deepEqual(of({}, [samplePerson('p', 1, { shift: null })]), []);
});

test('days of chance: a crew is together, able, free and on time, and everything else is planned around it', () => {
  for (let seed = 1; seed <= Number(process.env['DAYS'] ?? 12); seed += 1) {
    const random = randomFrom(seed);
    const plain = randomDay(seed, 6, 14);
    const day = { ...plain, jobs: plain.jobs.map((job) => (job.technician === null && random() < 0.4 ? { ...job, crew: Array.from({ length: 2 + Math.floor(random() * 2) }, () => (random() < 0.3 ? lift(1) : anybody)) } : job)) };
    const planned = plan(day);
    assert.deepEqual(planned.faults, [], `seed ${seed}`);
    const ids = [...planned.jobs.map(({ job }) => job.id), ...planned.leftOut.filter(({ reason }) => reason === 'no_crew').map(({ job }) => job.id)];
    assert.deepEqual(ids.toSorted(), day.jobs.map(({ id }) => id).toSorted(), `seed ${seed}: each once`);
    for (const { job, after } of planned.jobs) {
      if (after === null || job.crew.length < 2 || job.technician !== null) continue;
      const crew = [after.person, ...after.members];
      assert.deepEqual([new Set(crew).size, crew.length], [job.crew.length + 1, job.crew.length + 1], `seed ${seed} ${job.id}`);
      [job.skills, ...job.crew.map(({ skills }) => skills)].forEach((needed, index) => {
        const person = day.people.find(({ id }) => id === crew[index])!;
        assert.ok(needed.every(({ skill, level }) => (person.skills[skill] ?? 0) >= level), `seed ${seed} ${job.id}: ${person.id}`);
      });
    }
    // Everybody's day with all that they do in it, their parts included, breaks no hard rule anew but what is late.
    const was = day.people.flatMap((person) => brokenRules(layOut(day, person, presentDay(day, person.id))));
    for (const person of day.people) {
      const mine = planned.jobs.flatMap(({ job, after }) => {
        if (after === null || (after.person !== person.id && !after.members.includes(person.id))) return [];
        return [{ job: after.person === person.id ? job : { ...job, along: true }, notBefore: after.begins }];
      }).sort((a, b) => a.notBefore - b.notBefore);
      const laid = layOut(day, person, mine);
      assert.deepEqual(laid.stops.map(({ begins }) => begins), mine.map(({ notBefore }) => notBefore), `seed ${seed} ${person.id}`);
      assert.ok(laid.stops.every(({ job, begins, ends }) => ends - begins === serviceOf(job, person.id)));
      assert.deepEqual([...newlyBroken(was, brokenRules(laid))].filter(({ rule }) => dayRules[rule].hard && rule !== 'promise').map(({ rule, job }) => [rule, job?.id]), [], `seed ${seed} ${person.id}`);
    }
  }
});
