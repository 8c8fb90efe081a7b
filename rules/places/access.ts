import { dayMilliseconds, minuteMilliseconds, weekdayOf, type WeeklyWindow } from '../calendar/calendar.ts';
import { instantAt, zoneOf } from '../calendar/zone.ts';
import type { Interval } from '../shifts/shifts.ts';

/** When one may enter a place on a local day (当天开放时间), in milliseconds; null: at any time. */
export function openingsOn(access: readonly WeeklyWindow[] | null, timeZone: string, day: number): Interval[] | null {
  if (access === null) return null;
  const zone = zoneOf(timeZone);
  const at = (minute: number): number => instantAt(zone, day * dayMilliseconds + minute * minuteMilliseconds);
  return access.filter(({ weekday }) => weekday === weekdayOf(day)).map(({ startsMinute, endsMinute }) => ({ from: at(startsMinute), to: at(endsMinute) })).toSorted((a, b) => a.from - b.from);
}

/**
 * When work may begin (可开工时段): within a window, and in time to be done before the place closes; what takes longer than the place is open begins when it
 * opens. Nothing: not at all that day.
 *
 * @param service milliseconds
 */
export function beginningsIn(window: Interval, openings: readonly Interval[] | null, service: number): Interval[] {
  if (openings === null) return [window];
  return openings.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(Math.max(from, to - service), window.to) })).filter(({ from, to }) => from <= to);
}
