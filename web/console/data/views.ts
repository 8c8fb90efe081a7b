import type { TicketFilter } from './tickets.ts';
import { unfinished } from '../parts/names.ts';

/** What the bench looks at (工作台的列表). */
export const viewFilters = {
  mine: { assignee: 'me', status: unfinished, sort: 'priority' },
  unassigned: { assignee: 'none', status: unfinished, sort: '-createdAt' },
  urgent: { priority: 'urgent', status: unfinished, sort: '-createdAt' },
} as const satisfies Record<string, TicketFilter>;
