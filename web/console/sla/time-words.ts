import type { SlaSay } from './texts.ts';

export type TimeUnit = 'minute' | 'hour' | 'day';
const lengths: Record<TimeUnit, number> = { minute: 1, hour: 60, day: 1_440 };

/** The largest unit in which so many minutes are a whole number. */
export function splitMinutes(minutes: number): { n: number; unit: TimeUnit } {
  const unit = minutes > 0 && minutes % 1_440 === 0 ? 'day' : minutes > 0 && minutes % 60 === 0 ? 'hour' : 'minute';
  return { n: minutes / lengths[unit], unit };
}

export const joinMinutes = (n: number, unit: TimeUnit): number => Math.round(n * lengths[unit]);

/** A length in short words: 4 小时. */
export function timeWords(say: SlaSay, minutes: number): string {
  const { n, unit } = splitMinutes(minutes);
  return unit === 'day' ? `${n * 24} ${say('unit.hour')}` : `${n} ${say(`unit.${unit}`)}`;
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
