import type { Box, FlowNode, NodeKind } from '../definition.ts';

/** How large a node is drawn where its box does not say (节点尺寸), in pixels. */
export function nodeSize(kind: NodeKind): { width: number; height: number } {
  switch (kind) {
    case 'start': case 'end': case 'terminate': return { width: 112, height: 40 };
    case 'exclusive': case 'inclusive': case 'parallel': return { width: 64, height: 64 };
    default: return { width: 240, height: 76 };
  }
}

/** A node's box with its size; null when it has no place yet. */
export function boxOf(node: Pick<FlowNode, 'kind' | 'box'>): Required<Box> | null {
  if (node.box === undefined) return null;
  const size = nodeSize(node.kind);
  return { x: node.box.x, y: node.box.y, width: node.box.width ?? size.width, height: node.box.height ?? size.height };
}

/** Boundary timers are drawn as circles of this diameter, their centre on the border of their node. */
export const timerSize = 36;

/** Where the centre of a boundary timer stands, the `index`-th of its node: along the lower edge, from the right. */
export function timerPlace(box: Required<Box>, index: number): { x: number; y: number } {
  return { x: Math.round(box.x + box.width - 28 - index * (timerSize + 8)), y: box.y + box.height };
}
