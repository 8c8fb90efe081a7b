import { isActivity, outcomesOf, type FlowDefinition, type FlowEdge, type FlowNode } from './definition.ts';
import type { Find } from './finding.ts';
import { prepareFlow, type PreparedFlow } from './prepare.ts';

/** The ways through a flow: whether each leads somewhere, and joins get what they wait for. */

export function checkWays(flow: FlowDefinition, find: Find): void {
  const starts = flow.nodes.filter((node) => node.kind === 'start');
  if (starts.length === 0) find(null, 'no_start');
  for (const extra of starts.slice(1)) find(extra.id, 'several_starts');
  if (!flow.nodes.some((node) => node.kind === 'end' || node.kind === 'terminate')) find(null, 'no_end');
  if (starts.length !== 1) return;
  const ready = prepareFlow(flow);
  const hostOf = (id: string) => ready.timers.get(id)?.host ?? id;
  const next = (id: string) => [...(ready.out.get(id) ?? []), ...timersOf(ready.nodes.get(id)!).flatMap((timer) => ready.out.get(timer) ?? [])].map((edge) => edge.to);
  const previous = (id: string) => (ready.into.get(id) ?? []).map((edge) => hostOf(edge.from));
  const reached = closure([starts[0]!.id], next);
  const ending = closure(flow.nodes.filter((node) => node.kind === 'end' || node.kind === 'terminate').map((node) => node.id), previous);
  const around = placesOf(ready, next);
  for (const node of flow.nodes) {
    if (!reached.has(node.id)) {
      find(node.id, 'unreachable');
      continue;
    }
    const out = ready.out.get(node.id) ?? [];
    if (node.kind !== 'end' && node.kind !== 'terminate') {
      if (out.length === 0) find(node.id, 'dead_end');
      else if (!ending.has(node.id)) find(node.id, 'never_ends');
      for (const timer of timersOf(node)) if (!ready.out.get(timer)?.length) find(node.id, 'dead_end', { at: `/timers/${timer}` });
    }
    checkBranch(node, out, find);
    for (const timer of timersOf(node)) checkDefaults(node, ready.out.get(timer) ?? [], find);
    if (node.kind === 'parallel' && (ready.into.get(node.id)?.length ?? 0) > 1) checkJoin(node, ready, around, find);
  }
  checkCircles(flow, ready, find);
}

const timersOf = (node: FlowNode) => (isActivity(node) ? (node.timers ?? []).map((timer) => timer.id) : []);

