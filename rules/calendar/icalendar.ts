import { isDay } from '../conditions/days.ts';
import { calendarLimits, dayMilliseconds, dayNumber, dayText, latestInstant, minuteMilliseconds, type DayException, type DayWindow } from './calendar.ts';
import { readDuration, readEvents, unescapeText, type IcalComponent, type IcalProperty } from './icalendar-lines.ts';
import { joinWindows } from './prepare.ts';
import { instantAt, isZone, within, zoneOf, type Zone } from './zone.ts';

/** An event that repeats, as {@link ExpandRecurrence} is asked about it. */
export interface Recurrence {
  /** The value of RRULE, `FREQ=YEARLY;BYMONTH=10`. */
  readonly rule: string;
  /** Its first beginning by the clock on the wall: `2026-10-01`, or `2026-10-01T09:00:00`. */
  readonly start: string;
  /** The zone in which that clock hangs; null for whole days. */
  readonly timeZone: string | null;
}

/**
 * The port for recurrence rules (重复规则): all beginnings from one day to another (both included), in the form of `start`
 * and in order, as RFC 5545 says. An implementation brings a library along; it may throw for a rule it does not understand.
 */
export type ExpandRecurrence = (recurrence: Recurrence, from: string, to: string) => readonly string[];

export interface IcalOptions {
  /** Of the business calendar: days are in it, and times without a zone. */
  readonly timeZone: string;
  /** What an event stands for, unless the file says it itself. */
  readonly meaning: 'closed' | 'open';
  /** The first and last day wanted, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly expandRecurrence?: ExpandRecurrence;
  /** IANA zones of names that are none, such as those of Outlook; some are known anyway. */
  readonly zones?: Readonly<Record<string, string>>;
}

export const icalProblems = {
  not_icalendar: { zh: '不是完整的 iCalendar 文件', en: 'is not a complete iCalendar file' },
  too_large: { zh: '文件太大（最多 {limit} 个字）', en: 'is too large (at most {limit} characters)' },
  too_many: { zh: '事件或日期太多，其余的没有导入', en: 'holds too many events or days; the rest was left out' },
  time: { zh: '事件的时间无法读取，没有导入', en: 'has an event whose time cannot be read; it was left out' },
  unknown_zone: { zh: '事件的时区不认识，没有导入', en: 'has an event in an unknown time zone; it was left out' },
  recurrence: { zh: '重复规则无法展开，只导入了第一次', en: 'has a recurrence rule that cannot be expanded; only its first time was taken' },
} as const satisfies Record<string, { zh: string; en: string }>;
export interface IcalProblem { readonly line: number; readonly code: keyof typeof icalProblems; readonly summary: string }

export const icalLimits = { characters: 5_000_000, events: 20_000, daysAnEvent: 400, problems: 100, series: 1_000, times: 100_000 } as const;

/** Names Outlook and Exchange write for the zones met most often (CLDR, windowsZones). */
const outlookZones: Readonly<Record<string, string>> = {
  'China Standard Time': 'Asia/Shanghai', 'Taipei Standard Time': 'Asia/Taipei', 'Singapore Standard Time': 'Asia/Singapore', 'Tokyo Standard Time': 'Asia/Tokyo',
  'Korea Standard Time': 'Asia/Seoul', 'India Standard Time': 'Asia/Kolkata', 'AUS Eastern Standard Time': 'Australia/Sydney', 'GMT Standard Time': 'Europe/London',
  'W. Europe Standard Time': 'Europe/Berlin', 'Romance Standard Time': 'Europe/Paris', 'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago', 'Mountain Standard Time': 'America/Denver', 'Pacific Standard Time': 'America/Los_Angeles',
};

/** A date or time of a property: the wall clock's reading as if it were UTC, and in which zone; null for a whole day. */
interface Moment { wall: number; zone: Zone | null }
interface Event { line: number; summary: string; kind: 'holiday' | 'workday' | null; uid: string; start: Moment; length: { days: number; milliseconds: number }; rule: string | null; added: Moment[]; left: Set<number>; replaces: Moment | null; cancelled: boolean }

/**
 * Reads an iCalendar file into exceptions (日历导入): events of whole days become holidays (or workdays, where events mean
 * `open`), timed ones take their windows out (or add them); seconds are rounded outward. Where the file marks days as
 * `X-APPLE-SPECIAL-DAY` (as the Chinese holiday feeds do, with WORK-HOLIDAY and ALTERNATE-WORKDAY), only marked events count, for
 * the others are festivals on which people work. TRANSP says nothing here: feeds of public holidays are transparent.
 *
 * @returns the exceptions by day, how many events were read, and what could not be read
 */
