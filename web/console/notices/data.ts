import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { NoticeAccount, NoticeDelivery, NoticePolicy, NoticeSettings, NoticeTemplate } from '../../../contract/notice.ts';
import { api } from '../../ui/api.ts';

type Listed<Item> = { items: Item[] };

export const noticeAccounts = queryOptions({ queryKey: ['notice-accounts'], queryFn: async ({ signal }) => (await api.get<Listed<NoticeAccount>>('/notice-accounts', { signal })).data.items, staleTime: 10_000 });
export const noticePolicy = queryOptions({ queryKey: ['notice-policy'], queryFn: async ({ signal }) => (await api.get<NoticePolicy>('/notice-policy', { signal })).data, staleTime: 60_000 });
export const noticeSettings = queryOptions({ queryKey: ['notice-settings'], queryFn: async ({ signal }) => (await api.get<NoticeSettings>('/notice-settings', { signal })).data, staleTime: 30_000 });
export const templatePath = (kind: string, channel: string, language: string): string => `/notice-templates/${kind}/${channel}/${language}`;
export const noticeTemplate = (kind: string, channel: string, language: string) =>
  queryOptions({ queryKey: ['notice-template', kind, channel, language], queryFn: async ({ signal }) => (await api.get<NoticeTemplate>(templatePath(kind, channel, language), { signal })).data, staleTime: 30_000 });
export const notificationDeliveries = (id: string) =>
  queryOptions({ queryKey: ['notification-deliveries', id], queryFn: async ({ signal }) => (await api.get<Listed<NoticeDelivery>>(`/notifications/${id}/deliveries`, { signal })).data.items, staleTime: 5_000 });

/** What became of notices, the newest first. */
export const noticeDeliveries = (filter: { state?: string | undefined; channel?: string | undefined }) => infiniteQueryOptions({
  queryKey: ['notice-deliveries', filter] as readonly unknown[],
  queryFn: async ({ pageParam, signal }) => (await api.get<{ items: NoticeDelivery[]; nextCursor: string | null }>('/notice-deliveries', { query: { ...filter, limit: 50, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  staleTime: 5_000,
});

/** One of them, asked for until it is settled. */
export const watchedDelivery = (id: string | null) => queryOptions({
  queryKey: ['notice-delivery', id],
  queryFn: async ({ signal }) => (await api.get<NoticeDelivery>(`/notice-deliveries/${id}`, { signal })).data,
  enabled: id !== null,
  refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'waiting' || state.data.state === 'sending' ? 700 : false),
});
