import { minutesADay, dayMilliseconds, dayNumber, dayText, weekdays, type BusinessCalendar, type DayWindow, type WeeklyWindow } from '../calendar/calendar.ts';
import { checkCalendar } from '../calendar/check-calendar.ts';
import { joinWindows, windowsOfDay } from '../calendar/prepare.ts';
import { workingIntervals } from '../calendar/working-time.ts';
import { instantAt, zoneOf } from '../calendar/zone.ts';
import type { DefinitionProblem } from '../conditions/json.ts';

/**
 * Who works when (班次), as data: a week by the clock on the wall of one zone, and single local days that differ. Windows are
 * half-open and end at 24:00 at the latest; a night shift is two of them, on two days. Reckoned with by rules/calendar.
 */
export interface Schedule {
  /** IANA. */
  readonly timeZone: string;
  readonly windows: readonly WeeklyWindow[];
  /** By local day, `YYYY-MM-DD`: worked in these windows instead of those of the week; off when there are none. */
  readonly exceptions: Readonly<Record<string, ShiftException>>;
}

export interface ShiftException {
  readonly windows: readonly DayWindow[];
  readonly note: string | null;
}

/** A stretch of time, half-open, in milliseconds. */
export interface Interval { from: number; to: number }

/** What is stored of a person or a team: `windows` null means that a person works as their team does. */
export interface StoredSchedule {
  timeZone: string | null;
  windows: readonly WeeklyWindow[] | null;
  exceptions: Readonly<Record<string, ShiftException>>;
}

/** When somebody can be called out beside their shifts (待命安排). */
export type OnCallHours = Pick<Schedule, 'windows' | 'exceptions'>;

/** Whose week somebody works. */
export type ScheduleSource = 'own' | 'team' | 'none';

export const shiftLimits = { windows: 70, windowsADay: 10, exceptions: 400, note: 100, rosterDays: 62 } as const;

/**
 * The schedule that holds for a person (生效班次): their own week, else their team's; their own exceptional days over the
 * team's, which hold only for those who work its week.
 */
export function scheduleOf(own: StoredSchedule | null, team: StoredSchedule | null, timeZone: string): { schedule: Schedule; source: ScheduleSource } {
  if (own?.windows) return { schedule: { timeZone: own.timeZone ?? timeZone, windows: own.windows, exceptions: own.exceptions }, source: 'own' };
  const exceptions = { ...team?.exceptions, ...own?.exceptions };
  if (team?.windows) return { schedule: { timeZone: team.timeZone ?? timeZone, windows: team.windows, exceptions }, source: 'team' };
  return { schedule: { timeZone: own?.timeZone ?? timeZone, windows: [], exceptions }, source: 'none' };
}

// An object that stays is prepared once.
const calendars = new WeakMap<Schedule, BusinessCalendar>();

/** The schedule as a calendar to reckon with. */
export function calendarOf(schedule: Schedule): BusinessCalendar {
  const known = calendars.get(schedule);
  if (known) return known;
  const calendar: BusinessCalendar = {
    timeZone: schedule.timeZone, windows: schedule.windows,
    exceptions: Object.fromEntries(Object.entries(schedule.exceptions).map(([day, { windows }]) => [day, windows.length === 0 ? { kind: 'holiday' } : { kind: 'workday', windows }])),
  };
  calendars.set(schedule, calendar);
  return calendar;
}

/** What is wrong with a schedule (班次校验): as with a calendar, except that nobody has to work at all. */
export function checkSchedule(schedule: Schedule): DefinitionProblem[] {
  return checkCalendar(calendarOf(schedule)).filter(({ code }) => code !== 'no_working_time');
}

/**
 * When somebody is at work between two instants (在岗时段): their shifts without the stretches they are away.
 *
 * @param away in any order; they may overlap
 */
export function shiftsBetween(schedule: Schedule, from: number, to: number, away: readonly Interval[] = []): Interval[] {
  const gone = away.filter((one) => one.from < one.to).sort((a, b) => a.from - b.from);
  const present: Interval[] = [];
  for (const shift of workingIntervals(calendarOf(schedule), from, to)) {
    let at = shift.from;
    for (const one of gone) {
      if (one.from >= shift.to || one.to <= at) continue;
      if (one.from > at) present.push({ from: at, to: one.from });
      at = Math.max(at, one.to);
    }
    if (at < shift.to) present.push({ from: at, to: shift.to });
  }
  return present;
}

/** One local day of a roster. */
export interface RosterDay {
  day: string;
  windows: DayWindow[];
  /** Set where the day differs from the week; '' without a note. */
  exception: string | null;
  /** Whether they are away for any part of what they would work. */
  absent: boolean;
}

/** The local days from one to another, the last not included (班表). */
export function rosterDays(schedule: Schedule, first: string, end: string, away: readonly Interval[] = []): RosterDay[] {
  const calendar = calendarOf(schedule);
  const days: RosterDay[] = [];
  for (let number = dayNumber(first); number < dayNumber(end); number += 1) {
    const day = dayText(number);
    const exception = Object.hasOwn(schedule.exceptions, day) ? schedule.exceptions[day]!.note ?? '' : null;
    const span = spanOfDays(schedule.timeZone, day, dayText(number + 1));
    const absent = away.some((one) => one.from < span.to && one.to > span.from)
      && [...workingIntervals(calendar, span.from, span.to)].some((shift) => away.some((one) => one.from < shift.to && one.to > shift.from));
    days.push({ day, windows: windowsOfDay(calendar, number), exception, absent });
  }
  return days;
}

/** The instants at which local days begin and end; 23 or 25 hours where the clock changes. */
export function spanOfDays(timeZone: string, first: string, end: string): Interval {
  const zone = zoneOf(timeZone);
  return { from: instantAt(zone, dayNumber(first) * dayMilliseconds), to: instantAt(zone, dayNumber(end) * dayMilliseconds) };
}

/**
 * The windows of a week as they are entered, where an end before its start means the next day (跨夜班次): cut at midnight,
 * those that touch joined.
 */
export function weekOf(entered: readonly WeeklyWindow[]): WeeklyWindow[] {
  const cut = entered.flatMap((window): WeeklyWindow[] => (window.endsMinute > window.startsMinute ? [window] : [
    { ...window, endsMinute: minutesADay },
    { weekday: (window.weekday === 7 ? 1 : window.weekday + 1) as WeeklyWindow['weekday'], startsMinute: 0, endsMinute: window.endsMinute },
  ]));
  return weekdays.flatMap((weekday) => joinWindows(cut.filter((window) => window.weekday === weekday)).map((window) => ({ weekday, ...window })));
}
