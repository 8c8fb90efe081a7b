import type { Filter, FilterOperator, FilterValue } from '../../../rules/conditions/filter.ts';

/** How the parts of a group go together: all of them, any of them, none of them (全部满足、任一满足、均不满足). */
export const groupModes = ['all', 'any', 'none'] as const;
export type GroupMode = (typeof groupModes)[number];

export interface TestNode { id: number; property: string; operator: FilterOperator; value?: FilterValue }
export interface GroupNode { id: number; mode: GroupMode; parts: FilterNode[] }
/** A filter while it is edited (条件树): every part has an id that stays the same. */
export type FilterNode = GroupNode | TestNode;

let last = 0;
export const newNodeId = (): number => (last += 1);

/** Reads a filter; the outermost node is always a group. */
export function toModel(filter: Filter): GroupNode {
  const node = read(filter);
  return 'parts' in node ? node : { id: newNodeId(), mode: 'all', parts: [node] };
}

function read(filter: Filter): FilterNode {
  const id = newNodeId();
  if ('all' in filter) return { id, mode: 'all', parts: filter.all.map(read) };
  if ('any' in filter) return { id, mode: 'any', parts: filter.any.map(read) };
  if ('not' in filter) return { id, mode: 'none', parts: 'any' in filter.not ? filter.not.any.map(read) : [read(filter.not)] };
  return { id, ...filter };
}

/** Writes it back. */
export function toFilter(node: FilterNode): Filter {
  if (!('parts' in node)) return { property: node.property, operator: node.operator, ...(node.value === undefined ? {} : { value: node.value }) };
  const parts = node.parts.map(toFilter);
  return node.mode === 'all' ? { all: parts } : node.mode === 'any' ? { any: parts } : { not: { any: parts } };
}

/** Where a part stands in the written filter, as a JSON pointer. */
export function partPath(at: string, mode: GroupMode, index: number): string {
  return mode === 'none' ? `${at}/not/any/${index}` : `${at}/${mode}/${index}`;
}

/** The tree with one of its nodes replaced, or taken out (null). */
export function replaceNode(group: GroupNode, id: number, next: FilterNode | null): GroupNode {
  if (group.id === id) return next !== null && 'parts' in next ? next : { ...group, parts: [] };
  return {
    ...group,
    parts: group.parts.flatMap((part) => {
      if (part.id === id) return next === null ? [] : [next];
      return ['parts' in part ? replaceNode(part, id, next) : part];
    }),
  };
}
