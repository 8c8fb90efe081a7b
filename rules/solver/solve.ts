import { compile, startOf } from './compile.ts';
import { construct } from './construct.ts';
import { handOver, takeOver } from './hand-over.ts';
import { chooseRoutes, type Priced } from './partition.ts';
import { collect, emptyPool, type PooledRoute } from './pool.ts';
import type { Plan, PlanDraft, PlanProblem } from './problem.ts';
import { randomFrom } from './random.ts';
import { anneal, keep, restore, searchFor, valueOf, type Budget, type Search, type Snapshot } from './search.ts';

/** How a plan is looked for. The same problem, seed and number of rounds give the same plan anywhere. */
export interface SolveOptions extends Budget {
  seed?: number;
  /** The plan to begin with (现有计划); what does not fit any more is planned anew. */
  from?: PlanDraft;
  /** Temperatures at the beginning and the end, in average legs; lower to begin with keeps nearer to the plan there was. */
  heat?: readonly [hot: number, cold: number];
  /** Look only around what the plan to begin with does not hold (局部重排). */
  nearby?: boolean;
  /** Around which visits, then; what the plan to begin with does not hold when absent. */
  around?: readonly number[];
}

/** What the search did, beside the plan. */
export interface Solved extends Plan {
  rounds: number;
}

/**
 * Plans (智能排程): the first plan by regret, then rounds of taking out and putting back until rounds or time are used up.
 * Whenever it ends there is a plan that keeps all rules. Takes a sound problem; `checkProblem` says what is not.
 *
 * @throws RangeError when neither rounds nor milliseconds with a clock are given
 */
export function solve(problem: PlanProblem, options: SolveOptions): Solved {
  const { rounds, milliseconds, now } = options;
  if (rounds === undefined && (milliseconds === undefined || !now)) throw new RangeError('a search needs an end: rounds, or milliseconds and a clock');
  const began = now?.() ?? 0;
  const compiled = compile(problem);
  const random = randomFrom(options.seed ?? 1);
  const search = searchFor(compiled, random);
  if (options.from) takeOver(search.finder, options.from);
  if (options.nearby) search.ruin.focus = options.around ?? open(search);
  begin(search);
  if (compiled.visits > 0 && compiled.routes > 0) improve(search, { ...options, ...(milliseconds === undefined ? {} : { milliseconds: milliseconds - ((now?.() ?? 0) - began) }) });
  restore(search, search.best);
  return { ...handOver(problem, search.working), rounds: search.rounds };
}

/** Tasks that are not in the plan. */
function open({ working }: Search): number[] {
  return Array.from({ length: working.problem.visits }, (_, task) => task).filter((task) => working.route[task]! < 0);
}

/** Puts in what is missing; where something has to stay out, in either order, and the better plan is kept. */
function begin(search: Search): void {
  const { finder, working, best } = search;
  const given = { ...best, next: working.next.slice(), moments: working.opens.slice(0, working.problem.tasks), cost: Infinity };
  construct(finder, 'regret');
  keep(search, best);
  if (working.bankSize === 0) return;
  restore(search, given);
  construct(finder, 'worth');
  if (valueOf(working) < best.cost) keep(search, best);
  else restore(search, best);
}

/**
 * A stretch of the search: until which share of the whole, cooling from where to where. After each the routes met so far are recombined.
 */
interface Stretch {
  until: number;
  from: number;
  to: number;
}

const oneRun: readonly Stretch[] = [{ until: 0.6, from: 0, to: 0.6 }, { until: 0.8, from: 0.6, to: 0.8 }, { until: 0.92, from: 0.8, to: 0.92 }, { until: 1, from: 0.92, to: 1 }];
/** Runs that begin warm again end in different places, and what is best of each comes together; the longer, the warmer. */
const severalRuns: readonly Stretch[] = [{ until: 0.45, from: 0, to: 0.9 }, { until: 0.7, from: 0.3, to: 0.9 }, { until: 0.85, from: 0.4, to: 0.9 }, { until: 1, from: 0.5, to: 1 }];
const severalLongRuns: readonly Stretch[] = [{ until: 0.35, from: 0, to: 0.9 }, { until: 0.6, from: 0.1, to: 0.9 }, { until: 0.82, from: 0.2, to: 0.9 }, { until: 1, from: 0.4, to: 1 }];
/** Rounds for each visit from which on a run is long, and what a millisecond is good for. */
const longFrom = 2_000;
const roundsAMillisecond = 60;
/** Larger plans have no time for several. */
const severalUpTo = 250;
const pooledAtMost = 3_000;
const partitionSteps = 400_000;

