import { queryOptions } from '@tanstack/react-query';
import type { Flow, FlowDraft, FlowSummary, FlowVersion, FlowVersionSummary } from '../../../contract/flow.ts';
import { api } from '../../ui/api.ts';
import { whole } from '../data/records.ts';

/** The organization's flows (流程). */
export const flows = whole<FlowSummary>('flows');
export const archivedFlows = whole<FlowSummary>('flows?archived=true');

export const flow = (id: string) => queryOptions({ queryKey: ['flows', 'one', id], queryFn: async ({ signal }) => (await api.get<Flow>(`/flows/${id}`, { signal })).data, staleTime: 10_000 });

export const flowDraft = (id: string) => queryOptions({ queryKey: ['flow-draft', id], queryFn: async ({ signal }) => (await api.get<FlowDraft>(`/flows/${id}/draft`, { signal })).data, staleTime: 0 });

export const flowVersions = (id: string) =>
  queryOptions({ queryKey: ['flow-versions', id], queryFn: async ({ signal }) => (await api.get<{ items: FlowVersionSummary[]; nextCursor: string | null }>(`/flows/${id}/versions`, { query: { limit: 100 }, signal })).data.items, staleTime: 10_000 });

/** One version; it never changes. */
export const flowVersion = (id: string, number: number) =>
  queryOptions({ queryKey: ['flow-versions', id, number], queryFn: async ({ signal }) => (await api.get<FlowVersion>(`/flows/${id}/versions/${number}`, { signal })).data, staleTime: Number.POSITIVE_INFINITY });
