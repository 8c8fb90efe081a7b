import type { TicketSummary } from '../../../contract/ticket.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import type { TicketFilter } from '../data/tickets.ts';

/** What a filter's `me`, `mine` and a category's descendants mean for the reader. */
export type Reader = {
  id: string;
  teamIds: readonly string[];
  /** Whether a category is another one or lies below it. */
  categoryLiesIn: (categoryId: string, ancestorId: string) => boolean;
};

const oneOf = (value: string, list: string | undefined): boolean => list === undefined || list.split(',').includes(value);

/**
 * Whether a ticket belongs on a list, decided here so that a change shows at once; the server decides when the list
 * is read again. A list searched by words cannot be decided: null.
 */
export function matches(ticket: TicketSummary, filter: TicketFilter, reader: Reader): boolean | null {
  const { assignee, team, category, tag, customer } = filter;
  if (!oneOf(ticket.status, filter.status) || !oneOf(ticket.priority, filter.priority) || !oneOf(ticket.channel, filter.channel)) return false;
  if (filter.type !== undefined && ticket.type.id !== filter.type && ticket.type.key !== filter.type) return false;
  if (assignee === 'none' ? ticket.assignee !== null : assignee !== undefined && ticket.assignee?.id !== (assignee === 'me' ? reader.id : assignee)) return false;
  if (team === 'none' && ticket.team !== null) return false;
  if (team === 'mine' && (ticket.team === null || !reader.teamIds.includes(ticket.team.id))) return false;
  if (team !== undefined && team !== 'none' && team !== 'mine' && ticket.team?.id !== team) return false;
  if (category !== undefined && (ticket.category === null || !reader.categoryLiesIn(ticket.category.id, category))) return false;
  if (tag !== undefined && !ticket.tags.includes(tag)) return false;
  if (customer !== undefined && ticket.requester.customerId !== customer) return false;
  // A summary does not name the asset, and words are matched by the server's search.
  return filter.q !== undefined || filter.asset !== undefined ? null : true;
}

/** The order of a list: negative when `a` stands before `b`. */
export function compareTickets(a: TicketSummary, b: TicketSummary, sort: TicketFilter['sort']): number {
  switch (sort) {
    case 'createdAt':
      return compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
    case '-updatedAt':
      return compare(b.updatedAt, a.updatedAt) || compare(b.id, a.id);
    case 'updatedAt':
      return compare(a.updatedAt, b.updatedAt) || compare(a.id, b.id);
    case 'priority':
      return priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || compare(a.id, b.id);
    default:
      return compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
