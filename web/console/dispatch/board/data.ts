import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { ApplyDayPlan, DayPlan, DispatchDay, DraftEvaluation, EvaluateDraft, RequestDayPlan, RequestReplan, SaveDraft, SavedDraft, UnplannedTicket } from '../../../../contract/day-plan.ts';
import type { StaffPosition } from '../../../../contract/field.ts';
import type { MapSettings } from '../../../../contract/map.ts';
import type { DispatchedOffer } from '../../../../contract/offer.ts';
import type { Territory } from '../../../../contract/territory.ts';
import type { Priority } from '../../../../rules/ticket/lifecycle.ts';
import { api } from '../../../ui/api.ts';
import { postOnce } from '../../../ui/post-once.ts';

type Page<Item> = { items: Item[]; nextCursor: string | null };

export const boardKeys = { day: ['dispatch-day'] as const, unplanned: ['dispatch-unplanned'] as const, plans: ['dispatch-plans'] as const, offers: ['offers', 'open'] as const };

/** The day of everybody one gives work to (调度日视图); kept up to date by the feed. */
export const dispatchDay = (date: string | undefined, teamId: string | undefined) => queryOptions({
  queryKey: [...boardKeys.day, date ?? null, teamId ?? null],
  queryFn: async ({ signal }) => (await api.get<DispatchDay>('/dispatch/day', { query: { date, teamId }, signal })).data,
  staleTime: 30_000,
  // Those on their way are somewhere else by then; facts come by the feed.
  refetchInterval: 60_000,
  placeholderData: keepPreviousData,
});

export type UnplannedFilter = { q?: string | undefined; teamId?: string | undefined; priority?: Priority | undefined };

/** Tickets nobody was sent to (待排工单), page after page. */
export const unplannedTickets = (filter: UnplannedFilter) => infiniteQueryOptions({
  queryKey: [...boardKeys.unplanned, filter],
  queryFn: async ({ pageParam, signal }) => (await api.get<Page<UnplannedTicket>>('/dispatch/unplanned', { query: { ...filter, limit: 100, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  staleTime: 30_000,
  placeholderData: keepPreviousData,
});

/** Milliseconds for which what a draft comes to is not asked for again. */
const freshFor = 10_000;

/** What a draft comes to (方案评估); the same draft is asked for once. */
export const evaluation = (draft: EvaluateDraft | null) => queryOptions({
  queryKey: ['dispatch-evaluation', draft],
  queryFn: async ({ signal }) => (await api.post<DraftEvaluation>('/dispatch/evaluations', draft, { signal })).data,
  enabled: draft !== null,
  staleTime: freshFor,
  gcTime: 30_000,
  retry: false,
});

/** What a draft comes to, whoever else has asked and has given up waiting meanwhile; what was reckoned a moment ago holds. */
export async function reckon(queryClient: QueryClient, draft: EvaluateDraft, anew = false): Promise<DraftEvaluation> {
  const { queryKey } = evaluation(draft);
  const known = queryClient.getQueryState<DraftEvaluation>(queryKey);
  if (!anew && known?.data !== undefined && !known.isInvalidated && Date.now() - known.dataUpdatedAt < freshFor) return known.data;
  const { data } = await api.post<DraftEvaluation>('/dispatch/evaluations', draft);
  queryClient.setQueryData(queryKey, data);
  return data;
}

export const saveDraft = (draft: SaveDraft): Promise<SavedDraft> => postOnce<SavedDraft>('/dispatch/schedules', draft);

export const requestPlan = (request: RequestDayPlan): Promise<DayPlan> => postOnce<DayPlan>('/dispatch/plans', request);
export const requestReplan = (request: RequestReplan): Promise<DayPlan> => postOnce<DayPlan>('/dispatch/replans', request);
export const applyPlan = (id: string, body: ApplyDayPlan): Promise<DayPlan> => postOnce<DayPlan>(`/dispatch/plans/${id}/actions/apply`, body);
export const withdrawPlan = (id: string): Promise<DayPlan> => postOnce<DayPlan>(`/dispatch/plans/${id}/actions/withdraw`, {});

const underWay = (plan: DayPlan | undefined): boolean => plan === undefined || plan.state === 'waiting' || plan.state === 'running';

/** A plan (智能排程结果), asked for again as long as it is worked out. */
export const dayPlan = (id: string) => queryOptions({
  queryKey: [...boardKeys.plans, 'one', id],
  queryFn: async ({ signal }) => (await api.get<DayPlan>(`/dispatch/plans/${id}`, { signal })).data,
  refetchInterval: ({ state: { data, error } }) => (error === null && underWay(data) ? 700 : false),
  staleTime: 5_000,
});

/** The plans of a day, the newest first. */
export const plansOf = (date: string | undefined) => queryOptions({
  queryKey: [...boardKeys.plans, 'of', date ?? null],
  queryFn: async ({ signal }) => (await api.get<Page<DayPlan>>('/dispatch/plans', { query: { date, limit: 10 }, signal })).data.items,
  staleTime: 15_000,
});

/** Where those are who are on the way or on a visit (实时位置); the browser asks by ETag, so that nothing comes while nobody moves. */
export const staffPositions = queryOptions({
  queryKey: ['staff-positions'],
  queryFn: async ({ signal }) => (await api.get<{ items: StaffPosition[] }>('/positions', { signal })).data.items,
  refetchInterval: 10_000,
  staleTime: 5_000,
});

/** The areas that are served (服务区域). */
export const territories = queryOptions({ queryKey: ['territories', false], queryFn: async ({ signal }) => (await api.get<{ items: Territory[] }>('/territories', { signal })).data.items, staleTime: 60_000 });

/** What maps are drawn on (底图设置). */
export const mapSettings = queryOptions({ queryKey: ['map-settings'], queryFn: async ({ signal }) => (await api.get<MapSettings>('/map', { signal })).data, staleTime: Infinity, retry: 1 });

/** Tickets that are offered at this moment (抢单池), for whoever gives them out. */
export const openOffers = infiniteQueryOptions({
  queryKey: boardKeys.offers,
  queryFn: async ({ pageParam, signal }) => (await api.get<Page<DispatchedOffer>>('/dispatch/offers', { query: { state: 'open', limit: 50, cursor: pageParam }, signal })).data,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last) => last.nextCursor ?? undefined,
  refetchInterval: 30_000,
});
