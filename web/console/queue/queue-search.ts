import type { ListTickets } from '../../../contract/ticket.ts';
import { text } from '../parts/record-search.ts';
import type { TicketFilter } from '../data/tickets.ts';
import { viewFilters, viewNames, type ViewName } from '../data/views.ts';

/** Written again because the contract's list would bring its schemas along into the browser. */
const ticketSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', 'priority'] as const satisfies readonly ListTickets['sort'][];

const narrowing = ['status', 'priority', 'team', 'assignee', 'category', 'channel', 'q'] as const;

/** What the queue's address says: the view, what narrows it, the order, and the ticket open beside it. */
export type QueueSearch = Partial<Pick<ListTickets, (typeof narrowing)[number] | 'sort'>> & { view?: ViewName; ticket?: string };

export function readQueueSearch(search: Record<string, unknown>): QueueSearch {
  const read: QueueSearch = { view: viewNames.find((name) => name === search.view), ticket: text(search.ticket) };
  for (const name of narrowing) read[name] = text(search[name]);
  return { ...read, sort: ticketSorts.find((sort) => sort === search.sort) };
}

/** The list that an address asks for: the view's filter, narrowed further. */
export function filterOf(search: QueueSearch, fallback: ViewName): TicketFilter {
  const filter: TicketFilter = { ...viewFilters[search.view ?? fallback] };
  for (const name of [...narrowing, 'sort'] as const) if (search[name] !== undefined) filter[name] = search[name] as never;
  return filter;
}

/** Whether the address narrows its view. */
export function isNarrowed(search: QueueSearch): boolean {
  return narrowing.some((name) => search[name] !== undefined);
}
