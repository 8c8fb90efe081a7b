import { addDays, dayIn, instantOf, weekday } from '../conditions/days.ts';
import type { Recurrence, Stretch } from './definition.ts';
import { stretchMilliseconds } from './definition.ts';

/**
 * When something that recurs is due next (下次执行时间), strictly after a moment. Intervals count from midnight of the zone, so
 * that every 15 minutes means at :00, :15, :30 and :45, on whatever node. A time of day that a clock skips is the first moment after.
 *
 * @param after RFC 3339
 * @returns RFC 3339 in UTC
 */
export function nextOccurrence(every: Recurrence, after: string, timeZone: string): string {
  const today = dayIn(after, timeZone);
  if (every.kind === 'interval') {
    const step = every.n * (every.unit === 'hour' ? 3_600_000 : 60_000);
    const midnight = Date.parse(instantOf(today, timeZone));
    const next = midnight + (Math.floor((Date.parse(after) - midnight) / step) + 1) * step;
    const tomorrow = instantOf(addDays(today, 1)!, timeZone);
    return next >= Date.parse(tomorrow) ? tomorrow : new Date(next).toISOString();
  }
  for (let days = 0; days <= 8; days += 1) {
    const day = addDays(today, days)!;
    if (every.kind === 'weekly' && !every.days.includes(weekday(day) + 1)) continue;
    const due = instantOf(day, timeZone, every.at);
    if (Date.parse(due) > Date.parse(after)) return due;
  }
  throw new Error('a recurrence names no day');
}

/** How often tickets that nobody touched are looked for: a tenth of the stretch, between one minute and a quarter of an hour; in milliseconds. */
export function untouchedPace(stretch: Stretch): number {
  return Math.min(900_000, Math.max(60_000, Math.floor(stretchMilliseconds(stretch) / 10 / 60_000) * 60_000));
}
