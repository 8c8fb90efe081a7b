import { queryOptions } from '@tanstack/react-query';
import type { DispatchedOffer, DispatchModes, TicketOffers } from '../../../contract/offer.ts';
import { api } from '../../ui/api.ts';

/** How a ticket is and was offered (工单派单记录); asked anew with every change of the ticket. */
export const ticketOffers = (ticketId: string, version: number) => queryOptions({
  queryKey: ['offers', 'ticket', ticketId, version],
  queryFn: async ({ signal }) => (await api.get<TicketOffers>(`/tickets/${ticketId}/offers`, { signal })).data,
});

/** Offers nobody took, whose tickets still wait for somebody (派单无人接). */
export const lapsedOffers = queryOptions({
  queryKey: ['offers', 'lapsed'],
  queryFn: async ({ signal }) => (await api.get<{ items: DispatchedOffer[] }>('/dispatch/offers', { query: { state: 'lapsed', limit: 20 }, signal })).data.items,
  // That their tickets were given to somebody by hand is no fact of the offer.
  refetchInterval: 30_000,
});

/** How a team gives out its tickets (班组派单方式). */
export const dispatchModesOf = (teamId: string) => queryOptions({
  queryKey: ['dispatch-modes', teamId],
  queryFn: async ({ signal }) => (await api.get<DispatchModes>(`/teams/${teamId}/dispatch-modes`, { signal })).data,
});
