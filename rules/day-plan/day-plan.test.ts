import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlan } from '../solver/check-plan.ts';
import { checkProblem } from '../solver/check-problem.ts';
import { schedule } from '../solver/schedule.ts';
import { brokenRules, dayRules, newlyBroken } from './broken-rules.ts';
import { presentDay, type DayJob, type DayPerson } from './day.ts';
import { figuresOf, layOut } from './lay-out.ts';
import { planDay } from './planned.ts';
import { problemOf } from './problem.ts';
import { randomDay, sampleDay, sampleJob, samplePerson, street } from './sample-days.ts';

const hour = (hours: number) => hours * 3_600;
const leg = street(40).seconds(0, 1);
const begun = (person: DayPerson, jobs: DayJob[], more = {}) => {
  const day = sampleDay([person], jobs, more);
  return layOut(day, person, presentDay(day, person.id));
};
const own = (id: string, place: number, more: Partial<DayJob> = {}) => sampleJob(id, place, { technician: 'p', ...more });

test('stops come one after the other, as early as each may', () => {
  const cases: [string, Partial<DayPerson>, DayJob[], object, number[]][] = [
    ['from where they set out', {}, [own('a', 1)], {}, [hour(8) + leg]],
    ['not before it was planned', {}, [own('a', 1, { planned: hour(10) })], {}, [hour(10)]],
    ['in the order they were planned', {}, [own('a', 1, { planned: hour(11) }), own('b', 1, { planned: hour(9) })], {}, [hour(9), hour(11)]],
    ['not before the promised window', {}, [own('a', 1, { promised: [hour(14), hour(16)] })], {}, [hour(14)]],
    ['when one may enter', {}, [own('a', 1, { access: [[hour(7), hour(7.5)], [hour(9), hour(10)]] })], {}, [hour(9)]],
    ['at the time that is held', {}, [own('a', 1, { lock: { person: false, range: [hour(13), hour(13)] } })], {}, [hour(13)]],
    ['not in the past', {}, [own('a', 1, { planned: hour(9) })], { now: hour(12) }, [hour(12) + leg]],
    ['from where somebody is at work', {}, [own('a', 1, { fixed: [hour(8), hour(10)] }), own('b', 1)], { now: hour(9) }, [hour(8), hour(10)]],
    ['behind a pause that would otherwise come too late', { breaks: [{ from: hour(8.1), seconds: 1_800, slack: 0 }] }, [own('a', 0)], {}, [hour(8.6)]],
    ['before a pause where that does less harm', { breaks: [{ from: hour(8), seconds: 1_800, slack: hour(1) }] }, [own('a', 0, { promised: [hour(8), hour(8)] })], {}, [hour(8)]],
    ['while a pause lasts, behind it', { breaks: [{ from: hour(12), seconds: 3_600, slack: 0 }] }, [own('a', 0)], { now: hour(12.5) }, [hour(13)]],
  ];
  for (const [what, person, jobs, more, expected] of cases) assert.deepEqual(begun(samplePerson('p', 0, person), jobs, more).stops.map(({ begins }) => begins), expected, what);
});

test('a day comes to its travel, work, idle time and overtime', () => {
  const figures = figuresOf(begun(samplePerson('p', 0, { breaks: [{ from: hour(12), seconds: 3_600, slack: 0 }] }), [own('a', 1, { planned: hour(8) }), own('b', 1, { planned: hour(16.75) })]));
  assert.deepEqual(figures, { visits: 2, travel: leg, metres: street(2).metres(0, 1), work: 3_600, overtime: 900, late: 0, idle: hour(9) + 900 - leg - 3_600 - 3_600 });
  assert.equal(figuresOf(begun(samplePerson('p', 0), [own('a', 1, { fixed: [-hour(48), hour(9)] })], { now: hour(9) })).work, hour(9), 'what began days ago is no work of those days');
});

