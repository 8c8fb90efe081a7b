import { flowLimits, isActivity, isHuman, type ActionNode, type ActivityNode, type FlowAction, type FlowNode, type Performer, type TimeSpan } from './definition.ts';
import { consume, markPassed, remove, trailWith } from './forks.ts';
import { fillIn } from './placeholders.ts';
import { prepareFlow } from './prepare.ts';
import { RuleFailure, ask, dataAt, dueAt, explain, hold, later, newToken, nodeOf, reckon, stepKey, tokenOf, type Run } from './run.ts';
import type { Effect, PendingTimer, ReadyAction, Token } from './state.ts';
import { asText, own, type Json } from '../conditions/json.ts';

/** Nodes that take time: how they begin, how they end, and what ends with them. */

export const limitTimer = '#limit';
export const dueTimer = '#due';

/** Begins an activity: its border timers run, and it is carried out once or several times. */
export function beginActivity(run: Run, token: Token, node: ActivityNode): void {
  try {
    const timers = (node.timers ?? []).map((timer): PendingTimer => ({ id: timer.id, dueAt: dueAt(run, token, timer.due), left: timer.interrupting ? 1 : (timer.times ?? 1) }));
    if (node.multi) {
      const items = instancesOf(run, token, node);
      if (typeof items === 'string') return hold(run, token, 'too_many_instances', { detail: items });
      if (items.length === 0) {
        explain(run, token, 'no_instances');
        return finish(run, token, null, null);
      }
      setTimers(run, token, timers);
      token.phase = 'instances';
      token.instances = { total: items.length, started: 0, completed: 0, outcomes: {}, items: 'items' in node.multi.over ? items : null };
      explain(run, token, 'instances', { count: items.length });
      const atOnce = node.multi.mode === 'parallel' ? items.length : 1;
      for (let index = 0; index < atOnce; index += 1) beginInstance(run, token);
      return;
    }
    setTimers(run, token, timers);
    carryOut(run, token, node);
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    token.phase = 'entering';
    clearTimers(run, token);
    hold(run, token, 'rule_failed', { detail: error.message });
  }
}

function instancesOf(run: Run, token: Token, node: ActivityNode): Json[] | string {
  const over = node.multi!.over;
  const value = reckon(run, token, 'count' in over ? over.count : over.items);
  if ('count' in over) {
    const count = Number(value ?? Number.NaN);
    if (!Number.isInteger(count) || count < 0 || count > flowLimits.instances) return asText(value);
    return Array.from({ length: count }, (_none, index) => index);
  }
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > flowLimits.instances) return Array.isArray(value) ? String(value.length) : 'list';
  return [...(value as Json[])];
}

function beginInstance(run: Run, parent: Token): void {
  const instances = parent.instances!;
  const index = instances.started;
  parent.instances = { ...instances, started: index + 1 };
  const child = newToken(run, { scope: parent.scope, node: parent.node, fork: null, trail: [], instanceOf: parent.id, index, ...(instances.items ? { item: instances.items[index]! } : {}) });
  run.queue.push({ token: child, do: 'enter' });
}

/** Carries out an activity once. @throws {RuleFailure} */
export function carryOut(run: Run, token: Token, node: ActivityNode): void {
  if (isHuman(node)) return askForPerformers(run, token, node.performers);
  switch (node.kind) {
    case 'wait':
      if (node.for.kind === 'timer') {
        token.dueAt = dueAt(run, token, node.for.due);
        run.effects.push({ do: 'set_timer', activation: token.id, timer: dueTimer, dueAt: token.dueAt });
      } else {
        run.effects.push({ do: 'await_fact', activation: token.id, fact: node.for.fact, of: node.for.of ?? 'ticket' });
      }
      token.phase = 'waiting';
      return;
    case 'action': {
      const action = readyAction(run, token, node.action);
      token.phase = 'action';
      run.effects.push({ do: 'act', activation: token.id, ask: ask(run, token), node: token.node, scope: token.scope, action });
      return;
    }
    case 'subflow': {
      const definition = run.bundle.subflows?.[node.flow];
      const start = definition && prepareFlow(definition).start;
      if (!start) return hold(run, token, 'missing_subflow');
      if (depthOf(run, token) >= flowLimits.depth) return hold(run, token, 'too_deep');
      token.phase = 'child';
      run.state.sequence += 1;
      const scope = { id: `s${run.state.sequence}`, flow: node.flow, owner: token.id };
      run.state.scopes.push(scope);
      run.queue.push({ token: newToken(run, { scope: scope.id, node: start.id, fork: null, trail: [] }), do: 'enter' });
      return;
    }
  }
}

