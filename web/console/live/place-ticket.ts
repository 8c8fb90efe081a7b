import type { TicketPage, TicketSummary } from '../../../contract/ticket.ts';
import type { TicketFilter, TicketPages } from '../data/tickets.ts';
import { compareTickets, matches, type Reader } from './matching.ts';

/** A list with every page's rows changed. */
export function mapPages(pages: TicketPages, change: (items: TicketSummary[]) => TicketSummary[]): TicketPages {
  return { ...pages, pages: pages.pages.map((page): TicketPage => ({ ...page, items: change(page.items) })) };
}

/** A list's pages with the ticket in its place, or without it; the same object when nothing changes. */
export function placeTicket(pages: TicketPages, ticket: TicketSummary, filter: TicketFilter, reader: Reader): TicketPages {
  const present = pages.pages.flatMap((page) => page.items).find((item) => item.id === ticket.id);
  if (present !== undefined && present.version > ticket.version) return pages;
  const belongs = matches(ticket, filter, reader);
  if (present === undefined && belongs !== true) return pages;
  if (belongs === false) return mapPages(pages, (items) => items.filter((item) => item.id !== ticket.id));
  // A change that does not touch the order stays where the reader sees it.
  if (present !== undefined && (belongs === null || compareTickets(present, ticket, filter.sort) === 0 || filter.sort?.endsWith('updatedAt') === true)) {
    return mapPages(pages, (items) => items.map((item) => (item.id === ticket.id ? ticket : item)));
  }
  return insert(present === undefined ? pages : mapPages(pages, (items) => items.filter((item) => item.id !== ticket.id)), ticket, filter);
}

function insert(pages: TicketPages, ticket: TicketSummary, filter: TicketFilter): TicketPages {
  const before = (item: TicketSummary): boolean => compareTickets(ticket, item, filter.sort) < 0;
  const at = pages.pages.findIndex((page) => page.items.some(before));
  const page = at >= 0 ? at : pages.pages.length - 1;
  // After everything that is loaded it will come with a later page.
  if (page < 0 || (at < 0 && pages.pages.at(-1)?.nextCursor != null)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((one, index) => {
      if (index !== page) return one;
      const place = one.items.findIndex(before);
      const items = [...one.items];
      items.splice(place < 0 ? items.length : place, 0, ticket);
      return { ...one, items };
    }),
  };
}
