import { weekdays, type DayWindow, type Weekday, type WeeklyWindow } from '../../../rules/calendar/calendar.ts';
import { weekOf } from '../../../rules/shifts/shifts.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Minutes after midnight in words: `09:00`, `24:00`. */
export const clockOf = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** A time of the day as people type it (时刻录入): `9`, `930`, `9:30`, `２４：００`; in minutes, null when it is none. */
export function minuteOf(text: string): number | null {
  const match = /^(\d{1,2})(?::?(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  if (match === null) return null;
  const [hours, minutes] = [Number(match[1]), Number(match[2] ?? 0)];
  return minutes > 59 || hours * 60 + minutes > 1440 ? null : hours * 60 + minutes;
}

/** Hours of a weekday as they are entered: 09:00 to 18:00; an end that is not later is that of the next day. As typed. */
export interface EnteredHours { start: string; end: string }
export type EnteredWeek = Readonly<Record<Weekday, readonly EnteredHours[]>>;

/** A week of windows for its editor (录入用的一周). */
export function enteredOf(windows: readonly WeeklyWindow[]): EnteredWeek {
  return Object.fromEntries(weekdays.map((weekday) => [weekday, windows.filter((window) => window.weekday === weekday).map(({ startsMinute, endsMinute }) => ({ start: clockOf(startsMinute), end: clockOf(endsMinute) }))])) as unknown as EnteredWeek;
}

const timesOf = ({ start, end }: EnteredHours): { startsMinute: number; endsMinute: number } | null => {
  const [startsMinute, endsMinute] = [minuteOf(start), minuteOf(end)];
  // The end of a day is 24:00, and 00:00 to whoever types so.
  return startsMinute === null || startsMinute === 1440 || endsMinute === null ? null : { startsMinute, endsMinute: endsMinute === 0 ? 1440 : endsMinute };
};

/** The windows that were entered, nights cut at midnight; null while a time is missing or none. */
export function windowsOf(week: EnteredWeek): WeeklyWindow[] | null {
  const entered = weekdays.flatMap((weekday) => week[weekday].map((hours) => ({ weekday, times: timesOf(hours) })));
  return entered.some(({ times }) => times === null) ? null : weekOf(entered.map(({ weekday, times }) => ({ weekday, ...times! })));
}

/** Whether hours end on the next day. */
export function endsNextDay(hours: EnteredHours): boolean {
  const times = timesOf(hours);
  return times !== null && times.endsMinute <= times.startsMinute;
}

/** Hours of one day as text (单日时段): `9:00-12:00 13:00-18:00`, also with full-width signs; null when it is none. */
export function hoursOf(text: string): DayWindow[] | null {
  const parts = text.normalize('NFKC').replaceAll(/\s*[-–—~至]\s*/g, '-').split(/[\s,;、]+/).filter((part) => part !== '');
  const windows: DayWindow[] = [];
  for (const part of parts) {
    const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(part);
    if (match === null) return null;
    const [fromHour, fromMinute, toHour, toMinute] = match.slice(1).map(Number) as [number, number, number, number];
    const [startsMinute, endsMinute] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
    if (fromMinute > 59 || toMinute > 59 || startsMinute >= endsMinute || endsMinute > 1440) return null;
    windows.push({ startsMinute, endsMinute });
  }
  return windows;
}

/** Windows of a day in words: `09:00–12:00 13:30–18:00`. */
export const hoursText = (windows: readonly DayWindow[], dash = '–'): string => windows.map(({ startsMinute, endsMinute }) => `${clockOf(startsMinute)}${dash}${clockOf(endsMinute)}`).join(' ');
