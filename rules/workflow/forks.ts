import { newToken, type Run } from './run.ts';
import type { Fork, Token, TrailEntry } from './state.ts';

/**
 * What lies behind a token (来路): the steps of people it went through. Where one token became several, what came before
 * stands with their fork, so that a step can be sent back to before it without a token being lost or doubled.
 */

const forkOf = (run: Run, id: string | null): Fork | undefined => (id === null ? undefined : run.state.forks.find((fork) => fork.id === id));

/** A trail that goes on with a step; a step that is done again takes back what followed it. */
export function trailWith(trail: readonly TrailEntry[], entry: TrailEntry): TrailEntry[] {
  const earlier = trail.findIndex((step) => step.node === entry.node);
  return [...(earlier < 0 ? trail : trail.slice(0, earlier)), entry];
}

const joined = (outer: readonly TrailEntry[], inner: readonly TrailEntry[]) => inner.reduce<TrailEntry[]>(trailWith, [...outer]);

/** Replaces a token by several at once; `places` say where they are. */
export function forkToken(run: Run, token: Token, places: readonly (Pick<Token, 'node'> & Partial<Token>)[]): Token[] {
  const fork = addFork(run, token, places.length);
  remove(run, token);
  return places.map((place) => newToken(run, { scope: token.scope, fork: fork.id, trail: [], ...place }));
}

/** A token beside another that goes on (旁支). */
export function spawnBeside(run: Run, token: Token, place: Pick<Token, 'node'> & Partial<Token>): Token {
  const fork = addFork(run, token, 2);
  token.fork = fork.id;
  token.trail = [];
  return newToken(run, { scope: token.scope, fork: fork.id, trail: [], ...place });
}

function addFork(run: Run, token: Token, alive: number): Fork {
  run.state.sequence += 1;
  const fork: Fork = { id: `f${run.state.sequence}`, parent: token.fork, trail: token.trail, alive };
  run.state.forks.push(fork);
  return fork;
}

/** Takes a token out of the list alone. */
export function remove(run: Run, token: Token): void {
  run.state.tokens = run.state.tokens.filter((one) => one !== token);
}

/** Takes a token away, and out of its fork. */
export function consume(run: Run, token: Token): void {
  remove(run, token);
  diminish(run, token.fork);
}

/** Makes one token of several, at a node where they met. */
export function mergeTokens(run: Run, tokens: readonly Token[], place: Pick<Token, 'node'>): Token {
  const first = tokens[0]!;
  const chains = tokens.map((token) => ancestors(run, token.fork));
  const common = chains[0]!.find((id) => chains.every((chain) => chain.includes(id))) ?? null;
  const merged = newToken(run, { scope: first.scope, fork: common, trail: tokens.length === 1 ? first.trail : [], ...place });
  const fork = forkOf(run, common);
  if (fork) fork.alive += 1;
  for (const token of tokens) remove(run, token);
  // By fork, all at once: a fork that seems to have one left may only have one that is going as well.
  const going = new Map<string | null, number>();
  for (const token of tokens) going.set(token.fork, (going.get(token.fork) ?? 0) + 1);
  for (const [id, count] of going) diminish(run, id, count);
  return merged;
}

/** A token's forks, the innermost first. */
export function ancestors(run: Run, fork: string | null): string[] {
  const chain: string[] = [];
  for (let id = fork; id !== null; id = forkOf(run, id)?.parent ?? null) chain.push(id);
  return chain;
}

function diminish(run: Run, id: string | null, count = 1): void {
  const fork = forkOf(run, id);
  if (!fork) return;
  fork.alive -= count;
  if (fork.alive > 1) return;
  if (fork.alive === 1) {
    const token = run.state.tokens.find((one) => one.fork === fork.id);
    const inner = run.state.forks.find((one) => one.parent === fork.id);
    if (token) {
      token.fork = fork.parent;
      token.trail = joined(fork.trail, token.trail);
    } else if (inner) {
      inner.parent = fork.parent;
      inner.trail = joined(fork.trail, inner.trail);
    }
  }
  run.state.forks = run.state.forks.filter((one) => one !== fork);
  if (fork.alive === 0) diminish(run, fork.parent);
}

/** Notes that something was done which cannot be taken back. */
export function markPassed(run: Run, token: Token): void {
  const mark = (trail: readonly TrailEntry[]) => trail.map((entry, index) => (index === trail.length - 1 ? { ...entry, passed: true } : entry));
  if (token.trail.length > 0) {
    token.trail = mark(token.trail);
    return;
  }
  for (const id of ancestors(run, token.fork)) {
    const fork = forkOf(run, id)!;
    if (fork.trail.length === 0) continue;
    fork.trail = mark(fork.trail);
    return;
  }
}

/** An earlier step a token may be sent back to: its own, or one before the forks it came through, which ends their other ways. */
export interface EarlierStep { node: string; entry: TrailEntry; /** What lies before that step. */ before: TrailEntry[]; fork: string | null; /** The fork whose tokens all end; null when only this one goes back. */ ending: string | null }

/** The steps a token may be sent back to, the latest first. */
export function earlierSteps(run: Run, token: Token): EarlierStep[] {
  const found: EarlierStep[] = [];
  const add = (trail: readonly TrailEntry[], fork: string | null, ending: string | null) => {
    for (let index = trail.length - 1; index >= 0; index -= 1) {
      const entry = trail[index]!;
      if (!found.some((step) => step.node === entry.node)) found.push({ node: entry.node, entry, before: trail.slice(0, index), fork, ending });
    }
  };
  add(token.trail, token.fork, null);
  for (const id of ancestors(run, token.fork)) {
    const fork = forkOf(run, id)!;
    add(fork.trail, fork.parent, fork.id);
  }
  return found;
}

/** The tokens that came through a fork. */
export function tokensOfFork(run: Run, id: string): Token[] {
  return run.state.tokens.filter((token) => ancestors(run, token.fork).includes(id));
}
