import { truthy } from '../conditions/run.ts';
import { beginActivity, endScope, endToken, carryOut, finish } from './activities.ts';
import { consume, forkToken, mergeTokens } from './forks.ts';
import { RuleFailure, ask, explain, flowOf, hold, newToken, nodeOf, reckon, scopeOf, tokenOf, type Run } from './run.ts';
import { flowLimits, type FlowEdge } from './definition.ts';
import type { PreparedFlow } from './prepare.ts';
import type { Token } from './state.ts';

/** How tokens move by themselves, until each waits for something. Semantics: BPMN 2.0, 13.2 to 13.5. */

/** Nodes that may be entered before somebody or something outside has a say. */
const longestBurst = 1_000;

/** Lets everything go on that can. */
export function settle(run: Run): void {
  do {
    for (let next = run.queue.shift(); next; next = run.queue.shift()) {
      if (!run.state.tokens.includes(next.token)) continue;
      if (next.do === 'enter') enter(run, next.token);
      else leave(run, next.token);
    }
    // Only when nothing else moves can it be told which ways are still to come.
  } while (run.state.status === 'running' && fireInclusiveJoin(run));
  markStarved(run);
}

/** A token enters its node. */
export function enter(run: Run, token: Token): void {
  run.state.burst += 1;
  if (run.state.burst > longestBurst) return hold(run, token, 'too_many_steps');
  const node = nodeOf(run, token);
  explain(run, token, 'entered');
  if ('status' in node && node.status && token.instanceOf === undefined) {
    token.phase = 'status';
    run.effects.push({ do: 'set_status', activation: token.id, ask: ask(run, token), node: token.node, scope: token.scope, status: node.status });
    return;
  }
  begin(run, token);
}

/** What a token does once it is in its node and the status is set. */
export function begin(run: Run, token: Token): void {
  const node = nodeOf(run, token);
  token.phase = 'entering';
  switch (node.kind) {
    case 'end':
      consume(run, token);
      explain(run, token, 'ended');
      return endScopeWhenEmpty(run, token.scope);
    case 'terminate':
      return terminate(run, token);
    case 'start': case 'exclusive': case 'inclusive': case 'parallel':
      return leave(run, token);
    default:
      if (token.instanceOf === undefined) return beginActivity(run, token, node);
      try {
        carryOut(run, token, node);
      } catch (error) {
        if (!(error instanceof RuleFailure)) throw error;
        hold(run, token, 'rule_failed', { detail: error.message });
      }
  }
}

/** Ends all that runs beside a token in its flow. */
function terminate(run: Run, token: Token): void {
  explain(run, token, 'terminated');
  if (token.scope !== '') {
    const owner = tokenOf(run, scopeOf(run, token.scope)!.owner)!;
    endScope(run, token.scope, 'superseded');
    return finish(run, owner, null, null);
  }
  endAll(run, 'terminated');
}

/** Ends the whole flow at once. */
export function endAll(run: Run, status: 'terminated' | 'cancelled'): void {
  run.queue = [];
  for (let token = run.state.tokens.find((one) => one.scope === '' && one.instanceOf === undefined); token; token = run.state.tokens.find((one) => one.scope === '' && one.instanceOf === undefined)) endToken(run, token, 'superseded');
  run.state.status = status;
  run.effects.push({ do: 'end', status });
}

function endScopeWhenEmpty(run: Run, scope: string): void {
  if (run.state.tokens.some((token) => token.scope === scope)) return;
  if (scope === '') {
    run.state.status = 'completed';
    run.effects.push({ do: 'end', status: 'completed' });
    return;
  }
  const owner = tokenOf(run, scopeOf(run, scope)!.owner)!;
  endScope(run, scope, 'superseded');
  finish(run, owner, null, null);
}

/** A token that is done with its node takes the edges that are open to it. */
export function leave(run: Run, token: Token): void {
  token.phase = 'leaving';
  const flow = flowOf(run, token.scope)!;
  const node = nodeOf(run, token);
  if (token.via === undefined && node.kind === 'approval' && token.outcome === 'rejected' && node.whenRejected === 'terminate') {
    explain(run, token, 'refused_all');
    return endAll(run, 'terminated');
  }
  const edges = flow.out.get(token.via ?? token.node) ?? [];
  const gateway = node.kind === 'exclusive' || node.kind === 'inclusive' || node.kind === 'parallel' ? node.kind : null;
  let chosen: FlowEdge[] | null;
  if (gateway === 'parallel' || edges.length === 0) chosen = [...edges];
  else chosen = choose(run, token, edges, gateway);
  if (chosen === null) return;
  if (chosen.length > 1 && run.state.tokens.length + chosen.length > flowLimits.tokens) return hold(run, token, 'too_many_tokens');
  takeEdges(run, token, flow, chosen);
}

