import { evaluate } from '../conditions/json-logic.ts';
import { LogicError } from '../conditions/run.ts';
import type { Budget } from '../conditions/run.ts';
import type { Json, Rule } from '../conditions/json.ts';
import { minutesOf, type Due, type FlowNode, type TimeSpan } from './definition.ts';
import { prepareFlow, type FlowBundle, type PreparedFlow } from './prepare.ts';
import type { Effect, Explanation, FlowState, FlowView, Hold, HoldCode, Scope, Token } from './state.ts';
import { normaliseInstant, isDay } from '../conditions/days.ts';

/** A step under way: a copy of the state that is being changed, and what comes of it. */
export interface Run {
  bundle: FlowBundle;
  view: FlowView;
  state: FlowState;
  effects: Effect[];
  explanations: Explanation[];
  /** Tokens that go on by themselves: they enter their node, or leave it. */
  queue: { token: Token; do: 'enter' | 'leave' }[];
  /** What its rules may still take together, until something comes from outside again. */
  budget: Budget;
}

/** What all rules of a flow may take together until it waits for something from outside: about a fifth of a second. */
export const burstSteps = 500_000;

/** A copy whose tokens, scopes and forks may be changed; lists inside of them are replaced, never changed in place. */
export function copyOf(state: FlowState): FlowState {
  return {
    ...state, tokens: state.tokens.map((token) => ({ ...token })), scopes: [...state.scopes], forks: state.forks.map((fork) => ({ ...fork })),
    vars: { ...state.vars }, steps: { ...state.steps },
  };
}

export function flowOf(run: Pick<Run, 'bundle' | 'state'>, scope: string): PreparedFlow | undefined {
  if (scope === '') return prepareFlow(run.bundle.definition);
  const flow = run.state.scopes.find((one) => one.id === scope)?.flow;
  const definition = flow === undefined ? undefined : run.bundle.subflows?.[flow];
  return definition && prepareFlow(definition);
}

export function nodeOf(run: Pick<Run, 'bundle' | 'state'>, token: Token): FlowNode {
  return flowOf(run, token.scope)!.nodes.get(token.node)!;
}

export function scopeOf(run: Pick<Run, 'state'>, id: string): Scope | undefined {
  return run.state.scopes.find((scope) => scope.id === id);
}

export function tokenOf(run: Pick<Run, 'state'>, id: string): Token | undefined {
  return run.state.tokens.find((token) => token.id === id);
}

/** A token that is at no node yet. */
export function newToken(run: Run, at: Pick<Token, 'scope' | 'node' | 'fork' | 'trail'> & Partial<Token>): Token {
  run.state.sequence += 1;
  const token: Token = { id: `t${run.state.sequence}`, phase: 'entering', since: run.view.now, ...at };
  run.state.tokens.push(token);
  return token;
}

/** Takes the number of a new instruction. */
export function ask(run: Run, token: Token): number {
  run.state.sequence += 1;
  token.ask = run.state.sequence;
  return token.ask;
}

export function explain(run: Run, token: Pick<Token, 'node' | 'scope'>, code: string, params?: Explanation['params']): void {
  run.explanations.push({ node: token.node, scope: token.scope, code, ...(params ? { params } : {}) });
}

/** Holds a token visibly, until somebody tries again. */
export function hold(run: Run, token: Token, code: HoldCode, more: { edge?: string; detail?: string } = {}): void {
  const held: Hold = { code, since: run.view.now, ...more };
  token.hold = held;
  run.effects.push({ do: 'hold', activation: token.id, node: token.node, scope: token.scope, hold: held });
  explain(run, token, 'held', { hold: code, ...(more.detail === undefined ? {} : { detail: more.detail }) });
}

export function releaseHold(run: Run, token: Token): void {
  if (!token.hold) return;
  delete token.hold;
  run.effects.push({ do: 'release_hold', activation: token.id, node: token.node, scope: token.scope });
}

/** The key under which the result of a step stands. */
export const stepKey = (token: Pick<Token, 'scope' | 'node'>) => (token.scope === '' ? token.node : `${token.scope}/${token.node}`);

/** What a rule at a token may read. */
export function dataAt(run: Run, token: Token, extra: Record<string, unknown> = {}): Record<string, unknown> {
  const { view, state } = run;
  const prefix = `${token.scope}/`;
  const steps = token.scope === '' ? state.steps : Object.fromEntries(Object.entries(state.steps).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
  return {
    fields: view.fields, ticket: view.ticket, vars: state.vars, steps, now: view.now, today: view.today,
    outcome: token.outcome ?? null, by: token.by ?? null, item: token.item ?? null, index: token.index ?? null, ...extra,
  };
}

export class RuleFailure extends Error {}

/** @throws {RuleFailure} with the reason, when a rule cannot be evaluated */
export function reckon(run: Run, token: Token, rule: Rule, extra?: Record<string, unknown>): Json {
  try {
    return evaluate(rule, dataAt(run, token, extra), { exact: true, steps: 20_000, budget: run.budget }) as Json;
  } catch (error) {
    throw new RuleFailure(error instanceof LogicError ? error.type : 'Failed');
  }
}

/** When something is due. @throws {RuleFailure} */
export function dueAt(run: Run, token: Token, due: Due): string {
  if ('after' in due) return later(run, run.view.now, due.after);
  const value = reckon(run, token, due.at);
  const at = normaliseInstant(value) ?? (isDay(value) ? `${value}T00:00:00.000Z` : null);
  if (at === null) throw new RuleFailure(value === null ? 'Missing' : 'Invalid Moment');
  return at;
}

/** An instant and a span later. @throws {RuleFailure} */
export function later(run: Run, from: string, span: TimeSpan): string {
  if (span.calendar === 'working' && run.view.addWorkingTime) {
    const at = run.view.addWorkingTime(from, span);
    if (at === null) throw new RuleFailure('No Working Time');
    return at;
  }
  return new Date(Date.parse(from) + minutesOf(span) * 60_000).toISOString();
}
