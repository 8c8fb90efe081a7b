import { workingIntervals } from '../calendar/working-time.ts';
import type { ClockRecord, PauseCause } from './clock-record.ts';
import { clockState, stretchesOf, type Calendars } from './clock-state.ts';

/** A piece of a clock's life in which it counted all the time, or not at all (计时区间). */
export interface ClockInterval {
  readonly from: number;
  readonly to: number;
  readonly kind: 'running' | 'outside_hours' | 'paused';
  /** Of a pause. */
  readonly cause: PauseCause | null;
  /** The place of the promise that counted. */
  readonly promise: number;
  /** After the time was over. */
  readonly overdue: boolean;
  /** After `now`: as it will be if nothing happens. */
  readonly ahead: boolean;
}

/** How many intervals are shown at most: of a clock that ran for years, the first. */
export const intervalLimit = 2_000;

/** A clock's life piece by piece, from its start to its end, to now, or to the time it is due where that is still ahead. */
export function clockIntervals(clock: ClockRecord, calendars: Calendars, now: number, limit: number = intervalLimit): { intervals: ClockInterval[]; complete: boolean } {
  const { dueAt, breachedAt } = clockState(clock, calendars, now);
  const overdueFrom = breachedAt ?? dueAt ?? Infinity;
  const end = clock.stoppedAt ?? Math.max(now, dueAt ?? now);
  const intervals: ClockInterval[] = [];
  const put = (from: number, to: number, kind: ClockInterval['kind'], cause: PauseCause | null, promise: number) => {
    const cuts = [from, ...[overdueFrom, now].filter((cut) => cut > from && cut < to).sort((a, b) => a - b), to];
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const [start, stop] = [cuts[index]!, cuts[index + 1]!];
      if (start < stop) intervals.push({ from: start, to: stop, kind, cause, promise, overdue: start >= overdueFrom, ahead: start >= now });
    }
  };
  for (const { from, to, paused, promise } of stretchesOf(clock, calendars)) {
    const until = to ?? end;
    if (paused) {
      put(from, until, 'paused', paused, promise);
      continue;
    }
    const calendar = calendars[clock.promises[promise]!.target.calendar];
    let at = from;
    for (const working of calendar ? workingIntervals(calendar, from, until) : []) {
      put(at, working.from, 'outside_hours', null, promise);
      put(working.from, working.to, 'running', null, promise);
      at = working.to;
      if (intervals.length >= limit) return { intervals: intervals.slice(0, limit), complete: false };
    }
    put(at, until, 'outside_hours', null, promise);
  }
  return { intervals: intervals.slice(0, limit), complete: intervals.length <= limit };
}
