import { startOf, type Compiled } from './compile.ts';
import { finderFor, type Finder } from './finder.ts';
import type { Random } from './random.ts';
import { putBack, recreateFor, type Recreate } from './recreate.ts';
import { ruinFor, takeStrings, type Ruin } from './ruin.ts';
import { beginRound, emptyWorking, leaveOut, link, refresh, setMoment, takeBack, takeFromBank, type Working } from './working.ts';

/**
 * The search for good plans (排程搜索): slack induction by string removals (J. Christiaens, G. Vanden Berghe 2020,
 * https://doi.org/10.1287/trsc.2019.0914), that is large-neighbourhood search which takes strings of neighbouring visits
 * out of routes and puts them back greedily with blinks, under simulated annealing. Beyond the paper: who may do what,
 * breaks, several windows, visits for two, fixed costs, a bank of what is left out, insertion by ejection.
 */
export interface Search {
  readonly working: Working;
  readonly finder: Finder;
  readonly ruin: Ruin;
  readonly recreate: Recreate;
  readonly random: Random;
  readonly best: Snapshot;
  rounds: number;
  /** Called with each plan that was accepted, now and then. */
  onAccepted: (() => void) | null;
}

/** A plan as it was: chains of nodes, and the moments of visits for two. */
export interface Snapshot {
  readonly next: Int32Array;
  readonly moments: Float64Array;
  cost: number;
}

/** When to stop: after so many rounds, or so many milliseconds of a clock that is handed in; whichever comes first. */
export interface Budget {
  rounds?: number;
  milliseconds?: number;
  now?: () => number;
}

export function searchFor(problem: Compiled, random: Random): Search {
  const working = emptyWorking(problem);
  const finder = finderFor(working, random);
  const ruin = ruinFor(finder, 10, 10);
  return {
    working, finder, ruin, recreate: recreateFor(ruin), random, rounds: 0, onAccepted: null,
    best: { next: working.next.slice(), moments: new Float64Array(problem.tasks), cost: Infinity },
  };
}

/** Travel, fixed and other costs with the penalties of what is left out. */
export const valueOf = ({ total, left }: Working): number => total + left;

export function keep({ working }: Search, snapshot: Snapshot): void {
  snapshot.next.set(working.next);
  for (let task = 0; task < snapshot.moments.length; task += 1) snapshot.moments[task] = working.opens[task]!;
  snapshot.cost = valueOf(working);
}

/** Makes the plan what it was. */
export function restore({ working }: Search, { next, moments }: Snapshot): void {
  const { problem } = working;
  for (let r = 0; r < problem.routes; r += 1) clear(working, r);
  for (let r = 0; r < problem.routes; r += 1) {
    const start = startOf(problem, r);
    let before = start;
    for (let node = next[start]!; node !== start + 1; node = next[node]!) {
      if (node < problem.visits) takeFromBank(working, node);
      if (node < problem.tasks && problem.partner[node]! >= 0) setMoment(working, node, moments[node]!);
      link(working, before, node, r);
      before = node;
    }
    refresh(working, r);
  }
}

/** Takes everything out of a route, breaks too; the visits go to the bank. */
function clear(working: Working, r: number): void {
  const { problem, next, prev, route } = working;
  const start = startOf(problem, r);
  for (let node = next[start]!; node !== start + 1; node = next[node]!) {
    route[node] = -1;
    if (node < problem.visits) leaveOut(working, node);
    if (node < problem.tasks && problem.partner[node]! >= 0) setMoment(working, node, null);
  }
  next[start] = start + 1;
  prev[start + 1] = start;
  working.size[r] = 0;
  for (let d = 0; d < problem.dimensions; d += 1) working.load[r * problem.dimensions + d] = 0;
}

/** Runs rounds of taking out and putting back at the temperature of each moment (progress from 0 to 1); the best plan stays in `best`. */
export function anneal(search: Search, budget: Budget, temperature: (progress: number) => number): void {
  const { working, ruin, recreate, random, best } = search;
  const { rounds: most = Infinity, milliseconds = Infinity, now = () => 0 } = budget;
  const began = now();
  let value = valueOf(working);
  if (value < best.cost - 1e-9) keep(search, best);
  let heat = 0;
  for (let done = 0; done < most; done += 1) {
    if (done % 32 === 0) {
      const progress = Math.max(done / most, milliseconds > 0 ? (now() - began) / milliseconds : 1);
      if (progress >= 1) break;
      heat = temperature(progress);
    }
    search.rounds += 1;
    beginRound(working);
    ruin.absentSize = 0;
    recreate.triedSize = 0;
    takeStrings(ruin);
    putBack(recreate);
    const after = valueOf(working);
    if (after < value - heat * Math.log(1 - random())) {
      if (after < best.cost - 1e-6) keep(search, best);
      if (search.onAccepted !== null && after !== value) search.onAccepted();
      value = after;
    } else {
      takeBack(working, recreate.tried, recreate.triedSize);
    }
  }
}
