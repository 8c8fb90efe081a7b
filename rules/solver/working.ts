import { startOf, type Compiled } from './compile.ts';

/**
 * The plan being worked on (工作解): routes as chains of nodes with the times that decide in constant time whether something
 * fits between two of them, the tasks left out, and a journal by which a round can be taken back.
 */
export interface Working {
  readonly problem: Compiled;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** The route of a node; -1 for a task left out. */
  readonly route: Int32Array;
  /** Earliest moment of going on from a node. */
  readonly departs: Float64Array;
  /** Latest arrival at a node that leaves the rest of the route possible. */
  readonly latest: Float64Array;
  /** Where one is at a node; for breaks it changes. */
  readonly place: Int32Array;
  /** Seconds of work at a node, by whoever does it. */
  readonly work: Float64Array;
  /** What the leg to a node costs. */
  readonly legTo: Float64Array;
  /** The windows in force: those of the problem, or the moment two people have agreed on. */
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  readonly windowFrom: Int32Array;
  readonly windowTo: Int32Array;
  readonly windowStart: Float64Array;
  readonly windowEnd: Float64Array;
  /** Tasks in each route. */
  readonly size: Int32Array;
  readonly load: Float64Array;
  readonly routeCost: Float64Array;
  /** A number that no two states of a route share; what was reckoned for one holds as long as it stays. */
  readonly version: Int32Array;
  versions: number;
  /** Cost of all routes, and penalty of all that is left out. */
  total: number;
  left: number;
  /** Tasks left out, and where each stands among them. */
  readonly bank: Int32Array;
  readonly bankPlace: Int32Array;
  bankSize: number;
  readonly journal: Journal;
}

/** What the routes touched in this round were before. */
interface Journal {
  round: number;
  /** The round each route was last written down in. */
  readonly written: Int32Array;
  readonly routes: Int32Array;
  readonly cost: Float64Array;
  readonly size: Int32Array;
  readonly version: Int32Array;
  readonly load: Float64Array;
  count: number;
  /** Where the nodes of the n-th route written down begin in the lists below. */
  readonly from: Int32Array;
  readonly nodes: Int32Array;
  readonly departs: Float64Array;
  readonly latest: Float64Array;
  readonly place: Int32Array;
  readonly legTo: Float64Array;
  readonly opens: Float64Array;
  total: number;
  left: number;
}

/** An empty plan: every shift with its breaks only, every task to be put in or left out yet. */
export function emptyWorking(problem: Compiled): Working {
  const { tasks, routes, nodes, dimensions } = problem;
  const working: Working = {
    problem, next: new Int32Array(nodes), prev: new Int32Array(nodes), route: new Int32Array(nodes).fill(-1),
    departs: new Float64Array(nodes), latest: new Float64Array(nodes), place: Int32Array.from(problem.home),
    work: Float64Array.from(problem.work), legTo: new Float64Array(nodes),
    opens: Float64Array.from(problem.opens), closes: Float64Array.from(problem.closes),
    windowFrom: Int32Array.from(problem.windowFrom), windowTo: Int32Array.from(problem.windowTo),
    windowStart: Float64Array.from(problem.windowStart), windowEnd: Float64Array.from(problem.windowEnd),
    size: new Int32Array(routes), load: new Float64Array(routes * dimensions), routeCost: new Float64Array(routes), version: new Int32Array(routes), versions: 0,
    total: 0, left: 0, bank: new Int32Array(tasks), bankPlace: new Int32Array(tasks).fill(-1), bankSize: 0,
    journal: {
      round: 0, written: new Int32Array(routes), routes: new Int32Array(routes), cost: new Float64Array(routes), size: new Int32Array(routes),
      version: new Int32Array(routes), load: new Float64Array(routes * dimensions), count: 0, from: new Int32Array(routes + 1), nodes: new Int32Array(nodes),
      departs: new Float64Array(nodes), latest: new Float64Array(nodes), place: new Int32Array(nodes), legTo: new Float64Array(nodes), opens: new Float64Array(nodes),
      total: 0, left: 0,
    },
  };
  for (let r = 0; r < routes; r += 1) {
    const start = startOf(problem, r);
    working.next[start] = start + 1;
    working.prev[start + 1] = start;
    working.route[start] = working.route[start + 1] = r;
    let before = start;
    for (const pause of problem.breaksOf[r]!) {
      link(working, before, pause, r);
      before = pause;
    }
    refresh(working, r);
  }
  return working;
}

/** When work at a node begins for an arrival; Infinity when that is too late. */
export function begins(working: Working, node: number, arrival: number): number {
  const { windowTo, windowStart, windowEnd } = working;
  for (let at = working.windowFrom[node]!; at < windowTo[node]!; at += 1) {
    if (arrival <= windowEnd[at]!) return arrival < windowStart[at]! ? windowStart[at]! : arrival;
  }
  return Infinity;
}

