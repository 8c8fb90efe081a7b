import { isActivity, outcomesOf, slowActions, type FlowDefinition, type Performer } from '../../../../rules/workflow/definition.ts';
import type { Effect, Explanation, FlowEvent, FlowState, FlowView, StepRefusal, Token, Who } from '../../../../rules/workflow/state.ts';
import { step, type FlowBundle } from '../../../../rules/workflow/step.ts';

/** What one lets happen in a test run (试运行中的一步). */
export type PlayEvent =
  | { do: 'complete'; activation: string; outcome?: string; fields?: Readonly<Record<string, unknown>> }
  | { do: 'vote'; activation: string; seat: string; vote: 'approved' | 'rejected' }
  | { do: 'return'; activation: string; to: string }
  | { do: 'advance'; minutes: number }
  | { do: 'next_timer' }
  | { do: 'fact'; activation: string }
  | { do: 'answer'; activation: string; ok: boolean }
  | { do: 'retry'; activation: string }
  | { do: 'set'; fields: Readonly<Record<string, unknown>> };

/** The ticket one tries it with. */
export interface Sample { fields: Readonly<Record<string, unknown>>; ticket: Readonly<Record<string, unknown>> }
export interface PlayLine { at: string; event: number; node: string | null; code: string; params?: Explanation['params'] }
export interface PendingMoment { activation: string; timer: string; dueAt: string }

/** How a test run stands after what has happened so far. */
export interface Play {
  state: FlowState;
  now: string;
  fields: Readonly<Record<string, unknown>>;
  ticket: Readonly<Record<string, unknown>>;
  /** Slow actions that wait for what the outside answers: nothing is really called. */
  calls: readonly { activation: string; ask: number; node: string }[];
  timers: readonly PendingMoment[];
  visited: ReadonlySet<string>;
  taken: ReadonlySet<string>;
  log: readonly PlayLine[];
  /** Who stands behind an id that was made up for the run. */
  seats: ReadonlyMap<string, Performer>;
  /** The event that could not happen; those after it were left out. */
  refused: { event: number; reason: StepRefusal | 'nothing_due' } | null;
}

/** Events of a run are limited: it is for trying, not for simulating years. */
export const mostEvents = 200;
/** Timers that fire one after another in one step of the clock. */
const mostTimers = 500;

/**
 * Steps a flow with a sample ticket and a clock of its own (试运行), from the very beginning each time, by the very rule that runs
 * real tickets. Pure: nothing is kept, sent or called. People are who the flow names; expressions stand for themselves.
 *
 * @param today the day of an instant where the organization is, YYYY-MM-DD
 */
export function play(definition: FlowDefinition, sample: Sample, startAt: string, events: readonly PlayEvent[], today: (instant: string) => string): Play {
  const player = new Player({ definition }, sample, startAt, today);
  player.send({ kind: 'start' });
  let refused: Play['refused'] = null;
  for (const [index, event] of events.slice(0, mostEvents).entries()) {
    player.event = index;
    const reason = player.happen(event);
    if (reason === null) continue;
    refused = { event: index, reason };
    break;
  }
  return player.outcome(refused);
}

class Player {
  event = -1;
  readonly #bundle: FlowBundle;
  readonly #today: (instant: string) => string;
  #state: FlowState | null = null;
  #now: string;
  #fields: Record<string, unknown>;
  #ticket: Record<string, unknown>;
  readonly #calls = new Map<string, { activation: string; ask: number; node: string }>();
  readonly #timers = new Map<string, PendingMoment>();
  readonly #seats = new Map<string, Performer>();
  readonly #visited = new Set<string>();
  readonly #told = new Set<string>();
  readonly #log: PlayLine[] = [];
  #sent = 0;

  constructor(bundle: FlowBundle, sample: Sample, startAt: string, today: (instant: string) => string) {
    this.#bundle = bundle;
    this.#today = today;
    this.#now = startAt;
    this.#fields = { ...sample.fields };
    this.#ticket = { ...sample.ticket };
  }