/** From this share of visits left out on, choosing among them is what it is about. */
const oversubscribed = 0.03;

const usualHeat = [4, 0.01] as const;

/** Temperature by progress from 0 to 1. */
function cooling({ working }: Search, given: SolveOptions['heat']): (progress: number) => number {
  const { visits, routes, penalty } = working.problem;
  const [hot, cold] = given ?? usualHeat;
  const leg = working.total / Math.max(1, visits - working.bankSize + routes * 0.1);
  if (given || working.bankSize <= visits * oversubscribed) return (progress) => leg * hot * (cold / hot) ** progress;
  // Warm enough to leave out one and take another, as penalties go; only in the end it is about travel alone.
  const outside = working.bank.slice(0, working.bankSize).map((task) => penalty[task]!).sort();
  const unit = Math.max(leg, outside[outside.length >> 2]!);
  const end = unit * 0.1;
  return (progress) => (progress < 0.9 ? unit * 3 * (end / (unit * 3)) ** (progress / 0.9) : end * (Math.min(end, leg * cold * 5) / end) ** ((progress - 0.9) * 10));
}

function improve(search: Search, options: SolveOptions): void {
  const { working, best } = search;
  const { rounds, milliseconds, now } = options;
  const temperature = cooling(search, options.heat);
  const pool = emptyPool(pooledAtMost, working.problem);
  const everyRoute = Int32Array.from({ length: working.problem.routes }, (_, r) => r);
  const began = now?.() ?? 0;
  const priced: Priced = { prices: null };
  let seen = 0;
  // A short search around an event meets too few routes for a choice among them.
  if (!options.nearby) {
    search.onAccepted = () => {
      seen += 1;
      collect(pool, working, working.journal.routes.subarray(0, working.journal.count), seen);
    };
  }
  let done = 0;
  const { visits } = working.problem;
  const several = visits <= severalUpTo && !options.nearby && working.bankSize <= visits * oversubscribed;
  const long = (rounds ?? milliseconds! * roundsAMillisecond) / visits > longFrom;
  const stretches = several ? (long ? severalLongRuns : severalRuns) : oneRun;
  for (const { until, from, to } of stretches) {
    if (!options.nearby) collect(pool, working, everyRoute, seen);
    anneal(search, {
      ...(rounds === undefined ? {} : { rounds: Math.round(rounds * until) - Math.round(rounds * done) }),
      ...(milliseconds === undefined ? {} : { milliseconds: milliseconds * until - (now!() - began), now: now! }),
    }, (progress) => temperature(from + (to - from) * progress));
    done = until;
    if (!options.nearby) recombine(search, pool.byName.values(), partitionSteps, priced);
  }
  if (valueOf(working) > best.cost) restore(search, best);
}

/** Makes a better plan of routes that were met, if there is one; the search goes on from it. */
function recombine(search: Search, pooled: Iterable<PooledRoute>, steps: number, priced: Priced): void {
  const { working, best } = search;
  const { problem } = working;
  const chosen = chooseRoutes(problem, [...pooled], best.cost, steps, priced);
  if (chosen === null) return;
  const free = new Map<number, number[]>();
  for (let r = problem.routes - 1; r >= 0; r -= 1) free.set(problem.kindOf[r]!, [...free.get(problem.kindOf[r]!) ?? [], r]);
  const next = new Int32Array(problem.nodes);
  const assigned = new Map(chosen.map((one) => [free.get(problem.kindOf[one.route]!)!.pop()!, one]));
  for (let r = 0; r < problem.routes; r += 1) {
    const start = startOf(problem, r);
    let before = start;
    const one = assigned.get(r);
    // The breaks of a route of the same kind are other nodes, in the same order.
    const nodes = one ? Array.from(one.nodes, (node) => (node < problem.firstBreak ? node : problem.breaksOf[r]![problem.breaksOf[one.route]!.indexOf(node)]!)) : problem.breaksOf[r]!;
    for (const node of nodes) {
      next[before] = node;
      before = node;
    }
    next[before] = start + 1;
  }
  const snapshot: Snapshot = { next, moments: best.moments.slice(), cost: 0 };
  restore(search, snapshot);
  if (valueOf(working) < best.cost - 1e-9) keep(search, best);
}
