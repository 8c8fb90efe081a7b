import { pointer, type DefinitionProblem } from '../conditions/json.ts';
import { planLimits, type PlanBreak, type PlanProblem, type PlanShift, type PlanVisit, type SkillDemand, type TimeWindow } from './problem.ts';

/** What may be wrong with what is to be planned (排程输入校验), in the words people are shown. */
export const planProblems = {
  too_many: { zh: '最多 {limit} 个', en: 'takes at most {limit}' },
  matrix_size: { zh: '矩阵应有 {wanted} 个数，实有 {got} 个', en: 'must hold {wanted} numbers, but holds {got}' },
  matrix_value: { zh: '矩阵第 {from} 到第 {to} 个地点的值应为不小于 0 的数', en: 'must be a number from 0 on from place {from} to place {to}' },
  number: { zh: '应为不小于 0 的数', en: 'must be a number from 0 on' },
  whole: { zh: '应为不小于 0 的整数', en: 'must be a whole number from 0 on' },
  level: { zh: '技能等级应为正数', en: 'must be a level above 0' },
  place: { zh: '没有这个地点', en: 'is no place' },
  technician: { zh: '没有这个人员', en: 'is nobody' },
  unknown_skill: { zh: '没有“{skill}”这项技能', en: 'names a skill that does not exist: “{skill}”' },
  window: { zh: '时间段应为起止两个数，结束不早于开始', en: 'must be two moments, the end not before the start' },
  windows_needed: { zh: '至少要有一个时间段', en: 'needs a window at least' },
  lock_outside: { zh: '锁定的时间不在可上门的时间内', en: 'holds a time outside of its windows' },
  lock_forbidden: { zh: '锁定的人员不允许上门', en: 'holds somebody who may not do it' },
  lock_same: { zh: '锁定的两人不能是同一人', en: 'holds the same person twice' },
  no_second: { zh: '没有第二人，不能锁定第二人', en: 'holds a second person but asks for none' },
  shifts_overlap: { zh: '同一人的班次重叠', en: 'overlaps another shift of the same person' },
  break_outside: { zh: '休息排不进班次', en: 'does not fit into the shift' },
} as const satisfies Record<string, { zh: string; en: string }>;
type Code = keyof typeof planProblems;
type Report = (path: string, code: Code, params?: Record<string, string | number>) => void;

/** Problems are told up to so many; a matrix full of them is one. */
const toldAtMost = 100;

/**
 * What is wrong with what is to be planned, each with its place (JSON pointer): nothing when `solve` may be given it. That
 * something cannot be planned is not wrong; `explain` says why.
 */
export function checkProblem(problem: PlanProblem): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report: Report = (path, code, params) => {
    if (problems.length < toldAtMost) problems.push({ path, code, ...(params ? { params } : {}) });
  };
  const { places, durations, costs, visits, technicians } = problem;
  if (!Number.isInteger(places) || places < 0 || places > planLimits.places) return [{ path: '/places', code: 'too_many', params: { limit: planLimits.places } }];
  checkMatrix(durations, places, '/durations', report);
  if (costs) checkMatrix(costs, places, '/costs', report);
  if (visits.length > planLimits.visits) report('/visits', 'too_many', { limit: planLimits.visits });
  if (technicians.length > planLimits.technicians) report('/technicians', 'too_many', { limit: planLimits.technicians });
  const shifts = technicians.reduce((sum, one) => sum + one.shifts.length, 0);
  if (shifts > planLimits.shifts) report('/technicians', 'too_many', { limit: planLimits.shifts });
  if (problems.length > 0) return problems;
  const overskill = problem.weights?.overskill;
  if (overskill !== undefined && !isAmount(overskill)) report('/weights/overskill', 'number');
  visits.forEach((visit, index) => checkVisit(problem, visit, pointer('/visits', index), report));
  technicians.forEach(({ shifts: all, skills }, index) => {
    const path = pointer('/technicians', index);
    for (const [skill, level] of Object.entries(skills ?? {})) {
      if (problem.skills && !problem.skills.includes(skill)) report(pointer(`${path}/skills`, skill), 'unknown_skill', { skill });
      if (!isAmount(level)) report(pointer(`${path}/skills`, skill), 'number');
    }
    all.forEach((shift, at) => checkShift(problem, shift, pointer(`${path}/shifts`, at), report));
    const inOrder = all.map((shift, at) => ({ shift, at })).sort((a, b) => a.shift.window[0] - b.shift.window[0]);
    inOrder.forEach(({ shift, at }, place) => {
      if (place > 0 && shift.window[0] < inOrder[place - 1]!.shift.window[1]) report(pointer(`${path}/shifts`, at), 'shifts_overlap');
    });
  });
  return problems;
}

