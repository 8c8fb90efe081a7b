import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPlan, planFaults } from './check-plan.ts';
import type { Plan, PlanProblem, PlanVisit } from './problem.ts';
import { randomFrom, type Random } from './random.ts';
import { replan } from './replan.ts';
import { sampleProblem } from './sample-problems.ts';
import { solve } from './solve.ts';
import { affectedBy, surroundingsOf } from './surroundings.ts';

const told = (problem: PlanProblem, plan: Plan) => checkPlan(problem, plan).map(({ code, visit }) => `${visit ?? ''} ${planFaults[code].en}`);

const bookings = ({ routes }: Plan) => routes.flatMap(({ technician, stops }) => stops.flatMap((stop) => (stop.kind === 'break' ? [] : [{ ...stop, technician }])));

/** Events by chance: each changes the problem as whoever asks for a new plan would, and says which bookings it concerns. */
const events: Record<string, (problem: PlanProblem, current: Plan, random: Random) => { changed: PlanProblem; theirs: number[] }> = {
  'somebody is ill': (problem, current, random) => {
    const { technician } = current.routes[Math.floor(random() * current.routes.length)]!;
    return {
      changed: { ...problem, technicians: problem.technicians.map((one, at) => (at === technician ? { ...one, shifts: [] } : one)) },
      theirs: bookings(current).filter((stop) => stop.technician === technician).map(({ index }) => index),
    };
  },
  'a shift ends sooner': (problem, current, random) => {
    const { technician, shift, stops } = current.routes[Math.floor(random() * current.routes.length)]!;
    const technicians = problem.technicians.map((one, at) => (at !== technician ? one : { ...one, shifts: one.shifts.map((own, which) => (which === shift ? { ...own, breaks: [], window: [own.window[0], own.window[0] + 4 * 3_600] as const } : own)) }));
    return { changed: { ...problem, technicians }, theirs: stops.flatMap(({ kind, index }) => (kind === 'break' ? [] : [index])) };
  },
  'something urgent comes': (problem, _, random) => {
    const urgent: PlanVisit = { place: Math.floor(random() * problem.places), service: 1_800, penalty: 500_000, windows: [[36_000, 50_400]], ...(random() < 0.4 ? { second: {} } : {}) };
    return { changed: { ...problem, visits: [...problem.visits, urgent] }, theirs: [] };
  },
  'a visit begins later': (problem, current, random) => {
    const single = bookings(current).filter(({ index }) => !problem.visits[index]!.second);
    const { index, begins, technician } = single[Math.floor(random() * single.length)]!;
    const visits = problem.visits.map((visit, at) => (at === index ? { ...visit, windows: [[begins + 2_400, begins + 2_400] as const], lock: { technician, begin: begins + 2_400 } } : visit));
    return { changed: { ...problem, visits }, theirs: current.routes.filter(({ stops }) => stops.some((stop) => stop.index === index)).flatMap(({ stops }) => stops.map((stop) => stop.index)) };
  },
};

describe('planning anew in a large plan', () => {
  for (const rich of [false, true]) {
    const problem = sampleProblem(randomFrom(rich ? 31 : 32), { visits: 330, technicians: 110, rich });
    const current = solve(problem, { rounds: 150, seed: 1 });
    const all = new Set(bookings(current).map(({ index }) => index)).size;
    for (const [name, happen] of Object.entries(events)) {
      test(`keeps every rule and most bookings when ${name}${rich ? ', whatever the day is like' : ''}`, () => {
        let parts = 0;
        for (let seed = 1; seed <= 4; seed += 1) {
          const { changed, theirs } = happen(problem, current, randomFrom(seed * 7));
          if (surroundingsOf(changed, affectedBy(changed, current))) parts += 1;
          const { plan, moved } = replan(changed, current, { rounds: 120, seed });
          assert.deepEqual(told(changed, plan), [], `seed ${seed}`);
          const others = moved.filter((visit) => !theirs.includes(visit));
          assert.ok(others.length <= Math.ceil(all * 0.03) + 2, `seed ${seed}: ${others.length} others moved`);
          assert.deepEqual(replan(changed, current, { rounds: 120, seed }), { plan, moved });
        }
        // Otherwise it would not be the part that is tried here.
        assert.ok(parts >= 3, `${parts} looked at in part`);
      });
    }
  }

  test('leaves all others as they are', () => {
    const problem = sampleProblem(randomFrom(32), { visits: 330, technicians: 110, rich: false });
    const current = solve(problem, { rounds: 150, seed: 1 });
    const { changed } = events['somebody is ill']!(problem, current, randomFrom(3));
    const { technicians } = surroundingsOf(changed, affectedBy(changed, current))!;
    const { plan } = replan(changed, current, { rounds: 120 });
    for (const route of current.routes.filter(({ technician }) => changed.technicians[technician]!.shifts.length > 0 && !technicians.includes(technician))) {
      assert.deepEqual(plan.routes.find(({ technician, shift }) => technician === route.technician && shift === route.shift), route);
    }
  });

  test('puts in what was left out once there is room', () => {
    const problem = sampleProblem(randomFrom(33), { visits: 330, technicians: 30, rich: false });
    const full = solve(problem, { rounds: 100, seed: 1 });
    assert.ok(full.unassigned.length > 0);
    const more = sampleProblem(randomFrom(33), { visits: 330, technicians: 110, rich: false }).technicians.slice(30).map((one) => ({ ...one, shifts: one.shifts.map((shift) => ({ ...shift, start: 0, end: 0 })) }));
    const changed = { ...problem, technicians: [...problem.technicians, ...more] };
    const { plan } = replan(changed, full, { rounds: 120 });
    assert.deepEqual(told(changed, plan), []);
    assert.ok(plan.unassigned.length < full.unassigned.length);
  });
});
