import type { FlowFinding } from '../../../../contract/flow.ts';
import type { NodeMark } from '../canvas/flow-node.tsx';

/** The findings as they are marked on the canvas (节点旁的检查结果): how many, how grave, and in words. */
export function marksOf(findings: readonly FlowFinding[]): ReadonlyMap<string, NodeMark> {
  const marks = new Map<string, NodeMark>();
  for (const { node, level, message } of findings) {
    if (node === null) continue;
    const before = marks.get(node) ?? {};
    marks.set(node, {
      errors: (before.errors ?? 0) + (level === 'error' ? 1 : 0), warnings: (before.warnings ?? 0) + (level === 'warning' ? 1 : 0),
      said: before.said === undefined ? message : `${before.said}\n${message}`,
    });
  }
  return marks;
}

/** Edges that a finding of an error concerns. */
export function wrongEdgesOf(findings: readonly FlowFinding[]): ReadonlySet<string> {
  return new Set(findings.flatMap(({ edge, level }) => (edge != null && level === 'error' ? [edge] : [])));
}
