import type { Json } from '../conditions/json.ts';
import { isHuman, slowActions, type FlowNode, type Performer } from './definition.ts';
import type { FlowBundle } from './prepare.ts';
import { flowOf } from './run.ts';
import { returnTargets } from './standing.ts';
import type { Effect, Explanation, FlowEvent, FlowState, FlowView, Hold, StepResult, Token, Who } from './state.ts';
import { step } from './step.ts';
import { isTurn } from './votes.ts';

/**
 * A rehearsal of a flow (试运行): a sample ticket, a clock of its own, everything in memory. Instructions are answered at once as
 * if all went well; calls to the outside wait for the answer one gives them.
 */
export interface Rehearsal {
  fields: Record<string, unknown>;
  ticket: Record<string, unknown>;
  startAt: string;
  /** The day of a moment in the organization's time zone. */
  dayOf: (now: string) => string;
  addWorkingTime?: FlowView['addWorkingTime'];
}
export type RehearsalEvent =
  | { do: 'complete'; activation: string; outcome?: string; fields?: Record<string, unknown>; by?: string }
  | { do: 'return'; activation: string; to: string }
  | { do: 'advance'; minutes: number }
  | { do: 'next_timer' }
  | { do: 'fact'; fact: string; data?: Record<string, unknown> }
  | { do: 'answer'; activation: string; ok: boolean; result?: unknown }
  | { do: 'set'; fields: Record<string, unknown> }
  | { do: 'retry'; activation: string };

export interface RehearsedStand {
  activation: string; node: string; flow: string | null; kind: FlowNode['kind']; phase: 'open' | 'waiting' | 'joining' | 'held'; hold: Hold | null;
  outcomes: { key: string; name: { zh: string; en?: string } }[]; fields: string[]; performers: Performer[]; mayReturnTo: string[]; due: { id: string; at: string }[];
}
export interface Rehearsed {
  now: string; status: FlowState['status']; stands: RehearsedStand[]; visited: string[]; taken: string[];
  log: { at: string; event: number; explanation: Explanation }[];
  fields: Record<string, unknown>; ticket: Record<string, unknown>; vars: Record<string, Json>;
  refused: { event: number; code: string } | null;
}

const mostAnswers = 2_000;
const mostTimers = 1_000;
/** What all rules of a rehearsal may take together, in steps of their evaluation: a second or two. */
const mostSteps = 4_000_000;

/** Plays events from the very beginning (逐步试运行). */
export function rehearse(bundle: FlowBundle, sample: Rehearsal, events: readonly RehearsalEvent[]): Rehearsed {
  let state: FlowState | null = null;
  let now = sample.startAt;
  let count = 0;
  let spent = 0;
  const fields = { ...sample.fields };
  const ticket = { ...sample.ticket };
  const log: Rehearsed['log'] = [];
  const visited = new Set<string>();
  const taken = new Set<string>();

  const view = (): FlowView => ({ fields, ticket, now, today: sample.dayOf(now), addWorkingTime: sample.addWorkingTime });
  const send = (index: number, event: Record<string, unknown> & { kind: FlowEvent['kind'] }): StepResult => {
    const first = step(bundle, state, { id: `rehearsal ${(count += 1)}`, ...event } as FlowEvent, view());
    let result = first;
    const waiting: Effect[] = [];
    for (let answers = 0; ; answers += 1) {
      if (result.answer === 'applied') {
        state = result.state;
        waiting.push(...result.effects);
        for (const explanation of result.explanations) {
          log.push({ at: now, event: index, explanation });
          if (explanation.code === 'entered') visited.add(explanation.node!);
        }
        for (const token of state.tokens) if (token.edge !== undefined) taken.add(token.edge);
      }
      let answer: ReturnType<typeof answerTo> = null;
      while (answer === null && waiting.length > 0) answer = answerTo(waiting.shift()!);
      if (answer === null || answers >= mostAnswers) {
        if (first.answer === 'applied') spent += state?.spent ?? 0;
        return first;
      }
      result = step(bundle, state, { id: `rehearsal ${(count += 1)}`, ...answer } as FlowEvent, view());
    }
  };

  /** What an instruction is answered with; null where there is nothing to answer. */
  const answerTo = (effect: Effect): (Record<string, unknown> & { kind: 'answer' }) | null => {
    if (effect.do === 'set_status') {
      ticket['status'] = effect.status.status;
      return { kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true };
    }
    if (effect.do === 'find_performers') return { kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true, seats: seatsFor(effect.performers, effect.item) };
    if (effect.do !== 'act' || slowActions.includes(effect.action.do)) return null;
    const { action } = effect;
    if (action.do === 'set_fields') {
      Object.assign(fields, action.fields);
      const { addTags, ...more } = action.ticket;
      Object.assign(ticket, more, addTags ? { tags: [...((ticket['tags'] as string[] | undefined) ?? []), ...addTags] } : {});
    }
    return { kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true, ...(action.do === 'create_child' && action.into !== null ? { vars: { [action.into]: 'child' } } : {}) };
  };

  const dues = () => state!.tokens.flatMap(duesOf).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const runClock = (index: number, until: string): void => {
    for (let fired = 0; fired < mostTimers && spent <= mostSteps; fired += 1) {
      const [next] = dues();
      if (!next || next.at > until) break;
      if (next.at > now) now = next.at;
      send(index, { kind: 'timer', activation: next.activation, timer: next.id, dueAt: next.at });
    }
    if (until > now) now = until;
  };

  const play = (event: RehearsalEvent, index: number): string | null => {
    const verdict = (result: StepResult) => (result.answer === 'applied' ? null : (result.reason ?? result.answer));
    switch (event.do) {
      case 'advance':
        runClock(index, new Date(Date.parse(now) + event.minutes * 60_000).toISOString());
        return null;
      case 'next_timer': {
        const [next] = dues();
        if (!next) return 'no_timer';
        runClock(index, next.at > now ? next.at : now);
        return null;
      }
      case 'set':
        Object.assign(fields, event.fields);
        return null;
      case 'fact': {
        const waiting = state!.tokens.filter((token) => token.phase === 'waiting' && token.dueAt === undefined);
        for (const token of waiting) send(index, { kind: 'fact', activation: token.id, fact: { kind: event.fact, data: (event.data ?? {}) as Json } });
        return waiting.length === 0 ? 'not_open' : null;
      }
      case 'retry':
        return verdict(send(index, { kind: 'retry', activation: event.activation }));
      case 'return':
        return verdict(send(index, { kind: 'return', activation: event.activation, by: 'tester', to: event.to }));
      case 'answer': {
        const token = state!.tokens.find((one) => one.id === event.activation);
        const node = token && nodeOf(token);
        if (token?.ask === undefined || node?.kind !== 'action') return 'not_open';
        return verdict(send(index, { kind: 'answer', activation: token.id, ask: token.ask, ...(event.ok ? { ok: true, vars: varsOf(node, event.result) } : { ok: false, reason: typeof event.result === 'string' ? event.result : '' }) }));
      }
      case 'complete': {
        const token = state!.tokens.find((one) => one.id === event.activation);
        if (!token || token.phase !== 'open') return 'not_open';
        Object.assign(fields, event.fields);
        const node = nodeOf(token);
        const by = event.by ?? 'tester';
        if (node?.kind !== 'approval') return verdict(send(index, { kind: 'complete', activation: token.id, by, ...(event.outcome === undefined ? {} : { outcome: event.outcome }) }));
        const seat = token.seats!.find((one) => isTurn(one, token.seats!));
        return verdict(send(index, { kind: 'vote', activation: token.id, seat: seat?.id ?? '', by, vote: event.outcome === 'rejected' ? 'rejected' : 'approved' }));
      }
    }
  };
  const nodeOf = (token: Token) => flowOf({ bundle, state: state! }, token.scope)?.nodes.get(token.node);

  send(-1, { kind: 'start' });
  let refused: Rehearsed['refused'] = null;
  for (const [index, event] of events.entries()) {
    const code = state === null ? 'not_running' : spent > mostSteps ? 'too_much' : play(event, index);
    if (code === null) continue;
    refused = { event: index, code };
    break;
  }
  const final = state as FlowState | null;
  return {
    now, status: final?.status ?? 'cancelled', visited: [...visited], taken: [...taken], log, fields, ticket, vars: final?.vars ?? {}, refused,
    stands: (final?.tokens ?? []).filter((token) => token.phase !== 'instances' && token.phase !== 'child').flatMap((token) => {
      const node = nodeOf(token);
      return node ? [standOf(bundle, final!, token, node)] : [];
    }),
  };
}

