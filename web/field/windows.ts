import { formatDate, formatTime } from '../ui/time.ts';
import type { Language } from '../ui/preferences.ts';

const names = {
  'zh-CN': { today: '今天', tomorrow: '明天', yesterday: '昨天' },
  en: { today: 'today', tomorrow: 'tomorrow', yesterday: 'yesterday' },
} as const;

/** The day of a moment as one says it: `今天`, `明天`, `11月24日`. */
export function formatDay(moment: string, now: number, language: Language): string {
  const midnight = (at: number): number => new Date(at).setHours(12, 0, 0, 0);
  const days = Math.round((midnight(new Date(moment).getTime()) - midnight(now)) / 86_400_000);
  if (days === 0) return names[language].today;
  if (days === 1) return names[language].tomorrow;
  if (days === -1) return names[language].yesterday;
  return formatDate(moment, now, language);
}

/**
 * A promised window (预约时段): `14:00–15:30` when it is today, else with its day before it.
 *
 * @returns null when nothing was promised
 */
export function formatWindow(visit: { windowStart: string | null; windowEnd: string | null }, now: number, language: Language): string | null {
  const first = visit.windowStart ?? visit.windowEnd;
  if (first === null) return null;
  const times =
    visit.windowStart !== null && visit.windowEnd !== null
      ? `${formatTime(visit.windowStart, language)}–${formatTime(visit.windowEnd, language)}`
      : formatTime(first, language);
  const day = formatDay(first, now, language);
  return day === names[language].today ? times : `${day} ${times}`;
}
