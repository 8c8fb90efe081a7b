import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { CallCard, CallPage, PhoneLine, SpeechSetting, Telephone } from '../../../contract/call.ts';
import { api } from '../../ui/api.ts';

/** Whether there is a telephone here, and one's own extension. */
export const telephone = queryOptions({ queryKey: ['telephone'], queryFn: async ({ signal }) => (await api.get<Telephone>('/telephone', { signal })).data, staleTime: 600_000 });

/** Calls of one's own that go on. */
export const currentCalls = queryOptions({ queryKey: ['calls', 'current'], queryFn: async ({ signal }) => (await api.get<CallPage>('/calls', { query: { mine: 'current', limit: 5 }, signal })).data.items, staleTime: 0 });

export const callOf = (id: string) => queryOptions({ queryKey: ['calls', 'one', id], queryFn: async ({ signal }) => (await api.get<CallCard>(`/calls/${id}`, { signal })).data, staleTime: 5_000 });

export type CallFilter = { mine?: 'all'; state?: 'missed'; direction?: 'inbound' | 'outbound'; number?: string; customer?: string };

/** Calls, newest first, page by page. */
export const callList = (filter: CallFilter) => infiniteQueryOptions({
  queryKey: ['calls', 'list', filter],
  queryFn: async ({ pageParam, signal }) => (await api.get<CallPage>('/calls', { query: { ...filter, limit: 50, cursor: pageParam }, signal })).data,
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
});

export const phoneLineOf = (id: string) => queryOptions({ queryKey: ['phone-line', id], queryFn: async ({ signal }) => (await api.get<PhoneLine>(`/staff/${id}/phone-line`, { signal })).data });
export const speechSetting = queryOptions({ queryKey: ['speech-setting'], queryFn: async ({ signal }) => (await api.get<SpeechSetting>('/speech-setting', { signal })).data, staleTime: 0 });
