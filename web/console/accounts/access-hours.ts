import { weekdays, type Weekday, type WeeklyWindow } from '../../../rules/calendar/calendar.ts';
import { weekdayNames } from '../../../rules/calendar/describe-calendar.ts';
import { hoursOf, hoursText } from '../people/shift-hours.ts';

type Language = 'zh' | 'en';

/** Hours of a week as text (开放时间): days with the same hours on one line, `周一–周五 09:00–12:00 13:00–18:00`; nothing for a place that is open at any time. */
export function accessText(access: readonly WeeklyWindow[] | null, language: Language): string {
  if (access === null) return '';
  const of = (day: Weekday): string => hoursText(access.filter(({ weekday }) => weekday === day).toSorted((a, b) => a.startsMinute - b.startsMinute));
  const lines: { from: Weekday; to: Weekday; hours: string }[] = [];
  for (const day of weekdays) {
    const hours = of(day);
    const last = lines.at(-1);
    if (hours === '') continue;
    if (last && last.hours === hours && last.to === day - 1) last.to = day;
    else lines.push({ from: day, to: day, hours });
  }
  const name = (day: Weekday): string => weekdayNames[language][day];
  return lines.map(({ from, to, hours }) => `${from === to ? name(from) : `${name(from)}–${name(to)}`} ${hours}`).join('\n');
}

/** The week in such lines, in either language; null for an empty text, the number of the first line that is none. */
export function readAccess(text: string): { access: WeeklyWindow[] | null } | { line: number } {
  if (text.trim() === '') return { access: null };
  const access: WeeklyWindow[] = [];
  for (const [index, line] of text.normalize('NFKC').split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^\s*([^\d\s:]+(?:\s*[-–—~至]\s*[^\d\s:]+)?)[\s:]+(.+)$/u.exec(line);
    const days = match === null ? null : daysOf(match[1]!);
    const hours = match === null ? null : hoursOf(match[2]!);
    if (days === null || hours === null || hours.length === 0) return { line: index + 1 };
    for (const weekday of days) access.push(...hours.map((window) => ({ weekday, ...window })));
  }
  return { access };
}

function daysOf(text: string): Weekday[] | null {
  const named = (part: string): Weekday | null => {
    const found = weekdays.find((day) => (['zh', 'en'] as const).some((language) => weekdayNames[language][day].toLowerCase() === part.trim().toLowerCase()) || ['一', '二', '三', '四', '五', '六', '日天'][day - 1]!.split('').some((one) => part.trim() === `周${one}` || part.trim() === `星期${one}`));
    return found ?? null;
  };
  const [from, to = from, ...more] = text.split(/[-–—~至]/u).map(named);
  if (from === null || from === undefined || to === null || to === undefined || more.length > 0 || to < from) return null;
  return weekdays.filter((day) => day >= from && day <= to);
}
