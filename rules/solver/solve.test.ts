import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPlan, planFaults } from './check-plan.ts';
import { evaluate } from './evaluate.ts';
import type { Plan, PlanProblem, PlanVisit } from './problem.ts';
import { randomFrom } from './random.ts';
import { replan } from './replan.ts';
import { sampleProblem } from './sample-problems.ts';
import { solve } from './solve.ts';

const told = (problem: PlanProblem, plan: Plan) => checkPlan(problem, plan).map(({ code, visit }) => `${visit ?? ''} ${planFaults[code].en}`);
const lengths = ({ routes, unassigned }: Plan) => ({ planned: routes.flatMap(({ stops }) => stops.filter(({ kind }) => kind === 'visit')).length, left: unassigned.length });

/** Places on a line, a minute apart. */
function line(count: number, visits: readonly Partial<PlanVisit>[], technicians: PlanProblem['technicians']): PlanProblem {
  const durations = Float64Array.from({ length: count * count }, (_, at) => Math.abs(Math.floor(at / count) - (at % count)) * 60);
  return { places: count, durations, visits: visits.map((visit, index) => ({ place: index + 1, service: 600, penalty: 100_000, ...visit })), technicians };
}

describe('plans', () => {
  test('keep every rule, whatever the day is like', () => {
    let seconds = 0;
    let breaks = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const problem = sampleProblem(randomFrom(seed), { visits: 5 + (seed % 40), technicians: 1 + (seed % 9), rich: seed % 4 !== 0 });
      const plan = solve(problem, { rounds: 250, seed });
      assert.deepEqual(told(problem, plan), [], `seed ${seed}`);
      const { planned, left } = lengths(plan);
      assert.equal(planned + left, problem.visits.length);
      for (const { stops } of plan.routes) for (const { kind } of stops) {
        if (kind === 'second') seconds += 1;
        if (kind === 'break') breaks += 1;
      }
    }
    // The days made by chance do have what is difficult.
    assert.ok(seconds > 20 && breaks > 50, `${seconds} second persons, ${breaks} breaks`);
  });

  test('are the same for the same seed and number of rounds', () => {
    for (const seed of [1, 2, 3]) {
      const problem = sampleProblem(randomFrom(seed), { visits: 40, technicians: 6, rich: true });
      assert.deepEqual(solve(problem, { rounds: 400, seed }), solve(problem, { rounds: 400, seed }));
    }
  });

  test('cost what a search through all plans finds, where there are few', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const problem = sampleProblem(randomFrom(seed), { visits: 5, technicians: 2, rich: seed % 2 === 0 });
      const alone = { ...problem, visits: problem.visits.map(({ second: _, ...visit }) => visit), technicians: problem.technicians.map((one) => ({ ...one, shifts: one.shifts.map(({ breaks: _, ...shift }) => shift) })) };
      const best = cheapest(alone);
      const plan = solve(alone, { rounds: 600, seed });
      assert.ok(Math.abs(plan.cost.total - best) < 1e-6, `seed ${seed}: ${plan.cost.total}, though ${best} is possible`);
    }
  });

  test('become no dearer with more rounds', () => {
    const problem = sampleProblem(randomFrom(7), { visits: 60, technicians: 8, rich: false });
    const costs = [0, 200, 4_000].map((rounds) => solve(problem, { rounds, seed: 3 }).cost.total);
    assert.ok(costs[0]! >= costs[1]! && costs[1]! >= costs[2]!, costs.join(' '));
  });

  test('stop by the clock handed in', () => {
    const problem = sampleProblem(randomFrom(4), { visits: 30, technicians: 4, rich: true });
    let time = 0;
    const plan = solve(problem, { milliseconds: 100, now: () => (time += 5) });
    assert.deepEqual(told(problem, plan), []);
    assert.ok(time < 400 && plan.rounds > 0, `${time} ms, ${plan.rounds} rounds`);
    assert.throws(() => solve(problem, {}), RangeError);
    assert.throws(() => solve(problem, { milliseconds: 100 }), RangeError);
  });

  test('are empty where there is nothing to do, or nobody', () => {
    const nobody = line(3, [{}, {}], []);
    assert.deepEqual(solve(nobody, { rounds: 10 }).unassigned, [0, 1]);
    assert.deepEqual(told(nobody, solve(nobody, { rounds: 10 })), []);
    const nothing = line(3, [], [{ shifts: [{ start: 0, end: 0, window: [0, 3_600] }] }]);
    assert.deepEqual(solve(nothing, { rounds: 10 }).routes, []);
  });
});

