import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Calendar, CalendarVersion, HolidaySources } from '../../../contract/calendar.ts';
import type { Breach, BreachSummary, Policy, PolicyVersion, Simulation, TicketClocks } from '../../../contract/sla.ts';
import { api } from '../../ui/api.ts';
import { whole } from '../data/records.ts';

type Page<Item> = { items: Item[]; nextCursor: string | null };

export const policies = { ...whole<Policy>('sla-policies'), staleTime: 10_000 };
export const policy = (id: string) => queryOptions({ queryKey: ['sla-policy', id], queryFn: async ({ signal }) => (await api.get<Policy>(`/sla-policies/${id}`, { signal })).data, staleTime: 0 });
export const policyVersions = (id: string) => queryOptions({ queryKey: ['sla-policy-versions', id], queryFn: async ({ signal }) => (await api.get<Page<PolicyVersion>>(`/sla-policies/${id}/versions`, { signal })).data.items });
export const calendars = { ...whole<Calendar>('calendars'), staleTime: 10_000 };
export const calendar = (id: string) => queryOptions({ queryKey: ['calendar', id], queryFn: async ({ signal }) => (await api.get<Calendar>(`/calendars/${id}`, { signal })).data, staleTime: 0 });
export const calendarVersions = (id: string) => queryOptions({ queryKey: ['calendar-versions', id], queryFn: async ({ signal }) => (await api.get<Page<CalendarVersion>>(`/calendars/${id}/versions`, { signal })).data.items });
export const holidaySources = queryOptions({ queryKey: ['holiday-sources'], queryFn: async ({ signal }) => (await api.get<HolidaySources>('/holiday-sources', { signal })).data.items, staleTime: 3_600_000 });

/** How a simulation goes: asked again and again until it has ended. */
export const simulation = (id: string) => queryOptions({
  queryKey: ['sla-simulation', id], queryFn: async ({ signal }) => (await api.get<Simulation>(`/sla-simulations/${id}`, { signal })).data,
  refetchInterval: ({ state }) => (state.data?.state === 'waiting' || state.data?.state === 'running' || state.data === undefined ? 700 : false),
});

/** The clocks of a ticket; what time does to them is asked for now and then. */
export const ticketClocks = (id: string, asOf = '') => queryOptions({ queryKey: ['ticket-clocks', id, asOf] as readonly string[], queryFn: async ({ signal }) => (await api.get<TicketClocks>(`/tickets/${id}/sla`, { signal })).data, staleTime: 5_000, refetchInterval: 30_000 });

export interface BreachQuery { team?: string | undefined; explained?: boolean | undefined; metric?: Breach['metric'] | undefined; reason?: string | undefined; from?: string | undefined }
const asked = (query: BreachQuery) => ({ ...query, explained: query.explained === undefined ? undefined : String(query.explained) });
/** How many there were, by team and by reason. */
export const breachSummary = (query: BreachQuery) => queryOptions({ queryKey: ['sla-breaches', 'summary', query] as readonly unknown[], queryFn: async ({ signal }) => (await api.get<BreachSummary>('/sla-breaches/summary', { query: asked(query), signal })).data });
export const breaches = (query: BreachQuery) => infiniteQueryOptions({
  queryKey: ['sla-breaches', query] as readonly unknown[],
  queryFn: async ({ pageParam, signal }) => (await api.get<Page<Breach>>('/sla-breaches', { query: { ...asked(query), limit: 40, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
});
