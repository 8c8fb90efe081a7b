import { dayMilliseconds, dayNumber, dayText, minuteMilliseconds, minutesADay, weekdayOf, weekdays, type BusinessCalendar, type DayException, type DayWindow, type Weekday } from './calendar.ts';
import { zoneOf, type Zone } from './zone.ts';

/**
 * A calendar made ready for arithmetic. Working time is counted on the wall first: `worked(wall)` is the working time from a
 * fixed Monday to a wall clock's reading, had the clock never been changed. The week gives it in closed form and the
 * exceptions as running sums, so that it costs the same for an hour and for a century. Changes of the clock are laid over it
 * in working-time.ts.
 */

/** One day's windows in milliseconds, in order, apart from each other; `before[i]` is the working time before window i. */
export interface DayPlan {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly before: readonly number[];
  readonly total: number;
}

export interface PreparedCalendar {
  readonly zone: Zone;
  /** By weekday, Monday first. */
  readonly week: readonly DayPlan[];
  /** Working time of the week before each weekday; the eighth is that of the whole week. */
  readonly weekBefore: readonly number[];
  /** Days with exceptions as day numbers, in order. */
  readonly days: readonly number[];
  readonly plans: readonly DayPlan[];
  /** How much more (or less) was worked on all exceptions before the one at this place than by the week alone. */
  readonly surplus: readonly number[];
  /** `worked` at the beginning of each day with an exception. */
  readonly workedAt: readonly number[];
}

const prepared = new WeakMap<BusinessCalendar, PreparedCalendar>();
/** 1970-01-05, a Monday. */
const monday = 4;

/**
 * Prepares a calendar, once for each object: calendars are not changed in place.
 *
 * @throws {RangeError} when its zone is unknown
 */
export function prepareCalendar(calendar: BusinessCalendar): PreparedCalendar {
  let ready = prepared.get(calendar);
  if (!ready) {
    ready = makeReady(calendar);
    prepared.set(calendar, ready);
  }
  return ready;
}

function makeReady(calendar: BusinessCalendar): PreparedCalendar {
  const week = weekdays.map((weekday) => planOf(windowsOfWeekday(calendar, weekday)));
  const weekBefore = [0];
  for (const plan of week) weekBefore.push(weekBefore.at(-1)! + plan.total);
  const days = exceptionDays(calendar);
  const plans = days.map((day) => planOf(windowsOfDay(calendar, day)));
  const surplus = [0];
  const workedAt: number[] = [];
  for (const [index, day] of days.entries()) {
    workedAt.push(byWeek(weekBefore, day) + surplus[index]!);
    surplus.push(surplus[index]! + plans[index]!.total - week[weekdayOf(day) - 1]!.total);
  }
  return { zone: zoneOf(calendar.timeZone), week, weekBefore, days, plans, surplus, workedAt };
}

function exceptionDays(calendar: BusinessCalendar): number[] {
  const days = new Set<number>();
  for (const source of calendar.sources ?? []) for (const day of Object.keys(source.days)) days.add(dayNumber(day));
  for (const day of Object.keys(calendar.exceptions ?? {})) days.add(dayNumber(day));
  return [...days].filter(Number.isInteger).sort((a, b) => a - b);
}

/** The exceptions of a day in the order in which they apply, with the key of their source (null: the organization's own). */
export function exceptionsOfDay(calendar: BusinessCalendar, day: string): { source: string | null; exception: DayException }[] {
  const found: { source: string | null; exception: DayException }[] = [];
  for (const { key, days } of calendar.sources ?? []) if (Object.hasOwn(days, day)) found.push({ source: key, exception: days[day]! });
  if (calendar.exceptions && Object.hasOwn(calendar.exceptions, day)) found.push({ source: null, exception: calendar.exceptions[day]! });
  return found;
}

/** A day's windows with all exceptions, in order and joined where they touch or overlap. */
export function windowsOfDay(calendar: BusinessCalendar, number: number): DayWindow[] {
  let windows: readonly DayWindow[] = windowsOfWeekday(calendar, weekdayOf(number));
  for (const { exception } of exceptionsOfDay(calendar, dayText(number))) windows = except(windows, exception, calendar);
  return joinWindows(windows);
}

function except(windows: readonly DayWindow[], exception: DayException, calendar: BusinessCalendar): readonly DayWindow[] {
  switch (exception.kind) {
    case 'holiday': return [];
    case 'workday': return exception.windows ?? windowsOfWeekday(calendar, exception.weekday ?? makeUpWeekday(calendar));
    case 'open': return [...windows, ...exception.windows];
    case 'closed': return takeOut(windows, exception.windows);
  }
}

function windowsOfWeekday(calendar: BusinessCalendar, weekday: Weekday): readonly DayWindow[] {
  return calendar.windows.filter((window) => window.weekday === weekday);
}

