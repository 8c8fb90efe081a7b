import { isDay } from '../conditions/days.ts';
import { isObject } from '../conditions/json.ts';
import { calendarLimits, dayNumber, dayText, weekdayOf, type BusinessCalendar, type DayException, type DayWindow, type Exceptions, type HolidaySource, type Weekday } from './calendar.ts';
import { exceptionsOfDay, windowsOfDay } from './prepare.ts';

/** A list could not be read (节假日数据无法读取): what stands in it at `day`, or the whole of it. */
export type HolidayProblem = { readonly code: 'not_a_list' | 'day' | 'meaning' | 'too_many'; readonly day?: string };

/**
 * Makes a source out of a list of holidays and make-up workdays (节假日数据转换).
 *
 * @param list `{day: 'holiday' | 'workday'}`, or as the package chinese-days has it: `{holidays, workdays}`, each `{day: name}`,
 *   where a name is `English,中文,days`. Anything else beside them (`inLieuDays`) is not looked at
 * @param options knownFrom, knownUntil: the first and last year the list speaks of. When absent they are read from it: a year
 *   is known when holidays fall into more than one of its months, as a New Year's holiday alone may belong to the list of the
 *   year before; the years known last without a gap count
 */
export function sourceFromDays(key: string, list: unknown, options: { knownFrom?: number; knownUntil?: number } = {}): { source: HolidaySource; problems: HolidayProblem[] } {
  const problems: HolidayProblem[] = [];
  const days: Record<string, DayException> = {};
  let count = 0;
  const put = (day: string, exception: DayException) => {
    if (!isDay(day)) problems.push({ code: 'day', day: String(day).slice(0, 40) });
    else if (count >= calendarLimits.days) problems.push({ code: 'too_many', day });
    else {
      days[day] = exception;
      count += 1;
    }
  };
  if (isObject(list) && (isObject(list['holidays']) || isObject(list['workdays']))) {
    for (const [day, name] of Object.entries(list['holidays'] ?? {})) put(day, { kind: 'holiday', ...named(name) });
    for (const [day, name] of Object.entries(list['workdays'] ?? {})) put(day, { kind: 'workday', ...named(name) });
  } else if (isObject(list)) {
    for (const [day, meaning] of Object.entries(list)) {
      if (meaning === 'holiday' || meaning === 'workday') put(day, { kind: meaning });
      else problems.push({ code: 'meaning', day: day.slice(0, 40) });
    }
  } else problems.push({ code: 'not_a_list' });
  const known = knownYears(days);
  const knownFrom = options.knownFrom ?? known?.first;
  const knownUntil = options.knownUntil ?? known?.last;
  return { source: { key, ...(knownFrom === undefined ? {} : { knownFrom }), ...(knownUntil === undefined ? {} : { knownUntil }), days }, problems: problems.slice(0, 100) };
}

/** `Spring Festival,春节,4` is 春节. */
function named(name: unknown): { name?: string } {
  if (typeof name !== 'string' || name === '') return {};
  const parts = name.split(',');
  return { name: (parts.length >= 2 ? parts[1]! : name).slice(0, calendarLimits.text) };
}

function knownYears(days: Exceptions): { first: number; last: number } | undefined {
  const months = new Map<number, Set<string>>();
  for (const [day, { kind }] of Object.entries(days)) {
    if (kind !== 'holiday') continue;
    const year = Number(day.slice(0, 4));
    months.set(year, (months.get(year) ?? new Set()).add(day.slice(5, 7)));
  }
  const isKnown = (year: number) => (months.get(year)?.size ?? 0) > 1;
  const last = Math.max(...[...months.keys()].filter(isKnown));
  if (!Number.isFinite(last)) return undefined;
  let first = last;
  while (isKnown(first - 1)) first -= 1;
  return { first, last };
}

/** How a day is worked and why (某一天的安排): for calendars as people look at them, and for explanations. */
export interface DayOutline {
  readonly day: string;
  readonly weekday: Weekday;
  readonly windows: readonly DayWindow[];
  /** The exceptions that apply, the last over those before; `source` is null for one of the organization's own. */
  readonly exceptions: readonly { readonly source: string | null; readonly exception: DayException }[];
  /** A source does not know this year's holidays yet. */
  readonly unpublished: boolean;
}

/** The outline of a day `YYYY-MM-DD`. */
export function outlineOfDay(calendar: BusinessCalendar, day: string): DayOutline {
  const number = dayNumber(day);
  const year = Number(day.slice(0, 4));
  return {
    day: dayText(number), weekday: weekdayOf(number), windows: windowsOfDay(calendar, number), exceptions: exceptionsOfDay(calendar, day),
    unpublished: (calendar.sources ?? []).some(({ knownFrom = -Infinity, knownUntil = Infinity }) => year < knownFrom || year > knownUntil),
  };
}
