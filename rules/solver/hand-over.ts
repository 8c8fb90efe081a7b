import { startOf, type Compiled } from './compile.ts';
import type { Finder } from './finder.ts';
import { findPlace } from './finder.ts';
import type { DraftRoute, Plan, PlanDraft, PlanProblem, PlanStop } from './problem.ts';
import { schedule } from './schedule.ts';
import { leaveOut, link, putIn, refresh, setMoment, unlink, type Working } from './working.ts';

/**
 * Takes a draft over into the empty plan at work (沿用原计划). What no longer fits where it stands is put elsewhere into the
 * same shift; what does not fit there either, or is there twice, stays open.
 */
export function takeOver(finder: Finder, draft: PlanDraft): void {
  const { working } = finder;
  const { problem } = working;
  const routeOf = new Map<string, number>();
  for (let r = 0; r < problem.routes; r += 1) routeOf.set(`${problem.technicianOf[r]!} ${problem.shiftOf[r]!}`, r);
  const seconds = secondsOf(problem);
  const moments = agreedMoments(problem, draft, seconds);
  for (const route of draft.routes) {
    const r = routeOf.get(`${route.technician} ${route.shift}`);
    if (r === undefined || working.size[r]! > 0) continue;
    const tasks = tasksOf(problem, route, r, seconds, moments, working);
    if (!inThatOrder(working, r, tasks)) oneByOne(finder, r, tasks);
  }
  // A visit for two stays only where both of them do.
  for (const [visit, task] of seconds) {
    if ((working.route[visit]! >= 0) === (working.route[task]! >= 0) && distinct(working, visit, task)) continue;
    for (const each of [visit, task]) {
      setMoment(working, each, null);
      const r = working.route[each]!;
      if (r < 0) continue;
      unlink(working, each);
      refresh(working, r);
    }
  }
}

function distinct({ route, problem }: Working, visit: number, task: number): boolean {
  return route[visit]! < 0 || problem.technicianOf[route[visit]!] !== problem.technicianOf[route[task]!];
}

/** The second person's task of each visit that has one. */
function secondsOf({ visits, partner }: Compiled): Map<number, number> {
  return new Map(Array.from({ length: visits }, (_, visit) => visit).flatMap((visit) => (partner[visit]! >= 0 ? [[visit, partner[visit]!] as const] : [])));
}

/** When two people begin, where the draft says it of both and it is the same. */
function agreedMoments(problem: Compiled, draft: PlanDraft, seconds: ReadonlyMap<number, number>): Map<number, number> {
  const told = new Map<number, Set<number | undefined>>();
  for (const { stops } of draft.routes) for (const { kind, index, begins } of stops) {
    if (kind !== 'break' && seconds.has(index)) told.set(index, (told.get(index) ?? new Set()).add(begins));
  }
  const agreed = new Map<number, number>();
  for (const [visit, all] of told) {
    const [moment] = all;
    if (all.size !== 1 || moment === undefined) continue;
    for (let at = problem.windowFrom[visit]!; at < problem.windowTo[visit]!; at += 1) {
      if (moment >= problem.windowStart[at]! && moment <= problem.windowEnd[at]!) agreed.set(visit, moment);
    }
  }
  return agreed;
}

/** The nodes of a route of the draft that may be there at all. */
function tasksOf(problem: Compiled, route: DraftRoute, r: number, seconds: ReadonlyMap<number, number>, moments: ReadonlyMap<number, number>, working: Working): number[] {
  const nodes: number[] = [];
  for (const { kind, index } of route.stops) {
    if (kind === 'break') {
      const pause = problem.breaksOf[r]![index];
      if (pause !== undefined && !nodes.includes(pause)) nodes.push(pause);
      continue;
    }
    const task = kind === 'visit' ? index : seconds.get(index) ?? -1;
    if (!(task >= 0 && task < problem.tasks) || (kind === 'visit' && index >= problem.visits) || working.route[task]! >= 0 || nodes.includes(task)) continue;
    if (problem.eligible[task * problem.routes + r] === 0) continue;
    if (seconds.has(index)) {
      const moment = moments.get(index);
      if (moment === undefined) continue;
      setMoment(working, task, moment);
    }
    nodes.push(task);
  }
  return nodes;
}

function inThatOrder(working: Working, r: number, nodes: readonly number[]): boolean {
  const { problem, departs, load } = working;
  const start = startOf(problem, r);
  const pauses = problem.breaksOf[r]!;
  if (nodes.filter((node) => node >= problem.firstBreak).length < pauses.length) return false;
  for (const pause of pauses) unlink(working, pause);
  let before = start;
  for (const node of nodes) {
    link(working, before, node, r);
    before = node;
  }
  refresh(working, r);
  let sound = departs[start + 1]! < Infinity && working.size[r]! <= problem.mostVisits[r]!;
  for (let d = 0; d < problem.dimensions; d += 1) if (load[r * problem.dimensions + d]! > problem.capacity[r * problem.dimensions + d]! + 1e-6) sound = false;
  if (sound) return true;
  for (const node of nodes) unlink(working, node);
  before = start;
  for (const pause of pauses) {
    link(working, before, pause, r);
    before = pause;
  }
  refresh(working, r);
  return false;
}

function oneByOne(finder: Finder, r: number, nodes: readonly number[]): void {
  const { working } = finder;
  finder.only = r;
  finder.blink = 0;
  finder.untilBlink = Infinity;
  for (const node of nodes) {
    if (node < working.problem.tasks && findPlace(finder, node, Infinity)) putIn(working, finder.foundBefore, node, r, finder.foundDelta);
  }
  finder.only = -1;
}

/** Everything not planned is left out. */
export function closeBank(working: Working): void {
  for (let task = 0; task < working.problem.visits; task += 1) if (working.route[task]! < 0 && working.bankPlace[task]! < 0) leaveOut(working, task);
}

/** The plan at work in the form it is handed out in, with times and cost reckoned from the problem itself. */
export function handOver(problem: PlanProblem, working: Working): Plan {
  const compiled = working.problem;
  const visitOf = new Map([...secondsOf(compiled)].map(([visit, task]) => [task, visit]));
  const routes: DraftRoute[] = [];
  for (let r = 0; r < compiled.routes; r += 1) {
    if (working.size[r] === 0) continue;
    const stops: Pick<PlanStop, 'kind' | 'index'>[] = [];
    const start = startOf(compiled, r);
    for (let node = working.next[start]!; node !== start + 1; node = working.next[node]!) {
      if (node >= compiled.firstBreak) stops.push({ kind: 'break', index: compiled.breaksOf[r]!.indexOf(node) });
      else stops.push(node < compiled.visits ? { kind: 'visit', index: node } : { kind: 'second', index: visitOf.get(node)! });
    }
    routes.push({ technician: compiled.technicianOf[r]!, shift: compiled.shiftOf[r]!, stops });
  }
  return schedule(problem, { routes });
}
