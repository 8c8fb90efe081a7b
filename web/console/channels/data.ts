import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { InboundChannel, InboxMessage, InboxMessageDetail } from '../../../contract/channel.ts';
import type { ChannelAccount } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';

export type ListedChannel = Static<typeof ChannelAccount>;
type Page<Item> = { items: Item[]; nextCursor: string | null };

/** All channels with how they fare; looked at anew while one looks. */
export const channels = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => (await api.get<Page<ListedChannel>>('/channels', { query: { limit: 200 }, signal })).data.items,
  staleTime: 5_000, refetchInterval: 10_000,
});
export const channel = (id: string) => queryOptions({ queryKey: ['channel', id], queryFn: async ({ signal }) => (await api.get<InboundChannel>(`/channels/${id}`, { signal })).data, staleTime: 2_000, refetchInterval: 5_000 });

export type MessageFilter = { state?: InboxMessage['state'] | undefined; q?: string | undefined };

/** What came in by a channel, the newest first. */
export const channelMessages = (id: string, filter: MessageFilter) => infiniteQueryOptions({
  queryKey: ['channel-messages', id, filter] as readonly unknown[],
  queryFn: async ({ pageParam, signal }) => (await api.get<Page<InboxMessage>>(`/channels/${id}/messages`, { query: { ...filter, limit: 50, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  staleTime: 2_000,
});

/** The few newest, for the check and for samples. */
export const newestMessages = (id: string) => queryOptions({
  queryKey: ['channel-messages', id, 'newest'] as readonly unknown[],
  queryFn: async ({ signal }) => (await api.get<Page<InboxMessage>>(`/channels/${id}/messages`, { query: { limit: 20 }, signal })).data.items,
  staleTime: 1_000,
});
export const message = (id: string) => queryOptions({ queryKey: ['channel-message', id], queryFn: async ({ signal }) => (await api.get<InboxMessageDetail>(`/inbox-messages/${id}`, { signal })).data, staleTime: 2_000 });
/** The bytes of a call as text, for a sample. */
export const rawMessage = (id: string | undefined) => queryOptions({
  queryKey: ['channel-message-raw', id], enabled: id !== undefined, staleTime: 600_000,
  queryFn: async ({ signal }) => (await api.get<string>(`/inbox-messages/${id}/raw`, { as: 'text', signal })).data,
});

/** Secrets that were made up a moment ago, until the page is left for good: the server never shows them again. */
const justMade = new Map<string, Record<string, string>>();
export const keepMade = (id: string, made: Record<string, string>): void => void justMade.set(id, { ...justMade.get(id), ...made });
export const madeOf = (id: string): Record<string, string> => justMade.get(id) ?? {};
