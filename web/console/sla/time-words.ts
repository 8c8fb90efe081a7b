import type { CalendarDefinition } from '../../../contract/calendar.ts';
import type { SlaSay } from './texts.ts';

export const timeUnits = ['minute', 'hour', 'day'] as const;
export type TimeUnit = (typeof timeUnits)[number];
/** Round the clock. */
export const wholeDay = 1_440;

/** The working minutes of a day of a calendar (一个工作日), on the average of the weekdays on which something is worked. */
export function minutesADay(calendar: CalendarDefinition | null | undefined): number {
  const windows = calendar?.windows ?? [];
  const days = new Set(windows.map((window) => window.weekday)).size;
  return days === 0 ? wholeDay : Math.round(windows.reduce((sum, window) => sum + window.endsMinute - window.startsMinute, 0) / days);
}

const lengthOf = (unit: TimeUnit, day: number): number => (unit === 'day' ? day : unit === 'hour' ? 60 : 1);

/** The largest unit in which so many minutes are a whole number; `day`: how long a day of the calendar is. */
export function splitMinutes(minutes: number, day = wholeDay): { n: number; unit: TimeUnit } {
  const unit = minutes > 0 && minutes % day === 0 ? 'day' : minutes > 0 && minutes % 60 === 0 ? 'hour' : 'minute';
  return { n: minutes / lengthOf(unit, day), unit };
}

/** In whole minutes, no more than the interface takes. */
export const joinMinutes = (n: number, unit: TimeUnit, day = wholeDay): number => Math.max(-1_000_000_000, Math.min(1_000_000_000, Math.round(n * lengthOf(unit, day))));

/** A length in short words: 4 小时, 2 个工作日. Where the calendar's day is not known, days are hours, for nobody works 24 of them. */
export function timeWords(say: SlaSay, minutes: number, day?: number): string {
  const { n, unit } = splitMinutes(minutes, day);
  if (unit === 'minute') return say('time.minute', { count: n });
  if (unit === 'day' && day !== undefined) return say(day === wholeDay ? 'time.wholeDay' : 'time.day', { count: n });
  return say(day === undefined || day === wholeDay ? 'time.hour' : 'time.workHour', { count: unit === 'day' ? n * 24 : n });
}

/** A length that was measured: 36 分钟, 5.2 小时, 3.1 天. */
export function lengthWords(say: SlaSay, minutes: number): string {
  const rounded = (n: number) => Math.round(n * 10) / 10;
  return minutes < 90 ? say('time.minute', { count: Math.round(minutes) }) : minutes < 2 * wholeDay ? say('time.hour', { count: rounded(minutes / 60) }) : say('time.wholeDay', { count: rounded(minutes / wholeDay) });
}

/** `09:00` of minutes from midnight; 1440 is 24:00. */
export const clockText = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Minutes from midnight of what was typed: 9, 930, 9:30, 24:00; null for what is no time. */
export function readClock(text: string): number | null {
  const match = /^\s*(\d{1,2})(?:[:：.]?(\d{2}))?\s*$/.exec(text);
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2] ?? 0);
  return minute <= 1_440 && Number(match[2] ?? 0) < 60 ? minute : null;
}
