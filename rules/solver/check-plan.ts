import type { Plan, PlanProblem, PlanRoute, PlanSecondPerson, PlanShift, PlanStop, PlanVisit } from './problem.ts';
import { costOf } from './schedule.ts';

/** What may be wrong with a plan (排程校验), in the words people are shown. */
export const planFaults = {
  unknown_route: { zh: '没有这个人员或班次', en: 'is the route of nobody, or of no shift' },
  route_twice: { zh: '同一班次出现了两次', en: 'is there twice' },
  unknown_stop: { zh: '没有这个上门服务或休息', en: 'is no visit and no break' },
  visit_twice: { zh: '重复安排', en: 'is planned twice' },
  visit_lost: { zh: '既没有安排，也没有列为未安排', en: 'is neither planned nor left out' },
  also_left_out: { zh: '已安排，又列为未安排', en: 'is planned and left out as well' },
  too_soon: { zh: '来不及赶到', en: 'is reached sooner than one can get there' },
  before_arrival: { zh: '人未到就开始', en: 'begins before anybody is there' },
  outside_window: { zh: '不在可上门的时间内', en: 'begins outside of its windows' },
  wrong_duration: { zh: '工时不对', en: 'does not last as long as the work takes' },
  shift_exceeded: { zh: '超出班次时间', en: 'does not fit into the shift' },
  not_required: { zh: '不是指定人员', en: 'has to be done by somebody else' },
  banned: { zh: '禁派人员', en: 'may not be done by this person' },
  skill: { zh: '缺少技能', en: 'asks for a skill this person lacks' },
  person_locked: { zh: '人员已锁定', en: 'is held with somebody else' },
  time_locked: { zh: '时间已锁定', en: 'is held at another time' },
  range_locked: { zh: '时间范围已锁定', en: 'is held within other times' },
  capacity: { zh: '超出载量', en: 'takes more than the shift can hold' },
  most_visits: { zh: '超出班次的上门次数', en: 'has more visits than the shift may have' },
  break_missing: { zh: '休息没有安排', en: 'lacks a break' },
  second_missing: { zh: '缺少第二人', en: 'lacks its second person' },
  second_alone: { zh: '不需要第二人，或只有第二人', en: 'has a second person only, or needs none' },
  second_apart: { zh: '两人没有同时开始', en: 'is not begun by both at the same moment' },
  second_same: { zh: '第二人不能是同一人', en: 'needs two different people' },
  cost: { zh: '成本不符', en: 'costs something else' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type PlanFaultCode = keyof typeof planFaults;

/** One thing that is wrong: which visit, whose shift, as far as it concerns one. */
export interface PlanFault {
  code: PlanFaultCode;
  visit?: number;
  technician?: number;
  shift?: number;
}

/** A rounding error is no lateness. */
const tolerance = 1e-6;

/**
 * Whether a plan keeps all rules, looked at without anything of what the search goes by (独立校验): each stop by itself, each
 * time against the matrix, the cost added up anew.
 */
export function checkPlan(problem: PlanProblem, plan: Plan): PlanFault[] {
  const faults: PlanFault[] = [];
  const seen = new Set<string>();
  const first = new Map<number, { technician: number; begins: number }>();
  const second = new Map<number, { technician: number; begins: number }>();
  for (const route of plan.routes) {
    const { technician, shift: at } = route;
    const shift = problem.technicians[technician]?.shifts[at];
    const tell = (code: PlanFaultCode, visit?: number) => void faults.push({ code, technician, shift: at, ...(visit === undefined ? {} : { visit }) });
    if (!shift) {
      tell('unknown_route');
      continue;
    }
    if (seen.has(`${technician} ${at}`)) tell('route_twice');
    seen.add(`${technician} ${at}`);
    for (const { kind, index, begins } of route.stops) {
      if (kind === 'break') continue;
      const part = kind === 'visit' ? first : second;
      if (!problem.visits[index]) continue;
      if (part.has(index)) tell('visit_twice', index);
      part.set(index, { technician, begins });
    }
    checkTimes(problem, route, shift, tell);
    checkAmounts(problem, route, shift, tell);
    for (const stop of route.stops) if (stop.kind !== 'break' && problem.visits[stop.index]) checkPerson(problem, stop, technician, tell);
  }
  const leftOut = new Set(plan.unassigned);
  problem.visits.forEach((visit, index) => {
    const [one, other] = [first.get(index), second.get(index)];
    if (!one && !leftOut.has(index)) faults.push({ code: 'visit_lost', visit: index });
    if (one && leftOut.has(index)) faults.push({ code: 'also_left_out', visit: index });
    if (one && visit.second && !other) faults.push({ code: 'second_missing', visit: index });
    if (other && (!one || !visit.second)) faults.push({ code: 'second_alone', visit: index });
    if (one && other && Math.abs(one.begins - other.begins) > tolerance) faults.push({ code: 'second_apart', visit: index });
    if (one && other && one.technician === other.technician) faults.push({ code: 'second_same', visit: index });
  });
  if (faults.some(({ code }) => code === 'unknown_route' || code === 'unknown_stop')) return faults;
  const cost = costOf(problem, plan.routes, plan.unassigned);
  for (const cause of Object.keys(cost) as (keyof typeof cost)[]) {
    if (Math.abs(cost[cause] - plan.cost[cause]) > tolerance * Math.max(1, Math.abs(cost[cause]))) {
      faults.push({ code: 'cost' });
      break;
    }
  }
  return faults;
}

type Tell = (code: PlanFaultCode, visit?: number) => void;

function checkTimes(problem: PlanProblem, route: PlanRoute, shift: PlanShift, tell: Tell): void {
  let here = shift.start;
  let free = shift.window[0];
  let busy = false;
  for (const stop of route.stops) {
    if (stop.kind === 'break') {
      const pause = shift.breaks?.[stop.index];
      if (!pause) {
        tell('unknown_stop');
        continue;
      }
      if (stop.begins < free - tolerance) tell('too_soon');
      if (!pause.windows.some(([start, end]) => stop.begins >= start - tolerance && stop.begins <= end + tolerance)) tell('outside_window');
      if (Math.abs(stop.ends - stop.begins - pause.duration) > tolerance) tell('wrong_duration');
      free = stop.ends;
      continue;
    }
    const visit = problem.visits[stop.index];
    if (!visit) {
      tell('unknown_stop');
      continue;
    }
    busy = true;
    if (stop.arrives < free + problem.durations[here * problem.places + visit.place]! - tolerance) tell('too_soon', stop.index);
    if (stop.begins < stop.arrives - tolerance) tell('before_arrival', stop.index);
    checkBegin(visit, stop, tell);
    const lasts = visit.serviceBy?.find(([who]) => who === route.technician)?.[1] ?? visit.service;
    if (Math.abs(stop.ends - stop.begins - lasts) > tolerance) tell('wrong_duration', stop.index);
    free = stop.ends;
    here = visit.place;
  }
  const home = shift.end === null ? free : free + problem.durations[here * problem.places + shift.end]!;
  if (busy && (home > shift.window[1] + tolerance || !(route.returns >= home - tolerance))) tell('shift_exceeded');
}

function checkBegin({ windows, lock }: PlanVisit, { index, begins }: PlanStop, tell: Tell): void {
  if (windows && windows.length > 0 && !windows.some(([start, end]) => begins >= start - tolerance && begins <= end + tolerance)) tell('outside_window', index);
  if (lock?.begin !== undefined && Math.abs(begins - lock.begin) > tolerance) tell('time_locked', index);
  if (lock?.range && (begins < lock.range[0] - tolerance || begins > lock.range[1] + tolerance)) tell('range_locked', index);
}

function checkAmounts(problem: PlanProblem, { stops }: PlanRoute, shift: PlanShift, tell: Tell): void {
  const visits = stops.flatMap(({ kind, index }) => (kind === 'break' ? [] : problem.visits[index] ?? []));
  if (visits.length === 0) return;
  (shift.capacity ?? []).forEach((capacity, dimension) => {
    if (visits.reduce((sum, { demand }) => sum + (demand?.[dimension] ?? 0), 0) > capacity + 1e-5) tell('capacity');
  });
  if (visits.length > (shift.mostVisits ?? Infinity)) tell('most_visits');
  (shift.breaks ?? []).forEach((_, index) => {
    if (stops.filter((stop) => stop.kind === 'break' && stop.index === index).length !== 1) tell('break_missing');
  });
}

function checkPerson(problem: PlanProblem, { kind, index }: PlanStop, technician: number, tell: Tell): void {
  const visit = problem.visits[index]!;
  const asked: PlanSecondPerson = kind === 'visit' ? visit : visit.second ?? {};
  if (asked.required && !asked.required.includes(technician)) tell('not_required', index);
  if (asked.banned?.includes(technician)) tell('banned', index);
  const held = kind === 'visit' ? visit.lock?.technician : visit.lock?.second;
  if (held !== undefined && held !== technician) tell('person_locked', index);
  const skills = problem.technicians[technician]!.skills ?? {};
  for (const { skill, level = 1, missingCost } of asked.skills ?? []) {
    if (missingCost === undefined && !(Object.hasOwn(skills, skill) && skills[skill]! >= level)) tell('skill', index);
  }
}
