import type { Compiled } from './compile.ts';
import type { PooledRoute } from './pool.ts';

/** A route of the pool with what it costs beyond the prices of its visits. */
interface Column {
  pooled: PooledRoute;
  reduced: number;
}

/** What a visit is worth, and the least that any choice costs at these prices. */
interface Prices {
  prices: Float64Array;
  bound: number;
  /** Part of the bound that comes from routes cheaper than the prices of their visits; never above 0. */
  negative: number;
}

/** What visits were worth among the routes there were before; null at first. */
export interface Priced {
  prices: Float64Array | null;
}

/** Rounds in which prices are improved. */
const pricings = 120;
/** Of the routes left after pricing, so many of the best are looked at. */
const columnsAtMost = 1_500;

/**
 * Chooses routes that cost less together than a limit (集合划分): by Lagrangian relaxation of "each visit once" (M. Held,
 * R. Karp 1971), whose prices rule out most routes, and depth-first search among those left.
 *
 * @param steps looks at a visit of a route at most while searching; what was found by then is the answer
 * @param priced prices found for an earlier pool, to begin with; those found now are left there
 * @returns null when there is nothing better, or it was not found
 */
export function chooseRoutes(problem: Compiled, pool: readonly PooledRoute[], limit: number, steps: number, priced: Priced): PooledRoute[] | null {
  const { visits, penalty, kinds, kindOf } = problem;
  const many = new Int32Array(kinds);
  for (let r = 0; r < problem.routes; r += 1) many[kindOf[r]!]! += 1;
  const { prices, bound, negative } = priceVisits(problem, pool, limit, many, priced);
  priced.prices = prices;
  if (bound >= limit - 1e-6) return null;
  // A route whose price above that of its visits exceeds what is to be gained is part of no better choice.
  const columns = pool.map((pooled): Column => ({ pooled, reduced: reducedCost(pooled, prices) })).filter(({ reduced }) => bound + Math.max(0, reduced) < limit - 1e-6)
    .sort((a, b) => a.reduced - b.reduced).slice(0, columnsAtMost);
  const covering: Column[][] = Array.from({ length: visits }, () => []);
  for (const column of columns) for (const visit of column.pooled.visits) covering[visit]!.push(column);
  const taken = new Uint8Array(visits);
  const used = new Int32Array(kinds);
  const chosen: PooledRoute[] = [];
  let best: PooledRoute[] | null = null;
  let bestCost = limit - 1e-6;
  let remaining = steps;
  const free = ({ route, visits: all }: PooledRoute): boolean => {
    remaining -= 1;
    if (used[kindOf[route]!]! >= many[kindOf[route]!]!) return false;
    for (let index = 0; index < all.length; index += 1) if (taken[all[index]!] !== 0) return false;
    return true;
  };
  const descend = (cost: number): void => {
    remaining -= 1;
    if (remaining < 0) return;
    // The visit with the fewest ways of being covered comes first.
    let visit = -1;
    let fewest = Infinity;
    let rest = negative;
    for (let each = 0; each < visits; each += 1) {
      if (taken[each] !== 0) continue;
      rest += Math.min(prices[each]!, penalty[each]!);
      let ways = 0;
      for (const { pooled } of covering[each]!) {
        if (ways >= fewest) break;
        if (free(pooled)) ways += 1;
      }
      if (ways < fewest) {
        fewest = ways;
        visit = each;
      }
    }
    if (cost + rest >= bestCost) return;
    if (visit < 0) {
      bestCost = cost;
      best = chosen.slice();
      return;
    }
    for (const { pooled, reduced } of covering[visit]!) {
      if (cost + rest + Math.max(0, reduced) >= bestCost) break;
      if (!free(pooled)) continue;
      for (const other of pooled.visits) taken[other] = 1;
      used[kindOf[pooled.route]!]! += 1;
      chosen.push(pooled);
      descend(cost + pooled.cost);
      chosen.pop();
      used[kindOf[pooled.route]!]! -= 1;
      for (const other of pooled.visits) taken[other] = 0;
      if (remaining < 0) return;
    }
    if (cost + rest + Math.max(0, penalty[visit]! - prices[visit]!) >= bestCost) return;
    taken[visit] = 1;
    descend(cost + penalty[visit]!);
    taken[visit] = 0;
  };
  descend(0);
  return best;
}

function reducedCost({ cost, visits }: PooledRoute, prices: Float64Array): number {
  let reduced = cost;
  for (const visit of visits) reduced -= prices[visit]!;
  return reduced;
}

/** Raises the price of what nobody covers and lowers that of what many do, in shrinking steps; the best bound stays. */
function priceVisits({ visits, penalty, kindOf, kinds }: Compiled, pool: readonly PooledRoute[], limit: number, many: Int32Array, priced: Priced): Prices {
  const prices = priced.prices?.slice() ?? new Float64Array(visits).fill(Infinity);
  if (!priced.prices) for (const { cost, visits: all } of pool) for (const visit of all) prices[visit] = Math.min(prices[visit]!, cost / all.length);
  for (let visit = 0; visit < visits; visit += 1) prices[visit] = Math.min(prices[visit]!, penalty[visit]!);
  let best: Prices = { prices: prices.slice(), bound: -Infinity, negative: 0 };
  const cheapest = new Int32Array(kinds);
  const cheapestCost = new Float64Array(kinds);
  const uncovered = new Float64Array(visits);
  let stride = 1.5;
  let idle = 0;
  for (let round = 0; round < pricings; round += 1) {
    let bound = 0;
    let negative = 0;
    uncovered.fill(1);
    for (let visit = 0; visit < visits; visit += 1) bound += Math.min(prices[visit]!, penalty[visit]!);
    cheapest.fill(-1);
    cheapestCost.fill(0);
    for (let index = 0; index < pool.length; index += 1) {
      const reduced = reducedCost(pool[index]!, prices);
      if (reduced >= 0) continue;
      const kind = kindOf[pool[index]!.route]!;
      if (many[kind] === 1) {
        if (reduced < cheapestCost[kind]!) {
          cheapest[kind] = index;
          cheapestCost[kind] = reduced;
        }
        continue;
      }
      negative += reduced;
      for (const visit of pool[index]!.visits) uncovered[visit]! -= 1;
    }
    for (let kind = 0; kind < kinds; kind += 1) {
      if (cheapest[kind]! < 0) continue;
      negative += cheapestCost[kind]!;
      for (const visit of pool[cheapest[kind]!]!.visits) uncovered[visit]! -= 1;
    }
    bound += negative;
    if (bound > best.bound + 1e-9) {
      best = { prices: prices.slice(), bound, negative };
      idle = 0;
      if (bound >= limit) return best;
    } else {
      idle += 1;
      if (idle % 8 === 0) stride *= 0.7;
    }
    let norm = 0;
    for (let visit = 0; visit < visits; visit += 1) {
      if (prices[visit]! >= penalty[visit]! && uncovered[visit]! > 0) uncovered[visit] = 0;
      norm += uncovered[visit]! * uncovered[visit]!;
    }
    if (norm === 0) break;
    const step = stride * Math.max(1e-6, limit - bound) / norm;
    for (let visit = 0; visit < visits; visit += 1) prices[visit] = Math.min(penalty[visit]!, prices[visit]! + step * uncovered[visit]!);
  }
  return best;
}
