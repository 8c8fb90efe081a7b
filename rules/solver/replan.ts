import type { Plan, PlanProblem, PlanPromise, PlanVisit } from './problem.ts';
import { costOf, schedule } from './schedule.ts';
import { solve, type SolveOptions } from './solve.ts';
import { affectedBy, cutOut, surroundingsOf } from './surroundings.ts';

/** How a plan is changed after an event (重排). */
export interface ReplanOptions extends Omit<SolveOptions, 'from' | 'nearby' | 'around'> {
  /** What is promised by the plan there was, where a visit says nothing of its own. */
  promise?: Omit<PlanPromise, 'technician' | 'begin'>;
  /** Share of the bookings that may move beside those the event itself moves; 0.03 when absent. */
  mostMoved?: number;
}

/** What the new plan changes of the old one. */
export interface Replanned {
  plan: Plan;
  /** Visits with somebody else now, or beginning beyond the tolerance of when they did, or not planned any more. */
  moved: number[];
}

/** A change of person is worth an hour of travel, one of time half an hour; within a quarter of an hour it is none. */
const usualPromise = { technicianCost: 3_600, beginCost: 1_800, tolerance: 900 } as const;

const usualShare = 0.03;
/** How much dearer a change becomes where too much would change. */
const strict = 20;

/**
 * Plans anew after an event with as few changes as can be (动态重排): a visit runs late, somebody falls ill, something
 * urgent comes. What happened stands in the problem already: a visit added at the end, a shift cut short or given another
 * beginning, a lock; visits and technicians keep their indexes. All that was planned counts as promised. In a large plan
 * only those it concerns and those near to them are looked at, as a problem of their own; everybody else keeps their day.
 *
 * @param current the plan there was
 */
export function replan(problem: PlanProblem, current: Plan, options: ReplanOptions): Replanned {
  const { promise: given, mostMoved = usualShare, ...budget } = options;
  const was = new Map(current.routes.flatMap(({ technician, stops }) => stops.filter(({ kind }) => kind === 'visit').map(({ index, begins }) => [index, { technician, begins }] as const)));
  const promise = { ...usualPromise, ...given };
  const promised = (factor: number): PlanVisit[] => problem.visits.map((visit, index): PlanVisit => {
    const before = was.get(index);
    const own = { ...promise, ...visit.promised };
    return before ? { ...visit, promised: { technician: before.technician, begin: before.begins, ...own, technicianCost: own.technicianCost * factor, beginCost: own.beginCost * factor } } : visit;
  });
  const usually = promised(1);
  const affected = affectedBy({ ...problem, visits: usually }, current);
  const part = surroundingsOf(problem, affected);
  const search = (visits: readonly PlanVisit[], rounds: Omit<SolveOptions, 'from'>): Plan => {
    const how = { heat: [0.3, 0.01], ...rounds, nearby: true } as const;
    if (part) {
      const excerpt = cutOut(problem, visits, affected, part);
      const found = excerpt.putBack(solve(excerpt.problem, { ...how, from: excerpt.from, around: excerpt.focus }));
      if (found) return schedule(problem, found);
    }
    return solve({ ...problem, visits }, { ...how, from: current, around: affected.focus });
  };
  const attempt = (factor: number, rounds: Omit<SolveOptions, 'from'>): Replanned => {
    const visits = factor === 1 ? usually : promised(factor);
    const { routes, unassigned } = search(visits, rounds);
    const now = new Map(routes.flatMap(({ technician, stops }) => stops.filter(({ kind }) => kind === 'visit').map(({ index, begins }) => [index, { technician, begins }] as const)));
    const moved = [...was].filter(([index, before]) => {
      const after = now.get(index);
      return !after || after.technician !== before.technician || Math.abs(after.begins - before.begins) > visits[index]!.promised!.tolerance!;
    }).map(([index]) => index);
    // Costs are told of the problem as it was handed in, which a checker can follow.
    return { plan: { routes, unassigned, cost: costOf(problem, routes, unassigned) }, moved };
  };
  const most = was.size * mostMoved;
  const usual = attempt(1, budget);
  if (usual.moved.length <= most) return usual;
  // Too many, unless it is the event itself that moves them: what remains when all else stays as it is.
  const least = attempt(strict, { rounds: 0 });
  if (usual.moved.length <= least.moved.length + most) return usual;
  const fewer = attempt(strict, budget);
  return fewer.moved.length <= least.moved.length + most ? fewer : least;
}