const isAmount = (value: number): boolean => Number.isFinite(value) && value >= 0;

function checkMatrix(matrix: Float64Array, places: number, path: string, report: Report): void {
  if (matrix.length !== places * places) {
    report(path, 'matrix_size', { wanted: places * places, got: matrix.length });
    return;
  }
  const at = matrix.findIndex((value) => !isAmount(value));
  if (at >= 0) report(path, 'matrix_value', { from: Math.floor(at / places), to: at % places });
}

function checkVisit(problem: PlanProblem, visit: PlanVisit, path: string, report: Report): void {
  const { technicians, places } = problem;
  if (!isIndex(visit.place, places)) report(`${path}/place`, 'place');
  if (!isAmount(visit.service)) report(`${path}/service`, 'number');
  if (!isAmount(visit.penalty)) report(`${path}/penalty`, 'number');
  if (visit.notPreferredCost !== undefined && !isAmount(visit.notPreferredCost)) report(`${path}/notPreferredCost`, 'number');
  visit.serviceBy?.forEach(([technician, seconds], index) => {
    if (!isIndex(technician, technicians.length)) report(pointer(`${path}/serviceBy`, index), 'technician');
    if (!isAmount(seconds)) report(pointer(`${path}/serviceBy`, index), 'number');
  });
  checkWindows(visit.windows ?? [], `${path}/windows`, report);
  checkAmounts(visit.demand, `${path}/demand`, report);
  checkSkills(problem, visit.skills, `${path}/skills`, report);
  checkSkills(problem, visit.second?.skills, `${path}/second/skills`, report);
  const people = { required: visit.required, preferred: visit.preferred, banned: visit.banned, 'second/required': visit.second?.required, 'second/banned': visit.second?.banned };
  for (const [name, all] of Object.entries(people)) all?.forEach((technician, index) => {
    if (!isIndex(technician, technicians.length)) report(pointer(`${path}/${name}`, index), 'technician');
  });
  checkLock(problem, visit, `${path}/lock`, report);
  const { promised } = visit;
  if (promised?.technician !== undefined && !isIndex(promised.technician, technicians.length)) report(`${path}/promised/technician`, 'technician');
  if (promised?.begin !== undefined && !Number.isFinite(promised.begin)) report(`${path}/promised/begin`, 'number');
  for (const name of ['technicianCost', 'beginCost', 'tolerance'] as const) {
    const value = promised?.[name];
    if (value !== undefined && !isAmount(value)) report(`${path}/promised/${name}`, 'number');
  }
}

