import type { FieldSort, Grouping, StandardColumn, StandardSort, View, ViewSort } from '../../../contract/view.ts';

// Written again because the contract's lists would bring their schemas along into the browser.
export const standardColumns = [
  'number', 'subject', 'status', 'waitingFor', 'priority', 'type', 'category', 'channel', 'department', 'team', 'assignee', 'requester', 'phone', 'tier',
  'location', 'tags', 'rating', 'createdAt', 'updatedAt', 'acceptedAt', 'resolvedAt', 'closedAt', 'dueAt',
] as const satisfies readonly StandardColumn[];
export const viewSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', '-resolvedAt', 'priority', 'dueAt'] as const satisfies readonly StandardSort[];
export const groupings = ['status', 'priority', 'assignee', 'team', 'department', 'type', 'channel'] as const satisfies readonly Grouping[];

/** The limit of the contract. */
export const mostColumns = 40;

/** The key of the field that an order goes by; undefined for a standard order. */
export const sortedField = (sort: string): string | undefined => /^-?fields\.(.+)$/.exec(sort)?.[1];

const ofColumns: Partial<Record<string, readonly ViewSort[]>> = { createdAt: ['-createdAt', 'createdAt'], updatedAt: ['-updatedAt', 'updatedAt'], resolvedAt: ['-resolvedAt'], priority: ['priority'], dueAt: ['dueAt'] };

/** The orders that a column's heading offers, the first one first; none where lists do not go by it. */
export function sortsOf(column: string, sortable: ReadonlySet<string>): readonly ViewSort[] {
  const key = sortedField(column);
  if (key === undefined) return ofColumns[column] ?? [];
  return sortable.has(key) ? [`fields.${key}`, `-fields.${key}`] satisfies FieldSort[] : [];
}

/** How the lines of a view are shown. */
export type ViewShape = Pick<View, 'filter' | 'columns' | 'sort' | 'grouping'>;