export function readIcalendar(text: string, options: IcalOptions): { days: Record<string, DayException>; events: number; problems: IcalProblem[] } {
  const problems: IcalProblem[] = [];
  const report = (line: number, code: IcalProblem['code'], summary = '') => {
    if (problems.length < icalLimits.problems) problems.push({ line, code, summary: summary.slice(0, 100) });
  };
  const components = text.length > icalLimits.characters ? null : readEvents(text);
  if (!components) {
    report(1, text.length > icalLimits.characters ? 'too_large' : 'not_icalendar');
    return { days: {}, events: 0, problems };
  }
  if (components.length > icalLimits.events) report(components[icalLimits.events]!.line, 'too_many');

  const events: Event[] = [];
  for (const component of components.slice(0, icalLimits.events)) {
    const event = readEvent(component, options);
    if (typeof event === 'string') report(component.line, event, textOf(component, 'SUMMARY'));
    else events.push(event);
  }
  // An event that replaces one time of a series takes that time out of it.
  const series = Map.groupBy(events.filter((event) => !event.replaces), (event) => event.uid);
  for (const { uid, replaces } of events) if (replaces) for (const event of series.get(uid) ?? []) event.left.add(inZoneOf(event.start, replaces));
  const marked = events.some(({ kind }) => kind !== null);
  const result = new Days(options);
  let [repeated, times] = [0, 0];
  for (const event of events) {
    if (event.cancelled || (marked && event.kind === null)) continue;
    // A few lines can stand for millions of days: it is looked at no longer than calendars can hold.
    if (event.rule !== null && (repeated += 1) > icalLimits.series) {
      report(event.line, 'too_many', event.summary);
      break;
    }
    const starts = startsOf(event, options, () => report(event.line, 'recurrence', event.summary));
    if ((times += starts.length) > icalLimits.times || !starts.every((start) => result.put(event, start))) report(event.line, 'too_many', event.summary);
    if (times > icalLimits.times || result.isFull()) break;
  }
  return { days: result.exceptions(), events: events.length, problems };
}

function textOf({ properties }: IcalComponent, name: string): string {
  return unescapeText(properties.find((property) => property.name === name)?.value ?? '').trim();
}

function readEvent(component: IcalComponent, options: IcalOptions): Event | 'time' | 'unknown_zone' {
  const find = (name: string) => component.properties.find((property) => property.name === name);
  const all = (name: string) => component.properties.filter((property) => property.name === name).flatMap((property) => property.value.split(',').map((value) => ({ ...property, value })));
  const starts = find('DTSTART');
  const start = starts ? readMoment(starts, options) : 'time';
  if (typeof start === 'string') return start;
  const ends = find('DTEND');
  const end = ends ? readMoment(ends, options) : null;
  if (typeof end === 'string') return end;
  const given = find('DURATION');
  const length = end ? lengthBetween(start, end) : given ? readDuration(given.value) : { days: start.zone ? 0 : 1, milliseconds: 0 };
  if (!length) return 'time';
  const replaced = find('RECURRENCE-ID');
  const special = textOf(component, 'X-APPLE-SPECIAL-DAY').toUpperCase();
  return {
    line: component.line, summary: textOf(component, 'SUMMARY').slice(0, calendarLimits.text), uid: textOf(component, 'UID') || `line ${component.line}`,
    kind: special === 'WORK-HOLIDAY' ? 'holiday' : special === 'ALTERNATE-WORKDAY' ? 'workday' : null,
    start, length, rule: find('RRULE')?.value.trim() ?? null, cancelled: textOf(component, 'STATUS').toUpperCase() === 'CANCELLED',
    added: all('RDATE').map((property) => readMoment(property, options)).filter(isMoment),
    left: new Set(all('EXDATE').map((property) => readMoment(property, options)).filter(isMoment).map((moment) => inZoneOf(start, moment))),
    replaces: replaced ? [readMoment(replaced, options)].find(isMoment) ?? null : null,
  };
}

function isMoment(moment: Moment | string): moment is Moment {
  return typeof moment !== 'string';
}

/** `20261001`, `20261001T090000`, `20261001T010000Z`. */
function readMoment({ parameters, value }: IcalProperty, options: IcalOptions): Moment | 'time' | 'unknown_zone' {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(Z)?)?$/.exec(value.trim());
  const day = match ? `${match[1]}-${match[2]}-${match[3]}` : '';
  if (!match || !isDay(day) || Number(match[1]) < calendarLimits.firstYear || Number(match[1]) > calendarLimits.lastYear) return 'time';
  const wall = dayNumber(day) * dayMilliseconds;
  if (match[4] === undefined) return { wall, zone: null };
  const name = parameters['TZID'];
  const zone = match[7] ? 'UTC' : name === undefined ? options.timeZone : [options.zones?.[name], name, outlookZones[name]].find(isZone);
  if (zone === undefined) return 'unknown_zone';
  return { wall: wall + ((Number(match[4]) * 60 + Number(match[5])) * 60 + Number(match[6])) * 1_000, zone: zoneOf(zone) };
}

/** A moment as the clock of another one shows it. */
function inZoneOf(other: Moment, { wall, zone }: Moment): number {
  if (!other.zone || !zone || zone.name === other.zone.name) return wall;
  const at = instantAt(zone, wall);
  return at + other.zone.spanAt(within(at)).offset;
}