function checkLock({ technicians }: PlanProblem, { lock, windows, second, required, banned }: PlanVisit, path: string, report: Report): void {
  if (!lock) return;
  const { technician, second: other, begin, range } = lock;
  if (technician !== undefined) {
    if (!isIndex(technician, technicians.length)) report(`${path}/technician`, 'technician');
    else if (banned?.includes(technician) || (required && !required.includes(technician))) report(`${path}/technician`, 'lock_forbidden');
  }
  if (other !== undefined) {
    if (!second) report(`${path}/second`, 'no_second');
    else if (!isIndex(other, technicians.length)) report(`${path}/second`, 'technician');
    else if (other === technician) report(`${path}/second`, 'lock_same');
    else if (second.banned?.includes(other) || (second.required && !second.required.includes(other))) report(`${path}/second`, 'lock_forbidden');
  }
  if (begin !== undefined && !Number.isFinite(begin)) {
    report(`${path}/begin`, 'number');
    return;
  }
  if (range && !isWindow(range)) {
    report(`${path}/range`, 'window');
    return;
  }
  const [from, to] = [Math.max(begin ?? -Infinity, range?.[0] ?? -Infinity), Math.min(begin ?? Infinity, range?.[1] ?? Infinity)];
  const possible = windows && windows.length > 0 ? windows.some(([start, end]) => Math.max(start, from) <= Math.min(end, to)) : from <= to;
  if (!possible) report(begin === undefined ? `${path}/range` : `${path}/begin`, 'lock_outside');
}

function checkSkills({ skills: known }: PlanProblem, asked: readonly SkillDemand[] | undefined, path: string, report: Report): void {
  asked?.forEach(({ skill, level, missingCost }, index) => {
    if (known && !known.includes(skill)) report(pointer(path, index), 'unknown_skill', { skill });
    if (level !== undefined && !(Number.isFinite(level) && level > 0)) report(`${pointer(path, index)}/level`, 'level');
    if (missingCost !== undefined && !isAmount(missingCost)) report(`${pointer(path, index)}/missingCost`, 'number');
  });
}

function checkShift({ places }: PlanProblem, shift: PlanShift, path: string, report: Report): void {
  if (!isIndex(shift.start, places)) report(`${path}/start`, 'place');
  if (shift.end !== null && !isIndex(shift.end, places)) report(`${path}/end`, 'place');
  if (!isWindow(shift.window)) {
    report(`${path}/window`, 'window');
    return;
  }
  checkAmounts(shift.capacity, `${path}/capacity`, report);
  if (shift.mostVisits !== undefined && !(Number.isInteger(shift.mostVisits) && shift.mostVisits >= 0)) report(`${path}/mostVisits`, 'whole');
  if (shift.fixedCost !== undefined && !isAmount(shift.fixedCost)) report(`${path}/fixedCost`, 'number');
  if ((shift.breaks?.length ?? 0) > planLimits.breaks) report(`${path}/breaks`, 'too_many', { limit: planLimits.breaks });
  shift.breaks?.forEach((pause, index) => checkBreak(pause, shift.window, pointer(`${path}/breaks`, index), report));
}

function checkBreak({ windows, duration }: PlanBreak, [from, to]: TimeWindow, path: string, report: Report): void {
  if (!isAmount(duration)) report(`${path}/duration`, 'number');
  else if (windows.length === 0) report(`${path}/windows`, 'windows_needed');
  else if (checkWindows(windows, `${path}/windows`, report) && !windows.some(([start, end]) => Math.max(start, from) <= end && Math.max(start, from) + duration <= to)) report(path, 'break_outside');
}

const isIndex = (value: number, count: number): boolean => Number.isInteger(value) && value >= 0 && value < count;
const isWindow = ([start, end]: TimeWindow): boolean => Number.isFinite(start) && Number.isFinite(end) && start <= end;

function checkWindows(windows: readonly TimeWindow[], path: string, report: Report): boolean {
  if (windows.length > planLimits.windows) report(path, 'too_many', { limit: planLimits.windows });
  const wrong = windows.findIndex((window) => !isWindow(window));
  if (wrong >= 0) report(pointer(path, wrong), 'window');
  return wrong < 0;
}

function checkAmounts(amounts: readonly number[] | undefined, path: string, report: Report): void {
  if ((amounts?.length ?? 0) > planLimits.dimensions) report(path, 'too_many', { limit: planLimits.dimensions });
  const wrong = amounts?.findIndex((amount) => !isAmount(amount)) ?? -1;
  if (wrong >= 0) report(pointer(path, wrong), 'number');
}
