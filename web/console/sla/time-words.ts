import type { SlaSay } from './texts.ts';

export const timeUnits = ['minute', 'hour', 'day'] as const;
export type TimeUnit = (typeof timeUnits)[number];
const lengths: Record<TimeUnit, number> = { minute: 1, hour: 60, day: 1_440 };

/** The largest unit in which so many minutes are a whole number. */
export function splitMinutes(minutes: number): { n: number; unit: TimeUnit } {
  const unit = minutes > 0 && minutes % 1_440 === 0 ? 'day' : minutes > 0 && minutes % 60 === 0 ? 'hour' : 'minute';
  return { n: minutes / lengths[unit], unit };
}

/** In whole minutes, no more than the interface takes. */
export const joinMinutes = (n: number, unit: TimeUnit): number => Math.max(-1_000_000_000, Math.min(1_000_000_000, Math.round(n * lengths[unit])));

/** A length in short words: 4 小时. Days are written as hours, for nobody works 24 of them. */
export function timeWords(say: SlaSay, minutes: number): string {
  const { n, unit } = splitMinutes(minutes);
  return unit === 'minute' ? say('time.minute', { count: n }) : say('time.hour', { count: unit === 'day' ? n * 24 : n });
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
