import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable } from './common.ts';

export const measures = ['created', 'resolved', 'closed', 'reopened', 'cancelled', 'backlog', 'rating', 'resolution_time'] as const;

/** A measure over a period, by one dimension (指标). Counts are exact and follow the fact log. */
export const InsightQuery = Closed({
  by: Type.Optional(Type.Unsafe<'day' | 'team' | 'status' | 'channel' | 'priority' | 'category'>({ type: 'string', enum: ['day', 'team', 'status', 'channel', 'priority', 'category'] })),
  from: Type.Optional(Type.String({ format: 'date', description: 'First day, in the organization’s time zone' })),
  to: Type.Optional(Type.String({ format: 'date', description: 'Last day, included' })),
});
export type InsightQuery = Static<typeof InsightQuery>;
export const Insight = Closed({
  measure: Type.String(), unit: Type.String({ description: 'tickets, stars or seconds' }),
  from: Type.String(), to: Type.String(),
  total: Nullable(Type.Number()),
  previousTotal: Nullable(Type.Number({ description: 'The same measure over the period of equal length before' })),
  rows: Type.Array(Closed({ key: Type.String(), id: Nullable(Id), name: Type.String(), value: Type.Number() })),
}, { title: 'Insight' });
export type Insight = Static<typeof Insight>;
