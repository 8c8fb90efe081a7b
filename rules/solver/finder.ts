import { startOf, type Compiled } from './compile.ts';
import type { Random } from './random.ts';
import { begins, type Working } from './working.ts';

/**
 * Looks for the cheapest place for a task (最优插入). What was found for a task in a route holds until the route changes, so
 * it is kept; in large plans only routes are looked at that come near the task.
 */
export interface Finder {
  readonly working: Working;
  readonly random: Random;
  /** Cheapest place of a task in a route: [task * routes + route], valid for a version of the route; empty arrays when too many. */
  readonly keptVersion: Int32Array;
  readonly keptDelta: Float64Array;
  readonly keptBefore: Int32Array;
  /** Tasks by nearness to each task, `reach` of them each, the nearest first. */
  readonly near: Int32Array;
  readonly reach: number;
  /** Routes by nearness of their start to each task, `homeReach` of them each. */
  readonly nearHomes: Int32Array;
  readonly homeReach: number;
  /** Whether the rows of a task in `near` and `nearHomes` have been reckoned; see `nearRow`. */
  readonly nearKnown: Uint8Array;
  readonly kindSeen: Int32Array;
  readonly marked: Int32Array;
  look: number;
  /** Routes with tasks, as of the beginning of the round. */
  busy: number;
  /** Routes to look into now. */
  readonly candidates: Int32Array;
  candidateCount: number;
  /** Chance that all routes are looked into where none of the near ones will do. */
  thorough: number;
  /** Share of places that are overlooked by chance (blinks). */
  blink: number;
  /** Looks until the next one goes wrong. */
  untilBlink: number;
  /** A route not to be looked at, and the only one to be looked at; -1 for none. */
  without: number;
  only: number;
  /** The place found: behind which node, in which route, at what cost. */
  foundBefore: number;
  foundRoute: number;
  foundDelta: number;
  /** Cost of what `walk` found. */
  walkedDelta: number;
}

/** From so many routes on only those near the task are looked at first. */
const manyRoutes = 24;
/** How many of the nearest tasks say which routes are near. */
const nearTasks = 60;
const nearShifts = 16;
/** Of so few kinds of shifts an empty one of each is always looked at. */
const fewKinds = 8;
const keptAtMost = 4_000_000;

export function finderFor(working: Working, random: Random): Finder {
  const { tasks, routes, kinds } = working.problem;
  const kept = tasks * routes <= keptAtMost ? tasks * routes : 0;
  const reach = Math.min(200, Math.max(0, tasks - 1));
  const homeReach = Math.min(nearShifts, routes);
  return {
    working, random, keptVersion: new Int32Array(kept), keptDelta: new Float64Array(kept), keptBefore: new Int32Array(kept),
    near: new Int32Array(tasks * reach), reach, nearHomes: new Int32Array(tasks * homeReach), homeReach, nearKnown: new Uint8Array(tasks),
    kindSeen: new Int32Array(kinds), marked: new Int32Array(routes), look: 0, busy: 0, candidates: new Int32Array(routes), candidateCount: 0, thorough: 1, blink: 0.01, untilBlink: 0, without: -1, only: -1, foundBefore: -1, foundRoute: -1, foundDelta: 0, walkedDelta: Infinity,
  };
}

/** Whether a route may take one more task of this size by this person. */
export function admits(problem: Compiled, { size, load }: Working, task: number, r: number): boolean {
  if (problem.eligible[task * problem.routes + r] === 0 || size[r]! >= problem.mostVisits[r]!) return false;
  for (let d = 0; d < problem.dimensions; d += 1) {
    if (load[r * problem.dimensions + d]! + problem.demand[task * problem.dimensions + d]! > problem.capacity[r * problem.dimensions + d]! + 1e-6) return false;
  }
  return true;
}

/** Looks for the cheapest place below a limit; the answer stands in `found…`. */
export function findPlace(finder: Finder, task: number, limit: number): boolean {
  finder.look += 1;
  finder.foundDelta = limit;
  finder.foundBefore = -1;
  const near = finder.busy > manyRoutes && finder.only < 0;
  if (near) {
    listNear(finder, task);
    lookInto(finder, task);
    if (finder.foundBefore >= 0 || (finder.thorough < 1 && finder.random() >= finder.thorough)) return finder.foundBefore >= 0;
    finder.look += 1;
  }
  listAll(finder);
  lookInto(finder, task);
  return finder.foundBefore >= 0;
}

