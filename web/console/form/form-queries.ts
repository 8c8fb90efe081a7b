import { queryOptions } from '@tanstack/react-query';
import type { FormVersion, TicketType } from '../../../contract/form.ts';
import { api } from '../../ui/api.ts';

/** A ticket type with its published form (工单类型). */
export const ticketType = (id: string) =>
  queryOptions({ queryKey: ['ticket-types', 'one', id], queryFn: async ({ signal }) => (await api.get<TicketType>(`/ticket-types/${id}`, { signal })).data, staleTime: 60_000 });

/** One version of a type's form; it never changes. */
export const formVersion = (typeId: string, number: number) =>
  queryOptions({ queryKey: ['form-versions', typeId, number], queryFn: async ({ signal }) => (await api.get<FormVersion>(`/ticket-types/${typeId}/versions/${number}`, { signal })).data, staleTime: Number.POSITIVE_INFINITY, gcTime: 86_400_000 });
