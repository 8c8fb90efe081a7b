import { startOf } from './compile.ts';
import { findPlace, type Finder } from './finder.ts';
import { insertPair } from './pairs.ts';
import type { Ruin } from './ruin.ts';
import { begins, leaveOut, putIn, refresh, takeFromBank, link, unlink, write } from './working.ts';

/** How what is absent is put back (重建). */
export interface Recreate {
  readonly ruin: Ruin;
  /** Visits from the bank that are tried in this round. */
  readonly tried: Int32Array;
  triedSize: number;
  readonly key: Float64Array;
  /** What each visit matters for the time it takes. */
  readonly worth: Float64Array;
  /** How far each task is from where the nearest shift begins. */
  readonly far: Float64Array;
  /** How many of those left out are tried again in one round. */
  bankSample: number;
  /** Chance that one which fits nowhere takes the place of one that matters less. */
  ejection: number;
}

export function recreateFor(ruin: Ruin): Recreate {
  const { tasks, routes, home, places, costOutward } = ruin.finder.working.problem;
  const far = new Float64Array(tasks).fill(Infinity);
  for (let task = 0; task < tasks; task += 1) {
    for (let r = 0; r < routes; r += 1) far[task] = Math.min(far[task]!, costOutward[home[tasks + 2 * r]! * places + home[task]!]!);
  }
  const { penalty, work } = ruin.finder.working.problem;
  // The way there counts too: about a third of the mean work.
  const way = work.subarray(0, tasks).reduce((sum, seconds) => sum + seconds, 1) / Math.max(1, tasks) / 3;
  const worth = penalty.map((cost, task) => cost / (work[task]! + way));
  return { ruin, worth, tried: new Int32Array(tasks), triedSize: 0, key: new Float64Array(tasks), far, bankSample: 8, ejection: 0.5 };
}

/** Puts back what is absent, with some of what was left out before, each where it costs least at that moment. */
export function putBack(recreate: Recreate): void {
  const { ruin, tried } = recreate;
  const { finder, absent } = ruin;
  const { working, random } = finder;
  const sample = Math.min(working.bankSize, recreate.bankSample);
  recreate.triedSize = sample;
  // Where much has to stay out, looking everywhere for all of it is a waste.
  finder.thorough = working.bankSize > recreate.bankSample ? 0.1 : 1;
  for (let count = 0; count < sample; count += 1) {
    const task = working.bank[Math.floor(random() * working.bankSize)]!;
    takeFromBank(working, task);
    tried[count] = task;
    absent[ruin.absentSize] = task;
    ruin.absentSize += 1;
  }
  sortAbsent(recreate);
  for (let index = 0; index < ruin.absentSize; index += 1) {
    const task = absent[index]!;
    if (insert(finder, task)) continue;
    if (recreate.ejection > 0 && random() < recreate.ejection && insertByEjection(finder, task)) continue;
    leaveOut(working, task);
  }
}

/** Puts a visit where it costs least; false when it fits nowhere, or costs more than leaving it out. */
export function insert(finder: Finder, task: number): boolean {
  const { working } = finder;
  const { partner, penalty } = working.problem;
  if (partner[task]! >= 0) return insertPair(finder, task, penalty[task]!);
  if (!findPlace(finder, task, penalty[task]!)) return false;
  putIn(working, finder.foundBefore, task, finder.foundRoute, finder.foundDelta);
  return true;
}

/** Puts a task in the place of one that matters less, which is then left out (弹出插入). */
function insertByEjection(finder: Finder, task: number): boolean {
  const { working, random } = finder;
  const { problem, next, prev, departs, latest, place, size, load } = working;
  const { routes, tasks, penalty, partner, outward, costOutward, places, dimensions, demand, capacity, eligible, breaksOf, surcharge, workBy } = problem;
  if (partner[task]! >= 0) return false;
  const here = place[task]!;
  let bestGain = 0;
  let out = -1;
  // Of the routes that were just looked into in vain.
  for (let index = 0; index < finder.candidateCount; index += 1) {
    const r = finder.candidates[index]!;
    if (size[r] === 0 || eligible[task * routes + r] === 0 || breaksOf[r]!.length > 0) continue;
    const end = startOf(problem, r) + 1;
    const work = workBy ? workBy[task * routes + r]! : problem.work[task]!;
    const extra = surcharge ? surcharge[task * routes + r]! : 0;
    for (let node = next[end - 1]!; node !== end; node = next[node]!) {
      const before = prev[node]!;
      if (departs[before]! > working.closes[task]!) break;
      if (penalty[node]! >= penalty[task]! || node >= tasks || partner[node]! >= 0) continue;
      const after = next[node]!;
      const leaves = begins(working, task, departs[before]! + outward[place[before]! * places + here]!) + work;
      if (leaves + outward[here * places + place[after]!]! > latest[after]!) continue;
      let roomy = true;
      for (let d = 0; d < dimensions; d += 1) {
        if (load[r * dimensions + d]! - demand[node * dimensions + d]! + demand[task * dimensions + d]! > capacity[r * dimensions + d]! + 1e-6) roomy = false;
      }
      if (!roomy) continue;
      const longer = costOutward[place[before]! * places + here]! + costOutward[here * places + place[after]!]! - working.legTo[node]! - working.legTo[after]!
        + extra - (surcharge ? surcharge[node * routes + r]! : 0);
      const gain = penalty[task]! - penalty[node]! - longer + random() * 1e-6;
      if (gain > bestGain) {
        bestGain = gain;
        out = node;
      }
    }
  }
  if (out < 0) return false;
  const r = working.route[out]!;
  const before = prev[out]!;
  write(working, r);
  unlink(working, out);
  leaveOut(working, out);
  link(working, before, task, r);
  refresh(working, r);
  return true;
}

/** Puts the absent into an order by chance: which of them goes first decides much. */
function sortAbsent(recreate: Recreate): void {
  const { ruin: { absent, absentSize, finder: { working, random } }, key, worth } = recreate;
  const { demand, dimensions, opens, closes } = working.problem;
  const roll = random() * 17;
  // Where visits matter differently, those that matter more go first half of the time.
  const byPenalty = working.bankSize + recreate.triedSize > 0 && random() < 0.5;
  for (let index = 0; index < absentSize; index += 1) {
    const task = absent[index]!;
    let value: number;
    if (roll < 4) value = random();
    else if (roll < 8) value = dimensions > 0 ? -demand[task * dimensions]! : -working.work[task]!;
    else if (roll < 10) value = -recreate.far[task]!;
    else if (roll < 11) value = recreate.far[task]!;
    else if (roll < 13) value = closes[task]! - opens[task]!;
    else if (roll < 15) value = opens[task]!;
    else value = -closes[task]!;
    let at = index - 1;
    while (at >= 0 && (byPenalty && worth[absent[at]!] !== worth[task] ? worth[absent[at]!]! < worth[task]! : key[absent[at]!]! > value)) {
      absent[at + 1] = absent[at]!;
      at -= 1;
    }
    absent[at + 1] = task;
    key[task] = value;
  }
}

