import { queryOptions } from '@tanstack/react-query';
import type { MergeCandidates } from '../../../contract/collaboration.ts';
import type { Ticket } from '../../../contract/ticket.ts';
import { api } from '../../ui/api.ts';

/** What may be the same matter as a ticket, and whether many are on about it. */
export const candidatesOf = (ticket: Pick<Ticket, 'id' | 'version'>) => queryOptions({
  queryKey: ['merge-candidates', ticket.id, ticket.version],
  queryFn: async ({ signal }) => (await api.get<MergeCandidates>(`/tickets/${ticket.id}/merge-candidates`, { signal })).data,
  staleTime: 30_000,
});

/** What a request that is being written may belong to. */
export const likeTickets = (draft: { subject?: string; customer?: string; phone?: string; asset?: string; category?: string; address?: string }) => queryOptions({
  queryKey: ['like-tickets', draft],
  queryFn: async ({ signal }) => (await api.get<MergeCandidates>('/like-tickets', { query: draft, signal })).data,
  staleTime: 20_000,
});
