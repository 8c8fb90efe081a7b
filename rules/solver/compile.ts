import type { PlanProblem, PlanSecondPerson, PlanShift, PlanVisit, TimeWindow } from './problem.ts';

/**
 * A problem as flat arrays, for searching. A **task** is what one person does: first all visits, then the parts of second
 * persons. A **route** is one shift. **Nodes** are the tasks, then a start and an end for each route, then the breaks.
 */
export interface Compiled {
  visits: number;
  tasks: number;
  routes: number;
  nodes: number;
  /** The first node that is a break. */
  firstBreak: number;
  /** Places, with one more that is no distance from anywhere if a shift ends nowhere. */
  places: number;
  /** Seconds from place a to place b at [a * places + b], and the same the other way round: [b * places + a]. */
  outward: Float64Array;
  inward: Float64Array;
  /** What legs cost, in the same two shapes. */
  costOutward: Float64Array;
  costInward: Float64Array;
  technicianOf: Int32Array;
  shiftOf: Int32Array;
  /** Place of a node; -1 for a break, which has none of its own. */
  home: Int32Array;
  /** Seconds of work at a node; `workBy`[task * routes + route] where it differs by person. */
  work: Float64Array;
  workBy: Float64Array | null;
  /** The windows of node i are those from windowFrom[i] up to windowTo[i], without it. */
  windowFrom: Int32Array;
  windowTo: Int32Array;
  windowStart: Float64Array;
  windowEnd: Float64Array;
  /** Where a task of two people keeps the moment they have agreed on, as a window; -1 for others. */
  momentSlot: Int32Array;
  /** First and last moment of all windows of a node. */
  opens: Float64Array;
  closes: Float64Array;
  /** The other person's task of a visit for two; -1 for others. */
  partner: Int32Array;
  /** 0 for second persons: they are in or out together. */
  penalty: Float64Array;
  dimensions: number;
  demand: Float64Array;
  capacity: Float64Array;
  mostVisits: Int32Array;
  fixedCost: Float64Array;
  /** eligible[task * routes + route]. */
  eligible: Uint8Array;
  /** What sending this person costs beside travel, in the same shape; null when nothing ever does. */
  surcharge: Float64Array | null;
  /** When the visit was promised to begin, how much it may differ, and what more costs; null when nothing was. */
  promisedBegin: Float64Array | null;
  promiseTolerance: Float64Array;
  promiseCost: Float64Array;
  /** Routes that are alike in everything are of one kind: of those without work only one need be looked at. */
  kindOf: Int32Array;
  kinds: number;
  breaksOf: Int32Array[];
  /** Whether a node may have more than one window; for the short way round. */
  manyWindows: boolean;
}

/** The node a route begins with; it ends with the next one. */
export const startOf = (problem: Pick<Compiled, 'tasks'>, route: number): number => problem.tasks + 2 * route;

/** No window is no limit. */
const always: readonly TimeWindow[] = [[-1e15, 1e15]];

/** Puts a problem into flat arrays. It has to be sound: `checkProblem` says what is not. */
export function compile(problem: PlanProblem): Compiled {
  const { visits, technicians } = problem;
  const shifts = technicians.flatMap((technician, index) => technician.shifts.map((shift, at) => ({ technician: index, at, shift })));
  const seconds = visits.flatMap((visit, index) => (visit.second ? [index] : []));
  const tasks = visits.length + seconds.length;
  const routes = shifts.length;
  const breaks = shifts.flatMap(({ shift }, route) => (shift.breaks ?? []).map((one) => ({ route, ...one })));
  const firstBreak = tasks + 2 * routes;
  const nodes = firstBreak + breaks.length;
  const dimensions = Math.max(0, ...shifts.map(({ shift }) => shift.capacity?.length ?? 0));
  const compiled: Compiled = {
    visits: visits.length, tasks, routes, nodes, firstBreak, dimensions,
    ...matrices(problem, shifts.some(({ shift }) => shift.end === null)),
    technicianOf: Int32Array.from(shifts, ({ technician }) => technician), shiftOf: Int32Array.from(shifts, ({ at }) => at),
    home: new Int32Array(nodes).fill(-1), work: new Float64Array(nodes), workBy: null,
    windowFrom: new Int32Array(nodes), windowTo: new Int32Array(nodes), windowStart: new Float64Array(0), windowEnd: new Float64Array(0),
    momentSlot: new Int32Array(tasks).fill(-1), opens: new Float64Array(nodes), closes: new Float64Array(nodes),
    partner: new Int32Array(tasks).fill(-1), penalty: new Float64Array(tasks),
    demand: new Float64Array(tasks * dimensions), capacity: new Float64Array(routes * dimensions).fill(Infinity),
    mostVisits: Int32Array.from(shifts, ({ shift }) => shift.mostVisits ?? tasks), fixedCost: Float64Array.from(shifts, ({ shift }) => shift.fixedCost ?? 0),
    eligible: new Uint8Array(tasks * routes), surcharge: null,
    promisedBegin: null, promiseTolerance: new Float64Array(tasks), promiseCost: new Float64Array(tasks),
    kindOf: new Int32Array(routes), kinds: 0, breaksOf: [], manyWindows: false,
  };
  const windows: (readonly TimeWindow[])[] = [];
  visits.forEach((visit, task) => {
    putTask(compiled, task, visit);
    compiled.penalty[task] = visit.penalty;
    windows[task] = windowsOf(visit);
    suit(compiled, problem, task, visit, visit.lock?.technician);
  });
  seconds.forEach((visit, index) => {
    const task = visits.length + index;
    const one = visits[visit]!;
    putTask(compiled, task, one);
    [compiled.partner[task], compiled.partner[visit]] = [visit, task];
    windows[task] = windows[visit]!;
    suit(compiled, problem, task, { ...one.second, service: one.service, serviceBy: one.serviceBy }, one.lock?.second);
  });
  shifts.forEach(({ shift }, route) => putShift(compiled, route, shift, windows));
  compiled.breaksOf = shifts.map(() => new Int32Array(0));
  breaks.forEach((one, index) => {
    const node = firstBreak + index;
    compiled.work[node] = one.duration;
    windows[node] = inOrder(one.windows);
    compiled.breaksOf[one.route] = Int32Array.of(...compiled.breaksOf[one.route]!, node);
  });
  flattenWindows(compiled, windows);
  promise(compiled, visits);
  nameKinds(compiled, shifts.map(({ shift }) => shift));
  return compiled;
}