const decisions = [{ key: 'approved', name: { zh: '同意', en: 'Approve' } }, { key: 'rejected', name: { zh: '不同意', en: 'Reject' } }];

function standOf(bundle: FlowBundle, state: FlowState, token: Token, node: FlowNode): RehearsedStand {
  return {
    activation: token.id, node: token.node, flow: state.scopes.find((scope) => scope.id === token.scope)?.flow ?? null, kind: node.kind, hold: token.hold ?? null,
    phase: token.hold ? 'held' : token.phase === 'open' ? 'open' : token.phase === 'joining' ? 'joining' : 'waiting',
    outcomes: node.kind === 'approval' ? decisions : isHuman(node) ? (node.outcomes ?? []) : [],
    fields: isHuman(node) ? (node.fields ?? []).map((field) => field.key) : [], performers: isHuman(node) ? node.performers : [],
    mayReturnTo: token.phase === 'open' && isHuman(node) && node.mayReturn !== false ? returnTargets(bundle, state, token.id).map((target) => target.node) : [], due: duesOf(token).map((due) => ({ id: due.id, at: due.at })),
  };
}

const duesOf = (token: Token) => [
  ...(token.timers ?? []).map((timer) => ({ activation: token.id, id: timer.id, at: timer.dueAt })),
  ...(token.limitAt === undefined ? [] : [{ activation: token.id, id: '#limit', at: token.limitAt }]),
  ...(token.dueAt === undefined ? [] : [{ activation: token.id, id: '#due', at: token.dueAt }]),
];

/** In a rehearsal everybody who is named is there; who an expression means is told by its name. */
function seatsFor(performers: readonly Performer[], item: unknown): Who[] {
  return performers.map((performer): Who => {
    if (performer.kind === 'person' || performer.kind === 'team') return { kind: performer.kind, id: performer.id };
    if (performer.kind === 'expression') return { kind: 'person', id: `${performer.expression}${performer.expression === 'item' ? ` ${String(item)}` : ''}` };
    return { kind: 'person', id: 'rule' };
  });
}

function varsOf(node: Extract<FlowNode, { kind: 'action' }>, result: unknown): Record<string, Json> {
  if (node.action.do === 'ask_llm') return { [node.action.into]: (result ?? null) as Json };
  if (node.action.do !== 'http_call') return {};
  return Object.fromEntries(Object.entries(node.action.into ?? {}).map(([key, path]) => {
    let value: unknown = result;
    for (const name of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return [key, (value ?? null) as Json];
  }));
}