/** The latest moment not after another at which work at a node may begin; -Infinity when there is none. */
export function lastBegin(working: Working, node: number, before: number): number {
  const { windowFrom, windowStart, windowEnd } = working;
  for (let at = working.windowTo[node]! - 1; at >= windowFrom[node]!; at -= 1) {
    if (before >= windowStart[at]!) return before < windowEnd[at]! ? before : windowEnd[at]!;
  }
  return -Infinity;
}

/** Fixes the moment at which the two people of a visit begin; null gives its windows back. */
export function setMoment(working: Working, task: number, moment: number | null): void {
  const { problem } = working;
  const slot = problem.momentSlot[task]!;
  working.windowFrom[task] = moment === null ? problem.windowFrom[task]! : slot;
  working.windowTo[task] = moment === null ? problem.windowTo[task]! : slot + 1;
  if (moment !== null) working.windowStart[slot] = working.windowEnd[slot] = moment;
  working.opens[task] = moment ?? problem.opens[task]!;
  working.closes[task] = moment ?? problem.closes[task]!;
}

/** Hangs a node into a route behind another one. Its times are wrong until `refresh`. */
export function link(working: Working, before: number, node: number, r: number): void {
  const { problem, next, prev } = working;
  const after = next[before]!;
  next[before] = node;
  prev[node] = before;
  next[node] = after;
  prev[after] = node;
  working.route[node] = r;
  if (node >= problem.tasks) return;
  if (problem.workBy) working.work[node] = problem.workBy[node * problem.routes + r]!;
  working.size[r]! += 1;
  for (let d = 0; d < problem.dimensions; d += 1) working.load[r * problem.dimensions + d]! += problem.demand[node * problem.dimensions + d]!;
}

/** Takes a node out of its route. The times of the route are wrong until `refresh`. */
export function unlink(working: Working, node: number): void {
  const { problem, next, prev } = working;
  const r = working.route[node]!;
  const [before, after] = [prev[node]!, next[node]!];
  next[before] = after;
  prev[after] = before;
  working.route[node] = -1;
  if (node >= problem.tasks) return;
  working.size[r]! -= 1;
  for (let d = 0; d < problem.dimensions; d += 1) working.load[r * problem.dimensions + d]! -= problem.demand[node * problem.dimensions + d]!;
}

/** Reckons times, places and cost of a route anew. */
export function refresh(working: Working, r: number): void {
  const { problem, next, prev, departs, latest, place, work, legTo, opens, closes } = working;
  const { outward, costOutward, places, firstBreak, tasks, routes, manyWindows, surcharge, promisedBegin } = problem;
  const start = startOf(problem, r);
  const end = start + 1;
  let at = opens[start]!;
  departs[start] = at;
  let cost = 0;
  let here = place[start]!;
  for (let node = next[start]!; ; node = next[node]!) {
    if (node >= firstBreak) {
      place[node] = here;
      legTo[node] = 0;
    } else {
      const there = place[node]!;
      at += outward[here * places + there]!;
      cost += legTo[node] = costOutward[here * places + there]!;
      here = there;
    }
    if (manyWindows) at = begins(working, node, at);
    else if (at > closes[node]!) at = Infinity;
    else if (at < opens[node]!) at = opens[node]!;
    if (node < tasks) {
      if (surcharge) cost += surcharge[node * routes + r]!;
      if (promisedBegin) cost += changeCost(problem, node, at);
    }
    at += work[node]!;
    departs[node] = at;
    if (node === end) break;
  }
  let by = closes[end]!;
  latest[end] = by;
  for (let node = prev[end]!; node !== start; node = prev[node]!) {
    const to = next[node]!;
    by -= work[node]! + (to >= firstBreak ? 0 : outward[place[node]! * places + place[to]!]!);
    if (manyWindows) by = lastBegin(working, node, by);
    else if (by < opens[node]!) by = -Infinity;
    else if (by > closes[node]!) by = closes[node]!;
    latest[node] = by;
  }
  cost = working.size[r] === 0 ? 0 : cost + problem.fixedCost[r]!;
  working.total += cost - working.routeCost[r]!;
  working.routeCost[r] = cost;
  working.version[r] = working.versions += 1;
}

/** What it costs that a task begins at this moment rather than when promised. */
function changeCost({ promisedBegin, promiseTolerance, promiseCost }: Compiled, task: number, begin: number): number {
  return Math.abs(begin - promisedBegin![task]!) > promiseTolerance[task]! ? promiseCost[task]! : 0;
}

