import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import type { Task, TaskCounts, TicketFlow } from '../../../contract/flow.ts';
import { api } from '../../ui/api.ts';
import { ticketKeys } from '../data/tickets.ts';

export type TaskScope = 'mine' | 'team' | 'done';
const keys = { flow: ['ticket-flow'] as const, tasks: ['tasks'] as const };

/** How a ticket's flow stands; looked at anew with every version of the ticket. */
export const ticketFlow = (ticketId: string, version: number) =>
  queryOptions({ queryKey: [...keys.flow, ticketId, version], queryFn: async ({ signal }) => (await api.get<TicketFlow>(`/tickets/${ticketId}/flow`, { signal })).data, placeholderData: (before) => (before?.instance?.ticket.id === ticketId ? before : undefined) });

export const taskList = (scope: TaskScope) =>
  infiniteQueryOptions({
    queryKey: [...keys.tasks, scope],
    queryFn: async ({ pageParam, signal }) => (await api.get<{ items: Task[]; nextCursor: string | null }>('/tasks', { query: { ...(scope === 'done' ? { scope: 'mine', state: 'completed' } : { scope }), ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal })).data,
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 20_000,
  });

/** How many open tasks wait for me and for my teams (待办数): asked anew when a task changes, and now and then for those whose tickets I do not read. */
export const taskCounts = queryOptions({ queryKey: [...keys.tasks, 'counts'], queryFn: async ({ signal }) => (await api.get<TaskCounts>('/tasks/counts', { signal })).data, staleTime: 10_000, refetchInterval: 60_000 });

export const taskDetail = (id: string) => queryOptions({ queryKey: [...keys.tasks, 'one', id], queryFn: async ({ signal }) => (await api.get<Task>(`/tasks/${id}`, { signal })).data });

/** Reads anew what a step of a flow may have changed. */
export function useRenewTasks(): (number: string) => void {
  const client = useQueryClient();
  return (number) => {
    for (const queryKey of [keys.flow, keys.tasks, ticketKeys.lists, ticketKeys.detail(number), ticketKeys.timeline(number)]) void client.invalidateQueries({ queryKey });
  };
}
