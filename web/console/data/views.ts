import type { TicketFilter } from './tickets.ts';
import { unfinished } from '../parts/names.ts';

/** The standing views of the queue (固定视图). */
export const viewNames = ['mine', 'team', 'unassigned', 'urgent', 'unfinished', 'resolved', 'all'] as const;
export type ViewName = (typeof viewNames)[number];

export const viewFilters: Record<ViewName, TicketFilter> = {
  mine: { assignee: 'me', status: unfinished, sort: 'priority' },
  team: { team: 'mine', status: unfinished, sort: 'priority' },
  unassigned: { assignee: 'none', status: unfinished, sort: '-createdAt' },
  urgent: { priority: 'urgent', status: unfinished, sort: '-createdAt' },
  unfinished: { status: unfinished, sort: '-createdAt' },
  resolved: { status: 'resolved,closed', sort: '-updatedAt' },
  all: { sort: '-createdAt' },
};

/** Views whose size is shown: the ones that tell how much is left to do. */
export const countedViews: readonly ViewName[] = ['mine', 'team', 'unassigned', 'urgent', 'unfinished'];
