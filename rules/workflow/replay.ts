import type { Json } from '../conditions/json.ts';
import { isHuman, slowActions, type FlowDefinition, type FlowNode, type Performer, type StatusSetting } from './definition.ts';
import type { FlowBundle } from './prepare.ts';
import { flowOf } from './run.ts';
import type { Effect, FlowEvent, FlowState, FlowView, Seat, StepResult, Token, Who } from './state.ts';
import { step } from './step.ts';

/**
 * A run that happened, played again through another definition (流程回放): every step is answered as it was answered then, after as
 * long as it took then. What was never asked then is not guessed: the run is unknown from there on. Moments are milliseconds.
 */
export interface PastStep {
  readonly id: string;
  readonly node: string;
  /** Whether it stood in the flow itself, or in one that it called. */
  readonly inner: boolean;
  readonly openedAt: number;
  /** Null while it is still open. */
  readonly endedAt: number | null;
  readonly how: 'completed' | 'returned' | 'withdrawn' | 'cancelled' | null;
  readonly outcome: string | null;
  readonly by: string | null;
  readonly seats: readonly Seat[];
}
/** How a step ended that called somebody outside. */
export interface PastCall { readonly node: string; /** In milliseconds. */ readonly took: number; readonly ok: boolean }
export interface PastRun {
  /** What it went through then: where a step asks the same people in both, they are those of then. */
  readonly played: FlowBundle;
  readonly startedAt: number;
  /** In the order they were opened. */
  readonly steps: readonly PastStep[];
  readonly calls: readonly PastCall[];
  /** What happened on the ticket beside the flow. */
  readonly facts: readonly { readonly kind: string; readonly at: number; readonly data: Json }[];
  /** Variables as they stood at the end. */
  readonly vars: Readonly<Record<string, Json>>;
  /** Until when it is known: where the replay ends, too. */
  readonly until: number;
  /** What conditions read of the ticket at a moment of then, without what the flow itself did to it. */
  view(at: number): Pick<FlowView, 'fields' | 'ticket'>;
  today(at: number): string;
  addWorkingTime?: FlowView['addWorkingTime'];
  /** What is to be read into a status that a step names; null where there is none. */
  statusOf(setting: StatusSetting): { readonly status: string; readonly statusId: string | null } | null;
}

export type UnknownStep = 'never_asked' | 'outcome' | 'votes' | 'call' | 'fact' | 'rule' | 'step';
export interface ReplayedStep { readonly activation: string; /** The step of then by which it is answered. */ readonly past: string | null; readonly node: string; readonly approval: boolean; readonly openedAt: number; endedAt: number | null; how: 'completed' | 'cancelled' | 'returned' | null; readonly who: readonly Who[] }
/** What the flow did to its ticket, in its order. */
export type ReplayedDeed = { readonly at: number } & ({ readonly do: 'open' | 'close'; readonly activation: string } | { readonly do: 'status'; readonly setting: StatusSetting } | { readonly do: 'set'; readonly fields: Readonly<Record<string, Json>>; readonly ticket: { priority?: Json; team?: Json; assignee?: Json; addTags?: string[] } });
export interface ReplayedRun {
  readonly status: FlowState['status'];
  readonly endedAt: number | null;
  readonly steps: readonly ReplayedStep[];
  readonly deeds: readonly ReplayedDeed[];
  /** Where it leaves what is known, and why; null when all of it is known. */
  readonly unknown: { readonly node: string; readonly why: UnknownStep } | null;
}

type Sent = Record<string, unknown> & { kind: FlowEvent['kind'] };
interface Planned { at: number; event?: Sent; why?: UnknownStep; node: string }
const mostEvents = 5_000;

class Lost extends Error {
  readonly node: string;
  readonly why: UnknownStep;
  constructor(node: string, why: UnknownStep) {
    super(`${node}: ${why}`);
    this.node = node;
    this.why = why;
  }
}

