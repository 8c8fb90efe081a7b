/**
 * Days of the calendar as `YYYY-MM-DD` and instants as RFC 3339, without a clock (日期). The proleptic Gregorian calendar,
 * years 0001 to 9999; zones by IANA name, through the platform's own tables.
 */

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const instantPattern = /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d):([0-5]\d|60)(\.\d{1,9})?(?:[Zz]|([+-])((?:[01]\d|2[0-3])):([0-5]\d))$/;
const dayLength = 86_400_000;

/** Milliseconds of a day's beginning in UTC, or null when there is no such day. */
function dayToMilliseconds(day: string): number | null {
  const match = dayPattern.exec(day);
  if (!match) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1) return null;
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? at.getTime() : null;
}

const dayOf = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10);

/** Whether there is such a day; 2026-02-29 is none. */
export function isDay(value: unknown): value is string {
  return typeof value === 'string' && dayToMilliseconds(value) !== null;
}

/** Whether it is a time of day, `HH:MM` from 00:00 to 23:59. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && timePattern.test(value);
}

/** An instant of RFC 3339 in UTC with milliseconds, or null when it is none. A leap second counts as the second after it. */
export function normaliseInstant(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const match = instantPattern.exec(value);
  if (!match) return null;
  const day = dayToMilliseconds(match[1]!);
  if (day === null) return null;
  const [hours, minutes] = match[2]!.split(':').map(Number) as [number, number];
  const offset = match[5] === undefined ? 0 : (Number(match[6]) * 60 + Number(match[7])) * (match[5] === '-' ? -60_000 : 60_000);
  const fraction = match[4] === undefined ? 0 : Math.floor(Number(match[4]) * 1_000);
  const at = day + (hours * 60 + minutes) * 60_000 + Number(match[3]) * 1_000 + fraction - offset;
  const normal = new Date(at).toISOString();
  return normal.length === 24 && !normal.startsWith('0000') ? normal : null;
}

/** So many days on (or back); null when that leaves the years 0001 to 9999. */
export function addDays(day: string, days: number): string | null {
  const start = dayToMilliseconds(day);
  if (start === null || !Number.isInteger(days) || Math.abs(days) > 4_000_000) return null;
  const moved = new Date(start + days * dayLength);
  return moved.getUTCFullYear() >= 1 && moved.getUTCFullYear() <= 9_999 ? dayOf(moved.getTime()) : null;
}

/** Days from one day to another; negative when the second is earlier, null when either is none. */
export function daysBetween(from: string, to: string): number | null {
  const [start, end] = [dayToMilliseconds(from), dayToMilliseconds(to)];
  return start === null || end === null ? null : (end - start) / dayLength;
}

/** So many months on (or back), at the end of a shorter month: 31 January and one month is 28 or 29 February. */
export function addMonths(day: string, months: number): string | null {
  const start = dayToMilliseconds(day);
  if (start === null || !Number.isInteger(months)) return null;
  const at = new Date(start);
  const month = at.getUTCFullYear() * 12 + at.getUTCMonth() + months;
  const [year, inYear] = [Math.floor(month / 12), ((month % 12) + 12) % 12];
  if (year < 1 || year > 9_999) return null;
  const last = new Date(0);
  last.setUTCFullYear(year, inYear + 1, 0);
  last.setUTCDate(Math.min(at.getUTCDate(), last.getUTCDate()));
  return dayOf(last.getTime());
}

/** Monday is 0. */
export function weekday(day: string): number {
  return (new Date(dayToMilliseconds(day) ?? 0).getUTCDay() + 6) % 7;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock on the wall says, as if it were UTC, in milliseconds. */
function wallClock(milliseconds: number, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(milliseconds)) parts[type] = Number(value);
  const at = new Date(0);
  at.setUTCFullYear(parts['year']!, parts['month']! - 1, parts['day']!);
  at.setUTCHours(parts['hour']!, parts['minute']!, parts['second']!);
  return at.getTime();
}

/** Whether there is such a zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The day an instant falls on in a zone, `YYYY-MM-DD`. The instant must be one. */
export function dayIn(instant: string, timeZone: string): string {
  return dayOf(wallClock(Date.parse(instant), timeZone));
}

/**
 * The instant a wall clock shows `time` (HH:MM, midnight when absent) on a day in a zone: the earlier one where the clock
 * shows it twice, the first moment after the gap where it never does.
 */
export function instantOf(day: string, timeZone: string, time = '00:00'): string {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  const wanted = (dayToMilliseconds(day) ?? 0) + (hours * 60 + minutes) * 60_000;
  // The offset can only be that of a day before or a day after; offsets change less often than daily.
  const offsets = [wallClock(wanted - dayLength, timeZone) - (wanted - dayLength), wallClock(wanted + dayLength, timeZone) - (wanted + dayLength)];
  const shown = offsets.map((offset) => wanted - offset).filter((at) => wallClock(at, timeZone) === wanted).sort((a, b) => a - b);
  // In a gap: the clock jumped forward over it, so the old offset leads to the first moment after.
  return new Date(shown[0] ?? gapEnd(wanted, Math.min(...offsets), Math.max(...offsets), timeZone)).toISOString();
}

function gapEnd(wanted: number, before: number, after: number, timeZone: string): number {
  let [low, high] = [wanted - after, wanted - before];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (wallClock(middle, timeZone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}
