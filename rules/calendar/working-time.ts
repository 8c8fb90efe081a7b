import { dayMilliseconds, dayText, earliestInstant, latestInstant, minuteMilliseconds, type BusinessCalendar } from './calendar.ts';
import { planOfDay, prepareCalendar, wallWhenWorked, worked, type PreparedCalendar } from './prepare.ts';
import { within } from './zone.ts';

/**
 * Arithmetic in working time (工作时间计算).
 *
 * An instant is working time when the clock on the wall shows a time within a window of the day it shows. So a time that the
 * clock skips is never worked, and one that it shows twice is worked twice: 00:00–24:00 has 23 or 25 hours on the days of a
 * change. The calendar must be without problems (checkCalendar); instants are milliseconds, whole ones.
 */

/** An instant, or why there is none: the calendar has no (more) working time, or it takes more than {@link horizonYears} years. */
export type Found = { readonly at: number } | { readonly at: null; readonly reason: 'no_working_time' | 'too_far' };

/** How far ahead a deadline may lie. */
export const horizonYears = 100;
const horizon = horizonYears * 365.25 * dayMilliseconds;

export interface WorkingInterval {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** Working time from one instant to another, in milliseconds; 0 when the second is not later. */
export function workingMillisecondsBetween(calendar: BusinessCalendar, from: number, to: number): number {
  const ready = prepareCalendar(calendar);
  const end = Math.min(to, latestInstant);
  let at = Math.max(from, earliestInstant);
  let sum = 0;
  while (at < end) {
    const { offset, until } = ready.zone.spanAt(at);
    const next = Math.min(until, end);
    sum += worked(ready, next + offset) - worked(ready, at + offset);
    at = next;
  }
  return sum;
}

/** Working time from one instant to another in whole minutes (工作分钟数), the last one begun not counted. */
export function businessMinutesBetween(calendar: BusinessCalendar, from: number, to: number): number {
  return Math.floor(workingMillisecondsBetween(calendar, from, to) / minuteMilliseconds);
}

/** Whether an instant is working time (是否在工作时间). */
export function isWorkingTime(calendar: BusinessCalendar, at: number): boolean {
  return workingMillisecondsBetween(calendar, at, at + 1) === 1;
}

/**
 * The first instant by which so much working time has passed since `from` (加上工作时间). Time that ends with a window is
 * over at the end of that window, not at the beginning of the next: three hours from 15:00 on a Friday that ends at 18:00
 * are over on Friday at 18:00. No time at all is over at once, also outside of working time.
 *
 * @param duration milliseconds
 */
export function addWorkingTime(calendar: BusinessCalendar, from: number, duration: number): Found {
  if (!(duration > 0)) return { at: from };
  const ready = prepareCalendar(calendar);
  const end = Math.min(from + horizon, latestInstant);
  let rest = Math.ceil(duration);
  let at = Math.max(from, earliestInstant);
  while (at < end) {
    const { offset, until } = ready.zone.spanAt(at);
    const before = worked(ready, at + offset);
    const available = worked(ready, until + offset) - before;
    if (available >= rest) {
      const found = wallWhenWorked(ready, before + rest)! - offset;
      return found <= end ? { at: found } : { at: null, reason: 'too_far' };
    }
    if (isOver(ready, until + offset)) return { at: null, reason: 'no_working_time' };
    rest -= available;
    at = until;
  }
  return { at: null, reason: 'too_far' };
}

/** The first instant from `from` on that is working time (下一个工作时刻); `from` itself when it is. */
export function nextWorkingInstant(calendar: BusinessCalendar, from: number): Found {
  const found = addWorkingTime(calendar, from, 1);
  return found.at === null ? found : { at: found.at - 1 };
}

/** Whether nothing is worked any more after a reading of the wall clock. */
function isOver(ready: PreparedCalendar, wall: number): boolean {
  return ready.weekBefore[7] === 0 && wall >= ((ready.days.at(-1) ?? -Infinity) + 1) * dayMilliseconds;
}

/**
 * The stretches of working time between two instants in order (工作时段), cut to them; those that touch, as at midnight,
 * are one. They are made as they are asked for.
 */
export function* workingIntervals(calendar: BusinessCalendar, from: number, to: number): Generator<WorkingInterval, void, void> {
  const ready = prepareCalendar(calendar);
  const end = Math.min(to, latestInstant);
  let at = Math.max(from, earliestInstant);
  let [openedAt, closedAt] = [NaN, NaN];
  while (at < end) {
    const { offset, until } = ready.zone.spanAt(at);
    const [first, last] = [at + offset, Math.min(until, end) + offset];
    if (isOver(ready, first)) break;
    for (let day = Math.floor(first / dayMilliseconds); day * dayMilliseconds < last; day += 1) {
      const { starts, ends } = planOfDay(ready, day);
      for (let index = 0; index < starts.length; index += 1) {
        const start = Math.max(starts[index]! + day * dayMilliseconds, first) - offset;
        const stop = Math.min(ends[index]! + day * dayMilliseconds, last) - offset;
        if (start >= stop) continue;
        if (start !== closedAt) {
          if (openedAt < closedAt) yield { from: openedAt, to: closedAt };
          openedAt = start;
        }
        closedAt = stop;
      }
    }
    at = Math.min(until, end);
  }
  if (openedAt < closedAt) yield { from: openedAt, to: closedAt };
}

/** The day an instant falls on in a calendar's zone (当地日期), `YYYY-MM-DD`. */
export function dayAt(calendar: BusinessCalendar, at: number): string {
  const near = within(at);
  return dayText(Math.floor((near + prepareCalendar(calendar).zone.spanAt(near).offset) / dayMilliseconds));
}

/**
 * The years touched between two instants of which a source does not know the holidays (节假日尚未公布的年份): what is reckoned
 * there is what the week alone says, and may change.
 */
export function unpublishedYears(calendar: BusinessCalendar, from: number, to: number): number[] {
  const bounded = (calendar.sources ?? []).filter(({ knownFrom, knownUntil }) => knownFrom !== undefined || knownUntil !== undefined);
  if (bounded.length === 0) return [];
  const [first, last] = [Number(dayAt(calendar, from).slice(0, 4)), Number(dayAt(calendar, Math.max(from, to)).slice(0, 4))];
  const years: number[] = [];
  for (let year = first; year <= last; year += 1) {
    if (bounded.some(({ knownFrom = -Infinity, knownUntil = Infinity }) => year < knownFrom || year > knownUntil)) years.push(year);
  }
  return years;
}
