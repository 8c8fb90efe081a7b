import type { InsightQuery } from '../../../contract/insight.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';

/** Longest period that can be asked for, in days. */
export const longestPeriod = 400;
const usualPeriod = 7;
const earliestDay = '1970-01-01';

const dayMilliseconds = 86_400_000;

/** Local days (YYYY-MM-DD), first and last included, and the first of the period of equal length before (统计周期). */
export interface Period {
  from: string;
  to: string;
  previousFrom: string;
}

/** The period asked for: the last seven local days up to today unless told otherwise; refused when it makes no sense. */
export function periodOf(query: Pick<InsightQuery, 'from' | 'to'>, now: Date, timeZone: string): Period {
  const to = query.to ?? localDay(now, timeZone);
  const from = query.from ?? addDays(to, 1 - usualPeriod);
  if (from < earliestDay) throw invalidInput('/from', 'minimum', { zh: `不能早于 ${earliestDay}`, en: `must not be before ${earliestDay}` });
  if (to < from) throw invalidInput('/to', 'minimum', { zh: '结束日期不能早于开始日期', en: 'must not be before from' });
  const length = countDays(from, to);
  if (length > longestPeriod) throw invalidInput('/from', 'maximum', { zh: `时间范围最多 ${longestPeriod} 天`, en: `the period may have at most ${longestPeriod} days` });
  return { from, to, previousFrom: addDays(from, -length) };
}

/** Every day of a period, in order. */
export function daysOf({ from, to }: Period): string[] {
  return Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));
}

// Days as such, of no time zone: UTC knows no day of 23 or 25 hours.
function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * dayMilliseconds).toISOString().slice(0, 10);
}

function countDays(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / dayMilliseconds + 1;
}
