import type { FlowDefinition, FlowNode, Point } from '../../../../rules/workflow/definition.ts';
import { boxOf, nodeSize, timerSize } from '../../../../rules/workflow/bpmn/sizes.ts';

/** Bounds in a diagram. */
export interface Bounds { x: number; y: number; width: number; height: number }

/**
 * How a node is drawn in the diagram (图形坐标): centred where it stands on our canvas. There an event is a circle of 36 and a
 * gateway a diamond of 50.
 */
export function boundsOf(node: FlowNode, isEvent: boolean, fallback: Point): Bounds {
  const box = boxOf(node) ?? { ...nodeSize(node.kind), ...fallback };
  const size = isEvent ? 36 : node.kind === 'exclusive' || node.kind === 'inclusive' || node.kind === 'parallel' ? 50 : null;
  if (size === null) return box;
  return { x: box.x + Math.round((box.width - size) / 2), y: box.y + Math.round((box.height - size) / 2), width: size, height: size };
}

/** The box of a node on our canvas from the bounds of a diagram: the size is ours, the centre theirs. */
export function boxFrom(kind: FlowNode['kind'], bounds: Bounds): { x: number; y: number } {
  const size = nodeSize(kind);
  return { x: Math.round(bounds.x + bounds.width / 2 - size.width / 2), y: Math.round(bounds.y + bounds.height / 2 - size.height / 2) };
}

export function timerBounds(at: Point): Bounds {
  return { x: Math.round(at.x - timerSize / 2), y: Math.round(at.y - timerSize / 2), width: timerSize, height: timerSize };
}

export const isDrawnAsEvent = (element: string): boolean => element.endsWith('Event');

/**
 * Places for nodes that have none (补画位置): below one another by how many steps they are from the start, side by side where several
 * are as far.
 */
export function fallbackPlaces(definition: FlowDefinition): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  const owner = new Map(definition.nodes.flatMap((node) => [[node.id, node.id] as const, ...('timers' in node ? (node.timers ?? []) : []).map((timer) => [timer.id, node.id] as const)]));
  const outgoing = Map.groupBy(definition.edges, (edge) => owner.get(edge.from) ?? edge.from);
  const rank = new Map<string, number>();
  let front = definition.nodes.filter((node) => node.kind === 'start').map((node) => node.id);
  for (let depth = 0; front.length > 0; depth += 1) {
    for (const id of front) rank.set(id, depth);
    front = [...new Set(front.flatMap((id) => (outgoing.get(id) ?? []).map((edge) => edge.to)))].filter((id) => owner.get(id) === id && !rank.has(id));
  }
  const perRow = new Map<number, number>();
  const last = Math.max(0, ...rank.values()) + 1;
  for (const node of definition.nodes) {
    const row = rank.get(node.id) ?? last;
    const column = perRow.get(row) ?? 0;
    perRow.set(row, column + 1);
    const { width } = nodeSize(node.kind);
    places.set(node.id, { x: 80 + column * 288 + Math.round((240 - width) / 2), y: 80 + row * 128 });
  }
  return places;
}