function depthOf(run: Run, token: Token): number {
  let depth = 0;
  for (let scope = token.scope; scope !== ''; depth += 1) scope = tokenOf(run, run.state.scopes.find((one) => one.id === scope)!.owner)!.scope;
  return depth;
}

/**
 * Performers by what can be told here (处理人求值): a rule or a field gives way to the ids it says, so that one that fails holds the
 * step with its reason; the rest is for whoever knows the organization.
 *
 * @throws {RuleFailure}
 */
export function reckonPerformers(run: Run, token: Token, performers: readonly Performer[]): Performer[] {
  return performers.map((performer) => {
    if (performer.kind === 'rule') return { kind: 'rule', rule: idsIn(reckon(run, token, performer.rule)) };
    if (performer.kind !== 'expression' || performer.expression !== 'field') return performer;
    return { kind: 'rule', rule: idsIn(own(run.view.fields, performer.field ?? '')) };
  });
}

const idsIn = (value: unknown): string[] => [value].flat().filter((id): id is string => typeof id === 'string');

/** Has it found out who acts. @throws {RuleFailure} */
export function askForPerformers(run: Run, token: Token, named: readonly Performer[]): void {
  const performers = reckonPerformers(run, token, named);
  if (token.phase !== 'open') token.phase = 'performers';
  run.effects.push({
    do: 'find_performers', activation: token.id, ask: ask(run, token), node: token.node, scope: token.scope, performers,
    ...(token.item === undefined ? {} : { item: token.item }), ...(token.again ? { again: token.again } : {}),
  });
}

/** An action with its texts and values put in. @throws {RuleFailure} */
function readyAction(run: Run, token: Token, action: FlowAction): ReadyAction {
  const data = dataAt(run, token);
  const all = (rules: Readonly<Record<string, Json>> | undefined): Record<string, Json> => Object.fromEntries(Object.entries(rules ?? {}).map(([key, rule]) => [key, reckon(run, token, rule)]));
  switch (action.do) {
    case 'notify':
      return { do: 'notify', to: reckonPerformers(run, token, action.to), text: { zh: fillIn(action.text.zh, data), ...(action.text.en === undefined ? {} : { en: fillIn(action.text.en, data) }) } };
    case 'set_fields': {
      const { addTags, ...rules } = action.ticket ?? {};
      // Variables are the flow's own: they are set here, and stay as they were when the ticket refuses.
      return { do: 'set_fields', fields: all(action.fields), ticket: { ...all(rules), ...(addTags ? { addTags } : {}) } };
    }
    case 'http_call': {
      const bodiless = action.method === 'GET' || action.method === 'DELETE';
      return {
        do: 'http_call', method: action.method, url: fillIn(action.url, data, encodeURIComponent),
        headers: (action.headers ?? []).map(({ name, value }) => ({ name, value: fillIn(value, data, (text) => text.replace(/[\r\n\0]/g, ' ')) })),
        body: bodiless ? null : action.body ? all(action.body) : { ticket: run.view.ticket as Json, fields: run.view.fields as Json, vars: run.state.vars },
        into: action.into ?? {}, timeoutSeconds: action.timeoutSeconds ?? 10, attempts: action.attempts ?? 5,
      };
    }
    case 'create_child':
      return {
        do: 'create_child', type: action.type ?? null, subject: fillIn(action.subject, data).slice(0, 200), description: fillIn(action.description ?? '', data),
        fields: all(action.fields), team: action.team ?? null, into: action.into ?? null,
      };
    case 'request_parts':
      return { do: 'request_parts', note: fillIn(action.note ?? '', data), lines: action.lines.map((line) => ({ part: fillIn(line.part, data), quantity: quantityOf(reckon(run, token, line.quantity)) })) };
    case 'ask_llm':
      return { do: 'ask_llm', prompt: fillIn(action.prompt, data).slice(0, flowLimits.prompt), into: action.into, answers: action.answers ?? {} };
  }
}

