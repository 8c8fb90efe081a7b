import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Checklist, ChecklistTemplate, SideConversation, SideMessage, TicketLink } from '../../../contract/collaboration.ts';
import type { Reference } from '../../../contract/common.ts';
import type { Absence, CannedReply, HeldReply, Macro, Notification, Preferences, Watcher } from '../../../contract/desk.ts';
import type { FileSummary } from '../../../contract/file.ts';
import { api } from '../../ui/api.ts';
import { read, write } from './drafts.ts';
import type { KeptMessage } from './outgoing.ts';

type Page<Item> = { items: Item[]; nextCursor: string | null };

/** Names of what the desk keeps beside the tickets themselves. */
export const deskKeys = {
  held: (ticketId: string) => ['held', ticketId] as const,
  links: (ticketId: string) => ['links', ticketId] as const,
  checklist: (ticketId: string) => ['checklist', ticketId] as const,
  watchers: (ticketId: string) => ['watchers', ticketId] as const,
  helpers: (ticketId: string) => ['helpers', ticketId] as const,
  side: (ticketId: string) => ['side', 'of', ticketId] as const,
  sideMessages: (id: string) => ['side', 'messages', id] as const,
  notifications: ['notifications'] as const,
  notificationCount: ['notification-count'] as const,
  absences: ['absences'] as const,
};

const firstPage = async <Item>(path: string, query: Record<string, string | number | boolean | undefined>, signal: AbortSignal): Promise<Item[]> =>
  (await api.get<Page<Item>>(path, { query, signal })).data.items;

/** What one holds back on a ticket (待发回复); asked again while one is due, until the server says that it has left. */
export const heldReplies = (ticketId: string) =>
  queryOptions({
    queryKey: deskKeys.held(ticketId),
    queryFn: ({ signal }) => firstPage<HeldReply>(`/tickets/${ticketId}/held-replies`, { limit: 50 }, signal),
    refetchInterval: (query) => (query.state.data?.some((one) => one.state === 'held' && Date.parse(one.releaseAt) < Date.now() + 500) === true ? 1500 : query.state.data?.some((one) => one.state === 'held') === true ? 5000 : false),
  });

type HeldMemory = Pick<KeptMessage, 'files' | 'mentioned'>;

/** Remembers what a held reply does not say of itself: the names of its files and of whom it mentions. */
export function rememberHeld(id: string, { files, mentioned }: HeldMemory): void {
  write(`held.${id}`, { files, mentioned });
}

export const heldMemory = (id: string): { files: FileSummary[]; mentioned: KeptMessage['mentioned'] } => read<HeldMemory>(`held.${id}`) ?? { files: [], mentioned: [] };
export const forgetHeld = (id: string): void => write(`held.${id}`, undefined);

/** How the reader wants to work (个人设置). */
export const preferences = queryOptions({ queryKey: ['preferences'], queryFn: async ({ signal }) => (await api.get<Preferences>('/preferences', { signal })).data, staleTime: 300_000 });

export const cannedReplies = (q: string) =>
  queryOptions({ queryKey: ['canned-replies', q], queryFn: ({ signal }) => firstPage<CannedReply>('/canned-replies', { q, limit: 50 }, signal), staleTime: 60_000 });
export const macrosFor = (ticketId: string, q: string) =>
  queryOptions({ queryKey: ['macros', ticketId, q], queryFn: ({ signal }) => firstPage<Macro>('/macros', { ticket: ticketId, q, limit: 50 }, signal), staleTime: 20_000 });

export const ticketLinks = (ticketId: string) =>
  queryOptions({ queryKey: deskKeys.links(ticketId), queryFn: ({ signal }) => firstPage<TicketLink>(`/tickets/${ticketId}/links`, { limit: 200 }, signal), staleTime: 60_000 });
export const ticketChecklist = (ticketId: string) =>
  queryOptions({ queryKey: deskKeys.checklist(ticketId), queryFn: async ({ signal }) => (await api.get<Checklist>(`/tickets/${ticketId}/checklist`, { signal })).data, staleTime: 60_000 });
export const checklistTemplates = queryOptions({ queryKey: ['checklist-templates'], queryFn: ({ signal }) => firstPage<ChecklistTemplate>('/checklist-templates', { limit: 200, active: 'true' }, signal), staleTime: 300_000 });
export const ticketWatchers = (ticketId: string) =>
  queryOptions({ queryKey: deskKeys.watchers(ticketId), queryFn: ({ signal }) => firstPage<Watcher>(`/tickets/${ticketId}/watchers`, { limit: 100 }, signal), staleTime: 60_000 });
export const ticketHelpers = (ticketId: string) =>
  queryOptions({ queryKey: deskKeys.helpers(ticketId), queryFn: async ({ signal }) => (await api.get<{ items: Reference[]; mayDelegate: boolean }>(`/tickets/${ticketId}/helpers`, { signal })).data, staleTime: 60_000 });
export const ticketSideConversations = (ticketId: string) =>
  queryOptions({ queryKey: deskKeys.side(ticketId), queryFn: ({ signal }) => firstPage<SideConversation>(`/tickets/${ticketId}/side-conversations`, { limit: 200 }, signal), staleTime: 60_000 });
export const sideMessages = (id: string) =>
  queryOptions({ queryKey: deskKeys.sideMessages(id), queryFn: ({ signal }) => firstPage<SideMessage>(`/side-conversations/${id}/messages`, { limit: 200 }, signal), staleTime: 30_000 });

/** The conversations beside tickets that concern the reader (旁路会话收件箱). */
export const sideBox = (box: 'awaiting' | 'asked' | 'opened') =>
  infiniteQueryOptions({
    queryKey: ['side', 'box', box],
    queryFn: async ({ pageParam, signal }) => (await api.get<Page<SideConversation>>('/side-conversations', { query: { limit: 50, cursor: pageParam, ...(box === 'awaiting' ? { box: 'all', awaiting: true } : { box }) }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 30_000,
  });
export const sideConversation = (id: string) => queryOptions({ queryKey: ['side', 'one', id], queryFn: async ({ signal }) => (await api.get<SideConversation>(`/side-conversations/${id}`, { signal })).data, staleTime: 30_000 });

/** What one was told of (通知), newest first. */
export const notificationList = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: [...deskKeys.notifications, unread],
    queryFn: async ({ pageParam, signal }) => (await api.get<Page<Notification>>('/notifications', { query: { limit: 50, cursor: pageParam, ...(unread ? { unread: true } : {}) }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 30_000,
  });
export const notificationCount = queryOptions({
  queryKey: deskKeys.notificationCount,
  queryFn: async ({ signal }) => (await api.get<{ unread: number; capped: boolean }>('/notifications/count', { signal })).data,
  staleTime: 60_000,
});
export const absenceList = (query: { staff?: 'me'; cover?: 'me' }) =>
  queryOptions({ queryKey: [...deskKeys.absences, query], queryFn: ({ signal }) => firstPage<Absence>('/absences', { ...query, limit: 50 }, signal), staleTime: 60_000 });
