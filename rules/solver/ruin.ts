import { startOf } from './compile.ts';
import { nearRow, type Finder } from './finder.ts';
import { begins, link, refresh, setMoment, unlink, write } from './working.ts';

/** What is taken out in a round (破坏), and how much. */
export interface Ruin {
  readonly finder: Finder;
  /** Visits out of the plan that are to be put back, each by its first person's task. */
  readonly absent: Int32Array;
  absentSize: number;
  /** The round each route was last ruined in. */
  readonly ruinedIn: Int32Array;
  /** Room for the tasks of one route in order. */
  readonly row: Int32Array;
  /** Tasks taken out in one round, on average. */
  removals: number;
  longestString: number;
  /** Tasks around which most is taken out, after an event that concerns them; empty for anywhere. */
  focus: readonly number[];
}

/** Share of the rounds that keep to the focus. */
const focused = 0.9;
/** How many of the tasks next to the focus may be the middle of what is taken out. */
const around = 8;

/** Chance that a string is split, leaving a piece inside it; and that this piece grows by one. */
const split = 0.5;
const grow = 0.01;

export function ruinFor(finder: Finder, removals: number, longestString: number): Ruin {
  const { tasks, routes } = finder.working.problem;
  return { finder, absent: new Int32Array(tasks), absentSize: 0, ruinedIn: new Int32Array(routes), row: new Int32Array(tasks), removals: Math.min(removals, Math.max(1, tasks / 2)), longestString, focus: [] };
}

/** Takes strings of neighbouring tasks out of routes near one task (adjacent string removal, Christiaens & Vanden Berghe 2020). */
export function takeStrings(ruin: Ruin): void {
  const { finder, ruinedIn } = ruin;
  const { working, random, near, reach } = finder;
  const { routes, breaksOf, visits } = working.problem;
  const { size, route, journal } = working;
  let busy = 0;
  for (let r = 0; r < routes; r += 1) if (size[r]! > 0) busy += 1;
  finder.busy = busy;
  const planned = visits - working.bankSize;
  if (planned === 0) return;
  const most = Math.min(ruin.longestString, Math.max(1, planned / busy));
  const strings = Math.floor(random() * (4 * ruin.removals / (1 + most) - 1)) + 1;
  const seed = seedOf(ruin);
  const row = nearRow(finder, seed);
  let done = 0;
  for (let index = -1; index < reach && done < strings; index += 1) {
    const task = index < 0 ? seed : near[row + index]!;
    const r = route[task]!;
    if (r < 0 || ruinedIn[r] === journal.round) continue;
    ruinedIn[r] = journal.round;
    write(working, r);
    takeString(ruin, task, r, Math.floor(random() * Math.min(size[r]!, most)) + 1);
    for (const pause of breaksOf[r]!) moveBreak(finder, pause, r);
    refresh(working, r);
    done += 1;
  }
}

function seedOf({ finder, focus }: Ruin): number {
  const { random, near, reach, working: { problem: { tasks } } } = finder;
  if (focus.length === 0 || random() >= focused) return Math.floor(random() * tasks);
  const task = focus[Math.floor(random() * focus.length)]!;
  const step = Math.floor(random() * (Math.min(around, reach) + 1));
  return step === 0 ? task : near[nearRow(finder, task) + step - 1]!;
}

function takeString(ruin: Ruin, task: number, r: number, length: number): void {
  const { row, finder: { working, random } } = ruin;
  const { next, problem: { tasks } } = working;
  let count = 0;
  let at = 0;
  for (let node = next[startOf(working.problem, r)]!; node !== startOf(working.problem, r) + 1; node = next[node]!) {
    if (node >= tasks) continue;
    if (node === task) at = count;
    row[count] = node;
    count += 1;
  }
  let keep = 0;
  if (length > 1 && length < count && random() < split) {
    keep = 1;
    while (length + keep < count && random() < grow) keep += 1;
  }
  const span = length + keep;
  const first = Math.max(0, at - span + 1);
  const begin = first + Math.floor(random() * (Math.min(at, count - span) - first + 1));
  const keepFrom = keep > 0 ? begin + 1 + Math.floor(random() * (length - 1)) : begin + span;
  // A second person's task may go with the first; so the row is read before anything is taken out.
  for (let index = begin; index < begin + span; index += 1) {
    if ((index < keepFrom || index >= keepFrom + keep) && working.route[row[index]!] === r) takeOut(ruin, row[index]!);
  }
}

/** Takes a visit out of the plan, from both routes where two people do it. The route of the task itself is to be refreshed. */
export function takeOut(ruin: Ruin, task: number): void {
  const { finder: { working }, absent } = ruin;
  const { partner, visits } = working.problem;
  unlink(working, task);
  const other = partner[task]!;
  if (other >= 0) {
    const r = working.route[other]!;
    write(working, r);
    unlink(working, other);
    refresh(working, r);
    setMoment(working, task, null);
    setMoment(working, other, null);
  }
  absent[ruin.absentSize] = task < visits ? task : other;
  ruin.absentSize += 1;
}

/** A break may lie somewhere else in what is left of its route. */
function moveBreak({ working, random }: Finder, pause: number, r: number): void {
  const { problem: { firstBreak, outward, places }, next, departs, latest, place, work } = working;
  const former = working.prev[pause]!;
  unlink(working, pause);
  refresh(working, r);
  const start = startOf(working.problem, r);
  let chosen = -1;
  let seen = 0;
  for (let from = start; from !== start + 1; from = next[from]!) {
    let out = begins(working, pause, departs[from]!) + work[pause]!;
    let to = next[from]!;
    while (to >= firstBreak && out < Infinity) {
      out = begins(working, to, out) + work[to]!;
      to = next[to]!;
    }
    if (out + outward[place[from]! * places + place[to]!]! > latest[to]!) continue;
    seen += 1;
    if (random() * seen < 1) chosen = from;
  }
  link(working, chosen < 0 ? former : chosen, pause, r);
  refresh(working, r);
}

