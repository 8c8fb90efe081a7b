import { infiniteQueryOptions, queryOptions, type InfiniteData } from '@tanstack/react-query';
import type { ListTickets, ReplyRoute, Ticket, TicketPage, TicketSummary, TimelineEntry } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';

/** Which tickets a list shows: the parameters of GET /tickets without its paging. */
export type TicketFilter = Omit<ListTickets, 'limit' | 'cursor'>;
export type TicketPages = InfiniteData<TicketPage, unknown>;
export type TimelinePages = InfiniteData<{ items: TimelineEntry[]; nextCursor: string | null }, unknown>;

const pageSize = 100;
/** What the feed keeps up to date needs no asking again; this is for the times without it. */
const staleTime = 120_000;

export const ticketKeys = {
  lists: ['tickets', 'list'] as const,
  list: (filter: TicketFilter) => ['tickets', 'list', filter] as const,
  details: ['tickets', 'detail'] as const,
  detail: (number: string) => ['tickets', 'detail', number] as const,
  timeline: (number: string) => ['tickets', 'timeline', number] as const,
};

/** A list of tickets (工单列表), page after page. */
export function ticketList(filter: TicketFilter) {
  return infiniteQueryOptions({
    queryKey: ticketKeys.list(filter),
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await api.get<TicketPage>('/tickets', { query: { ...filter, limit: pageSize, cursor: pageParam }, signal });
      return data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime,
  });
}

export function ticketsOf(pages: TicketPages | undefined): TicketSummary[] {
  return pages?.pages.flatMap((page) => page.items) ?? [];
}

/** Whether it is one of a storm of alarms that another ticket stands for (告警风暴中的一条). */
export const isBehindStorm = (ticket: TicketSummary): boolean => ticket.led === true && ticket.channel === 'alarm';

/** How many a list holds as far as it is loaded: `12`, or `100+` when there are more pages. */
export function countOf(pages: TicketPages | undefined, hides?: (ticket: TicketSummary) => boolean): string | undefined {
  if (pages === undefined) return undefined;
  const loaded = pages.pages.reduce((sum, page) => sum + page.items.length, 0);
  if (pages.pages.at(-1)?.nextCursor == null && hides) return String(ticketsOf(pages).filter((ticket) => !hides(ticket)).length);
  return pages.pages.at(-1)?.nextCursor == null ? String(loaded) : `${Math.floor(loaded / pageSize) * pageSize}+`;
}

/** A ticket in full (工单详情), by its number. */
export function ticketDetail(number: string) {
  return queryOptions({
    queryKey: ticketKeys.detail(number),
    queryFn: async ({ signal }) => (await api.get<Ticket>(`/tickets/${number}`, { signal })).data,
    staleTime,
  });
}

/** By which way an answer would go out now (回复路径); it changes with what is said, and with the time. */
export function replyRoute(number: string) {
  return queryOptions({
    queryKey: [...ticketKeys.timeline(number), 'route'],
    queryFn: async ({ signal }) => (await api.get<ReplyRoute>(`/tickets/${number}/reply-route`, { signal })).data,
    staleTime: 60_000,
    refetchInterval: 300_000,
  });
}

/** What happened to a ticket (时间线), oldest first. */
export function ticketTimeline(number: string) {
  return infiniteQueryOptions({
    queryKey: ticketKeys.timeline(number),
    queryFn: async ({ pageParam, signal }) =>
      (await api.get<{ items: TimelineEntry[]; nextCursor: string | null }>(`/tickets/${number}/timeline`, { query: { limit: 200, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime,
  });
}