function quantityOf(value: Json): number {
  const quantity = Number(value);
  if (!Number.isFinite(quantity) || quantity < 0) throw new RuleFailure('NaN');
  return quantity;
}

/** Values of flow variables that an action sets when it succeeds. @throws {RuleFailure} */
export function variablesOf(run: Run, token: Token, node: FlowNode): Record<string, Json> {
  if (node.kind !== 'action' || node.action.do !== 'set_fields') return {};
  return Object.fromEntries(Object.entries(node.action.vars ?? {}).map(([key, rule]) => [key, reckon(run, token, rule)]));
}

/** Opens a task to those who were found. */
export function setLimit(run: Run, token: Token, span: TimeSpan | undefined): void {
  if (!span) return;
  try {
    token.limitAt = later(run, run.view.now, span);
    run.effects.push({ do: 'set_timer', activation: token.id, timer: limitTimer, dueAt: token.limitAt });
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    // A calendar without working time: nothing would ever be late by it.
    explain(run, token, 'no_limit', { reason: error.message });
  }
}

function setTimers(run: Run, token: Token, timers: PendingTimer[]): void {
  if (timers.length === 0) return;
  token.timers = timers;
  for (const timer of timers) run.effects.push({ do: 'set_timer', activation: token.id, timer: timer.id, dueAt: timer.dueAt });
}

/** Calls off all that would happen to a token by itself. */
export function clearTimers(run: Run, token: Token): void {
  for (const timer of token.timers ?? []) run.effects.push({ do: 'clear_timer', activation: token.id, timer: timer.id });
  if (token.limitAt !== undefined) run.effects.push({ do: 'clear_timer', activation: token.id, timer: limitTimer });
  if (token.dueAt !== undefined) run.effects.push({ do: 'clear_timer', activation: token.id, timer: dueTimer });
  delete token.timers;
  delete token.limitAt;
  delete token.dueAt;
}

type Ending = Extract<Effect, { do: 'close_task' }>['how'];

/** Ends what a token does at its node, with all that hangs on it; the token itself stays. */
export function quit(run: Run, token: Token, how: Ending, outcome: string | null = null, by: string | null = null): void {
  const node = nodeOf(run, token);
  clearTimers(run, token);
  if (token.phase === 'open') run.effects.push({ do: 'close_task', activation: token.id, node: token.node, scope: token.scope, how, outcome, by, seats: token.seats ?? [] });
  if (token.phase === 'waiting' && node.kind === 'wait' && node.for.kind === 'fact') run.effects.push({ do: 'stop_awaiting', activation: token.id });
  for (const child of run.state.tokens.filter((one) => one.instanceOf === token.id)) endToken(run, child, how === 'completed' ? 'superseded' : how);
  for (const scope of run.state.scopes.filter((one) => one.owner === token.id)) endScope(run, scope.id, how === 'completed' ? 'superseded' : how);
  if (token.hold) {
    delete token.hold;
    run.effects.push({ do: 'release_hold', activation: token.id, node: token.node, scope: token.scope });
  }
  delete token.ask;
  delete token.seats;
  delete token.claimedBy;
  delete token.left;
  delete token.instances;
  delete token.overdue;
}

