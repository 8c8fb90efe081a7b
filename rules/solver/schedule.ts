import type { DraftRoute, DraftStop, Plan, PlanCost, PlanDraft, PlanProblem, PlanRoute, PlanStop, PlanVisit, TimeWindow } from './problem.ts';

/**
 * Gives a draft its times and its cost (排班时间推算): everything as early as it can be, two people at once where a visit
 * asks for two. Nothing is refused here; what is wrong with the plan `checkPlan` says. Stops that lead nowhere are dropped.
 */
export function schedule(problem: PlanProblem, draft: PlanDraft): Plan {
  const routes = draft.routes.filter(({ technician, shift, stops }) => problem.technicians[technician]?.shifts[shift] && stops.some((stop) => stop.kind !== 'break'));
  const moments = new Map<number, number>();
  let timed = routes.map((route) => timesOf(problem, route, moments));
  // Whoever is there first waits for the other; each waiting may make somebody wait elsewhere. A circle never settles.
  for (let round = 0; round <= problem.visits.length; round += 1) {
    const arrivals = new Map<number, number[]>();
    for (const { stops } of timed) for (const stop of stops) {
      if (stop.kind !== 'break' && problem.visits[stop.index]!.second) arrivals.set(stop.index, [...arrivals.get(stop.index) ?? [], stop.begins]);
    }
    let settled = true;
    for (const [visit, all] of arrivals) {
      const moment = Math.max(...all);
      if (moments.get(visit) !== moment) {
        moments.set(visit, moment);
        settled = false;
      }
    }
    if (settled) break;
    timed = routes.map((route) => timesOf(problem, route, moments));
  }
  const planned = new Set(timed.flatMap(({ stops }) => stops.filter(({ kind }) => kind === 'visit').map(({ index }) => index)));
  const unassigned = problem.visits.flatMap((_, index) => (planned.has(index) ? [] : [index]));
  return { routes: timed, unassigned, cost: costOf(problem, timed, unassigned) };
}

function timesOf(problem: PlanProblem, { technician, shift: at, stops }: DraftRoute, moments: ReadonlyMap<number, number>): PlanRoute {
  const shift = problem.technicians[technician]!.shifts[at]!;
  let here = shift.start;
  let now = shift.window[0];
  const timed: PlanStop[] = [];
  for (const { kind, index } of stops) {
    if (kind === 'break') {
      const pause = shift.breaks?.[index];
      if (!pause) continue;
      const begins = firstMoment(pause.windows, now);
      timed.push({ kind, index, arrives: now, begins, ends: begins + pause.duration });
      now = begins + pause.duration;
      continue;
    }
    const visit = problem.visits[index];
    if (!visit) continue;
    const arrives = now + problem.durations[here * problem.places + visit.place]!;
    const begins = Math.max(firstMoment(windowsOf(visit), arrives), moments.get(index) ?? -Infinity);
    now = begins + serviceOf(visit, technician);
    here = visit.place;
    timed.push({ kind, index, arrives, begins, ends: now });
  }
  return { technician, shift: at, stops: timed, returns: shift.end === null ? now : now + problem.durations[here * problem.places + shift.end]! };
}

/** Seconds a visit takes somebody. */
export function serviceOf({ service, serviceBy }: PlanVisit, technician: number): number {
  return serviceBy?.find(([who]) => who === technician)?.[1] ?? service;
}

/** The windows of a visit with what its locks leave of them. */
export function windowsOf({ windows, lock }: PlanVisit): TimeWindow[] {
  const [from, to] = [Math.max(lock?.begin ?? -Infinity, lock?.range?.[0] ?? -Infinity), Math.min(lock?.begin ?? Infinity, lock?.range?.[1] ?? Infinity)];
  const all = windows && windows.length > 0 ? windows : [[-Infinity, Infinity] as const];
  return all.map(([start, end]): TimeWindow => [Math.max(start, from), Math.min(end, to)]).filter(([start, end]) => start <= end).sort((a, b) => a[0] - b[0]);
}

/** The first moment from one on that lies in a window; after the last of them, that moment itself, though it is too late. */
function firstMoment(windows: readonly TimeWindow[], from: number): number {
  const first = windows.reduce((earliest, [start, end]) => (end >= from ? Math.min(earliest, Math.max(start, from)) : earliest), Infinity);
  return first === Infinity ? from : first;
}

/** What routes cost, by cause, reckoned from the problem alone. */
export function costOf(problem: PlanProblem, routes: readonly PlanRoute[], unassigned: readonly number[]): PlanCost {
  const costs = problem.costs ?? problem.durations;
  const cost: PlanCost = { travel: 0, fixed: 0, suitability: 0, changes: 0, penalty: 0, total: 0 };
  for (const { technician, shift: at, stops } of routes) {
    const shift = problem.technicians[technician]!.shifts[at]!;
    const work = stops.filter(({ kind }) => kind !== 'break');
    if (work.length === 0) continue;
    cost.fixed += shift.fixedCost ?? 0;
    let here = shift.start;
    for (const stop of work) {
      const visit = problem.visits[stop.index]!;
      cost.travel += costs[here * problem.places + visit.place]!;
      here = visit.place;
      cost.suitability += suitabilityOf(problem, stop, technician);
      cost.changes += changeCostOf(visit, stop, technician);
    }
    if (shift.end !== null) cost.travel += costs[here * problem.places + shift.end]!;
  }
  for (const visit of unassigned) cost.penalty += problem.visits[visit]!.penalty;
  cost.total = cost.travel + cost.fixed + cost.suitability + cost.changes + cost.penalty;
  return cost;
}

/** What sending this person costs, wishes only: skills above what is asked, missing ones that may be, not the preferred one. */
function suitabilityOf({ visits, technicians, weights }: PlanProblem, { kind, index }: DraftStop, technician: number): number {
  const visit = visits[index]!;
  let cost = kind === 'visit' && visit.preferred?.length && !visit.preferred.includes(technician) ? visit.notPreferredCost ?? 0 : 0;
  const skills = technicians[technician]!.skills ?? {};
  for (const { skill, level = 1, missingCost } of (kind === 'visit' ? visit.skills : visit.second?.skills) ?? []) {
    const has = Object.hasOwn(skills, skill) ? skills[skill]! : 0;
    cost += has < level ? missingCost ?? 0 : (has - level) * (weights?.overskill ?? 0);
  }
  return cost;
}

/** What going back on a promise costs. */
function changeCostOf({ promised }: PlanVisit, { kind, begins }: PlanStop, technician: number): number {
  if (!promised || kind !== 'visit') return 0;
  const other = promised.technician !== undefined && promised.technician !== technician ? promised.technicianCost ?? 0 : 0;
  const moved = promised.begin !== undefined && Math.abs(begins - promised.begin) > (promised.tolerance ?? 0) ? promised.beginCost ?? 0 : 0;
  return other + moved;
}