/** The matrices with a place nowhere where one is needed, and turned round so that what leads to a place lies together. */
function matrices({ places, durations, costs }: PlanProblem, nowhere: boolean): Pick<Compiled, 'places' | 'outward' | 'inward' | 'costOutward' | 'costInward'> {
  const size = places + (nowhere ? 1 : 0);
  const widened = (matrix: Float64Array): Float64Array => {
    if (!nowhere) return matrix;
    const wide = new Float64Array(size * size);
    for (let row = 0; row < places; row += 1) wide.set(matrix.subarray(row * places, (row + 1) * places), row * size);
    return wide;
  };
  const turned = (matrix: Float64Array): Float64Array => {
    const other = new Float64Array(size * size);
    for (let a = 0; a < size; a += 1) for (let b = 0; b < size; b += 1) other[b * size + a] = matrix[a * size + b]!;
    return other;
  };
  const outward = widened(durations);
  const inward = turned(outward);
  if (!costs || costs === durations) return { places: size, outward, inward, costOutward: outward, costInward: inward };
  const costOutward = widened(costs);
  return { places: size, outward, inward, costOutward, costInward: turned(costOutward) };
}

function putTask(compiled: Compiled, task: number, visit: PlanVisit): void {
  const { routes, dimensions, technicianOf } = compiled;
  compiled.home[task] = visit.place;
  compiled.work[task] = visit.service;
  visit.demand?.slice(0, dimensions).forEach((amount, dimension) => (compiled.demand[task * dimensions + dimension] = amount));
  if (!visit.serviceBy?.length) return;
  if (!compiled.workBy) {
    compiled.workBy = new Float64Array(compiled.tasks * routes);
    // Those before had no times of their own; those after are filled in as they come.
    for (let each = 0; each < compiled.tasks; each += 1) compiled.workBy.fill(compiled.work[each]!, each * routes, (each + 1) * routes);
  }
  const own = new Map(visit.serviceBy);
  for (let route = 0; route < routes; route += 1) compiled.workBy[task * routes + route] = own.get(technicianOf[route]!) ?? visit.service;
}

/** Who may do a task, and what it costs to send them. */
function suit(compiled: Compiled, problem: PlanProblem, task: number, asked: PlanSecondPerson & Partial<PlanVisit>, locked: number | undefined): void {
  const { routes, technicianOf, workBy } = compiled;
  if (workBy && !asked.serviceBy?.length) workBy.fill(compiled.work[task]!, task * routes, (task + 1) * routes);
  const { technicians, weights } = problem;
  const cost = new Float64Array(technicians.length);
  technicians.forEach((technician, index) => {
    cost[index] = suitability(asked, index, technician.skills ?? {}, weights?.overskill ?? 0, locked);
    if (asked.promised?.technician !== undefined && asked.promised.technician !== index) cost[index]! += asked.promised.technicianCost ?? 0;
  });
  for (let route = 0; route < routes; route += 1) {
    const extra = cost[technicianOf[route]!]!;
    if (extra === Infinity) continue;
    compiled.eligible[task * routes + route] = 1;
    if (extra === 0) continue;
    compiled.surcharge ??= new Float64Array(compiled.tasks * routes);
    compiled.surcharge[task * routes + route] = extra;
  }
}