function listAll(finder: Finder): void {
  const { candidates, working: { size, problem: { routes, kindOf } }, kindSeen, look } = finder;
  let count = 0;
  for (let r = 0; r < routes; r += 1) {
    if (finder.only >= 0 ? r !== finder.only : r === finder.without) continue;
    if (size[r] === 0) {
      if (kindSeen[kindOf[r]!] === look) continue;
      kindSeen[kindOf[r]!] = look;
    }
    candidates[count] = r;
    count += 1;
  }
  finder.candidateCount = count;
}

/** Routes that have a task near this one or begin near it, and an empty one of each kind where there are few kinds. */
function listNear(finder: Finder, task: number): void {
  const { candidates, marked, look, near, nearHomes, homeReach, kindSeen, working: { route, size, problem: { routes, kindOf, kinds } } } = finder;
  let count = 0;
  const from = nearRow(finder, task);
  for (let at = from; at < from + Math.min(nearTasks, finder.reach); at += 1) {
    const r = route[near[at]!]!;
    if (r < 0 || marked[r] === look || r === finder.without) continue;
    marked[r] = look;
    candidates[count] = r;
    count += 1;
  }
  for (let at = task * homeReach; at < (task + 1) * homeReach; at += 1) {
    const r = nearHomes[at]!;
    if (marked[r] === look || r === finder.without) continue;
    if (size[r] === 0) {
      if (kindSeen[kindOf[r]!] === look) continue;
      kindSeen[kindOf[r]!] = look;
    }
    marked[r] = look;
    candidates[count] = r;
    count += 1;
  }
  for (let r = 0, missing = kinds <= fewKinds ? kinds : 0; r < routes && missing > 0; r += 1) {
    if (size[r] !== 0 || kindSeen[kindOf[r]!] === look || r === finder.without) continue;
    missing -= 1;
    kindSeen[kindOf[r]!] = look;
    candidates[count] = r;
    count += 1;
  }
  finder.candidateCount = count;
}

function lookInto(finder: Finder, task: number): void {
  const { working, candidates, candidateCount, keptVersion, keptDelta, keptBefore } = finder;
  const { problem, next, departs, latest, place, legTo, size, version, journal } = working;
  const { routes, tasks, places, inward, outward, costInward, costOutward, eligible, breaksOf, surcharge, fixedCost } = problem;
  const here = place[task]!;
  const row = here * places;
  const opened = working.opens[task]!;
  const closed = working.closes[task]!;
  const work = problem.work[task]!;
  const soonest = opened + work;
  const plain = !problem.manyWindows && !problem.workBy && !problem.promisedBegin;
  const keeping = keptVersion.length > 0 && problem.partner[task]! < 0;
  let bestDelta = finder.foundDelta;
  let bestBefore = -1;
  let bestRoute = -1;
  for (let index = 0; index < candidateCount; index += 1) {
    const r = candidates[index]!;
    const slot = task * routes + r;
    const known = keeping && keptVersion[slot] === version[r];
    // Most are known, and no better than what was found: they are passed over at once.
    if (known && keptDelta[slot]! >= bestDelta) continue;
    const stays = keeping && journal.written[r] !== journal.round;
    if (!known && (eligible[slot] === 0 || !admits(problem, working, task, r))) {
      if (stays) {
        keptVersion[slot] = version[r]!;
        keptDelta[slot] = Infinity;
      }
      continue;
    }
    let overlooked = -1;
    finder.untilBlink -= 1;
    const blinks = finder.untilBlink < 0;
    if (blinks) finder.untilBlink = nextBlink(finder);
    if (known) {
      if (!blinks) {
        bestDelta = keptDelta[slot]!;
        bestBefore = keptBefore[slot]!;
        bestRoute = r;
        continue;
      }
      overlooked = keptBefore[slot]!;
    } else if (blinks) overlooked = -2;
    // The cheapest place in this route, and the cheapest but for it.
    let delta = Infinity;
    let before = -1;
    const extra = (surcharge ? surcharge[slot]! : 0) + (size[r] === 0 ? fixedCost[r]! : 0);
    if (plain && breaksOf[r]!.length === 0) {
      const end = tasks + 2 * r + 1;
      const empty = size[r] === 0;
      let from = end - 1;
      // Before that it would make the next one late, whatever the way: latest arrivals only grow along the route as well.
      for (let to = next[from]!; to !== end && latest[to]! < soonest; to = next[from]!) from = to;
      while (from !== end) {
        const to = next[from]!;
        const leaves = departs[from]!;
        // Earliest departures only grow along the route.
        if (leaves > closed) break;
        const arrival = leaves + inward[row + place[from]!]!;
        if (arrival <= closed && from !== overlooked) {
          const goal = row + place[to]!;
          const out = (arrival < opened ? opened : arrival) + work;
          if (out + outward[goal]! <= latest[to]!) {
            const longer = costInward[row + place[from]!]! + costOutward[goal]! - (empty ? 0 : legTo[to]!);
            if (longer < delta) {
              delta = longer;
              before = from;
            }
          }
        }
        from = to;
      }
      delta += extra;
    } else {
      before = walk(finder, task, r, overlooked);
      delta = finder.walkedDelta + extra;
    }
    if (overlooked === -2 && before >= 0) {
      // Not known before, so the best is overlooked only now: the next best costs another walk.
      before = walk(finder, task, r, before);
      delta = finder.walkedDelta + extra;
    } else if (overlooked === -1 && stays) {
      keptVersion[slot] = version[r]!;
      keptDelta[slot] = before < 0 ? Infinity : delta;
      keptBefore[slot] = before;
    }
    if (before >= 0 && delta < bestDelta) {
      bestDelta = delta;
      bestBefore = before;
      bestRoute = r;
    }
  }
  if (bestBefore < 0) return;
  finder.foundDelta = bestDelta;
  finder.foundBefore = bestBefore;
  finder.foundRoute = bestRoute;
}

