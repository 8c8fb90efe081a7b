import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TechnicianProposals } from '../../../contract/dispatch.ts';
import { api } from '../../ui/api.ts';

/** Whom to send to a ticket (派单建议), in a window or as soon as possible; what was shown stays while another window is reckoned. */
export const technicianProposals = (ticketId: string, window: { start: Date; end: Date } | null) => queryOptions({
  queryKey: ['proposals', ticketId, window?.start.toISOString() ?? null, window?.end.toISOString() ?? null],
  queryFn: async ({ signal }) => (await api.get<TechnicianProposals>(`/tickets/${ticketId}/proposals`, {
    query: window === null ? {} : { windowStart: window.start.toISOString(), windowEnd: window.end.toISOString() }, signal,
  })).data,
  staleTime: 15_000,
  placeholderData: keepPreviousData,
  enabled: window === null || window.end > window.start,
});
