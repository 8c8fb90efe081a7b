import { startOf } from './compile.ts';
import { admits, type Finder } from './finder.ts';
import { begins, lastBegin, link, refresh, setMoment, write, type Working } from './working.ts';

/** A place for one of two people: when they could begin there, and what it costs. */
interface Option {
  before: number;
  route: number;
  earliest: number;
  latest: number;
  delta: number;
}

/** The cheapest places of each person that are tried with each other. */
const optionsAtMost = 400;

/** Puts a visit for two where both can begin at the same moment (双人上门); false when there is no such place below a limit. */
export function insertPair(finder: Finder, task: number, limit: number): boolean {
  const { working, random } = finder;
  const { problem } = working;
  const other = problem.partner[task]!;
  const [first, second] = [optionsOf(working, task, random), optionsOf(working, other, random)];
  let best = limit;
  let chosen: { first: Option; second: Option; moment: number } | null = null;
  for (const one of first) {
    if (one.delta + (second[0]?.delta ?? Infinity) >= best) break;
    for (const another of second) {
      if (one.delta + another.delta >= best) break;
      if (problem.technicianOf[one.route] === problem.technicianOf[another.route]) continue;
      const moment = begins(working, task, Math.max(one.earliest, another.earliest));
      if (moment > Math.min(one.latest, another.latest)) continue;
      best = one.delta + another.delta;
      chosen = { first: one, second: another, moment };
    }
  }
  if (chosen === null) return false;
  for (const [each, option] of [[task, chosen.first], [other, chosen.second]] as const) {
    setMoment(working, each, chosen.moment);
    write(working, option.route);
    link(working, option.before, each, option.route);
    refresh(working, option.route);
  }
  return true;
}

function optionsOf(working: Working, task: number, random: () => number): Option[] {
  const { problem, next, departs, latest, place, legTo, size, work } = working;
  const { routes, places, outward, costOutward, firstBreak, surcharge, fixedCost, workBy } = problem;
  const here = place[task]!;
  const options: Option[] = [];
  for (let r = 0; r < routes; r += 1) {
    if (!admits(problem, working, task, r)) continue;
    const end = startOf(problem, r) + 1;
    const seconds = workBy ? workBy[task * routes + r]! : problem.work[task]!;
    const extra = (surcharge ? surcharge[task * routes + r]! : 0) + (size[r] === 0 ? fixedCost[r]! : 0);
    for (let from = end - 1; from !== end; from = next[from]!) {
      if (departs[from]! > working.closes[task]!) break;
      const earliest = begins(working, task, departs[from]! + outward[place[from]! * places + here]!);
      let to = next[from]!;
      while (to >= firstBreak) to = next[to]!;
      let by = latest[to]! - outward[here * places + place[to]!]!;
      // Breaks that follow are then taken where the task is.
      for (let node = working.prev[to]!; node !== from; node = working.prev[node]!) by = lastBegin(working, node, by - work[node]!);
      by = lastBegin(working, task, by - seconds);
      if (earliest > by) continue;
      const delta = costOutward[place[from]! * places + here]! + costOutward[here * places + place[to]!]! - (size[r] === 0 ? 0 : legTo[to]!) + extra;
      options.push({ before: from, route: r, earliest, latest: by, delta: delta * (1 + 1e-3 * random()) });
    }
  }
  return options.sort((a, b) => a.delta - b.delta).slice(0, optionsAtMost);
}