describe('what is held and wished', () => {
  const day = { start: 0, end: 0, window: [0, 28_800] as const };
  test('person, time, both and range stay as they are locked', () => {
    const problem = line(8, [
      { lock: { technician: 1 } }, { lock: { begin: 5_000 } }, { lock: { technician: 0, begin: 7_000 } }, { lock: { range: [10_000, 11_000] } }, {}, {},
    ], [{ shifts: [day] }, { shifts: [day] }]);
    const plan = solve(problem, { rounds: 500 });
    assert.deepEqual(told(problem, plan), []);
    const at = new Map(plan.routes.flatMap(({ technician, stops }) => stops.map(({ index, begins }) => [index, { technician, begins }] as const)));
    assert.equal(at.get(0)!.technician, 1);
    assert.equal(at.get(1)!.begins, 5_000);
    assert.deepEqual(at.get(2), { technician: 0, begins: 7_000 });
    assert.ok(at.get(3)!.begins >= 10_000 && at.get(3)!.begins <= 11_000);
  });

  test('experts stay free, preferred people go', () => {
    const problem = line(4, [{ skills: [{ skill: 'lift', level: 2 }] }, { preferred: [2], notPreferredCost: 900 }], [
      { skills: { lift: 5 }, shifts: [day] }, { skills: { lift: 2 }, shifts: [day] }, { shifts: [day] },
    ]);
    const plan = solve({ ...problem, weights: { overskill: 300 } }, { rounds: 300 });
    const who = new Map(plan.routes.flatMap(({ technician, stops }) => stops.map(({ index }) => [index, technician] as const)));
    assert.deepEqual([who.get(0), who.get(1)], [1, 2]);
    assert.equal(plan.cost.suitability, 0);
  });

  test('two people begin at the same moment, or neither comes', () => {
    const problem = line(5, [{ second: { required: [1] }, windows: [[3_000, 9_000]] }, {}, {}], [{ shifts: [day] }, { shifts: [{ ...day, window: [6_000, 20_000] }] }]);
    const plan = solve(problem, { rounds: 300 });
    assert.deepEqual([told(problem, plan), plan.unassigned], [[], []]);
    const parts = plan.routes.flatMap(({ stops }) => stops.filter(({ index }) => index === 0).map(({ begins }) => begins));
    assert.equal(parts.length, 2);
    assert.ok(parts[0] === parts[1] && parts[0]! >= 6_060);
    const alone = { ...problem, technicians: problem.technicians.slice(0, 1), visits: [{ ...problem.visits[0]!, second: {} }] };
    assert.deepEqual(solve(alone, { rounds: 100 }).unassigned, [0]);
  });
});

describe('planning anew', () => {
  const problem = sampleProblem(randomFrom(11), { visits: 150, technicians: 30, rich: false });
  const current = solve(problem, { rounds: 1_500, seed: 1 });
  const few = Math.ceil(current.routes.flatMap(({ stops }) => stops).length * 0.03);
  test('moves few when something urgent comes', () => {
    const urgent: PlanVisit = { place: 5, service: 1_800, penalty: 500_000, windows: [[36_000, 43_200]] };
    const changed = { ...problem, visits: [...problem.visits, urgent] };
    const { plan, moved } = replan(changed, current, { rounds: 300 });
    assert.deepEqual(told(changed, plan), []);
    assert.ok(!plan.unassigned.includes(150) && moved.length <= few, `${moved.length} moved`);
    assert.deepEqual(moved.filter((visit) => plan.unassigned.includes(visit)), []);
  });

  test('moves only what somebody who falls ill cannot do, and little else', () => {
    const ill = current.routes[0]!;
    const technicians = problem.technicians.map((one, index) => (index === ill.technician ? { ...one, shifts: [] } : one));
    const changed = { ...problem, technicians };
    const { plan, moved } = replan(changed, current, { rounds: 300 });
    assert.deepEqual(told(changed, plan), []);
    const theirs = ill.stops.map(({ index }) => index);
    assert.ok(theirs.every((visit) => moved.includes(visit)));
    assert.ok(moved.length - theirs.length <= few, `${moved.length - theirs.length} others moved`);
  });

  test('changes nothing where nothing happened', () => {
    const { moved } = replan(problem, current, { rounds: 200 });
    assert.deepEqual(moved, []);
  });
});

describe('a plan made by a person', () => {
  const problem = sampleProblem(randomFrom(21), { visits: 30, technicians: 6, rich: true });
  test('is judged as the planner judges its own', () => {
    const plan = solve(problem, { rounds: 400 });
    const { plan: judged, faults } = evaluate(problem, plan);
    assert.deepEqual(faults, []);
    assert.ok(Math.abs(judged.cost.total - plan.cost.total) < 1e-6);
  });

  test('may be wrong in many ways, each of them named', () => {
    const day = { start: 0, end: 0, window: [0, 3_600] as const };
    const small = line(5, [{ windows: [[0, 100]] }, { skills: [{ skill: 'lift' }] }, { banned: [0] }, { service: 3_600 }], [{ shifts: [{ ...day, breaks: [{ windows: [[0, 3_600]], duration: 60 }] }] }]);
    const stops = [1, 0, 2, 3, 0].map((index) => ({ kind: 'visit' as const, index }));
    const { faults } = evaluate(small, { routes: [{ technician: 0, shift: 0, stops }, { technician: 9, shift: 0, stops }] });
    const codes = new Set(faults.map(({ code }) => code));
    for (const code of ['outside_window', 'skill', 'banned', 'shift_exceeded', 'visit_twice', 'break_missing', 'unknown_route'] as const) assert.ok(codes.has(code), code);
  });
});

/** The least any plan costs, by trying them all: visits without second persons, shifts without breaks. */
function cheapest(problem: PlanProblem): number {
  const shifts = problem.technicians.flatMap(({ shifts: all }, technician) => all.map((_, shift) => ({ technician, shift })));
  const stops = shifts.map((): number[] => []);
  let best = Infinity;
  const put = (visit: number): void => {
    if (visit === problem.visits.length) {
      const { plan, faults } = evaluate(problem, { routes: shifts.map((one, at) => ({ ...one, stops: stops[at]!.map((index) => ({ kind: 'visit', index })) })) });
      if (faults.length === 0) best = Math.min(best, plan.cost.total);
      return;
    }
    put(visit + 1);
    for (const row of stops) for (let at = 0; at <= row.length; at += 1) {
      row.splice(at, 0, visit);
      put(visit + 1);
      row.splice(at, 1);
    }
  };
  put(0);
  return best;
}
