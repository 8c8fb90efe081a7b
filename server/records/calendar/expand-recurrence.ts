import { dayMilliseconds, dayNumber, dayText, weekdayOf } from '../../../rules/calendar/calendar.ts';
import type { ExpandRecurrence } from '../../../rules/calendar/icalendar.ts';
import { wallClock, zoneOf } from '../../../rules/calendar/zone.ts';

const weekdayCodes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const known = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'WKST']);
const mostSteps = 10_000;

/**
 * Beginnings of events that repeat, for the rules that calendars of holidays and company events are made of (重复规则展开): every so
 * many days, weeks (on given weekdays) or years, with COUNT and UNTIL (RFC 5545, 3.3.10). Other rules are refused rather than
 * guessed; the reader of the file then takes the first time only, and says so.
 *
 * @throws {RangeError} for any other rule, and for one that takes too long to be counted through
 */
export const expandRecurrence: ExpandRecurrence = ({ rule, start, timeZone }, from, to) => {
  const parts = new Map(rule.split(';').filter((part) => part !== '').map((part) => part.split('=') as [string, string | undefined]));
  for (const name of parts.keys()) if (!known.has(name)) throw new RangeError(`the rule part ${name} is not understood`);
  const time = start.slice(10);
  const interval = numberOf(parts.get('INTERVAL'), 9_999) ?? 1;
  const count = numberOf(parts.get('COUNT'), 1_000_000);
  const until = untilOf(parts.get('UNTIL'), time === '' ? null : timeZone);
  const [first, wanted, last] = [dayNumber(start.slice(0, 10)), dayNumber(from), dayNumber(to)];
  const found: string[] = [];
  let steps = 0;
  // What has to be counted is counted from the first on; else it begins where it is wanted.
  for (const next of daysOf(parts, first, count === null ? Math.max(first, wanted) : first, interval)) {
    if (next > last || (count !== null && steps >= count)) break;
    if ((steps += 1) > mostSteps) throw new RangeError('a rule that goes on for too long');
    const text = next < wanted && until === null ? '' : `${dayText(next)}${time}`;
    if (until !== null && text > until) break;
    if (next >= wanted) found.push(text);
  }
  return found;
};

/** A whole number from 1 to a most; null when it is not given. */
function numberOf(text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw new RangeError('a number that is none, or too large');
  return number;
}

/** All days of a rule that begins on `first`, in order and without end, from the first that is not before `from`. */
function* daysOf(parts: ReadonlyMap<string, string | undefined>, first: number, from: number, interval: number): Generator<number, void, void> {
  const frequency = parts.get('FREQ');
  const [byDay, byMonth, byMonthDay] = [parts.get('BYDAY'), parts.get('BYMONTH'), parts.get('BYMONTHDAY')];
  const past = (length: number) => Math.ceil((from - first) / length) * length;
  if (frequency === 'DAILY' && !byDay && !byMonth && !byMonthDay) {
    for (let at = first + past(interval); ; at += interval) yield at;
  } else if (frequency === 'WEEKLY' && !byMonth && !byMonthDay) {
    const wanted = [...new Set(byDay ? byDay.split(',').map((code) => weekdayCodes.indexOf(code)) : [weekdayOf(first) - 1])].sort((a, b) => a - b);
    if (wanted.includes(-1)) throw new RangeError('a weekday that is not understood');
    // Where a week begins decides which weeks are left out.
    if (interval > 1 && (parts.get('WKST') ?? 'MO') !== 'MO') throw new RangeError('weeks that do not begin on Monday');
    const monday = first - weekdayOf(first) + 1;
    for (let week = monday + Math.max(past(7 * interval) - 7 * interval, 0); ; week += 7 * interval) for (const weekday of wanted) if (week + weekday >= from) yield week + weekday;
  } else if (frequency === 'YEARLY' && !byDay) {
    const start = new Date(first * dayMilliseconds);
    const month = numberOf(byMonth, 12) ?? start.getUTCMonth() + 1;
    const date = numberOf(byMonthDay, 31) ?? start.getUTCDate();
    for (let year = start.getUTCFullYear(); year <= 9_999; year += interval) {
      const at = Date.UTC(year, month - 1, date);
      // The 29th of February comes every four years.
      if (new Date(at).getUTCDate() === date && at / dayMilliseconds >= from) yield at / dayMilliseconds;
    }
  } else throw new RangeError('a rule that is not understood');
}

/** The last beginning there may be, in the form of beginnings; null for no end. A time in UTC is read off the clock of the event's zone. */
function untilOf(until: string | undefined, zone: string | null): string | null {
  if (until === undefined) return null;
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(until);
  if (!match) throw new RangeError('an end that is not understood');
  const day = `${match[1]}-${match[2]}-${match[3]}`;
  if (zone === null) return day;
  if (match[4] === undefined) return `${day}T23:59:59`;
  const text = `${day}T${match[4]}:${match[5]}:${match[6]}`;
  const at = Date.parse(`${text}Z`);
  if (Number.isNaN(at)) throw new RangeError('an end that is not understood');
  return match[7] ? new Date(wallClock(zoneOf(zone), at)).toISOString().slice(0, 19) : text;
}
