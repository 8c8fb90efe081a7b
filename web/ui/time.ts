import { language, type Language } from './preferences.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A moment: an RFC 3339 text as the API gives it, milliseconds since 1970, or a Date. */
export type Moment = string | number | Date;

function milliseconds(moment: Moment): number {
  return typeof moment === 'number' ? moment : new Date(moment).getTime();
}

// Making a formatter costs far more than using it; lists ask for the same few thousands of times.
const formatters = new Map<string, Intl.DateTimeFormat>();

// That of the device, where nothing else is said.
let zone: string | undefined;

/** From now on times are shown in a zone (IANA) instead of the device's own (按组织时区显示). */
export function showTimesIn(timeZone: string | undefined): void {
  if (timeZone === zone) return;
  zone = timeZone;
  formatters.clear();
}

/** The calendar day of a moment where times are shown, as [year, month from 0, day]. */
function calendarDay(moment: number): [number, number, number] {
  const date = new Date(moment);
  if (zone === undefined) return [date.getFullYear(), date.getMonth(), date.getDate()];
  let found = formatters.get('calendar');
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric' });
    formatters.set('calendar', found);
  }
  const [month = 1, day = 1, year = 1970] = found.format(date).split('/').map(Number);
  return [year, month - 1, day];
}

function formatter(inLanguage: Language, shape: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${inLanguage} ${shape}`;
  let found = formatters.get(key);
  if (found === undefined) {
    // British order and 24 hours: what people outside the United States expect of English.
    found = new Intl.DateTimeFormat(inLanguage === 'en' ? 'en-GB' : 'zh-CN', zone === undefined ? options : { ...options, timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

/** `14:05`, in the zone in which times are shown. */
export function formatTime(moment: Moment, inLanguage: Language = language()): string {
  return formatter(inLanguage, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(milliseconds(moment));
}

/** `11月3日` / `3 Nov`, with the year when it is not the one of `now`. */
export function formatDate(moment: Moment, now: Moment = Date.now(), inLanguage: Language = language()): string {
  const date = new Date(milliseconds(moment));
  const sameYear = calendarDay(date.getTime())[0] === calendarDay(milliseconds(now))[0];
  return sameYear
    ? formatter(inLanguage, 'date', { month: 'short', day: 'numeric' }).format(date)
    : formatDay(date, inLanguage);
}

/** `2026年11月3日` / `3 Nov 2026`: always with the year, for days far from now. */
export function formatDay(moment: Moment, inLanguage: Language = language()): string {
  return formatter(inLanguage, 'dateYear', { year: 'numeric', month: 'short', day: 'numeric' }).format(milliseconds(moment));
}

/** The exact moment with weekday and seconds, for titles and hover: `2026年11月3日周二 14:05:09`. */
export function formatExact(moment: Moment, inLanguage: Language = language()): string {
  return formatter(inLanguage, 'exact', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(milliseconds(moment));
}

function calendarDaysBetween(earlier: number, later: number): number {
  // Through UTC midnights, so that a day with a clock change still counts as one.
  return Math.round((Date.UTC(...calendarDay(later)) - Date.UTC(...calendarDay(earlier))) / day);
}

/**
 * Clocks of two machines differ by seconds, and a page's own moves in steps: what seems to lie ahead by less than this
 * has just happened.
 */
const slack = 30_000;

/**
 * How long ago or how soon, as one would say it (相对时间): `刚刚`, `3 分钟前`, `2 小时后`, `昨天 14:05`, `11月3日 14:05`.
 * The browsers' own relative formatter is too young for the portal and writes Chinese without the space, so the
 * words are here.
 */
export function formatRelative(moment: Moment, now: Moment = Date.now(), inLanguage: Language = language()): string {
  const at = milliseconds(moment);
  const reference = milliseconds(now);
  const distance = Math.abs(reference - at);
  const past = at <= reference + slack;
  const chinese = inLanguage === 'zh-CN';
  if (distance < minute) return chinese ? (past ? '刚刚' : '马上') : past ? 'just now' : 'in a moment';
  if (distance < hour) {
    const count = Math.floor(distance / minute);
    if (chinese) return `${count} 分钟${past ? '前' : '后'}`;
    return past ? `${count} min ago` : `in ${count} min`;
  }
  const days = calendarDaysBetween(at, reference);
  if (days === 0 || distance < 6 * hour) {
    const count = Math.floor(distance / hour);
    if (chinese) return `${count} 小时${past ? '前' : '后'}`;
    return past ? `${count} h ago` : `in ${count} h`;
  }
  const time = formatTime(at, inLanguage);
  if (days === 1) return chinese ? `昨天 ${time}` : `yesterday ${time}`;
  if (days === -1) return chinese ? `明天 ${time}` : `tomorrow ${time}`;
  return `${formatDate(at, reference, inLanguage)} ${time}`;
}

/** How long ago something happened (多久以前). However far the clocks differ, it never reads as still to come. */
export function formatAgo(moment: Moment, now: Moment = Date.now(), inLanguage: Language = language()): string {
  const reference = milliseconds(now);
  return formatRelative(Math.min(milliseconds(moment), reference), reference, inLanguage);
}

/** A length of time in its two largest units: `2 小时 5 分` / `2 h 5 min`; under a minute, seconds. */
export function formatDuration(length: number, inLanguage: Language = language()): string {
  const chinese = inLanguage === 'zh-CN';
  const whole = Math.max(0, Math.floor(length / 1000));
  const units: [number, string][] = [
    [Math.floor(whole / 86_400), chinese ? '天' : 'd'],
    [Math.floor((whole % 86_400) / 3600), chinese ? '小时' : 'h'],
    [Math.floor((whole % 3600) / 60), chinese ? '分' : 'min'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return `${whole} ${chinese ? '秒' : 's'}`;
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/**
 * What is left until a deadline (时限): `剩 2 小时 5 分` or `超 12 分`.
 *
 * @returns the words, and whether the deadline has passed
 */
export function formatRemaining(
  deadline: Moment,
  now: Moment = Date.now(),
  inLanguage: Language = language(),
): { text: string; overdue: boolean } {
  const left = milliseconds(deadline) - milliseconds(now);
  const length = formatDuration(Math.abs(left), inLanguage);
  if (left >= 0) return { text: inLanguage === 'zh-CN' ? `剩 ${length}` : `${length} left`, overdue: false };
  return { text: inLanguage === 'zh-CN' ? `超 ${length}` : `${length} over`, overdue: true };
}
