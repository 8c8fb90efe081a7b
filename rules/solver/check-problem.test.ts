import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProblem, planProblems } from './check-problem.ts';
import type { PlanProblem, PlanShift, PlanVisit } from './problem.ts';
import { randomFrom } from './random.ts';
import { sampleProblem } from './sample-problems.ts';

const shift: PlanShift = { start: 0, end: 0, window: [0, 28_800] };
const visit: PlanVisit = { place: 1, service: 600, penalty: 1_000 };
const problem = (change: Partial<PlanProblem> = {}): PlanProblem => ({ places: 2, durations: Float64Array.of(0, 60, 60, 0), skills: ['lift'], visits: [visit], technicians: [{ shifts: [shift] }, { shifts: [] }], ...change });
const found = (change: Partial<PlanProblem>): string[] => checkProblem(problem(change)).map(({ path, code }) => `${path} ${code}`);
const withVisit = (change: Partial<PlanVisit>): string[] => found({ visits: [{ ...visit, ...change }] });
const withShift = (change: Partial<PlanShift>): string[] => found({ technicians: [{ shifts: [{ ...shift, ...change }] }] });

test('a sound problem has no problems', () => {
  assert.deepEqual(found({}), []);
  for (let seed = 1; seed <= 20; seed += 1) {
    // A range may be locked where a second window makes it empty; all else that is made by chance is sound.
    assert.deepEqual(checkProblem(sampleProblem(randomFrom(seed), { visits: 30, technicians: 5, rich: true })).filter(({ code }) => code !== 'lock_outside'), []);
  }
});

test('matrices of the wrong size, and numbers that are none, are named', () => {
  assert.deepEqual(found({ durations: new Float64Array(3) }), ['/durations matrix_size']);
  assert.deepEqual(checkProblem(problem({ durations: Float64Array.of(0, 1, Number.NaN, 0) })), [{ path: '/durations', code: 'matrix_value', params: { from: 1, to: 0 } }]);
  assert.deepEqual(found({ costs: Float64Array.of(0, -1, 1, 0) }), ['/costs matrix_value']);
  assert.deepEqual(found({ places: Number.NaN }), ['/places too_many']);
  assert.deepEqual(found({ weights: { overskill: Number.NaN } }), ['/weights/overskill number']);
});

test('visits', () => {
  assert.deepEqual(withVisit({ place: 2, service: Number.NaN, penalty: -1 }), ['/visits/0/place place', '/visits/0/service number', '/visits/0/penalty number']);
  assert.deepEqual(withVisit({ windows: [[0, 10], [20, 10]] }), ['/visits/0/windows/1 window']);
  assert.deepEqual(withVisit({ windows: [[Number.NaN, 10]] }), ['/visits/0/windows/0 window']);
  assert.deepEqual(withVisit({ skills: [{ skill: 'flying' }, { skill: 'lift', level: 0 }] }), ['/visits/0/skills/0 unknown_skill', '/visits/0/skills/1/level level']);
  assert.deepEqual(withVisit({ required: [7], second: { banned: [-1] } }), ['/visits/0/required/0 technician', '/visits/0/second/banned/0 technician']);
  assert.deepEqual(withVisit({ serviceBy: [[0, Infinity]], demand: [Number.NaN] }), ['/visits/0/serviceBy/0 number', '/visits/0/demand/0 number']);
  assert.deepEqual(withVisit({ promised: { technician: 5, beginCost: Number.NaN } }), ['/visits/0/promised/technician technician', '/visits/0/promised/beginCost number']);
});

test('locks that nothing can keep', () => {
  assert.deepEqual(withVisit({ windows: [[0, 10]], lock: { begin: 11 } }), ['/visits/0/lock/begin lock_outside']);
  assert.deepEqual(withVisit({ windows: [[0, 10], [30, 40]], lock: { range: [15, 25] } }), ['/visits/0/lock/range lock_outside']);
  assert.deepEqual(withVisit({ windows: [[0, 10], [30, 40]], lock: { range: [15, 31] } }), []);
  assert.deepEqual(withVisit({ banned: [0], lock: { technician: 0 } }), ['/visits/0/lock/technician lock_forbidden']);
  assert.deepEqual(withVisit({ lock: { second: 1 } }), ['/visits/0/lock/second no_second']);
  assert.deepEqual(withVisit({ second: {}, lock: { technician: 1, second: 1 } }), ['/visits/0/lock/second lock_same']);
});

test('shifts and breaks', () => {
  assert.deepEqual(withShift({ start: -1, end: 9 }), ['/technicians/0/shifts/0/start place', '/technicians/0/shifts/0/end place']);
  assert.deepEqual(withShift({ window: [10, 0] }), ['/technicians/0/shifts/0/window window']);
  assert.deepEqual(withShift({ mostVisits: 1.5, capacity: [-1] }), ['/technicians/0/shifts/0/capacity/0 number', '/technicians/0/shifts/0/mostVisits whole']);
  assert.deepEqual(withShift({ breaks: [{ windows: [[28_000, 30_000]], duration: 3_600 }] }), ['/technicians/0/shifts/0/breaks/0 break_outside']);
  assert.deepEqual(withShift({ breaks: [{ windows: [], duration: 60 }] }), ['/technicians/0/shifts/0/breaks/0/windows windows_needed']);
  assert.deepEqual(found({ technicians: [{ shifts: [shift, { ...shift, window: [20_000, 40_000] }] }] }), ['/technicians/0/shifts/1 shifts_overlap']);
  assert.deepEqual(found({ technicians: [{ skills: { lift: Number.NaN, flying: 1 }, shifts: [] }] }), ['/technicians/0/skills/lift number', '/technicians/0/skills/flying unknown_skill']);
});

test('every code has its sentence in both languages', () => {
  for (const [code, { zh, en }] of Object.entries(planProblems)) assert.ok(/\p{Script=Han}/u.test(zh) && /^[a-z]/.test(en), code);
});