function closure(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(from);
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const other of next(id)) {
      if (seen.has(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
}

function checkDefaults(node: FlowNode, out: readonly FlowEdge[], find: Find): void {
  for (const extra of out.filter((edge) => edge.isDefault).slice(1)) find(node.id, 'several_defaults', { edge: extra.id });
}

function checkBranch(node: FlowNode, out: readonly FlowEdge[], find: Find): void {
  const decides = (edge: FlowEdge) => edge.condition !== undefined || edge.outcome !== undefined;
  const otherwise = out.some((edge) => edge.isDefault);
  checkDefaults(node, out, find);
  if (node.kind === 'parallel') {
    for (const edge of out) if (decides(edge)) find(node.id, 'condition_ignored', { level: 'warning', edge: edge.id });
    return;
  }
  if (node.kind === 'exclusive' || node.kind === 'inclusive') {
    if (out.length < 2) return;
    for (const edge of out) if (!decides(edge) && !edge.isDefault) find(node.id, 'condition_missing', { edge: edge.id });
    if (!otherwise) find(node.id, 'no_default', { level: 'warning' });
    return;
  }
  const outcomes = outcomesOf(node);
  for (const edge of out) if (edge.outcome !== undefined && !outcomes.includes(edge.outcome)) find(node.id, 'unknown_outcome', { edge: edge.id, params: { outcome: edge.outcome } });
  if (node.kind === 'approval') {
    const says = node.whenRejected === 'terminate' || otherwise || out.some((edge) => edge.outcome === 'rejected' || (edge.condition !== undefined && edge.outcome === undefined));
    if (out.length > 0 && !says) find(node.id, 'rejection_unhandled');
  }
  // Where every edge asks for an outcome, each outcome needs one.
  if (out.length > 0 && !otherwise && out.every((edge) => edge.outcome !== undefined)) {
    for (const outcome of outcomes) {
      if (outcome === 'rejected' && node.kind === 'approval') continue;
      if (!out.some((edge) => edge.outcome === outcome)) find(node.id, 'outcome_unhandled', { params: { outcome } });
    }
    if (outcomes.length === 0) find(node.id, 'dead_end');
  } else if (out.length > 0 && !otherwise && out.every(decides)) {
    find(node.id, 'no_default', { level: 'warning' });
  }
}

/**
 * A parallel join waits for all of its edges. It can never fire when two of them are only reached by ways out of the same
 * exclusive branch: of those, one is taken. Found by following each edge back to the places it needs.
 */
function checkJoin(join: FlowNode, ready: PreparedFlow, around: Places, find: Find): void {
  const edges = ready.into.get(join.id)!;
  const reaching = ready.reaching(join.id);
  for (const [id, gateway] of ready.nodes) {
    const out = ready.out.get(id) ?? [];
    if (gateway.kind !== 'exclusive' || out.length < 2 || id === join.id) continue;
    // Everything that leads to these edges passes this branch.
    const needs = edges.filter((edge) => edge.from === id || !around.without(id).has(ready.timers.get(edge.from)?.host ?? edge.from));
    if (needs.length < 2) continue;
    const ways = out.map((way) => new Set(needs.filter((edge) => edge === way || way.to !== join.id && reaching.get(edge.id)!.has(way.to)).map((edge) => edge.id)));
    // No way out of the branch serves two edges that both need it: they can never be there together, unless it is passed again.
    const apart = ways.every((way) => way.size <= 1) && !around.isPassedAgain(id);
    if (!apart) continue;
    find(join.id, 'join_never_fires', { params: { edges: needs.map((edge) => edge.id).join(', ') } });
    return;
  }
}

/** What can be told of places in a flow, each looked at once. */
interface Places {
  /** The nodes that are reached from the start without passing a place; none where it is the start. */
  without(place: string): ReadonlySet<string>;
  /** Whether a way out of a place leads back to it. */
  isPassedAgain(place: string): boolean;
}

function placesOf(ready: PreparedFlow, next: (id: string) => readonly string[]): Places {
  const start = ready.start!.id;
  const without = new Map<string, ReadonlySet<string>>();
  const again = new Map<string, boolean>();
  const once = <Value>(known: Map<string, Value>, place: string, find: () => Value): Value => {
    const found = known.get(place) ?? find();
    known.set(place, found);
    return found;
  };
  return {
    without: (place) => once(without, place, () => (start === place ? new Set<string>() : closure([start], (id) => (id === place ? [] : next(id).filter((other) => other !== place))))),
    isPassedAgain: (place) => once(again, place, () => closure((ready.out.get(place) ?? []).map((way) => way.to), next).has(place)),
  };
}

/** A circle in which nothing waits goes on for ever. */
function checkCircles(flow: FlowDefinition, ready: PreparedFlow, find: Find): void {
  const pauses = (node: FlowNode) => node.kind === 'task' || node.kind === 'onsite_task' || node.kind === 'approval' || node.kind === 'wait' || node.kind === 'subflow' || (node.kind === 'action' && (node.action.do === 'http_call' || node.action.do === 'ask_llm'));
  const quiet = (id: string) => (ready.out.get(id) ?? []).map((edge) => edge.to).filter((to) => !pauses(ready.nodes.get(to)!));
  for (const node of flow.nodes) {
    if (pauses(node) || !closure(quiet(node.id), quiet).has(node.id)) continue;
    find(node.id, 'endless_loop', { level: 'warning' });
    return;
  }
}