/** Plays a run (流程回放). */
export function replayRun(bundle: FlowBundle, past: PastRun): ReplayedRun {
  let state: FlowState | null = null;
  let now = past.startedAt;
  // The moment of then up to which what people said of the ticket is known here.
  let heard = past.startedAt;
  let count = 0;
  const left = [...past.steps];
  const calls = [...past.calls];
  const ofFlow: { fields: Record<string, unknown>; ticket: Record<string, unknown> } = { fields: {}, ticket: {} };
  const steps = new Map<string, ReplayedStep>();
  const deeds: ReplayedDeed[] = [];
  const plans = new Map<string, Planned[]>();
  /** How much later than then a step began here. */
  const shifts = new Map<string, number>();

  const nodeOf = (token: Token): FlowNode | undefined => flowOf({ bundle, state: state! }, token.scope)?.nodes.get(token.node);
  const view = (): FlowView => {
    const { fields, ticket } = past.view(heard);
    return { fields: { ...fields, ...ofFlow.fields }, ticket: { ...ticket, ...ofFlow.ticket }, now: new Date(now).toISOString(), today: past.today(now), addWorkingTime: past.addWorkingTime };
  };
  const send = (event: Sent): StepResult => {
    const result = step(bundle, state, { id: `replay ${(count += 1)}`, ...event } as FlowEvent, view());
    if (result.answer !== 'applied') return result;
    state = result.state;
    const waiting = [...result.effects];
    for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
      const answer = carryOut(effect);
      if (!answer || !('ask' in effect)) continue;
      const next = step(bundle, state, { id: `replay ${(count += 1)}`, kind: 'answer', activation: effect.activation, ask: effect.ask, ...answer } as FlowEvent, view());
      if (next.answer !== 'applied') continue;
      state = next.state;
      waiting.push(...next.effects);
    }
    return result;
  };

  /** Does what a step asks for; what it is answered with, where it is at once. */
  const carryOut = (effect: Effect): Record<string, unknown> | null => {
    switch (effect.do) {
      case 'set_status': {
        const found = past.statusOf(effect.status);
        if (!found) throw new Lost(effect.node, 'step');
        deeds.push({ at: now, do: 'status', setting: effect.status });
        Object.assign(ofFlow.ticket, found);
        return { ok: true };
      }
      case 'find_performers': return { ok: true, seats: peopleFor(effect) };
      case 'act': {
        const { action } = effect;
        if (slowActions.includes(action.do)) return null;
        if (action.do === 'set_fields') {
          deeds.push({ at: now, do: 'set', fields: action.fields, ticket: action.ticket });
          Object.assign(ofFlow.fields, action.fields);
          const { addTags, ...more } = action.ticket;
          Object.assign(ofFlow.ticket, more, addTags ? { tags: [...new Set([...((view().ticket['tags'] as string[] | undefined) ?? []), ...addTags])] } : {});
        }
        return { ok: true, ...(action.do === 'create_child' && action.into !== null ? { vars: { [action.into]: past.vars[action.into] ?? 'child' } } : {}) };
      }
      case 'open_task': {
        const token = state!.tokens.find((one) => one.id === effect.activation);
        if (token?.phase === 'open') open(token, effect.scope !== '');
        return null;
      }
      case 'close_task': {
        const present = steps.get(effect.activation);
        if (present) Object.assign(present, { endedAt: now, how: effect.how === 'completed' ? 'completed' : effect.how === 'returned' ? 'returned' : 'cancelled' });
        if (present) deeds.push({ at: now, do: 'close', activation: effect.activation });
        plans.delete(effect.activation);
        return null;
      }
      case 'hold': throw new Lost(effect.node, effect.hold.code === 'rule_failed' || effect.hold.code === 'condition_failed' ? 'rule' : 'step');
      default: return null;
    }
  };

  const peopleFor = ({ node, scope, performers, item }: Extract<Effect, { do: 'find_performers' }>): Who[] => {
    const inner = scope !== '';
    const then = nodeIn(past.played, node);
    const recorded = left.find((one) => one.node === node && one.inner === inner);
    if (recorded && then && isHuman(then) && JSON.stringify(then.performers) === JSON.stringify(performers)) return recorded.seats.filter((seat) => seat.addedBy === undefined).map((seat) => seat.who);
    return performers.map((performer) => somebody(performer, item));
  };

  /** A step is open: what was answered there is planned for as long after as it took. */
  const open = (token: Token, inner: boolean): void => {
    const node = nodeOf(token);
    const index = left.findIndex((one) => one.node === token.node && one.inner === inner);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    steps.set(token.id, { activation: token.id, past: found?.id ?? null, node: token.node, approval: node?.kind === 'approval', openedAt: now, endedAt: null, how: null, who: (token.seats ?? []).map((seat) => seat.who) });
    deeds.push({ at: now, do: 'open', activation: token.id });
    if (!found) {
      plans.set(token.id, [{ at: now, why: 'never_asked', node: token.node }]);
      return;
    }
    const shift = now - found.openedAt;
    shifts.set(token.id, shift);
    const lost = (at: number, why: UnknownStep): Planned => ({ at, why, node: token.node });
    const ended = found.endedAt === null ? null : found.endedAt + shift;
    if (node?.kind === 'approval') {
      const votes = found.seats.filter((seat) => seat.vote !== undefined && seat.at !== undefined).toSorted((one, other) => (one.at! < other.at! ? -1 : 1)).flatMap((seat): Planned[] => {
        const own = token.seats!.find((one) => one.who.kind === seat.who.kind && one.who.id === seat.who.id);
        return own ? [{ at: Date.parse(seat.at!) + shift, node: token.node, event: { kind: 'vote', activation: token.id, seat: own.id, by: seat.by ?? null, vote: seat.vote! } }] : [];
      });
      plans.set(token.id, [...votes, ...(ended === null ? [] : [lost(Math.max(ended, now) + 1, 'votes')])]);
    } else if (found.how === 'completed') {
      plans.set(token.id, [{ at: ended!, node: token.node, event: { kind: 'complete', activation: token.id, by: found.by, ...(found.outcome === null ? {} : { outcome: found.outcome }) } }, lost(ended! + 1, 'outcome')]);
    } else if (found.how === 'returned') {
      const to = past.steps.find((one) => one.openedAt >= (found.endedAt ?? 0) && one !== found)?.node;
      plans.set(token.id, [...(to === undefined ? [] : [{ at: ended!, node: token.node, event: { kind: 'return', activation: token.id, by: found.by ?? '', to } as Sent }]), lost(ended! + 1, 'never_asked')]);
    } else {
      // Nobody had answered it when it was over: for so long nothing happens here either. What nobody has answered until now stays open.
      plans.set(token.id, ended === null ? [] : [lost(ended + 1, 'never_asked')]);
    }
  };

  const soon = (): Planned | null => {
    const candidates: Planned[] = [];
    for (const token of state!.tokens) {
      for (const timer of token.timers ?? []) candidates.push({ at: Date.parse(timer.dueAt), node: token.node, event: { kind: 'timer', activation: token.id, timer: timer.id, dueAt: timer.dueAt } });
      if (token.limitAt !== undefined) candidates.push({ at: Date.parse(token.limitAt), node: token.node, event: { kind: 'timer', activation: token.id, timer: '#limit', dueAt: token.limitAt } });
      if (token.dueAt !== undefined) candidates.push({ at: Date.parse(token.dueAt), node: token.node, event: { kind: 'timer', activation: token.id, timer: '#due', dueAt: token.dueAt } });
      const [planned] = plans.get(token.id) ?? [];
      if (planned) candidates.push(planned);
      else if (token.phase === 'action') candidates.push(callFor(token));
      else if (token.phase === 'waiting' && token.dueAt === undefined) candidates.push(...factFor(token));
    }
    return candidates.reduce<Planned | null>((first, one) => (first === null || one.at < first.at ? one : first), null);
  };

  const callFor = (token: Token): Planned => {
    const node = nodeOf(token);
    const index = calls.findIndex((one) => one.node === token.node);
    const [call] = index < 0 ? [] : calls.splice(index, 1);
    const into = node?.kind !== 'action' ? [] : node.action.do === 'http_call' ? Object.keys(node.action.into ?? {}) : node.action.do === 'ask_llm' ? [node.action.into, ...Object.keys(node.action.answers ?? {})] : [];
    const made: Planned = !call || (call.ok && into.some((name) => past.vars[name] === undefined))
      ? { at: Date.parse(token.since), node: token.node, why: 'call' }
      : { at: Date.parse(token.since) + call.took, node: token.node, event: { kind: 'answer', activation: token.id, ask: token.ask, ...(call.ok ? { ok: true, vars: Object.fromEntries(into.map((name) => [name, past.vars[name]])) } : { ok: false, reason: '' }) } };
    plans.set(token.id, [made]);
    return made;
  };

  const factFor = (token: Token): Planned[] => {
    const node = nodeOf(token);
    if (node?.kind !== 'wait' || node.for.kind !== 'fact') return [];
    const { fact, of } = node.for;
    if (of === 'children') return [{ at: now, node: token.node, why: 'fact' }];
    const since = Date.parse(token.since);
    const made = past.facts.filter((one) => one.kind === fact && one.at >= since).map((one): Planned => ({ at: one.at, node: token.node, event: { kind: 'fact', activation: token.id, fact: { kind: one.kind, data: one.data } } }));
    plans.set(token.id, made);
    return made.slice(0, 1);
  };

  let unknown: ReplayedRun['unknown'] = null;
  try {
    send({ kind: 'start' });
    for (let events = 0; state !== null && (state as FlowState).status === 'running'; events += 1) {
      if (events > mostEvents) throw new Lost('', 'step');
      const next = soon();
      if (!next || next.at > past.until) break;
      now = Math.max(now, next.at);
      if (next.why !== undefined) throw new Lost(next.node, next.why);
      const { event } = next;
      const activation = event!['activation'] as string;
      const own = plans.get(activation);
      const isPlanned = own?.[0] === next;
      if (isPlanned) own!.shift();
      if (isPlanned && (event!.kind === 'complete' || event!.kind === 'vote')) heard = Math.max(heard, next.at - (shifts.get(activation) ?? 0));
      const result = send(event!);
      // In turn, somebody who had voted early votes as soon as it is their turn.
      if (isPlanned && result.answer === 'refused' && result.reason === 'not_your_turn') own!.splice(1, 0, { ...next, at: Math.max(own![0]?.at ?? now, now) });
      else if (isPlanned && result.answer === 'refused' && event!.kind !== 'vote') throw new Lost(next.node, result.reason === 'unknown_outcome' || event!.kind === 'complete' ? 'outcome' : 'step');
    }
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    unknown = { node: error.node, why: error.why };
  }
  const final = state as FlowState | null;
  return { status: final?.status ?? 'cancelled', endedAt: final && final.status !== 'running' ? now : null, steps: [...steps.values()], deeds, unknown };
}

function nodeIn({ definition, subflows }: FlowBundle, id: string): FlowNode | undefined {
  const find = (flow: FlowDefinition) => flow.nodes.find((node) => node.id === id);
  return find(definition) ?? Object.values(subflows ?? {}).map(find).find((node) => node !== undefined);
}

/** Who is named directly is who it is; whom an expression means, nobody knows here. */
function somebody(performer: Performer, item: unknown): Who {
  if (performer.kind === 'person' || performer.kind === 'team') return { kind: performer.kind, id: performer.id };
  return { kind: 'person', id: performer.kind === 'expression' ? `${performer.expression} ${performer.expression === 'item' ? String(item) : ''}`.trim() : 'rule' };
}
