import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, type LeftOut, type Relaxation } from './explain.ts';
import type { PlanProblem, PlanShift, PlanTechnician, PlanVisit } from './problem.ts';
import { randomFrom } from './random.ts';
import { sampleProblem } from './sample-problems.ts';
import { solve } from './solve.ts';

const shift: PlanShift = { start: 0, end: 0, window: [0, 3_600] };
const visit: PlanVisit = { place: 1, service: 1_800, penalty: 100_000 };
/** Two places ten minutes apart. */
const one = (change: Partial<PlanVisit>, technician: PlanTechnician = { shifts: [shift] }): LeftOut => {
  const problem: PlanProblem = { places: 2, durations: Float64Array.of(0, 600, 600, 0), visits: [{ ...visit, ...change }], technicians: [technician] };
  const [left] = explain(problem, solve(problem, { rounds: 20 }));
  assert.ok(left, 'it is left out');
  return left;
};

test('who may come: named people, banned ones, skills', () => {
  assert.deepEqual(one({ banned: [0] }), { visit: 0, reason: 'banned', counts: { banned: 1 }, relaxations: [{ kind: 'person', technician: 0, shift: 0 }] });
  assert.equal(one({ required: [] }).reason, 'not_required');
  assert.deepEqual(one({ skills: [{ skill: 'lift', level: 3 }] }, { skills: { lift: 2 }, shifts: [shift] }), { visit: 0, reason: 'skill', skill: 'lift', counts: { skill: 1 }, relaxations: [{ kind: 'skill', technician: 0, shift: 0, skill: 'lift' }] });
});

test('when: windows that cannot be reached, by how much', () => {
  // Nobody is there before 600, nor may begin later than 1,200 to be back by 3,600.
  assert.deepEqual(one({ windows: [[0, 400]] }).relaxations, [{ kind: 'window', technician: 0, shift: 0, earlier: 0, later: 200 }]);
  assert.deepEqual(one({ windows: [[1_500, 2_000]] }), {
    visit: 0, reason: 'out_of_reach', counts: { out_of_reach: 1 },
    relaxations: [{ kind: 'window', technician: 0, shift: 0, earlier: 300, later: 0 }, { kind: 'overtime', technician: 0, shift: 0, seconds: 300 }],
  });
});

test('how much: capacity, number of visits, penalty, second person', () => {
  assert.deepEqual(one({ demand: [3] }, { shifts: [{ ...shift, capacity: [2] }] }).relaxations, [{ kind: 'capacity', dimension: 0, amount: 1, technician: 0, shift: 0 }]);
  assert.equal(one({}, { shifts: [{ ...shift, mostVisits: 0 }] }).reason, 'most_visits');
  assert.deepEqual(one({ penalty: 1_000 }).relaxations, [{ kind: 'penalty', technician: 0, shift: 0, needed: 1_200 }]);
  assert.equal(one({ second: {} }).reason, 'no_second');
});

test('a full day has no gap', () => {
  const problem: PlanProblem = { places: 2, durations: Float64Array.of(0, 600, 600, 0), visits: [{ ...visit, penalty: 90_000 }, visit], technicians: [{ shifts: [shift] }] };
  const [left] = explain(problem, solve(problem, { rounds: 50 }));
  assert.deepEqual([left?.visit, left?.reason], [0, 'no_gap']);
});

/** The problem with a rule given way as it says. */
function relaxed(problem: PlanProblem, visit: number, relaxation: Relaxation): PlanProblem | null {
  const withVisit = (change: Partial<PlanVisit>): PlanProblem => ({ ...problem, visits: problem.visits.map((each, index) => (index === visit ? { ...each, ...change } : each)) });
  const withShift = (change: (shift: PlanShift) => PlanShift): PlanProblem => ({
    ...problem, technicians: problem.technicians.map((each, index) => (index === relaxation.technician ? { ...each, shifts: each.shifts.map((other, at) => (at === relaxation.shift ? change(other) : other)) } : each)),
  });
  if (relaxation.kind === 'overtime') return withShift((other) => ({ ...other, window: [other.window[0], other.window[1] + relaxation.seconds] }));
  if (relaxation.kind === 'window') return withVisit({ windows: problem.visits[visit]!.windows!.map(([from, to]) => [from - relaxation.earlier, to + relaxation.later] as const) });
  if (relaxation.kind === 'skill') return withVisit({ skills: problem.visits[visit]!.skills!.filter(({ skill }) => skill !== relaxation.skill) });
  return null;
}

test('what gives way as it is said lets the visit be planned', () => {
  let tried = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const problem = sampleProblem(randomFrom(seed), { visits: 20, technicians: 2, rich: false });
    const plan = solve(problem, { rounds: 200, seed });
    for (const { visit: left, relaxations } of explain(problem, plan)) for (const relaxation of relaxations) {
      const changed = relaxed(problem, left, relaxation);
      if (!changed) continue;
      tried += 1;
      // It is worth any detour now, and all the others are where they were.
      const held = { ...changed, visits: changed.visits.map((each, index) => (index === left ? { ...each, penalty: 1e6 } : each)) };
      assert.ok(!solve(held, { rounds: 0, from: plan }).unassigned.includes(left), `seed ${seed}, visit ${left}: ${JSON.stringify(relaxation)}`);
    }
  }
  assert.ok(tried > 20, `${tried} tried`);
});