/** The edges whose conditions hold; null when the token is held instead. */
function choose(run: Run, token: Token, edges: readonly FlowEdge[], gateway: 'exclusive' | 'inclusive' | null): FlowEdge[] | null {
  const chosen: FlowEdge[] = [];
  for (const edge of edges) {
    if (edge.isDefault) continue;
    try {
      const open = (edge.outcome === undefined || edge.outcome === token.outcome) && (edge.condition === undefined || truthy(reckon(run, token, edge.condition)));
      explain(run, token, open ? 'condition_held' : 'condition_failed', { edge: edge.id });
      if (open) chosen.push(edge);
      if (open && gateway === 'exclusive') return chosen;
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
      hold(run, token, 'condition_failed', { edge: edge.id, detail: error.message });
      return null;
    }
  }
  const otherwise = edges.find((edge) => edge.isDefault);
  if (chosen.length === 0 && otherwise) {
    explain(run, token, 'default_taken', { edge: otherwise.id });
    return [otherwise];
  }
  if (chosen.length > 0) return chosen;
  hold(run, token, 'no_way');
  return null;
}

function takeEdges(run: Run, token: Token, flow: PreparedFlow, edges: readonly FlowEdge[]): void {
  if (edges.length === 0) {
    consume(run, token);
    return endScopeWhenEmpty(run, token.scope);
  }
  const places = edges.map((edge) => ({ node: edge.to, edge: edge.id }));
  let moved: Token[];
  if (places.length === 1) {
    run.state.tokens = run.state.tokens.filter((one) => one !== token);
    moved = [newToken(run, { scope: token.scope, fork: token.fork, trail: token.trail, ...places[0]! })];
  } else {
    moved = forkToken(run, token, places);
  }
  for (const next of moved) arrive(run, next, flow);
}

/** A token comes to a node: it enters, or waits there for others. */
export function arrive(run: Run, token: Token, flow: PreparedFlow): void {
  const node = flow.nodes.get(token.node)!;
  const joins = (node.kind === 'parallel' || node.kind === 'inclusive') && (flow.into.get(node.id)?.length ?? 0) > 1;
  if (!joins) {
    run.queue.push({ token, do: 'enter' });
    return;
  }
  token.phase = 'joining';
  if (node.kind === 'parallel' && waitingEdges(run, token, flow).length === 0) fire(run, token);
}

/** Edges into the join of a token on which nobody waits yet. */
function waitingEdges(run: Run, token: Token, flow: PreparedFlow): FlowEdge[] {
  const here = waiters(run, token);
  return (flow.into.get(token.node) ?? []).filter((edge) => !here.some((one) => one.edge === edge.id));
}

const waiters = (run: Run, token: Token) => run.state.tokens.filter((one) => one.phase === 'joining' && one.scope === token.scope && one.node === token.node);

/** A join takes one token of each edge on which there are any, and goes on with one. */
export function fire(run: Run, token: Token): void {
  const taken = new Map<string, Token>();
  for (const one of waiters(run, token)) if (!taken.has(one.edge!)) taken.set(one.edge!, one);
  for (const one of taken.values()) {
    if (!one.hold) continue;
    delete one.hold;
    run.effects.push({ do: 'release_hold', activation: one.id, node: one.node, scope: one.scope });
  }
  const merged = mergeTokens(run, [...taken.values()], { node: token.node });
  explain(run, merged, 'joined', { count: taken.size });
  run.queue.push({ token: merged, do: 'enter' });
}

/**
 * Whether an inclusive join may go on (包容汇合, BPMN 2.0 table 13.3): no token elsewhere can reach one of its edges that is
 * empty without passing the join, unless it can also reach one on which somebody waits already.
 */
function mayFire(run: Run, token: Token, flow: PreparedFlow): boolean {
  const missing = waitingEdges(run, token, flow);
  if (missing.length === 0) return true;
  const reaching = flow.reaching(token.node);
  const filled = (flow.into.get(token.node) ?? []).filter((edge) => !missing.includes(edge));
  return !run.state.tokens.some((one) => one.scope === token.scope && one.instanceOf === undefined && one.node !== token.node
    && missing.some((edge) => reaching.get(edge.id)!.has(one.node)) && !filled.some((edge) => reaching.get(edge.id)!.has(one.node)));
}

function fireInclusiveJoin(run: Run): boolean {
  for (const token of run.state.tokens) {
    if (token.phase !== 'joining') continue;
    const flow = flowOf(run, token.scope)!;
    if (flow.nodes.get(token.node)!.kind !== 'inclusive' || !mayFire(run, token, flow)) continue;
    fire(run, token);
    return true;
  }
  return false;
}

/** Shows joins that wait for ways nobody can take any more, and takes the mark off those that may hope again. */
function markStarved(run: Run): void {
  for (const token of run.state.tokens) {
    if (token.phase !== 'joining') continue;
    const starved = isStarved(run, token);
    if (starved && !token.hold) hold(run, token, 'join_starved');
    if (!starved && token.hold) {
      delete token.hold;
      run.effects.push({ do: 'release_hold', activation: token.id, node: token.node, scope: token.scope });
    }
  }
}

function isStarved(run: Run, token: Token): boolean {
  const others = run.state.tokens.filter((one) => one.scope === token.scope && one.instanceOf === undefined);
  if (others.every((one) => one.phase === 'joining')) return true;
  const flow = flowOf(run, token.scope)!;
  if (flow.nodes.get(token.node)!.kind !== 'parallel') return false;
  const reaching = flow.reaching(token.node);
  return waitingEdges(run, token, flow).some((edge) => !others.some((one) => one.node !== token.node && reaching.get(edge.id)!.has(one.node)));
}
