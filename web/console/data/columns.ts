import type { Grouping, StandardColumn, View, ViewSort } from '../../../contract/view.ts';

// Written again because the contract's lists would bring their schemas along into the browser.
export const standardColumns = [
  'number', 'subject', 'status', 'waitingFor', 'priority', 'type', 'category', 'channel', 'department', 'team', 'assignee', 'requester', 'phone', 'tier',
  'location', 'tags', 'rating', 'createdAt', 'updatedAt', 'acceptedAt', 'resolvedAt', 'closedAt',
] as const satisfies readonly StandardColumn[];
export const viewSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', '-resolvedAt', 'priority'] as const satisfies readonly ViewSort[];
export const groupings = ['status', 'priority', 'assignee', 'team', 'department', 'type', 'channel'] as const satisfies readonly Grouping[];

/** The limit of the contract. */
export const mostColumns = 40;

/** How the lines of a view are shown. */
export type ViewShape = Pick<View, 'filter' | 'columns' | 'sort' | 'grouping'>;