  happen(event: PlayEvent): StepRefusal | 'nothing_due' | null {
    switch (event.do) {
      case 'complete':
        Object.assign(this.#fields, event.fields ?? {});
        return this.send({ kind: 'complete', activation: event.activation, by: 'tester', ...(event.outcome === undefined ? {} : { outcome: event.outcome }) });
      case 'vote': {
        const seat = this.#token(event.activation)?.seats?.find(({ id }) => id === event.seat);
        return this.send({ kind: 'vote', activation: event.activation, seat: event.seat, by: seat?.who.kind === 'person' ? seat.who.id : 'tester', vote: event.vote });
      }
      case 'return': return this.send({ kind: 'return', activation: event.activation, by: 'tester', to: event.to });
      case 'retry': return this.send({ kind: 'retry', activation: event.activation });
      case 'set':
        Object.assign(this.#fields, event.fields);
        return null;
      case 'fact': {
        const token = this.#token(event.activation);
        const node = this.#bundle.definition.nodes.find(({ id }) => id === token?.node);
        return this.send({ kind: 'fact', activation: event.activation, fact: { kind: node?.kind === 'wait' && node.for.kind === 'fact' ? node.for.fact : '', data: {} } });
      }
      case 'answer': {
        const call = this.#calls.get(event.activation);
        if (call === undefined) return 'not_open';
        this.#calls.delete(event.activation);
        const answer = { kind: 'answer' as const, activation: call.activation, ask: call.ask };
        return this.send(event.ok ? { ...answer, ok: true } : { ...answer, ok: false, reason: 'test' });
      }
      case 'advance': return this.#advance(new Date(Date.parse(this.#now) + event.minutes * 60_000).toISOString());
      case 'next_timer': {
        const next = this.#next();
        return next === undefined ? 'nothing_due' : this.#advance(next.dueAt > this.#now ? next.dueAt : this.#now);
      }
    }
  }

  /** Sends an event, and answers the instructions that come of it. */
  send(event: { kind: FlowEvent['kind'] } & Record<string, unknown>): StepRefusal | null {
    const result = step(this.#bundle, this.#state, { id: `event ${(this.#sent += 1)}`, ...event } as FlowEvent, this.#view());
    if (result.answer === 'refused') return result.reason ?? 'not_allowed';
    if (result.answer !== 'applied') return event.kind === 'answer' || event.kind === 'timer' ? null : 'not_open';
    this.#state = result.state;
    for (const { node, code, params } of result.explanations) {
      if (node !== null && code === 'entered') this.#visited.add(node);
      if ((code === 'condition_held' || code === 'default_taken') && typeof params?.['edge'] === 'string') this.#told.add(params['edge']);
      this.#log.push({ at: this.#now, event: this.event, node, code, ...(params === undefined ? {} : { params }) });
    }
    for (const token of result.state.tokens) if (token.edge !== undefined) this.#told.add(token.edge);
    for (const effect of result.effects) this.#carryOut(effect);
    return null;
  }

  #carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'set_timer':
        this.#timers.set(`${effect.activation} ${effect.timer}`, { activation: effect.activation, timer: effect.timer, dueAt: effect.dueAt });
        return;
      case 'clear_timer':
        this.#timers.delete(`${effect.activation} ${effect.timer}`);
        return;
      case 'set_status':
        this.#ticket['status'] = effect.status.status;
        this.send({ kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true });
        return;
      case 'find_performers':
        this.send({ kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true, seats: effect.again === undefined ? effect.performers.flatMap((performer) => this.#seatsFor(performer)) : [effect.again] });
        return;
      case 'act': {
        if (slowActions.includes(effect.action.do)) {
          this.#calls.set(effect.activation, { activation: effect.activation, ask: effect.ask, node: effect.node });
          return;
        }
        if (effect.action.do === 'set_fields') {
          Object.assign(this.#fields, effect.action.fields);
          const { addTags, ...plain } = effect.action.ticket;
          Object.assign(this.#ticket, plain, addTags === undefined ? {} : { tags: [...((this.#ticket['tags'] as string[] | undefined) ?? []), ...addTags] });
        }
        this.send({ kind: 'answer', activation: effect.activation, ask: effect.ask, ok: true });
        return;
      }
      default:
    }
  }

  /** Who would act: a team whose members each have a seat stands for two of them. */
  #seatsFor(performer: Performer): Who[] {
    const made = (id: string): Who => {
      this.#seats.set(id, performer);
      return { kind: performer.kind === 'team' && performer.each !== true ? 'team' : 'person', id };
    };
    if (performer.kind === 'team' && performer.each === true) return [made(`${performer.id} 1`), made(`${performer.id} 2`)];
    if (performer.kind === 'expression') return [made([performer.expression, performer.node ?? performer.field ?? ''].join(' ').trim())];
    return [made(performer.kind === 'rule' ? JSON.stringify(performer.rule) : performer.id)];
  }

  #next(): PendingMoment | undefined {
    return [...this.#timers.values()].toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1))[0];
  }

  #advance(until: string): null {
    for (let fired = 0; fired < mostTimers; fired += 1) {
      const next = this.#next();
      if (next === undefined || next.dueAt > until) break;
      this.#timers.delete(`${next.activation} ${next.timer}`);
      if (next.dueAt > this.#now) this.#now = next.dueAt;
      this.send({ kind: 'timer', activation: next.activation, timer: next.timer, dueAt: next.dueAt });
    }
    this.#now = until;
    return null;
  }

  #view(): FlowView {
    return { fields: this.#fields, ticket: this.#ticket, now: this.#now, today: this.#today(this.#now) };
  }

  #token(activation: string): Token | undefined {
    return this.#state?.tokens.find(({ id }) => id === activation);
  }

  outcome(refused: Play['refused']): Play {
    const { definition } = this.#bundle;
    const taken = new Set(this.#told);
    const hosts = new Map(definition.nodes.flatMap((node) => (isActivity(node) ? (node.timers ?? []).map((timer): [string, string] => [timer.id, node.id]) : [])));
    for (const edge of definition.edges) {
      // A way without condition out of where it has been is told by no explanation of its own.
      const sole = edge.condition === undefined && edge.outcome === undefined && edge.isDefault !== true;
      if (sole && !hosts.has(edge.from) && this.#visited.has(edge.from) && this.#visited.has(edge.to) && !this.#state!.tokens.some((token) => token.node === edge.from)) taken.add(edge.id);
    }
    return {
      state: this.#state!, now: this.#now, fields: this.#fields, ticket: this.#ticket, calls: [...this.#calls.values()], timers: [...this.#timers.values()].toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1)),
      visited: this.#visited, taken, log: this.#log, seats: this.#seats, refused,
    };
  }
}

/** The names of the outcomes one may choose from at a node. */
export function choicesAt(definition: FlowDefinition, node: string): readonly string[] {
  const found = definition.nodes.find(({ id }) => id === node);
  return found === undefined ? [] : outcomesOf(found);
}