function lengthBetween(start: Moment, end: Moment): { days: number; milliseconds: number } | null {
  if ((start.zone === null) !== (end.zone === null)) return null;
  const milliseconds = start.zone && end.zone ? instantAt(end.zone, end.wall) - instantAt(start.zone, start.wall) : end.wall - start.wall;
  if (milliseconds < 0) return null;
  return start.zone ? { days: 0, milliseconds } : { days: Math.max(milliseconds / dayMilliseconds, 1), milliseconds: 0 };
}

/** All beginnings of an event by the wall clock of its zone. */
function startsOf(event: Event, options: IcalOptions, failed: () => void): number[] {
  const { start, rule, added, left } = event;
  const starts = new Set([start.wall, ...added.map((moment) => inZoneOf(start, moment))]);
  if (rule !== null) {
    // Whatever began earlier may reach into what is wanted.
    const from = dayText(dayNumber(options.from) - Math.min(Math.ceil(event.length.days + event.length.milliseconds / dayMilliseconds) + 1, icalLimits.daysAnEvent));
    try {
      const recurrence = { rule, start: wallText(start), timeZone: start.zone?.name ?? null };
      const expanded = options.expandRecurrence?.(recurrence, from, dayText(dayNumber(options.to) + 1));
      if (!expanded) failed();
      for (const text of expanded ?? []) starts.add(Date.parse(start.zone ? `${text}Z` : `${text}T00:00:00Z`));
    } catch {
      failed();
    }
  }
  return [...starts].filter((wall) => Number.isFinite(wall) && !left.has(wall)).sort((a, b) => a - b);
}

function wallText({ wall, zone }: Moment): string {
  return new Date(wall).toISOString().slice(0, zone ? 19 : 10);
}

/** Exceptions as they come together: whole days over parts of days, and of whole days the last one. */
class Days {
  readonly #whole = new Map<number, DayException>();
  readonly #parts = new Map<number, { name: string; windows: DayWindow[] }>();
  readonly #options: IcalOptions;
  constructor(options: IcalOptions) {
    this.#options = options;
  }

  /** @returns false when there were too many days to take all */
  put(event: Event, wall: number): boolean {
    const { start, length, kind, summary } = event;
    if (!start.zone) {
      const first = wall / dayMilliseconds;
      const taken = Math.min(length.days, icalLimits.daysAnEvent);
      const meant = kind ?? (this.#options.meaning === 'closed' ? 'holiday' : 'workday');
      for (let day = first; day < first + taken; day += 1) if (!this.#keep(day, () => this.#whole.set(day, { kind: meant, ...(summary ? { name: summary } : {}) }))) return false;
      return taken === length.days;
    }
    const from = instantAt(start.zone, wall);
    const to = (length.days > 0 ? instantAt(start.zone, wall + length.days * dayMilliseconds) : from) + length.milliseconds;
    return this.#putTimed(from, Math.min(to, from + icalLimits.daysAnEvent * dayMilliseconds, latestInstant), summary) && to - from <= icalLimits.daysAnEvent * dayMilliseconds;
  }

  /** By the wall clock of the calendar's own zone, across its changes. */
  #putTimed(from: number, to: number, name: string): boolean {
    const zone = zoneOf(this.#options.timeZone);
    for (let at = within(from); at < to;) {
      const { offset, until } = zone.spanAt(within(at));
      const next = Math.min(until, to);
      const [first, last] = [at + offset, next + offset];
      for (let day = Math.floor(first / dayMilliseconds); day * dayMilliseconds < last; day += 1) {
        const startsMinute = Math.floor(Math.max(first / minuteMilliseconds - day * 1_440, 0));
        const endsMinute = Math.ceil(Math.min(last / minuteMilliseconds - day * 1_440, 1_440));
        const kept = this.#keep(day, () => {
          const part = this.#parts.get(day) ?? { name, windows: [] };
          this.#parts.set(day, { name: part.name || name, windows: joinWindows([...part.windows, { startsMinute, endsMinute }]) });
        });
        if (!kept) return false;
      }
      at = next;
    }
    return true;
  }

  #keep(day: number, put: () => void): boolean {
    if (day < dayNumber(this.#options.from) || day > dayNumber(this.#options.to)) return true;
    if (!this.#whole.has(day) && !this.#parts.has(day) && this.#whole.size + this.#parts.size >= calendarLimits.days) return false;
    put();
    return true;
  }

  /** No further day fits in. */
  isFull(): boolean {
    return this.#whole.size + this.#parts.size >= calendarLimits.days;
  }

  exceptions(): Record<string, DayException> {
    const days: Record<string, DayException> = {};
    const all = new Set([...this.#whole.keys(), ...this.#parts.keys()]);
    for (const day of [...all].sort((a, b) => a - b)) {
      const { name, windows } = this.#parts.get(day) ?? { name: '', windows: [] };
      days[dayText(day)] = this.#whole.get(day) ?? { kind: this.#options.meaning, ...(name ? { name } : {}), windows: windows.slice(0, calendarLimits.windowsADay) };
    }
    return days;
  }
}
