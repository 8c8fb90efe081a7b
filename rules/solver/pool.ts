import { startOf } from './compile.ts';
import type { Working } from './working.ts';

/**
 * Routes that were part of good plans (路径池). Good plans found one after another often have each a part that is best; the
 * best choice among all their routes, so that each visit is in one of them at most, is a plan no worse than any of them.
 */
export interface RoutePool {
  readonly byName: Map<string, PooledRoute>;
  readonly most: number;
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

export function emptyPool(most: number): RoutePool {
  return { byName: new Map(), most };
}

/** Puts the routes of the plan at work into the pool; of those that hold the same visits the cheapest stays. */
export function collect({ byName, most }: RoutePool, working: Working, touched: Iterable<number>, seen: number): void {
  const { problem, next, size, routeCost } = working;
  for (const r of touched) {
    if (size[r] === 0) continue;
    const start = startOf(problem, r);
    const nodes: number[] = [];
    const visits: number[] = [];
    let paired = false;
    for (let node = next[start]!; node !== start + 1; node = next[node]!) {
      nodes.push(node);
      if (node >= problem.tasks) continue;
      visits.push(node);
      if (problem.partner[node]! >= 0) paired = true;
    }
    // Moments agreed on tie routes together, so such routes cannot be chosen one by one.
    if (paired) continue;
    const name = `${problem.kindOf[r]!} ${visits.toSorted((a, b) => a - b).join(' ')}`;
    const known = byName.get(name);
    if (known && known.cost <= routeCost[r]! + 1e-9) {
      known.seen = seen;
      continue;
    }
    byName.set(name, { route: r, nodes: Int32Array.from(nodes), cost: routeCost[r]!, visits, seen });
  }
  if (byName.size <= most) return;
  const oldest = [...byName].sort((a, b) => a[1].seen - b[1].seen).slice(0, byName.size - (most >> 1));
  for (const [name] of oldest) byName.delete(name);
}

