import { quit } from './activities.ts';
import { ancestors, earlierSteps, tokensOfFork, type EarlierStep } from './forks.ts';
import { flowOf, newToken, type Run } from './run.ts';
import type { StepRefusal, Token, TrailEntry } from './state.ts';

/** Going back: a step is sent back by who has it (退回), or taken back by who did it (撤回). */

/** Sends a token back to an earlier step of people. Where it came through a fork since, the other ways of it end. */
export function sendBack(run: Run, token: Token, to: string): StepRefusal | null {
  const step = earlierSteps(run, token).find((one) => one.node === to);
  if (!step) return 'no_such_step';
  restart(run, step.ending === null ? [token] : tokensOfFork(run, step.ending), step, token.scope, 'returned');
  return null;
}

/** Takes a step back, as long as nobody has touched what follows it. */
export function takeBack(run: Run, activation: string, by: string): StepRefusal | null {
  const found = afterStep(run, activation);
  if (!found) return 'no_such_step';
  if (found.step.entry.by !== by) return 'not_allowed';
  if (found.step.entry.passed || !found.tokens.every(isUntouched)) return 'touched';
  restart(run, found.tokens, found.step, found.tokens[0]!.scope, 'withdrawn');
  return null;
}

/** The steps that can be taken back now (可撤回的步骤): by activation, with who did each. */
export function stepsToTakeBack(run: Run): TrailEntry[] {
  const ends = [...run.state.tokens.map((token) => token.trail.at(-1)), ...run.state.forks.map((fork) => fork.trail.at(-1))];
  const entries = new Map(ends.filter((entry) => entry !== undefined).map((entry) => [entry.activation, entry]));
  return [...entries.values()].filter((entry) => {
    const found = entry.passed || entry.by === null ? null : afterStep(run, entry.activation);
    return found !== null && found.tokens.every(isUntouched);
  });
}

/** The tokens that directly follow a step. */
function afterStep(run: Run, activation: string): { tokens: Token[]; step: EarlierStep } | null {
  const ends = (trail: readonly TrailEntry[]) => trail.at(-1)?.activation === activation;
  const token = run.state.tokens.find((one) => ends(one.trail));
  if (token) return { tokens: [token], step: { node: token.trail.at(-1)!.node, entry: token.trail.at(-1)!, before: token.trail.slice(0, -1), fork: token.fork, ending: null } };
  const fork = run.state.forks.find((one) => ends(one.trail));
  if (!fork) return null;
  const tokens = tokensOfFork(run, fork.id);
  const inner = run.state.forks.filter((one) => one !== fork && ancestors(run, one.id).includes(fork.id));
  if (tokens.length === 0 || [...tokens, ...inner].some((one) => one.trail.length > 0)) return null;
  return { tokens, step: { node: fork.trail.at(-1)!.node, entry: fork.trail.at(-1)!, before: fork.trail.slice(0, -1), fork: fork.parent, ending: fork.id } };
}

function isUntouched(token: Token): boolean {
  if (token.phase === 'action' || token.phase === 'child' || token.phase === 'instances') return false;
  return token.claimedBy === undefined && !(token.seats ?? []).some((seat) => seat.vote || seat.addedBy || seat.from);
}

function restart(run: Run, tokens: readonly Token[], step: EarlierStep, scope: string, how: 'returned' | 'withdrawn'): void {
  for (const token of tokens) quit(run, token, how);
  run.state.tokens = run.state.tokens.filter((one) => !tokens.includes(one));
  run.queue = run.queue.filter((waiting) => !tokens.includes(waiting.token));
  if (step.ending !== null) {
    const ended = new Set(run.state.forks.filter((fork) => ancestors(run, fork.id).includes(step.ending!)).map((fork) => fork.id));
    run.state.forks = run.state.forks.filter((fork) => !ended.has(fork.id));
  }
  // A task is done again by who did it. An approval is voted on anew by all who have to: one vote never was all of it.
  const isTask = flowOf(run, scope)?.nodes.get(step.node)?.kind !== 'approval';
  const again = newToken(run, { scope, node: step.node, fork: step.fork, trail: step.before, ...(isTask && step.entry.by !== null ? { again: { kind: 'person', id: step.entry.by } } : {}) });
  run.queue.push({ token: again, do: 'enter' });
}
