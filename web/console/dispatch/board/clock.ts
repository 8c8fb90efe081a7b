import { formatDuration } from '../../../ui/time.ts';
import type { Language } from '../../../ui/preferences.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, language: Language, shape: 'time' | 'day'): Intl.DateTimeFormat {
  const key = `${zone} ${language} ${shape}`;
  let found = formatters.get(key);
  if (found === undefined) {
    const options: Intl.DateTimeFormatOptions = shape === 'time' ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { month: 'short', day: 'numeric', weekday: 'short' };
    found = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...options, timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

/** The time on the wall of the organization (组织时间): the board is about its day, wherever one looks from. */
export const timeIn = (zone: string, at: number, language: Language): string => formatter(zone, language, 'time').format(at);
export const dayWords = (zone: string, at: number, language: Language): string => formatter(zone, language, 'day').format(at);

/** A length with its sign: `+12 分`, `−1 小时 5 分`; full minutes. */
export function signed(length: number, language: Language): string {
  const minutes = Math.round(Math.abs(length) / 60_000) * 60_000;
  return `${length < 0 ? '−' : '+'}${shortly(minutes, language)}`;
}

/** A length in full minutes, less than one is one; a day and more, as of many people together, in hours. */
export function shortly(length: number, language: Language): string {
  if (length >= 86_400_000) return `${Math.round(length / 3_600_000)} ${language === 'en' ? 'h' : '小时'}`;
  if (length <= 0) return language === 'en' ? '0 min' : '0 分';
  return formatDuration(Math.max(60_000, Math.round(length / 60_000) * 60_000), language);
}
