/**
 * The business calendar (工作日历): when an organization works, as data. Windows by the clock on the wall of one IANA zone,
 * holidays and make-up workdays from published lists, and own exceptions over them. How it is reckoned with:
 * working-time.ts; whether it is well formed: check-calendar.ts.
 *
 * Instants are milliseconds since 1970-01-01T00:00Z everywhere in rules/calendar, days are `YYYY-MM-DD` in the calendar's zone.
 */

/** A part of a day by the clock on the wall, half-open: from `startsMinute` (included) to `endsMinute` (not). 0 to 1440, which is 24:00. */
export interface DayWindow {
  readonly startsMinute: number;
  readonly endsMinute: number;
}

/** Monday is 1, Sunday 7 (ISO 8601). */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const satisfies readonly Weekday[];

export interface WeeklyWindow extends DayWindow {
  readonly weekday: Weekday;
}

export const exceptionKinds = ['holiday', 'workday', 'closed', 'open'] as const;
export type ExceptionKind = (typeof exceptionKinds)[number];

/**
 * What a day is instead of what its weekday says (例外).
 * holiday 假日: nobody works · workday 调休上班: worked, in its own windows or those of a weekday · closed 部分停工: these windows
 * are taken out · open 加班: these windows are added.
 */
export type DayException =
  | { readonly kind: 'holiday'; readonly name?: string }
  /** Without windows it is worked like `weekday`, or like the calendar's {@link BusinessCalendar.makeUpWeekday}. */
  | { readonly kind: 'workday'; readonly name?: string; readonly windows?: readonly DayWindow[]; readonly weekday?: Weekday }
  | { readonly kind: 'closed' | 'open'; readonly name?: string; readonly windows: readonly DayWindow[] };

/** Exceptions by day, `YYYY-MM-DD`. */
export type Exceptions = Readonly<Record<string, DayException>>;

/** A published list (节假日来源), for instance that of China's State Council. */
export interface HolidaySource {
  readonly key: string;
  /** The first and the last year it speaks of; of any other year it is not known yet what will be a holiday. Absent: all. */
  readonly knownFrom?: number;
  readonly knownUntil?: number;
  readonly days: Exceptions;
}

export interface BusinessCalendar {
  /** IANA, `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly windows: readonly WeeklyWindow[];
  /** The weekday like which a make-up workday is worked; absent: the first from Monday on that has windows. */
  readonly makeUpWeekday?: Weekday;
  /** Applied in order, a later one over an earlier one. */
  readonly sources?: readonly HolidaySource[];
  /** Those of the organization itself, over all sources. */
  readonly exceptions?: Exceptions;
}

/** Limits of every calendar. */
export const calendarLimits = { windows: 100, windowsADay: 24, sources: 10, days: 5_000, text: 200, firstYear: 1900, lastYear: 2399 } as const;

export const minutesADay = 1_440;
export const dayMilliseconds = 86_400_000;
export const minuteMilliseconds = 60_000;

/** Reckoning goes from here (included) to {@link latestInstant} (not); what lies beyond counts as without working time. */
export const earliestInstant = Date.UTC(calendarLimits.firstYear, 0, 1);
export const latestInstant = Date.UTC(calendarLimits.lastYear + 1, 0, 1);

/** Days since 1970-01-01 of a day `YYYY-MM-DD`; NaN when it has another form. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / dayMilliseconds;
}

/** The day so many days after 1970-01-01, `YYYY-MM-DD`. */
export function dayText(number: number): string {
  return new Date(number * dayMilliseconds).toISOString().slice(0, 10);
}

/** The weekday of a day as counted from 1970-01-01, which was a Thursday. */
export function weekdayOf(number: number): Weekday {
  return ((((number + 3) % 7) + 7) % 7 + 1) as Weekday;
}
