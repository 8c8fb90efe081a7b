import { queryOptions } from '@tanstack/react-query';
import type { Insight, InsightQuery } from '../../../contract/insight.ts';
import { api } from '../../ui/api.ts';

export type Measure = 'created' | 'resolved' | 'closed' | 'reopened' | 'cancelled' | 'backlog' | 'rating' | 'resolution_time';
/** A stretch of whole days, both included, as `YYYY-MM-DD` in the organization's zone. */
export type Period = { from: string; to: string };

/** One measure over a period (指标), in total or by one dimension. */
export function insight(measure: Measure, period: Period, by?: InsightQuery['by']) {
  return queryOptions({
    queryKey: ['insight', measure, period.from, period.to, by ?? null],
    queryFn: async ({ signal }) => (await api.get<Insight>(`/insight/${measure}`, { query: { ...period, by }, signal })).data,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
}

/** The last `days` days up to today. */
export function periodOf(days: number, timeZone: string, now: Date): Period {
  const day = (moment: number): string => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment);
  const to = day(now.getTime());
  // Counted on the calendar, not in hours: days with a clock change are days, too.
  const first = new Date(`${to}T00:00:00Z`);
  first.setUTCDate(first.getUTCDate() - days + 1);
  return { from: first.toISOString().slice(0, 10), to };
}
