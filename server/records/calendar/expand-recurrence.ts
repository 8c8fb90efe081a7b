import { dayMilliseconds, dayNumber, weekdayOf } from '../../../rules/calendar/calendar.ts';
import type { ExpandRecurrence } from '../../../rules/calendar/icalendar.ts';

const weekdayCodes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const known = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'WKST']);
const mostSteps = 20_000;

/**
 * Beginnings of events that repeat, for the rules that calendars of holidays and company events are made of (重复规则展开): every so
 * many days, weeks (on given weekdays) or years, with COUNT and UNTIL (RFC 5545, 3.3.10). Other rules are refused rather than
 * guessed; the reader of the file then takes the first time only, and says so.
 *
 * @throws {RangeError} for any other rule
 */
export const expandRecurrence: ExpandRecurrence = ({ rule, start }, _from, to) => {
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  for (const name of parts.keys()) if (!known.has(name)) throw new RangeError(`the rule part ${name} is not understood`);
  const [day, time] = [start.slice(0, 10), start.slice(10)];
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const count = Number(parts.get('COUNT') ?? Infinity);
  const until = untilDay(parts.get('UNTIL')) ?? '9999-12-31';
  if (!(interval >= 1) || !(count >= 1)) throw new RangeError('an interval or count that is no number');
  const last = until < to ? until : to;
  const found: string[] = [];
  const from = dayNumber(day);
  let steps = 0;
  for (const next of daysOf(parts, from, interval)) {
    const text = new Date(next * dayMilliseconds).toISOString().slice(0, 10);
    if (text > last || found.length >= count || (steps += 1) > mostSteps) break;
    found.push(`${text}${time}`);
  }
  return found;
};

function* daysOf(parts: ReadonlyMap<string, string>, from: number, interval: number): Generator<number, void, void> {
  const frequency = parts.get('FREQ');
  const [byDay, byMonth, byMonthDay] = [parts.get('BYDAY'), parts.get('BYMONTH'), parts.get('BYMONTHDAY')];
  if (frequency === 'DAILY' && !byDay && !byMonth && !byMonthDay) {
    for (let at = from; ; at += interval) yield at;
  } else if (frequency === 'WEEKLY' && !byMonth && !byMonthDay) {
    const wanted = byDay ? byDay.split(',').map((code) => weekdayCodes.indexOf(code)) : [weekdayOf(from) - 1];
    if (wanted.includes(-1)) throw new RangeError('a weekday that is not understood');
    const monday = from - weekdayOf(from) + 1;
    for (let week = monday; ; week += 7 * interval) for (const weekday of wanted.toSorted((a, b) => a - b)) if (week + weekday >= from) yield week + weekday;
  } else if (frequency === 'YEARLY' && !byDay) {
    const first = new Date(from * dayMilliseconds);
    const month = byMonth === undefined ? first.getUTCMonth() + 1 : Number(byMonth);
    const date = byMonthDay === undefined ? first.getUTCDate() : Number(byMonthDay);
    if (!Number.isInteger(month) || !Number.isInteger(date) || date < 1) throw new RangeError('more than one day of the year');
    for (let year = first.getUTCFullYear(); year <= 9_999; year += interval) {
      const at = Date.UTC(year, month - 1, date);
      // The 29th of February comes every four years.
      if (new Date(at).getUTCDate() === date && at / dayMilliseconds >= from) yield at / dayMilliseconds;
    }
  } else throw new RangeError('a rule that is not understood');
}

function untilDay(until: string | undefined): string | null {
  const match = until === undefined ? null : /^(\d{4})(\d{2})(\d{2})/.exec(until);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : null;
}
