import { isKeepable, isObject, own, pointer } from '../conditions/json.ts';
import { flowLimits, isActivity, type FlowDefinition } from './definition.ts';
import type { Find, FlowFinding } from './finding.ts';
import { checkContent, type FlowSurroundings } from './check-content.ts';
import { checkWays } from './check-ways.ts';
import { checkEdgeShape, checkNodeShape, checkVariableShape } from './shape.ts';

export type { FlowSurroundings } from './check-content.ts';

/** Findings told at most. */
const most = 300;

/**
 * Whether a flow can be published (流程检查): each finding beside its node. Anything at all may be checked; without errors it
 * is a {@link FlowDefinition} that can be carried out.
 */
export function checkFlow(definition: unknown, around: FlowSurroundings = {}): FlowFinding[] {
  const findings: FlowFinding[] = [];
  const find: Find = (node, code, more = {}) => {
    if (findings.length < most) findings.push({ level: 'error', node, code, ...more });
  };
  if (!checkOutline(definition, find)) return findings;
  const flow = definition as FlowDefinition;
  checkIds(flow, find);
  // Ways can only be followed where each edge leads from somewhere to somewhere.
  if (findings.length === 0) checkWays(flow, find);
  checkContent(flow, around, find);
  return findings;
}

function checkOutline(definition: unknown, find: Find): boolean {
  if (!isObject(definition) || !Array.isArray(definition['nodes']) || !Array.isArray(definition['edges']) || (definition['variables'] !== undefined && !Array.isArray(definition['variables']))) {
    find(null, 'shape', { params: { detail: '{nodes, edges}' } });
    return false;
  }
  const { nodes, edges, variables = [] } = definition as { nodes: unknown[]; edges: unknown[]; variables?: unknown[] };
  for (const [what, count, limit] of [['nodes', nodes.length, flowLimits.nodes], ['edges', edges.length, flowLimits.edges], ['variables', variables.length, flowLimits.variables]] as const) {
    if (count <= limit) continue;
    find(null, 'too_large', { params: { what, limit } });
    return false;
  }
  if (!isKeepable(definition)) {
    find(null, 'shape', { params: { detail: 'text, depth' } });
    return false;
  }
  if (JSON.stringify(definition).length > flowLimits.bytes) {
    find(null, 'too_large', { params: { what: 'bytes', limit: flowLimits.bytes } });
    return false;
  }
  let sound = true;
  const idOf = (value: unknown) => (isObject(value) && typeof value['id'] === 'string' ? value['id'].slice(0, 63) : null);
  const complain = (node: string | null, more: Partial<FlowFinding>) => (at: string, detail: string) => {
    sound = false;
    find(node, 'shape', { ...more, at, params: { detail: `${at} ${detail}`.slice(0, 200) } });
  };
  for (const node of nodes) checkNodeShape(node, complain(idOf(node), {}));
  for (const edge of edges) checkEdgeShape(edge, complain(isObject(edge) && typeof edge['from'] === 'string' ? edge['from'].slice(0, 63) : null, idOf(edge) === null ? {} : { edge: idOf(edge)! }));
  for (const variable of variables) checkVariableShape(variable, complain(null, {}));
  for (const name of Object.keys(definition)) if (name !== 'nodes' && name !== 'edges' && name !== 'variables') complain(null, {})(pointer('', name.slice(0, 63)), 'unknown property');
  return sound;
}

function checkIds(flow: FlowDefinition, find: Find): void {
  const seen = new Set<string>();
  const take = (id: string, node: string | null, edge?: string) => {
    if (seen.has(id)) find(node, 'duplicate_id', { params: { id }, ...(edge === undefined ? {} : { edge }) });
    seen.add(id);
  };
  const hosts: Record<string, string> = {};
  for (const node of flow.nodes) {
    take(node.id, node.id);
    if (!isActivity(node)) continue;
    for (const timer of node.timers ?? []) {
      take(timer.id, node.id);
      hosts[timer.id] = node.id;
    }
  }
  const kinds = new Map(flow.nodes.map((node) => [node.id, node.kind]));
  for (const edge of flow.edges) {
    const from = own(hosts, edge.from) ?? edge.from;
    take(edge.id, kinds.has(from) ? from : null, edge.id);
    for (const [end, id] of [['from', from], ['to', edge.to]] as const) {
      if (!kinds.has(id)) find(kinds.has(from) ? from : null, 'unknown_node', { edge: edge.id, at: `/${end}`, params: { id: end === 'from' ? edge.from : id } });
    }
    if (kinds.get(edge.to) === 'start') find(edge.to, 'edge_into_start', { edge: edge.id });
    if (kinds.get(edge.from) === 'end' || kinds.get(edge.from) === 'terminate') find(edge.from, 'edge_from_end', { edge: edge.id });
  }
  const keys = new Set<string>();
  for (const variable of flow.variables ?? []) {
    if (keys.has(variable.key)) find(null, 'duplicate_id', { params: { id: variable.key } });
    keys.add(variable.key);
  }
}