/** Ends a token with all that hangs on it. */
export function endToken(run: Run, token: Token, how: Ending): void {
  quit(run, token, how);
  run.queue = run.queue.filter((waiting) => waiting.token !== token);
  if (token.instanceOf === undefined) consume(run, token);
  else remove(run, token);
}

/** Ends all tokens of a scope, and the scope. */
export function endScope(run: Run, scope: string, how: Ending): void {
  for (let token = run.state.tokens.find((one) => one.scope === scope && one.instanceOf === undefined); token; token = run.state.tokens.find((one) => one.scope === scope && one.instanceOf === undefined)) endToken(run, token, how);
  run.state.scopes = run.state.scopes.filter((one) => one.id !== scope);
  const prefix = `${scope}/`;
  for (const key of Object.keys(run.state.steps)) if (key.startsWith(prefix)) delete run.state.steps[key];
}

/** An activity is done: its token goes on, or the node it is an instance of counts it. */
export function finish(run: Run, token: Token, outcome: string | null, by: string | null): void {
  const node = nodeOf(run, token);
  const seats = token.seats;
  quit(run, token, 'completed', outcome, by);
  if (token.instanceOf !== undefined) return countInstance(run, token, outcome, by);
  run.state.steps[stepKey(token)] = { outcome, by, at: run.view.now, order: (run.state.sequence += 1) };
  delete token.outcome;
  if (outcome !== null) token.outcome = outcome;
  token.by = by;
  // What people do cannot be taken back by who came before them.
  if (isActivity(node)) markPassed(run, token);
  if (isHuman(node)) token.trail = trailWith(token.trail, { node: token.node, activation: token.id, by: by ?? lastVoter(seats) });
  explain(run, token, outcome === null ? 'done' : 'done_with', outcome === null ? undefined : { outcome });
  token.phase = 'leaving';
  run.queue.push({ token, do: 'leave' });
}

const lastVoter = (seats: Token['seats']) => seats?.filter((seat) => seat.vote).at(-1)?.by ?? null;

function countInstance(run: Run, child: Token, outcome: string | null, by: string | null): void {
  remove(run, child);
  const parent = tokenOf(run, child.instanceOf!)!;
  const before = parent.instances!;
  parent.instances = { ...before, completed: before.completed + 1, outcomes: outcome === null ? before.outcomes : { ...before.outcomes, [outcome]: (before.outcomes[outcome] ?? 0) + 1 } };
  parent.by = by;
  if (outcome !== null) parent.outcome = outcome;
  weighInstances(run, parent);
}

/** Goes on with a node carried out several times: it is done, or the next begins. */
export function weighInstances(run: Run, parent: Token): void {
  const node = nodeOf(run, parent) as ActivityNode;
  const { total, started, completed, outcomes } = parent.instances!;
  let done = completed === total;
  if (!done && node.multi?.until !== undefined && completed > 0) {
    try {
      const verdict = reckon(run, parent, node.multi.until, { instances: { ...outcomes, total, completed } });
      done = verdict !== false && verdict !== null && verdict !== 0 && verdict !== '';
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
      return hold(run, parent, 'condition_failed', { detail: error.message });
    }
  }
  if (done) return finish(run, parent, outcomeOfAll(node, parent), parent.by ?? null);
  if (node.multi?.mode === 'sequential' && started === completed) beginInstance(run, parent);
}

function outcomeOfAll(node: ActivityNode | ActionNode, parent: Token): string | null {
  const outcomes = parent.instances!.outcomes;
  if (node.kind === 'approval') return outcomes['rejected'] ? 'rejected' : 'approved';
  if (node.kind === 'action') return outcomes['failed'] ? 'failed' : node.whenFailed === 'continue' ? 'done' : null;
  return parent.outcome ?? null;
}
