import type { FlowDefinition, FlowEdge, FlowNode } from './definition.ts';
import { step, type FlowBundle } from './step.ts';
import type { Effect, Explanation, FlowEvent, FlowState, FlowView, StepResult, Who } from './state.ts';

/** Flows for tests, and one who carries out effects in memory. */

const start = '2026-11-22T02:00:00.000Z';
const someone: FlowNode & { kind: 'task' } = { id: '', kind: 'task', name: { zh: '' }, performers: [{ kind: 'person', id: 'p' }] };

/** A node by its id; kinds with what they cannot do without. */
export function node(id: string, kind: FlowNode['kind'], more: Record<string, unknown> = {}): FlowNode {
  const name = { zh: id };
  switch (kind) {
    case 'task': case 'onsite_task':
      return { ...someone, id, kind, name, ...more } as FlowNode;
    case 'approval':
      return { id, kind, name, performers: [{ kind: 'person', id: 'p' }], mode: 'all', ...more } as FlowNode;
    case 'wait':
      return { id, kind, name, for: { kind: 'timer', due: { after: { amount: 1, unit: 'hours' } } }, ...more } as FlowNode;
    case 'action':
      return { id, kind, name, action: { do: 'notify', to: [], text: { zh: id } }, ...more } as FlowNode;
    case 'subflow':
      return { id, kind, name, flow: 'other', ...more } as FlowNode;
    default:
      return { id, kind, name, ...more } as FlowNode;
  }
}

/** `a > b` is an edge; `a > b if x` holds when the field x does, `a > b on k` when the outcome is k, `a > b else` is the default. */
export function edges(...lines: string[]): FlowEdge[] {
  return lines.map((line, index) => {
    const match = /^(\S+) > (\S+)(?: if (\S+)| on (\S+)| (else))?$/.exec(line)!;
    const [, from, to, field, outcome, otherwise] = match;
    return { id: `e${index}_${from}_${to}`.slice(0, 63), from: from!, to: to!, ...(field ? { condition: { var: `fields.${field}` } } : {}), ...(outcome ? { outcome } : {}), ...(otherwise ? { isDefault: true } : {}) };
  });
}

export const flow = (nodes: FlowNode[], ...lines: string[]): FlowDefinition => ({ nodes, edges: edges(...lines) });

/** A flow under way, with a ticket in memory whose effects are carried out at once, but for slow actions. */
export class Play {
  state: FlowState | null = null;
  fields: Record<string, unknown>;
  now = start;
  people: Record<string, Who[]> = {};
  effects: Effect[] = [];
  explanations: Explanation[] = [];
  /** What is refused by whoever carries out effects: activation or node → reason. */
  refusing = new Map<string, string>();
  bundle: FlowBundle;
  #events = 0;

  constructor(definition: FlowDefinition, fields: Record<string, unknown> = {}, subflows: Record<string, FlowDefinition> = {}) {
    this.bundle = { definition, subflows };
    this.fields = fields;
  }

  view(): FlowView {
    return { fields: this.fields, ticket: { number: '1' }, now: this.now, today: this.now.slice(0, 10) };
  }

  /** Applies an event and answers the instructions that come of it. */
  send(event: Record<string, unknown> & { kind: FlowEvent['kind']; id?: string }): StepResult {
    const result = step(this.bundle, this.state, { id: event.id ?? `event ${(this.#events += 1)}`, ...event } as FlowEvent, this.view());
    if (result.answer === 'applied') this.#take(result);
    return result;
  }

  #take(result: StepResult): void {
    // Through JSON, as a database would hand it back.
    this.state = JSON.parse(JSON.stringify(result.state)) as FlowState;
    this.effects.push(...result.effects);
    this.explanations.push(...result.explanations);
    for (const effect of result.effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    if (effect.do !== 'set_status' && effect.do !== 'find_performers' && effect.do !== 'act') return;
    if (effect.do === 'act' && (effect.action.do === 'http_call' || effect.action.do === 'ask_llm')) return;
    const answer = { kind: 'answer' as const, activation: effect.activation, ask: effect.ask };
    const reason = this.refusing.get(effect.node);
    if (reason !== undefined) return void this.send({ ...answer, ok: false, reason });
    if (effect.do === 'set_status') return void this.send({ ...answer, ok: true });
    if (effect.do === 'find_performers') return void this.send({ ...answer, ok: true, seats: effect.again ? [effect.again] : (this.people[effect.node] ?? effect.performers.map((one) => ({ kind: 'person', id: 'id' in one ? one.id : JSON.stringify(effect.item ?? null).replaceAll('"', '') }))) });
    if (effect.action.do === 'set_fields') Object.assign(this.fields, effect.action.fields);
    this.send({ ...answer, ok: true });
  }

  start(): this {
    this.send({ kind: 'start' });
    return this;
  }

  /** Open tasks by node, in order. */
  open(): string[] {
    return this.state!.tokens.filter((token) => token.phase === 'open').map((token) => token.node).sort();
  }

  at(id: string): FlowState['tokens'][number] {
    const token = this.state!.tokens.find((one) => one.node === id && one.phase !== 'instances') ?? this.state!.tokens.find((one) => one.node === id);
    if (!token) throw new Error(`nothing stands at ${id}`);
    return token;
  }

  complete(id: string, outcome?: string, by = 'p'): StepResult {
    return this.send({ kind: 'complete', activation: this.at(id).id, by, ...(outcome === undefined ? {} : { outcome }) });
  }

  vote(id: string, person: string, vote: 'approved' | 'rejected' = 'approved'): StepResult {
    const token = this.at(id);
    return this.send({ kind: 'vote', activation: token.id, seat: token.seats!.find((seat) => seat.who.id === person)?.id ?? 'none', by: person, vote });
  }

  fire(id: string, timer: string): StepResult {
    const token = this.state!.tokens.find((one) => one.node === id && (one.timers?.some((pending) => pending.id === timer) || timer.startsWith('#')))!;
    return this.send({ kind: 'timer', activation: token.id, timer });
  }
}
