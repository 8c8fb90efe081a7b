import type { Plan, PlanProblem, PlanRoute, PlanShift, PlanVisit, TimeWindow } from './problem.ts';
import { serviceOf, windowsOf } from './schedule.ts';

/** What keeps somebody from doing a visit that was left out (未排原因), the first that applies. */
export const blockReasons = {
  not_required: { zh: '不是指定人员', en: 'somebody else is asked for' },
  banned: { zh: '禁派人员', en: 'this person may not come' },
  locked: { zh: '已锁定给其他人', en: 'held with somebody else' },
  skill: { zh: '缺少技能“{skill}”', en: 'lacks the skill “{skill}”' },
  capacity: { zh: '载量不够', en: 'has no room left' },
  most_visits: { zh: '上门次数已满', en: 'has as many visits as the shift may have' },
  out_of_reach: { zh: '班次内赶不到，即使没有其他工作', en: 'could not come in time even with nothing else to do' },
  no_gap: { zh: '已排满，没有合适的空档', en: 'has no gap that is long enough at the right time' },
  no_second: { zh: '一人可以上门，但没有第二人', en: 'could come, but there is nobody to go along' },
  not_worth: { zh: '能上门，但比不上门的代价更高', en: 'could come, but that costs more than leaving it out' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type BlockReason = keyof typeof blockReasons;

/** A rule that would have to give way for a visit to be planned (最近的放宽方案), and by how much. */
export type Relaxation =
  /** Begin this many seconds before its windows, or after them. */
  | { kind: 'window'; technician: number; shift: number; earlier: number; later: number }
  /** Work this many seconds longer. */
  | { kind: 'overtime'; technician: number; shift: number; seconds: number }
  | { kind: 'skill'; technician: number; shift: number; skill: string }
  | { kind: 'person'; technician: number; shift: number }
  | { kind: 'capacity'; technician: number; shift: number; dimension: number; amount: number }
  | { kind: 'visits'; technician: number; shift: number }
  | { kind: 'second'; technician: number; shift: number }
  | { kind: 'penalty'; technician: number; shift: number; needed: number };

/** Why a visit is not planned. */
export interface LeftOut {
  visit: number;
  /** What most keeps it out: of those who come nearest to doing it. */
  reason: BlockReason;
  skill?: string;
  /** How many shifts each reason rules out. */
  counts: Partial<Record<BlockReason, number>>;
  /** One of each kind at most, the nearest first. */
  relaxations: Relaxation[];
}

/** The later a reason comes, the nearer it is to the visit being done. */
const nearness = Object.keys(blockReasons) as BlockReason[];
const order: readonly Relaxation['kind'][] = ['penalty', 'window', 'overtime', 'visits', 'capacity', 'second', 'person', 'skill'];

/**
 * Says of visits left out which rule blocks each and what would have to give way (为何未排): all of them, or those named.
 * Every place in every shift is tried, which takes some milliseconds a visit on a day of hundreds of shifts.
 */
export function explain(problem: PlanProblem, plan: Plan, visits: readonly number[] = plan.unassigned): LeftOut[] {
  const routeOf = new Map(plan.routes.map((route) => [`${route.technician} ${route.shift}`, route]));
  return visits.map((visit) => explainOne(problem, routeOf, visit));
}

/**
 * Only the rule that blocks each (未排原因简述), without what would have to give way: for the many that nobody reads one by one. What would fit into some day but for its
 * route is taken to have no gap.
 */
export function explainBriefly(problem: PlanProblem, plan: Plan, visits: readonly number[]): LeftOut[] {
  const routeOf = new Map(plan.routes.map((route) => [`${route.technician} ${route.shift}`, route]));
  return visits.map((visit) => explainOne(problem, routeOf, visit, true));
}

function explainOne(problem: PlanProblem, routeOf: ReadonlyMap<string, PlanRoute>, index: number, briefly = false): LeftOut {
  const visit = problem.visits[index]!;
  const counts: LeftOut['counts'] = {};
  const nearest = new Map<Relaxation['kind'], { relaxation: Relaxation; size: number }>();
  let reason = 'not_required' as BlockReason;
  let skill: string | undefined;
  const offer = (relaxation: Relaxation, size: number): void => {
    const known = nearest.get(relaxation.kind);
    if (!known || size < known.size) nearest.set(relaxation.kind, { relaxation, size });
  };
  problem.technicians.forEach(({ shifts }, technician) => shifts.forEach((shift, at) => {
    const route = routeOf.get(`${technician} ${at}`);
    const person = personBlock(problem, visit, technician);
    let found: BlockReason;
    const gap = briefly ? noGap : gapFor(problem, visit, technician, shift, route);
    if (person) {
      found = person.reason;
      if (gap.fits) offer(person.skill === undefined ? { kind: 'person', technician, shift: at } : { kind: 'skill', technician, shift: at, skill: person.skill }, gap.cost);
    } else {
      const amounts = amountBlock(problem, visit, shift, route);
      if (amounts) {
        found = amounts.kind === 'visits' ? 'most_visits' : 'capacity';
        if (gap.fits) offer(amounts.kind === 'visits' ? { kind: 'visits', technician, shift: at } : { ...amounts, technician, shift: at }, gap.cost);
      } else if (gap.fits) {
        found = visit.second ? 'no_second' : 'not_worth';
        offer(visit.second ? { kind: 'second', technician, shift: at } : { kind: 'penalty', technician, shift: at, needed: Math.ceil(gap.cost) }, gap.cost);
      } else {
        found = gapFor(problem, visit, technician, shift, undefined).fits ? 'no_gap' : 'out_of_reach';
        if (Math.min(gap.earlier, gap.later) < Infinity) {
          const early = gap.earlier <= gap.later;
          offer({ kind: 'window', technician, shift: at, earlier: early ? gap.earlier : 0, later: early ? 0 : gap.later }, Math.min(gap.earlier, gap.later));
        }
        if (gap.overtime < Infinity) offer({ kind: 'overtime', technician, shift: at, seconds: gap.overtime }, gap.overtime);
      }
    }
    counts[found] = (counts[found] ?? 0) + 1;
    if (nearness.indexOf(found) >= nearness.indexOf(reason)) {
      reason = found;
      skill = person?.skill;
    }
  }));
  const relaxations = [...nearest.values()].sort((a, b) => order.indexOf(a.relaxation.kind) - order.indexOf(b.relaxation.kind)).map(({ relaxation }) => relaxation);
  return { visit: index, reason, ...(reason === 'skill' && skill !== undefined ? { skill } : {}), counts, relaxations };
}

function personBlock({ technicians }: PlanProblem, { required, banned, lock, skills: asked }: PlanVisit, technician: number): { reason: BlockReason; skill?: string } | null {
  if (required && !required.includes(technician)) return { reason: 'not_required' };
  if (banned?.includes(technician)) return { reason: 'banned' };
  if (lock?.technician !== undefined && lock.technician !== technician) return { reason: 'locked' };
  const skills = technicians[technician]!.skills ?? {};
  const missing = asked?.find(({ skill, level = 1, missingCost }) => missingCost === undefined && !(Object.hasOwn(skills, skill) && skills[skill]! >= level));
  return missing ? { reason: 'skill', skill: missing.skill } : null;
}

function amountBlock({ visits }: PlanProblem, visit: PlanVisit, shift: PlanShift, route: PlanRoute | undefined): { kind: 'visits' } | { kind: 'capacity'; dimension: number; amount: number } | null {
  const present = (route?.stops ?? []).filter(({ kind }) => kind !== 'break').map(({ index }) => visits[index]!);
  if (present.length >= (shift.mostVisits ?? Infinity)) return { kind: 'visits' };
  for (const [dimension, capacity] of (shift.capacity ?? []).entries()) {
    const amount = present.reduce((sum, { demand }) => sum + (demand?.[dimension] ?? 0), visit.demand?.[dimension] ?? 0) - capacity;
    if (amount > 1e-6) return { kind: 'capacity', dimension, amount };
  }
  return null;
}

/** Where in a shift a visit would fit, or what is lacking. */
interface Gap {
  fits: boolean;
  /** Travel more than before, at the cheapest place. */
  cost: number;
  /** Seconds it would have to begin before its windows, or after them; Infinity where that would not help. */
  earlier: number;
  later: number;
  overtime: number;
}

const noGap: Gap = { fits: false, cost: Infinity, earlier: Infinity, later: Infinity, overtime: Infinity };

/** Tries every place in a shift; without a route, as if the shift were empty. */
function gapFor(problem: PlanProblem, visit: PlanVisit, technician: number, shift: PlanShift, route: PlanRoute | undefined): Gap {
  const stops = route?.stops ?? (shift.breaks ?? []).map((_, index) => ({ kind: 'break' as const, index, begins: 0 }));
  const gap: Gap = { fits: false, cost: Infinity, earlier: Infinity, later: Infinity, overtime: Infinity };
  const windows = windowsOf(visit);
  const anyTime: TimeWindow[] = [[-Infinity, Infinity]];
  const costs = problem.costs ?? problem.durations;
  const leg = (from: number, to: number | null): number => (to === null ? 0 : costs[from * problem.places + to]!);
  for (let at = 0; at <= stops.length; at += 1) {
    const run = (own: readonly TimeWindow[], until: number): { begins: number; over: number } | null => {
      let here = shift.start;
      let now = shift.window[0];
      let begins = 0;
      for (let index = 0; index <= stops.length; index += 1) {
        if (index === at) {
          begins = firstIn(own, now + problem.durations[here * problem.places + visit.place]!);
          now = begins + serviceOf(visit, technician);
          here = visit.place;
        }
        const stop = stops[index];
        if (!stop) break;
        if (stop.kind === 'break') {
          const pause = shift.breaks![stop.index]!;
          now = firstIn(pause.windows, now) + pause.duration;
          continue;
        }
        const other = problem.visits[stop.index]!;
        // Two who have agreed on a moment keep it.
        const its = other.second ? [[stop.begins, stop.begins] as const] : windowsOf(other);
        now = firstIn(its, now + problem.durations[here * problem.places + other.place]!) + serviceOf(other, technician);
        here = other.place;
        if (now === Infinity) return null;
      }
      const back = now + (shift.end === null ? 0 : problem.durations[here * problem.places + shift.end]!);
      return Number.isFinite(back) && back <= until ? { begins, over: Math.max(0, back - shift.window[1]) } : null;
    };
    const real = run(windows, Infinity);
    if (real && real.over > 0) gap.overtime = Math.min(gap.overtime, real.over);
    if (real && real.over === 0) {
      const before = stops.slice(0, at).findLast(({ kind }) => kind !== 'break');
      const after = stops.slice(at).find(({ kind }) => kind !== 'break');
      const from = before ? problem.visits[before.index]!.place : shift.start;
      const to = after ? problem.visits[after.index]!.place : shift.end;
      gap.fits = true;
      gap.cost = Math.min(gap.cost, leg(from, visit.place) + leg(visit.place, to) - (before || after ? leg(from, to) : 0) + (before || after ? 0 : shift.fixedCost ?? 0));
      continue;
    }
    const any = run(anyTime, shift.window[1]);
    if (!any) continue;
    for (const [start, end] of windows) {
      if (any.begins > end) gap.later = Math.min(gap.later, any.begins - end);
      else if (any.begins < start) {
        // It may begin as late as the rest of the route allows; found by halving.
        let [low, high] = [any.begins, start];
        while (high - low > 1e-3) {
          const middle = (low + high) / 2;
          if (run([[middle, Infinity]], shift.window[1])) low = middle;
          else high = middle;
        }
        gap.earlier = Math.min(gap.earlier, Math.ceil(start - low - 2e-3));
      }
    }
  }
  return gap;
}

function firstIn(windows: readonly TimeWindow[], from: number): number {
  return windows.reduce((first, [start, end]) => (end >= from ? Math.min(first, Math.max(start, from)) : first), Infinity);
}
