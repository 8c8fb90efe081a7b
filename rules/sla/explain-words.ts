import { dayMilliseconds, dayText, minuteMilliseconds, weekdayOf } from '../calendar/calendar.ts';
import { timeText, weekdayNames } from '../calendar/describe-calendar.ts';
import { wallClock, zoneOf } from '../calendar/zone.ts';
import { statusNames, type WaitingFor } from '../ticket/lifecycle.ts';
import type { PauseCause } from './clock-record.ts';

/** How times, lengths and causes are said in explanations (说明用语). */
export type Language = 'zh' | 'en';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A length of time in words, whole minutes: 1天 is never said, for a working day has no fixed length. */
export function lengthText(milliseconds: number, language: Language): string {
  const minutes = Math.floor(Math.abs(milliseconds) / minuteMilliseconds);
  if (minutes === 0) return milliseconds === 0 ? (language === 'zh' ? '0 分钟' : '0 min') : language === 'zh' ? '不到 1 分钟' : 'less than a minute';
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = language === 'zh'
    ? [hours > 0 ? `${hours} 小时` : '', rest > 0 ? `${rest} 分钟` : '']
    : [hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** How a reader sees instants: in a zone, with the year where it is not `year`. */
export interface Viewpoint {
  readonly timeZone: string;
  readonly year: number;
  readonly language: Language;
}

function wallOf(at: number, timeZone: string): { day: number; minute: number } {
  const wall = wallClock(zoneOf(timeZone), at);
  const day = Math.floor(wall / dayMilliseconds);
  return { day, minute: Math.floor((wall - day * dayMilliseconds) / minuteMilliseconds) };
}

/** The year of an instant in a zone. */
export function yearOf(at: number, timeZone: string): number {
  return Number(dayText(wallOf(at, timeZone).day).slice(0, 4));
}

function dayWords(day: number, { year, language }: Viewpoint): string {
  const text = dayText(day);
  const [y, m, d] = text.split('-').map(Number) as [number, number, number];
  const weekday = weekdayNames[language][weekdayOf(day)];
  if (language === 'zh') return `${y === year ? '' : `${y}年`}${m}月${d}日 ${weekday}`;
  return `${weekday} ${d} ${months[m - 1]}${y === year ? '' : ` ${y}`}`;
}

/** 11月20日 周五 15:00 */
export function instantText(at: number, view: Viewpoint): string {
  const { day, minute } = wallOf(at, view.timeZone);
  return `${dayWords(day, view)} ${timeText(minute)}`;
}

/** 11月20日 周五 15:00–18:00; midnight at the end is 24:00. */
export function rangeText(from: number, to: number, view: Viewpoint): string {
  const start = wallOf(from, view.timeZone);
  const end = wallOf(to, view.timeZone);
  const beginning = `${dayWords(start.day, view)} ${timeText(start.minute)}`;
  const atMidnight = end.minute === 0 && end.day === start.day + 1;
  if (end.day === start.day || atMidnight) return `${beginning}–${timeText(atMidnight ? 1_440 : end.minute)}`;
  return view.language === 'zh' ? `${beginning} 至 ${dayWords(end.day, view)} ${timeText(end.minute)}` : `${beginning} to ${dayWords(end.day, view)} ${timeText(end.minute)}`;
}

const waits: Record<Language, Record<WaitingFor, string>> = {
  zh: { customer: '等待客户', supplier: '等待供应商', part: '等待备件', other: '等待其他' },
  en: { customer: 'waiting for the customer', supplier: 'waiting for a supplier', part: 'waiting for a part', other: 'waiting for something else' },
};

/** Why a clock stood still. */
export function causeText(cause: PauseCause, statusName: (id: string) => string | undefined, language: Language): string {
  switch (cause.kind) {
    case 'no_target': return language === 'zh' ? '期间没有适用的时限' : 'nothing was promised meanwhile';
    case 'settled': {
      const name = statusNames[cause.status][language];
      return language === 'zh' ? `工单${name}，之后重新打开` : `${name.toLowerCase()}, later reopened`;
    }
    case 'status': {
      const own = cause.statusId === null ? undefined : statusName(cause.statusId);
      const general = cause.waitingFor ? waits[language][cause.waitingFor] : language === 'zh' ? `状态为${statusNames[cause.status].zh}` : `status ${statusNames[cause.status].en.toLowerCase()}`;
      if (own === undefined) return general;
      return language === 'zh' ? `${general}（${own}）` : `${general} (${own})`;
    }
  }
}