test('every rule that a day breaks is told, and told anew only where it was not broken before', () => {
  const cases: [keyof typeof dayRules, Partial<DayPerson>, Partial<DayJob>][] = [
    ['promise', {}, { promised: [hour(7), hour(7.5)] }],
    ['off_duty', { shift: null }, {}],
    ['overtime', {}, { planned: hour(16.9) }],
    ['skill', { skills: { lift: 1 } }, { skills: [{ skill: 'lift', level: 2 }] }],
    ['not_required', {}, { required: ['q'] }],
    ['banned', {}, { banned: ['p'] }],
    ['territory', { territories: ['west'] }, { territories: ['east'], withinTerritory: true }],
    ['access_hours', {}, { access: [[hour(6), hour(7)]] }],
    ['time_locked', {}, { lock: { person: false, range: [hour(7), hour(7)] } }],
    ['range_locked', {}, { lock: { person: false, range: [hour(6), hour(7)] } }],
    ['capacity', { room: 600 }, {}],
    ['most_visits', { most: 0 }, {}],
    ['second_missing', {}, { crew: [{ skills: [] }] }],
    ['deadline', {}, { due: { at: hour(8), by: 'end' } }],
    ['place_unknown', {}, { placeKnown: false }],
    ['break_missed', { breaks: [{ from: hour(9), seconds: 1_800, slack: 0 }] }, { planned: hour(8.5), service: 3_240, promised: [hour(8), hour(8.5)] }],
  ];
  for (const [rule, person, job] of cases) {
    const broken = brokenRules(begun(samplePerson('p', 0, person), [own('a', 0, job)]));
    assert.deepEqual(broken.map((one) => one.rule), [rule]);
    assert.equal(newlyBroken(broken, broken).size, 0);
    assert.equal(newlyBroken([], broken).size, 1);
  }
  // On call, only what is urgent is done beside the shift, before it as well.
  const called = { onCall: [[hour(6), hour(8)], [hour(18), hour(20)]] as const };
  for (const [urgent, planned, rules, begins] of [[true, 19, [], 19], [false, 19, ['overtime'], 19], [true, 21, ['overtime'], 21], [true, 7, [], 7], [false, 7, [], 8]] as const) {
    const laid = begun(samplePerson('p', 0, called), [own('a', 0, { urgent, planned: hour(planned) })]);
    assert.deepEqual([brokenRules(laid).map(({ rule }) => rule), laid.stops[0]!.begins], [rules, hour(begins)], `${urgent} at ${planned}`);
  }
  assert.deepEqual(brokenRules(begun(samplePerson('p', 0, { ...called, shift: null }), [own('a', 0, { urgent: true, planned: hour(19) })])), []);
  const day = sampleDay([samplePerson('p'), samplePerson('q')], [own('a', 0, { lock: { person: true, range: null } })]);
  assert.deepEqual(brokenRules(layOut(day, day.people[1]!, presentDay(day, 'p'))).map(({ rule }) => rule), ['person_locked']);
  const late = (by: number) => brokenRules(begun(samplePerson('p'), [own('a', 0, { planned: hour(9) + by, promised: [hour(8), hour(9)] })]));
  assert.deepEqual([newlyBroken(late(600), late(1_200)).size, newlyBroken(late(600), late(3_600)).size], [0, 1], 'much worse is broken anew');
});

test('what is under way, held or somebody’s part in another visit stays where it is', () => {
  const jobs = [own('a', 1, { fixed: [hour(8), hour(9)] }), own('b', 2, { held: true, planned: hour(10) }), own('c', 3, { along: true, planned: hour(12) }), own('d', 4), sampleJob('e', 5)];
  const day = sampleDay([samplePerson('p'), samplePerson('q', 5)], jobs, { now: hour(8.5) });
  const { problem, jobs: asked } = problemOf(day, { keep: 'promises' });
  assert.deepEqual(checkProblem(problem), []);
  assert.deepEqual(asked.map(({ id }) => id), ['b', 'c', 'd', 'e']);
  assert.deepEqual(problem.visits.map(({ lock, windows }) => [lock?.technician, windows?.[0]]), [[0, [hour(10), hour(10)]], [0, [hour(12), hour(12)]], [undefined, undefined], [undefined, undefined]]);
  const planned = planDay(day, { keep: 'promises', anew: false, milliseconds: 0, rounds: 300, now: () => 0 });
  assert.deepEqual(planned.jobs.map(({ job, after, change }) => [job.id, after!.person, change]), [['b', 'p', 'kept'], ['c', 'p', 'kept'], ['d', 'p', 'kept'], ['e', 'q', 'new']]);
});

test('late rather than not at all; what keeps everything moves nothing; two people go where two are needed', () => {
  const plan = (jobs: DayJob[], keep: 'promises' | 'people' | 'everything' = 'promises') =>
    planDay(sampleDay([samplePerson('p'), samplePerson('q', 30, { shift: [hour(12), hour(17)] })], jobs), { keep, anew: false, milliseconds: 0, rounds: 300, now: () => 0 });
  const [late] = plan([own('a', 1, { promised: [hour(6), hour(7)] })]).jobs;
  assert.deepEqual([late!.after!.person, late!.after!.late > 0], ['p', true]);
  const far = [own('a', 30, { planned: hour(13) }), sampleJob('b', 1)];
  assert.deepEqual([plan(far).jobs[0]!.change, plan(far, 'people').jobs[0]!.after!.person, plan(far, 'everything').jobs[0]!.change, plan(far, 'everything').jobs[0]!.after!.begins], ['person', 'p', 'kept', hour(13)]);
  const [two] = plan([sampleJob('a', 1, { crew: [{ skills: [] }] })]).jobs;
  assert.deepEqual([[two!.after!.person, ...two!.after!.members].toSorted(), two!.after!.begins >= hour(12)], [['p', 'q'], true]);
  assert.equal(plan([sampleJob('a', 1, { crew: [{ skills: [] }, { skills: [] }] })]).leftOut[0]!.reason, 'no_crew');
});