/** Walks a route of any kind for the cheapest place but one; the answer is the node before it, or -1. */
function walk(finder: Finder, task: number, r: number, overlooked: number): number {
  const { working } = finder;
  const { problem, next, departs, latest, place, legTo, work } = working;
  const { places, inward, outward, costInward, costOutward, firstBreak, promisedBegin } = problem;
  const end = startOf(problem, r) + 1;
  const row = place[task]! * places;
  const closed = working.closes[task]!;
  const seconds = problem.workBy ? problem.workBy[task * problem.routes + r]! : problem.work[task]!;
  const empty = working.size[r] === 0;
  let best = Infinity;
  let before = -1;
  for (let from = end - 1; from !== end; from = next[from]!) {
    if (departs[from]! > closed) break;
    if (from === overlooked) continue;
    const begin = begins(working, task, departs[from]! + inward[row + place[from]!]!);
    if (begin === Infinity) continue;
    // Breaks that follow are then taken where the task is.
    let out = begin + seconds;
    let to = next[from]!;
    while (to >= firstBreak && out < Infinity) {
      out = begins(working, to, out) + work[to]!;
      to = next[to]!;
    }
    const goal = row + place[to]!;
    if (out + outward[goal]! > latest[to]!) continue;
    const longer = costInward[row + place[from]!]! + costOutward[goal]! - (empty ? 0 : legTo[to]!)
      + (promisedBegin && Math.abs(begin - promisedBegin[task]!) > problem.promiseTolerance[task]! ? problem.promiseCost[task]! : 0);
    if (longer < best) {
      best = longer;
      before = from;
    }
  }
  finder.walkedDelta = best;
  return before;
}

/** How many looks until the next one goes wrong. */
function nextBlink({ random, blink }: Finder): number {
  return blink > 0 ? Math.floor(Math.log(1 - random()) / Math.log(1 - blink)) : 1e9;
}

/** Where the row of a task begins in `near`; reckoned when first asked for, as planning anew asks for few. */
export function nearRow(finder: Finder, task: number): number {
  const { near, reach, nearHomes, homeReach, nearKnown, working: { problem: { tasks, routes, home, places, costOutward, costInward } } } = finder;
  if (nearKnown[task] === 0) {
    nearKnown[task] = 1;
    const row = home[task]! * places;
    const far = new Float64Array(tasks);
    for (let other = 0; other < tasks; other += 1) far[other] = other === task ? Infinity : costOutward[row + home[other]!]! + costInward[row + home[other]!]!;
    near.set(smallest(far, reach), task * reach);
    const fromHome = new Float64Array(routes);
    for (let r = 0; r < routes; r += 1) fromHome[r] = costInward[row + home[tasks + 2 * r]!]!;
    nearHomes.set(smallest(fromHome, homeReach), task * homeReach);
  }
  return task * reach;
}

/** Indexes of the smallest values, the smallest first. */
function smallest(values: Float64Array, count: number): Int32Array {
  // Sorting bare numbers is many times quicker than by a comparison: value and index share one number where they fit.
  const top = values.reduce((most, value) => (value < Infinity && value > most ? value : most), 1e-9);
  const packed = values.map((value, index) => (value === Infinity ? 2 ** 52 : Math.floor((value / top) * 2 ** 37)) * 2 ** 14 + index);
  return Int32Array.from(packed.sort().subarray(0, count), (number) => number % 2 ** 14);
}
