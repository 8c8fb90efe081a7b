import type { FlowDefinition } from '../../../../rules/workflow/definition.ts';

export type Change = 'added' | 'removed' | 'changed';
/** What differs between two versions of a flow (版本对比); where nodes are drawn is no difference. */
export interface FlowDifferences {
  nodes: ReadonlyMap<string, { change: Change; /** Which of its properties changed. */ properties: readonly string[] }>;
  edges: ReadonlyMap<string, { change: Change; properties: readonly string[] }>;
}

const drawn = new Set(['box', 'points', 'at']);

/** Compares two definitions, node by node and edge by edge, by their ids. */
export function compareFlows(before: FlowDefinition, after: FlowDefinition): FlowDifferences {
  return { nodes: compare(before.nodes, after.nodes), edges: compare(before.edges, after.edges) };
}

function compare(before: readonly { id: string }[], after: readonly { id: string }[]): FlowDifferences['nodes'] {
  const found = new Map<string, { change: Change; properties: readonly string[] }>();
  const earlier = new Map(before.map((one) => [one.id, one]));
  for (const one of after) {
    const other = earlier.get(one.id);
    if (other === undefined) found.set(one.id, { change: 'added', properties: [] });
    else {
      const properties = [...new Set([...Object.keys(other), ...Object.keys(one)])].filter((name) => !drawn.has(name) && said((other as Record<string, unknown>)[name]) !== said((one as Record<string, unknown>)[name]));
      if (properties.length > 0) found.set(one.id, { change: 'changed', properties });
    }
  }
  const later = new Set(after.map(({ id }) => id));
  for (const one of before) if (!later.has(one.id)) found.set(one.id, { change: 'removed', properties: [] });
  return found;
}

/** A value as a text that is the same whatever the order of its properties. */
function said(value: unknown): string {
  return JSON.stringify(value, (name, one: unknown) => {
    if (drawn.has(name)) return undefined;
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).toSorted(([first], [second]) => (first < second ? -1 : 1)));
  }) ?? '';
}
