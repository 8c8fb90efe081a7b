import { findPlace, type Finder } from './finder.ts';
import { insert } from './recreate.ts';
import { leaveOut, putIn, takeFromBank } from './working.ts';

/** Whether visits are put in by what they lose if they have to wait, or by how much they matter for the time they take. */
export type Order = 'regret' | 'worth';

/**
 * The first plan (初始解), or what is missing of one. By regret insertion: of all visits the one is put in next that would
 * lose most if it did not get the best route for it. By worth, where not all can be planned. Visits for two go first in
 * either case, as they are hardest to place.
 */
export function construct(finder: Finder, order: Order): void {
  const { working } = finder;
  const { visits, partner, penalty, routes } = working.problem;
  const open: number[] = [];
  for (let task = 0; task < visits; task += 1) {
    if (working.route[task]! >= 0) continue;
    if (working.bankPlace[task]! >= 0) takeFromBank(working, task);
    open.push(task);
  }
  finder.blink = 0;
  finder.untilBlink = Infinity;
  finder.busy = routes;
  finder.thorough = 1;
  const pairs = open.filter((task) => partner[task]! >= 0).sort((a, b) => penalty[b]! - penalty[a]! || a - b);
  for (const task of pairs) if (!insert(finder, task)) leaveOut(working, task);
  const single = open.filter((task) => partner[task]! < 0);
  if (order === 'regret' && single.length * routes <= regretAtMost) byRegret(finder, single);
  else byWorth(finder, single);
  finder.blink = 0.01;
  finder.untilBlink = 0;
}

/** Beyond so many visits times routes, regret takes longer than it gains. */
const regretAtMost = 2_000_000;

/** What is to be known of a visit: its best place, and what the best in another route costs more. */
function byRegret(finder: Finder, single: readonly number[]): void {
  const { working } = finder;
  const { penalty, tasks } = working.problem;
  const bestRoute = new Int32Array(tasks).fill(-1);
  const best = new Float64Array(tasks);
  const next = new Float64Array(tasks);
  const nextRoute = new Int32Array(tasks);
  const judge = (task: number): void => {
    finder.without = -1;
    bestRoute[task] = -1;
    nextRoute[task] = -1;
    if (!findPlace(finder, task, penalty[task]!)) return;
    bestRoute[task] = finder.foundRoute;
    best[task] = finder.foundDelta;
    finder.without = finder.foundRoute;
    if (findPlace(finder, task, penalty[task]!)) {
      nextRoute[task] = finder.foundRoute;
      next[task] = finder.foundDelta;
    } else next[task] = penalty[task]!;
    finder.without = -1;
  };
  let open = single.slice();
  for (const task of open) judge(task);
  while (open.length > 0) {
    let chosen = -1;
    let most = -Infinity;
    for (const task of open) {
      if (bestRoute[task]! < 0) continue;
      const regret = next[task]! - best[task]! - best[task]! * 1e-3;
      if (regret > most) {
        most = regret;
        chosen = task;
      }
    }
    if (chosen < 0) break;
    findPlace(finder, chosen, penalty[chosen]!);
    const r = finder.foundRoute;
    const grew = working.size[r] === 0;
    putIn(working, finder.foundBefore, chosen, finder.foundRoute, finder.foundDelta);
    open = open.filter((task) => task !== chosen);
    // Those that had this route in view look again; a route begun may now be worth a detour for anybody near.
    for (const task of open) if (bestRoute[task] === r || nextRoute[task] === r || grew) judge(task);
  }
  for (const task of open) leaveOut(working, task);
}

function byWorth(finder: Finder, single: readonly number[]): void {
  const { working } = finder;
  const { penalty, closes, work } = working.problem;
  const way = single.reduce((sum, task) => sum + work[task]!, 1) / Math.max(1, single.length) / 3;
  const worth = (task: number): number => penalty[task]! / (work[task]! + way);
  for (const task of single.toSorted((a, b) => worth(b) - worth(a) || closes[a]! - closes[b]! || a - b)) {
    if (!insert(finder, task)) leaveOut(working, task);
  }
}
