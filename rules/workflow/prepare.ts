import type { BoundaryTimer, FlowDefinition, FlowEdge, FlowNode } from './definition.ts';
import { isActivity } from './definition.ts';

/** A flow and the sub-flows it calls, directly or through others, by flow id. */
export interface FlowBundle { definition: FlowDefinition; subflows?: Readonly<Record<string, FlowDefinition>> }

/** A definition made ready for stepping. */
export interface PreparedFlow {
  nodes: ReadonlyMap<string, FlowNode>;
  edges: ReadonlyMap<string, FlowEdge>;
  /** By id of a node or a boundary timer, in the order of the list. */
  out: ReadonlyMap<string, readonly FlowEdge[]>;
  into: ReadonlyMap<string, readonly FlowEdge[]>;
  timers: ReadonlyMap<string, { timer: BoundaryTimer; host: string }>;
  start: FlowNode | undefined;
  /** For each edge into a gateway: the nodes from which it can be reached without passing the gateway. */
  reaching(gateway: string): ReadonlyMap<string, ReadonlySet<string>>;
}

const none: readonly FlowEdge[] = [];
const prepared = new WeakMap<FlowDefinition, PreparedFlow>();

/** A definition made ready, once for each object: don't change one in place. */
export function prepareFlow(definition: FlowDefinition): PreparedFlow {
  let ready = prepared.get(definition);
  if (!ready) {
    ready = make(definition);
    prepared.set(definition, ready);
  }
  return ready;
}

function make(definition: FlowDefinition): PreparedFlow {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const edges = new Map(definition.edges.map((edge) => [edge.id, edge]));
  const out = new Map<string, FlowEdge[]>();
  const into = new Map<string, FlowEdge[]>();
  const timers = new Map<string, { timer: BoundaryTimer; host: string }>();
  for (const node of definition.nodes) if (isActivity(node)) for (const timer of node.timers ?? []) timers.set(timer.id, { timer, host: node.id });
  for (const edge of definition.edges) {
    (out.get(edge.from) ?? out.set(edge.from, []).get(edge.from)!).push(edge);
    (into.get(edge.to) ?? into.set(edge.to, []).get(edge.to)!).push(edge);
  }
  const sourceOf = (edge: FlowEdge) => timers.get(edge.from)?.host ?? edge.from;
  const reach = new Map<string, Map<string, Set<string>>>();
  const reaching = (gateway: string) => {
    let found = reach.get(gateway);
    if (!found) {
      found = new Map((into.get(gateway) ?? none).map((edge) => [edge.id, nodesBefore(sourceOf(edge), gateway)]));
      reach.set(gateway, found);
    }
    return found;
  };
  function nodesBefore(from: string, gateway: string): Set<string> {
    const seen = new Set<string>();
    const next = [from];
    for (let node = next.pop(); node !== undefined; node = next.pop()) {
      if (node === gateway || seen.has(node)) continue;
      seen.add(node);
      for (const edge of into.get(node) ?? none) next.push(sourceOf(edge));
    }
    return seen;
  }
  return { nodes, edges, out, into, timers, start: definition.nodes.find((node) => node.kind === 'start'), reaching };
}
