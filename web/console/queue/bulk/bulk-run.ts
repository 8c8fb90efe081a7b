import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { BulkAction, BulkResult, BulkRun, BulkSelection } from '../../../../contract/view.ts';
import { api, newIdempotencyKey } from '../../../ui/api.ts';

/** Longer than a request usually takes: a preview tries up to a thousand tickets one by one. */
const patience = 180_000;

/** What would become of each ticket; nothing is changed. */
export async function previewBulk(selection: BulkSelection, action: BulkAction, signal: AbortSignal): Promise<BulkRun> {
  return (await api.post<BulkRun>('/tickets/bulk', { selection, action, dryRun: true }, { timeout: patience, signal })).data;
}

/** Does it. The same id goes on with what the network broke off, and does nothing twice. */
export async function startBulk(id: string, selection: BulkSelection, action: BulkAction): Promise<BulkRun> {
  return (await api.post<BulkRun>('/tickets/bulk', { id, selection, action }, { timeout: patience, idempotencyKey: newIdempotencyKey() })).data;
}

/** How far a run has come, while it runs. */
export const bulkRun = (id: string) => queryOptions({
  queryKey: ['bulk-runs', id],
  queryFn: async ({ signal }) => (await api.get<BulkRun>(`/bulk-runs/${id}`, { signal })).data,
  refetchInterval: (query) => (query.state.data === undefined || query.state.data.state === 'running' ? 600 : false),
  staleTime: 0,
});

export const cancelBulk = async (id: string): Promise<BulkRun> => (await api.post<BulkRun>(`/bulk-runs/${id}/cancel`, {})).data;

/** What became of each ticket of a run, those that were not done alone where there are many. */
export const bulkResults = (id: string, outcome?: 'refused' | 'failed') => infiniteQueryOptions({
  queryKey: ['bulk-runs', id, 'results', outcome ?? 'all'],
  queryFn: async ({ pageParam, signal }) => (await api.get<{ items: BulkResult[]; nextCursor: string | null }>(`/bulk-runs/${id}/results`, { query: { limit: 100, cursor: pageParam, outcome }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
});
