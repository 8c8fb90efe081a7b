import { startOf } from './compile.ts';
import { randomFrom } from './random.ts';
import type { Working } from './working.ts';

/**
 * Routes that were part of good plans (路径池). Good plans found one after another often have each a part that is best; the
 * best choice among all their routes, so that each visit is in one of them at most, is a plan no worse than any of them.
 */
export interface RoutePool {
  /** By kind of shift and the visits it holds, as a number that two sets of visits hardly ever share (Zobrist 1970). */
  readonly byName: Map<number, PooledRoute>;
  readonly most: number;
  /** A number by chance for each task and each kind of shift, in two halves. */
  readonly low: Int32Array;
  readonly high: Int32Array;
}

export interface PooledRoute {
  /** Route, and its nodes in order with breaks. */
  route: number;
  nodes: Int32Array;
  cost: number;
  /** Visits it holds. */
  visits: number[];
  /** When it was last part of an accepted plan, by a count that grows. */
  seen: number;
}

export function emptyPool(most: number, { tasks, kinds }: Pick<Working['problem'], 'tasks' | 'kinds'>): RoutePool {
  const random = randomFrom(0x5eed);
  const some = () => Int32Array.from({ length: tasks + kinds }, () => Math.floor(random() * 2 ** 32));
  return { byName: new Map(), most, low: some(), high: some() };
}

/** Puts the routes of the plan at work into the pool; of those that hold the same visits the cheapest stays. */
export function collect({ byName, most, low, high }: RoutePool, working: Working, touched: Iterable<number>, seen: number): void {
  const { problem, next, size, routeCost } = working;
  const { tasks, partner, kindOf } = problem;
  for (const r of touched) {
    if (size[r] === 0) continue;
    const start = startOf(problem, r);
    let paired = false;
    let [one, other] = [low[tasks + kindOf[r]!]!, high[tasks + kindOf[r]!]!];
    for (let node = next[start]!; node !== start + 1; node = next[node]!) {
      if (node >= tasks) continue;
      one ^= low[node]!;
      other ^= high[node]!;
      if (partner[node]! >= 0) paired = true;
    }
    // Moments agreed on tie routes together, so such routes cannot be chosen one by one.
    if (paired) continue;
    const name = (other >>> 0) * 2 ** 20 + (one >>> 12);
    const known = byName.get(name);
    if (known && known.cost <= routeCost[r]! + 1e-9) {
      known.seen = seen;
      continue;
    }
    const nodes: number[] = [];
    const visits: number[] = [];
    for (let node = next[start]!; node !== start + 1; node = next[node]!) {
      nodes.push(node);
      if (node < tasks) visits.push(node);
    }
    byName.set(name, { route: r, nodes: Int32Array.from(nodes), cost: routeCost[r]!, visits, seen });
  }
  if (byName.size <= most) return;
  const oldest = [...byName].sort((a, b) => a[1].seen - b[1].seen).slice(0, byName.size - (most >> 1));
  for (const [name] of oldest) byName.delete(name);
}

