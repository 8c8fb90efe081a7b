import type { QueryClient } from '@tanstack/react-query';
import type { Ticket } from '../../../contract/ticket.ts';
import { lineKeys, type LinePages, type LineRequest } from '../data/lines.ts';
import { ticketKeys, type TicketFilter, type TicketPages } from '../data/tickets.ts';
import type { LineReader } from './place-line.ts';
import { mapPages, placeTicket } from './place-ticket.ts';

/** Puts a ticket as it stands now everywhere the console shows it: its own page, and every list it joins, keeps or leaves. */
export function applyTicket(queryClient: QueryClient, ticket: Ticket, reader: LineReader): void {
  const known = queryClient.getQueryData<Ticket>(ticketKeys.detail(ticket.number));
  if (known === undefined || known.version <= ticket.version) queryClient.setQueryData(ticketKeys.detail(ticket.number), ticket);
  for (const [queryKey, pages] of queryClient.getQueriesData<TicketPages>({ queryKey: ticketKeys.lists })) {
    if (pages === undefined) continue;
    const next = placeTicket(pages, ticket, queryKey[2] as TicketFilter, reader);
    if (next !== pages) queryClient.setQueryData(queryKey, next);
  }
  if (lineLists(queryClient).length > 0) void placeOnLineLists(queryClient, ticket, reader);
}

const lineLists = (queryClient: QueryClient) => queryClient.getQueriesData<LinePages>({ queryKey: lineKeys.lists });
/** Reading more than this anew, because of one ticket, would cost more than it tells. */
const readAnew = 2;

/** The queue's lists are decided by filters; that part of the program comes with the queue. */
async function placeOnLineLists(queryClient: QueryClient, ticket: Ticket, reader: LineReader): Promise<void> {
  const { placeLine } = await import('./place-line.ts');
  for (const [queryKey, pages] of lineLists(queryClient)) {
    if (pages === undefined) continue;
    const next = placeLine(pages, ticket, queryKey[2] as LineRequest, reader, new Date().toISOString());
    if (next === null) {
      if (pages.pages.length <= readAnew) void queryClient.invalidateQueries({ queryKey, exact: true });
    } else if (next !== pages) queryClient.setQueryData(queryKey, next);
  }
}

/** Takes a ticket that left the reader's sight out of everything that is shown. */
export function removeTicket(queryClient: QueryClient, ticketId: string): void {
  for (const [queryKey, pages] of queryClient.getQueriesData<TicketPages>({ queryKey: ticketKeys.lists })) {
    if (pages?.pages.some((page) => page.items.some((item) => item.id === ticketId))) {
      queryClient.setQueryData(queryKey, mapPages(pages, (items) => items.filter((item) => item.id !== ticketId)));
    }
  }
  for (const [queryKey, pages] of lineLists(queryClient)) {
    if (pages?.pages.some((page) => page.items.some((item) => item.id === ticketId))) {
      queryClient.setQueryData<LinePages>(queryKey, { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== ticketId) })) });
    }
  }
  const details = queryClient.getQueriesData<Ticket>({ queryKey: ticketKeys.details });
  for (const [queryKey, ticket] of details) if (ticket?.id === ticketId) void queryClient.invalidateQueries({ queryKey });
}

/** Whether any list or page of the console holds the ticket. */
export function showsTicket(queryClient: QueryClient, ticketId: string): boolean {
  return (
    queryClient.getQueriesData<Ticket>({ queryKey: ticketKeys.details }).some(([, ticket]) => ticket?.id === ticketId) ||
    queryClient.getQueriesData<TicketPages>({ queryKey: ticketKeys.lists }).some(([, pages]) => pages?.pages.some((page) => page.items.some((item) => item.id === ticketId))) ||
    lineLists(queryClient).some(([, pages]) => pages?.pages.some((page) => page.items.some((item) => item.id === ticketId)))
  );
}