/** What sending one person costs beside travel; Infinity when they may not. */
function suitability(asked: PlanSecondPerson & Partial<PlanVisit>, index: number, skills: Readonly<Record<string, number>>, overskill: number, locked: number | undefined): number {
  if (locked !== undefined && locked !== index) return Infinity;
  if (asked.required && !asked.required.includes(index)) return Infinity;
  if (asked.banned?.includes(index)) return Infinity;
  let cost = asked.preferred && asked.preferred.length > 0 && !asked.preferred.includes(index) ? asked.notPreferredCost ?? 0 : 0;
  for (const { skill, level = 1, missingCost = Infinity } of asked.skills ?? []) cost += skillCost(skills, skill, level, missingCost, overskill);
  return cost;
}

/** What a demand for a skill costs with somebody of these skills (技能匹配成本). */
function skillCost(skills: Readonly<Record<string, number>>, skill: string, level: number, missingCost: number, overskill: number): number {
  const has = Object.hasOwn(skills, skill) ? skills[skill]! : 0;
  return has < level ? missingCost : (has - level) * overskill;
}

/** When a visit may begin, its locks among that, in order. */
function windowsOf({ windows, lock }: PlanVisit): readonly TimeWindow[] {
  let all = inOrder(windows ?? []);
  const within = (from: number, to: number): void => {
    all = all.map(([start, end]): TimeWindow => [Math.max(start, from), Math.min(end, to)]).filter(([start, end]) => start <= end);
  };
  if (lock?.range) within(...lock.range);
  if (lock?.begin !== undefined) within(lock.begin, lock.begin);
  return all;
}

const inOrder = (windows: readonly TimeWindow[]): readonly TimeWindow[] => (windows.length > 0 ? windows.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]) : always);

function putShift(compiled: Compiled, route: number, shift: PlanShift, windows: (readonly TimeWindow[])[]): void {
  const start = startOf(compiled, route);
  compiled.home[start] = shift.start;
  compiled.home[start + 1] = shift.end ?? compiled.places - 1;
  windows[start] = windows[start + 1] = [shift.window];
  shift.capacity?.forEach((amount, dimension) => (compiled.capacity[route * compiled.dimensions + dimension] = amount));
}

function flattenWindows(compiled: Compiled, windows: readonly (readonly TimeWindow[])[]): void {
  const paired = compiled.partner.reduce((count, other) => count + (other >= 0 ? 1 : 0), 0);
  const total = windows.reduce((sum, all) => sum + all.length, paired);
  compiled.windowStart = new Float64Array(total);
  compiled.windowEnd = new Float64Array(total);
  let at = 0;
  windows.forEach((all, node) => {
    compiled.windowFrom[node] = at;
    for (const [start, end] of all) {
      compiled.windowStart[at] = start;
      compiled.windowEnd[at] = end;
      at += 1;
    }
    compiled.windowTo[node] = at;
    // A visit that may begin at no time at all is one that is never reached.
    compiled.opens[node] = all[0]?.[0] ?? Infinity;
    compiled.closes[node] = all.reduce((last, [, end]) => Math.max(last, end), -Infinity);
    if (all.length !== 1) compiled.manyWindows = true;
    if (node < compiled.tasks && compiled.partner[node]! >= 0) {
      compiled.momentSlot[node] = at;
      compiled.manyWindows = true;
      at += 1;
    }
  });
}

function promise(compiled: Compiled, visits: readonly PlanVisit[]): void {
  visits.forEach(({ promised }, task) => {
    if (promised?.begin === undefined || !promised.beginCost) return;
    compiled.promisedBegin ??= new Float64Array(compiled.tasks);
    compiled.promisedBegin[task] = promised.begin;
    compiled.promiseTolerance[task] = promised.tolerance ?? 0;
    compiled.promiseCost[task] = promised.beginCost;
  });
}

/** Two routes of one kind have the same shift, and every task suits them alike. */
function nameKinds(compiled: Compiled, shifts: readonly PlanShift[]): void {
  const { tasks, routes, eligible, surcharge, workBy } = compiled;
  const kinds = new Map<string, number>();
  shifts.forEach((shift, route) => {
    let [low, high] = [0x811c9dc5, 0x01234567];
    const mix = (value: number): void => {
      low = Math.imul(low ^ value, 0x01000193);
      high = Math.imul(high ^ value ^ (low >>> 13), 0x85ebca6b);
    };
    for (let at = route; at < tasks * routes; at += routes) {
      mix(eligible[at]!);
      if (surcharge) mix(Math.round(surcharge[at]! * 1000));
      if (workBy) mix(Math.round(workBy[at]!));
    }
    const name = JSON.stringify([shift, low, high]);
    if (!kinds.has(name)) kinds.set(name, kinds.size);
    compiled.kindOf[route] = kinds.get(name)!;
  });
  compiled.kinds = kinds.size;
}