/** Puts a task into a route behind a node, where `findPlace` has found that it fits and what it costs. */
export function putIn(working: Working, before: number, task: number, r: number, delta: number): void {
  const { problem, next, prev, departs, latest, place, work, legTo, opens, closes } = working;
  write(working, r);
  link(working, before, task, r);
  if (problem.manyWindows || problem.promisedBegin || problem.breaksOf[r]!.length > 0) {
    refresh(working, r);
    return;
  }
  // Times change as far as the delay, or the haste, is passed on.
  const { outward, costOutward, places } = problem;
  const end = startOf(problem, r) + 1;
  const after = next[task]!;
  legTo[task] = costOutward[place[before]! * places + place[task]!]!;
  legTo[after] = costOutward[place[task]! * places + place[after]!]!;
  for (let node = task; node !== end; node = next[node]!) {
    const arrival = departs[prev[node]!]! + outward[place[prev[node]!]! * places + place[node]!]!;
    const leaves = (arrival < opens[node]! ? opens[node]! : arrival) + work[node]!;
    if (leaves === departs[node] && node !== task) break;
    departs[node] = leaves;
  }
  const start = end - 1;
  for (let node = task; node !== start; node = prev[node]!) {
    const to = next[node]!;
    const by = latest[to]! - work[node]! - outward[place[node]! * places + place[to]!]!;
    const last = by > closes[node]! ? closes[node]! : by;
    if (last === latest[node] && node !== task) break;
    latest[node] = last;
  }
  working.total += delta;
  working.routeCost[r]! += delta;
  working.version[r] = working.versions += 1;
}

/** Puts a visit among those left out; its second person's task does not stand there by itself. */
export function leaveOut(working: Working, task: number): void {
  working.bankPlace[task] = working.bankSize;
  working.bank[working.bankSize] = task;
  working.bankSize += 1;
  working.left += working.problem.penalty[task]!;
}

/** Takes a visit from those left out. */
export function takeFromBank(working: Working, task: number): void {
  const { bank, bankPlace } = working;
  const at = bankPlace[task]!;
  working.bankSize -= 1;
  const last = bank[working.bankSize]!;
  bank[at] = last;
  bankPlace[last] = at;
  bankPlace[task] = -1;
  working.left -= working.problem.penalty[task]!;
}

/** Begins a round: from here on the plan can be taken back to what it now is. */
export function beginRound(working: Working): void {
  const { journal } = working;
  journal.round += 1;
  journal.count = 0;
  journal.total = working.total;
  journal.left = working.left;
}

/** Writes a route down before it is changed in this round. */
export function write(working: Working, r: number): void {
  const { journal, next, departs, latest, place, legTo, opens } = working;
  if (journal.written[r] === journal.round) return;
  journal.written[r] = journal.round;
  const index = journal.count;
  journal.count += 1;
  journal.routes[index] = r;
  journal.cost[index] = working.routeCost[r]!;
  journal.size[index] = working.size[r]!;
  journal.version[index] = working.version[r]!;
  const { dimensions } = working.problem;
  for (let d = 0; d < dimensions; d += 1) journal.load[index * dimensions + d] = working.load[r * dimensions + d]!;
  let at = journal.from[index]!;
  const start = startOf(working.problem, r);
  for (let node = next[start]!; ; node = next[node]!) {
    journal.nodes[at] = node;
    journal.departs[at] = departs[node]!;
    journal.latest[at] = latest[node]!;
    journal.place[at] = place[node]!;
    journal.legTo[at] = legTo[node]!;
    journal.opens[at] = opens[node]!;
    at += 1;
    if (node === start + 1) break;
  }
  journal.from[index + 1] = at;
}

/**
 * Takes everything back since `beginRound`.
 *
 * @param tried visits that were left out when it began and may have been put in since
 */
export function takeBack(working: Working, tried: Int32Array, triedSize: number): void {
  const { journal, problem, next, prev, route, departs, latest, place, legTo, work } = working;
  const { dimensions, tasks, workBy, routes } = problem;
  for (let index = 0; index < triedSize; index += 1) {
    const task = tried[index]!;
    route[task] = -1;
    if (problem.partner[task]! >= 0) route[problem.partner[task]!] = -1;
  }
  for (let index = 0; index < journal.count; index += 1) {
    const r = journal.routes[index]!;
    let before = startOf(problem, r);
    for (let at = journal.from[index]!; at < journal.from[index + 1]!; at += 1) {
      const node = journal.nodes[at]!;
      next[before] = node;
      prev[node] = before;
      before = node;
      route[node] = r;
      departs[node] = journal.departs[at]!;
      latest[node] = journal.latest[at]!;
      place[node] = journal.place[at]!;
      legTo[node] = journal.legTo[at]!;
      if (node >= tasks) continue;
      if (workBy) work[node] = workBy[node * routes + r]!;
      if (problem.partner[node]! >= 0) setMoment(working, node, journal.opens[at]!);
      if (working.bankPlace[node]! >= 0) takeFromBank(working, node);
    }
    working.routeCost[r] = journal.cost[index]!;
    working.size[r] = journal.size[index]!;
    working.version[r] = journal.version[index]!;
    for (let d = 0; d < dimensions; d += 1) working.load[r * dimensions + d] = journal.load[index * dimensions + d]!;
  }
  for (let index = 0; index < triedSize; index += 1) {
    const task = tried[index]!;
    if (problem.partner[task]! >= 0) {
      setMoment(working, task, null);
      setMoment(working, problem.partner[task]!, null);
    }
    if (working.bankPlace[task]! < 0) leaveOut(working, task);
  }
  working.total = journal.total;
  working.left = journal.left;
}