function makeUpWeekday(calendar: BusinessCalendar): Weekday {
  return calendar.makeUpWeekday ?? weekdays.find((weekday) => calendar.windows.some((window) => window.weekday === weekday)) ?? 1;
}

/** In order, without what lies outside of the day or is empty; those that touch or overlap become one, so nothing counts twice. */
export function joinWindows(windows: readonly DayWindow[]): DayWindow[] {
  const joined: { startsMinute: number; endsMinute: number }[] = [];
  const inDay = windows.map(({ startsMinute, endsMinute }) => ({ startsMinute: Math.max(startsMinute, 0), endsMinute: Math.min(endsMinute, minutesADay) }));
  for (const window of inDay.filter(({ startsMinute, endsMinute }) => startsMinute < endsMinute).sort((a, b) => a.startsMinute - b.startsMinute)) {
    const last = joined.at(-1);
    if (last && window.startsMinute <= last.endsMinute) last.endsMinute = Math.max(last.endsMinute, window.endsMinute);
    else joined.push({ startsMinute: window.startsMinute, endsMinute: window.endsMinute });
  }
  return joined;
}

function takeOut(windows: readonly DayWindow[], closed: readonly DayWindow[]): DayWindow[] {
  let rest = joinWindows(windows);
  for (const out of joinWindows(closed)) {
    rest = rest.flatMap(({ startsMinute, endsMinute }) => [
      { startsMinute, endsMinute: Math.min(endsMinute, out.startsMinute) },
      { startsMinute: Math.max(startsMinute, out.endsMinute), endsMinute },
    ]).filter((window) => window.startsMinute < window.endsMinute);
  }
  return rest;
}

function planOf(windows: readonly DayWindow[]): DayPlan {
  const joined = joinWindows(windows);
  const before: number[] = [];
  let total = 0;
  for (const { startsMinute, endsMinute } of joined) {
    before.push(total);
    total += (endsMinute - startsMinute) * minuteMilliseconds;
  }
  return { starts: joined.map((window) => window.startsMinute * minuteMilliseconds), ends: joined.map((window) => window.endsMinute * minuteMilliseconds), before, total };
}

function byWeek(weekBefore: readonly number[], day: number): number {
  const weeks = Math.floor((day - monday) / 7);
  return weeks * weekBefore[7]! + weekBefore[day - monday - weeks * 7]!;
}

/** The place of the first exception on or after a day. */
function placeOf(days: readonly number[], day: number): number {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The windows of a day. */
export function planOfDay(calendar: PreparedCalendar, day: number): DayPlan {
  const place = placeOf(calendar.days, day);
  return calendar.days[place] === day ? calendar.plans[place]! : calendar.week[weekdayOf(day) - 1]!;
}

/** Working time from the fixed Monday to a wall clock's reading (milliseconds as if it were UTC); negative before that Monday. */
export function worked(calendar: PreparedCalendar, wall: number): number {
  const day = Math.floor(wall / dayMilliseconds);
  const place = placeOf(calendar.days, day);
  const plan = calendar.days[place] === day ? calendar.plans[place]! : calendar.week[weekdayOf(day) - 1]!;
  let inDay = 0;
  const time = wall - day * dayMilliseconds;
  for (let index = plan.starts.length - 1; index >= 0; index -= 1) {
    if (time <= plan.starts[index]!) continue;
    inDay = plan.before[index]! + Math.min(time, plan.ends[index]!) - plan.starts[index]!;
    break;
  }
  return byWeek(calendar.weekBefore, day) + calendar.surplus[place]! + inDay;
}

/** The first reading of a wall clock at which so much is {@link worked}; null when it never is. */
export function wallWhenWorked(calendar: PreparedCalendar, target: number): number | null {
  const { days, plans, workedAt, surplus } = calendar;
  // The last exception before whose day less than that is worked.
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (workedAt[middle]! < target) low = middle + 1;
    else high = middle;
  }
  const place = low - 1;
  if (place >= 0) {
    const rest = target - workedAt[place]!;
    if (rest <= plans[place]!.total) return days[place]! * dayMilliseconds + timeInPlan(plans[place]!, rest);
  }
  return wallByWeek(calendar, target - surplus[place + 1]!);
}

function wallByWeek({ week, weekBefore }: PreparedCalendar, target: number): number | null {
  const ofWeek = weekBefore[7]!;
  if (ofWeek === 0) return null;
  const weeks = Math.ceil(target / ofWeek) - 1;
  const rest = target - weeks * ofWeek;
  let weekday = 0;
  while (weekBefore[weekday + 1]! < rest) weekday += 1;
  return (monday + weeks * 7 + weekday) * dayMilliseconds + timeInPlan(week[weekday]!, rest - weekBefore[weekday]!);
}

/** The first time of day by which so much of the day, more than nothing, is worked. */
function timeInPlan(plan: DayPlan, amount: number): number {
  let index = plan.starts.length - 1;
  while (plan.before[index]! >= amount) index -= 1;
  return plan.starts[index]! + amount - plan.before[index]!;
}