test('whom somebody has sent against the rules stays one of those who may come, unless they are not at work', () => {
  const plan = (job: Partial<DayJob>, shift: DayPerson['shift'] = [hour(8), hour(17)]) =>
    planDay(sampleDay([samplePerson('p', 0, { shift }), samplePerson('q', 30, { skills: { lift: 1 } }), samplePerson('r', 30)], [own('a', 1, job)]), { keep: 'promises', anew: false, milliseconds: 0, rounds: 100, now: () => 0 });
  const [lift, rope] = [{ skills: [{ skill: 'lift', level: 1 }] }, { skills: [{ skill: 'rope', level: 1 }] }];
  for (const job of [lift, rope, { banned: ['p'] }, { required: ['q'] }]) assert.deepEqual(plan(job).jobs.map(({ change, after }) => [change, after?.person]), [['kept', 'p']], JSON.stringify(job));
  assert.equal(plan(lift, null).jobs[0]!.after!.person, 'q');
  assert.deepEqual([plan(rope, null).jobs[0]!.change, plan(rope, null).leftOut[0]!.reason], ['removed', 'skill']);
});

test('every job that is not in the plan is told with a reason, however many there are', () => {
  const jobs = Array.from({ length: 260 }, (_, index) => sampleJob(String(index).padStart(3, '0'), index % 40, index % 50 === 0 ? { skills: [{ skill: 'lift', level: 1 }], priority: 4 } : {}));
  const planned = planDay(sampleDay([samplePerson('p')], jobs), { keep: 'promises', anew: false, milliseconds: 0, rounds: 30, now: () => 0 });
  const out = planned.jobs.filter(({ after }) => after === null).map(({ job }) => job.id);
  assert.ok(out.length > 220);
  assert.deepEqual(planned.leftOut.map(({ job }) => job.id).toSorted(), out.toSorted());
  assert.deepEqual(new Set(planned.leftOut.map(({ job, reason }) => (job.skills.length > 0 ? reason === 'skill' : reason === 'no_gap'))), new Set([true]));
  assert.ok(planned.leftOut.slice(0, 150).some(({ relaxations }) => relaxations.length > 0));
});

// An independent reckoning: the planner's own schedule, and its checker, which share nothing with the layout here.
test('days of chance: times, and what is broken, agree with the planner’s own reckoning and its checker', () => {
  for (let seed = 1; seed <= Number(process.env['DAYS'] ?? 12); seed += 1) {
    const day = randomDay(seed, 4, 20);
    const { problem, jobs, people, current } = problemOf(day, { keep: 'promises' });
    assert.deepEqual(checkProblem(problem), [], `seed ${seed}`);
    // The draft as it stands, without the moments it was planned for.
    const bare = { ...day, jobs: day.jobs.map((job) => ({ ...job, planned: null })) };
    const again = problemOf(bare, { keep: 'promises' });
    const timed = schedule(again.problem, again.current);
    for (const person of bare.people) {
      const laid = layOut(bare, person, presentDay(bare, person.id));
      const route = timed.routes.find(({ technician }) => people[technician]!.id === person.id);
      // What comes too late for its windows the two count differently.
      if (brokenRules(laid).some(({ rule }) => rule === 'promise' || rule === 'access_hours' || rule === 'break_missed')) continue;
      assert.deepEqual(laid.stops.map(({ begins, ends }) => [begins, ends]), (route?.stops ?? []).filter(({ kind }) => kind === 'visit').map(({ begins, ends }) => [begins, ends]), `seed ${seed} ${person.id}`);
    }
    const planned = planDay(day, { keep: 'promises', anew: false, milliseconds: 0, rounds: 400, now: () => 0 });
    assert.deepEqual(planned.faults, [], `seed ${seed}`);
    assert.equal(planned.jobs.length, jobs.length);
    assert.ok(planned.jobs.every(({ job, change }) => job.technician === null || change !== 'removed' || planned.leftOut.some((left) => left.job === job)), `seed ${seed}`);
    // Put in as planned, nobody's day breaks a hard rule that was not broken before.
    const was = day.people.flatMap((person) => brokenRules(layOut(day, person, presentDay(day, person.id))));
    for (const person of day.people) {
      const mine = planned.jobs.filter(({ after }) => after?.person === person.id).sort((a, b) => a.after!.begins - b.after!.begins);
      const laid = layOut(day, person, mine.map(({ job, after }) => ({ job, notBefore: after!.begins })));
      assert.deepEqual(laid.stops.map(({ begins }) => begins), mine.map(({ after }) => after!.begins), `seed ${seed} ${person.id}`);
      // A promise that nobody can keep is broken by what the plan itself calls late, and by nothing else.
      const late = new Set(mine.filter(({ after }) => after!.late > 0).map(({ job }) => job.id));
      const hard = [...newlyBroken(was, brokenRules(laid))].filter(({ rule, job }) => dayRules[rule].hard && !(rule === 'promise' && late.has(job!.id)));
      assert.deepEqual(hard.map(({ rule, job }) => [rule, job?.id]), [], `seed ${seed} ${person.id}`);
    }
    const anew = planDay(day, { keep: 'promises', anew: true, milliseconds: 0, rounds: 100, now: () => 0 });
    assert.deepEqual(anew.faults, [], `seed ${seed} anew`);
    assert.deepEqual(checkPlan(problem, schedule(problem, current)).filter(({ code }) => code === 'cost' || code === 'unknown_stop' || code === 'visit_twice'), [], `seed ${seed}`);
  }
});
