import type { BusinessCalendar, DayException, DayWindow, Exceptions, Weekday, WeeklyWindow } from './calendar.ts';

/**
 * Working time by brute force, for tests: every minute of a period is looked up on the wall clock by Intl and painted open or
 * not. Shares nothing with the arithmetic it checks but the shape of the data.
 */

/** Reproducible numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const minute = 60_000;

/** Some days in a zone, minute by minute. */
export interface Period {
  readonly zone: string;
  /** Of the first minute, milliseconds. */
  readonly start: number;
  readonly minutes: number;
  /** What the wall clock shows in each minute: the day as `YYYY-MM-DD`, by its place in `days`, and the minute of that day. */
  readonly dayPlace: Uint16Array;
  readonly minuteOfDay: Uint16Array;
  readonly days: readonly string[];
}

/** Zones around what makes them difficult: changes of an hour, half an hour and two, at midnight, in war, a day left out. */
const places: readonly (readonly [zone: string, from: string])[] = [
  ['UTC', '2026-02-20'], ['Asia/Shanghai', '2026-09-25'], ['Asia/Shanghai', '1986-04-27'], ['Asia/Shanghai', '1991-09-08'],
  ['America/New_York', '2026-03-02'], ['America/New_York', '2026-10-25'], ['America/New_York', '1974-01-01'], ['Europe/Berlin', '2026-03-22'], ['Europe/Berlin', '2026-10-18'],
  ['Europe/Berlin', '1945-05-18'], ['Australia/Lord_Howe', '2026-03-30'], ['Australia/Lord_Howe', '2026-09-28'], ['Asia/Kathmandu', '1985-12-25'], ['Asia/Kathmandu', '2026-06-01'],
  ['America/Sao_Paulo', '2018-10-29'], ['America/Sao_Paulo', '2019-02-10'], ['America/Sao_Paulo', '2026-10-25'], ['Pacific/Apia', '2011-12-23'], ['Antarctica/Troll', '2026-03-22'],
  ['America/St_Johns', '2006-10-23'], ['Africa/Casablanca', '2026-02-09'], ['Asia/Pyongyang', '2018-04-28'],
];

const dayCount = 12;
let periods: Period[] | undefined;

/** The period at each of the {@link places}, read off the wall once for all tests. */
export function readPeriods(): readonly Period[] {
  periods ??= places.map(([zone, from]) => readPeriod(zone, from));
  return periods;
}

function readPeriod(zone: string, from: string): Period {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const start = Date.parse(`${from}T00:00:00Z`);
  const minutes = dayCount * 1_440;
  const dayPlace = new Uint16Array(minutes);
  const minuteOfDay = new Uint16Array(minutes);
  const days: string[] = [];
  for (let index = 0; index < minutes; index += 1) {
    const shown = format.format(start + index * minute);
    const day = shown.slice(0, 10);
    let place = days.lastIndexOf(day);
    if (place < 0) place = days.push(day) - 1;
    dayPlace[index] = place;
    minuteOfDay[index] = Number(shown.slice(11, 13)) * 60 + Number(shown.slice(14, 16));
  }
  return { zone, start, minutes, dayPlace, minuteOfDay, days };
}

/** For each minute of a period whether it is working time: 1 or 0. */
export function paint(calendar: BusinessCalendar, period: Period): Uint8Array {
  const masks = period.days.map((day) => maskOf(calendar, day));
  const open = new Uint8Array(period.minutes);
  for (let index = 0; index < period.minutes; index += 1) open[index] = masks[period.dayPlace[index]!]![period.minuteOfDay[index]!]!;
  return open;
}

function maskOf(calendar: BusinessCalendar, day: string): Uint8Array {
  const sunday = new Date(`${day}T12:00:00Z`).getUTCDay();
  const mask = weekdayMask(calendar, (sunday === 0 ? 7 : sunday) as Weekday);
  for (const list of [...(calendar.sources ?? []).map(({ days }) => days), calendar.exceptions ?? {}]) {
    const exception = list[day];
    if (exception?.kind === 'holiday') mask.fill(0);
    if (exception?.kind === 'closed') for (const window of exception.windows) mask.fill(0, window.startsMinute, window.endsMinute);
    if (exception?.kind === 'open') for (const window of exception.windows) mask.fill(1, window.startsMinute, window.endsMinute);
    if (exception?.kind === 'workday') {
      mask.fill(0);
      if (exception.windows) for (const window of exception.windows) mask.fill(1, window.startsMinute, window.endsMinute);
      else mask.set(weekdayMask(calendar, exception.weekday ?? calendar.makeUpWeekday ?? ([1, 2, 3, 4, 5, 6, 7] as const).find((weekday) => weekdayMask(calendar, weekday).includes(1)) ?? 1));
    }
  }
  return mask;
}

function weekdayMask(calendar: BusinessCalendar, weekday: Weekday): Uint8Array {
  const mask = new Uint8Array(1_440);
  for (const window of calendar.windows) if (window.weekday === weekday) mask.fill(1, window.startsMinute, window.endsMinute);
  return mask;
}

/** A calendar nobody would think of: empty days, whole days, windows that overlap, exceptions over exceptions. */
export function randomCalendar(period: Period, random: () => number): BusinessCalendar {
  const whole = (limit: number) => Math.floor(random() * limit);
  const window = (): DayWindow => {
    const edges = [0, 1_440, 540, 720, 810, 1_080, whole(1_440), whole(1_440), 120, 150, 180, 60];
    const [one, other] = [edges[whole(edges.length)]!, edges[whole(edges.length)]!];
    return { startsMinute: Math.min(one, other), endsMinute: one === other ? one + 1 + whole(1_440 - one) : Math.max(one, other) };
  };
  const sound = () => {
    let made = window();
    while (made.endsMinute > 1_440 || made.startsMinute >= made.endsMinute) made = window();
    return made;
  };
  const several = (limit: number) => Array.from({ length: 1 + whole(limit) }, sound);
  const windows: WeeklyWindow[] = [];
  const density = random();
  for (const weekday of [1, 2, 3, 4, 5, 6, 7] as const) if (random() < density) for (const made of several(3)) windows.push({ weekday, ...made });
  const exception = (): DayException => {
    const kind = (['holiday', 'workday', 'workday', 'closed', 'open'] as const)[whole(5)]!;
    if (kind === 'holiday') return { kind };
    if (kind !== 'workday') return { kind, windows: several(2) };
    return random() < 0.4 ? { kind, windows: several(2) } : random() < 0.3 ? { kind, weekday: (1 + whole(7)) as Weekday } : { kind };
  };
  const exceptions = (share: number): Exceptions => Object.fromEntries(period.days.filter(() => random() < share).map((day) => [day, exception()]));
  const share = random() * 0.4;
  return {
    timeZone: period.zone, windows, sources: [{ key: 'published', days: exceptions(share) }, ...(random() < 0.3 ? [{ key: 'other', days: exceptions(share) }] : [])],
    exceptions: exceptions(share / 2), ...(random() < 0.2 ? { makeUpWeekday: (1 + whole(7)) as Weekday } : {}),
  };
}

/** How many generated cases a test runs as its share of all: of 5,000 in the daily run, of as many as `wanted` says where it is given. */
export function caseCount(share: number, wanted: string | undefined): number {
  return Math.ceil(Number(wanted ?? 5_000) * share);
}
