import { instantAt, wallClock, within, zoneOf } from '../calendar/zone.ts';

/** Hours of the day in which nobody is called, HH:MM; they may go over midnight (免打扰时段). */
export interface QuietHours {
  from: string;
  to: string;
}

/** What is gathered, and until when (汇总): nothing, until the full hour, or until a time of day. */
export interface Digest {
  every: 'off' | 'hour' | 'day';
  at: string;
}

export const minute = 60_000;
const day = 1_440 * minute;
/** How long more is waited for before a message leaves, in milliseconds. */
export const gathering = { urgent: 2_000, normal: 15_000, low: 30_000 } as const;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const localMinutes = (at: number, zone: string): number => Math.floor(wallClock(zoneOf(zone), at) / minute) % 1_440;

/** Whether a moment lies within quiet hours, by the clock of a zone. */
export function isQuietAt(hours: QuietHours | null, at: number, zone: string): boolean {
  if (hours === null || hours.from === hours.to) return false;
  const [now, from, to] = [localMinutes(at, zone), minutesOf(hours.from), minutesOf(hours.to)];
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** The first moment after another at which the clocks of a zone show a time of day; where they skip it, the moment they do (下一个时刻). */
export function nextTimeOfDay(at: number, time: string, zone: string): number {
  const clock = zoneOf(zone);
  const midnight = Math.floor(wallClock(clock, at) / day) * day;
  for (let turn = 0; turn < 3; turn += 1) {
    const found = instantAt(clock, midnight + turn * day + minutesOf(time) * minute);
    if (found > at) return found;
  }
  throw new RangeError(`no ${time} comes after ${at}`);
}

/**
 * When the quiet hours that a moment lies in are over (免打扰结束): when the clock on the wall shows their end, the second time as well, or skips it.
 */
export function endOfQuiet(hours: QuietHours, at: number, zone: string): number {
  const clock = zoneOf(zone);
  let moment = at;
  for (let turn = 0; turn < 4; turn += 1) {
    const { offset, until } = clock.spanAt(within(moment));
    const rest = (((minutesOf(hours.to) * minute - (moment + offset)) % day) + day) % day || day;
    if (moment + rest < until) return moment + rest;
    moment = until;
    if (!isQuietAt(hours, moment, zone)) return moment;
  }
  throw new RangeError(`quiet hours until ${hours.to} do not end after ${at}`);
}

/**
 * When a message is due that tells of something which has just happened (发送时刻).
 *
 * @param lastDue when the last message of this urgency to this person was due, null when that is longer ago than a minute
 */
export function dueAt({ urgency, now, lastDue, quietHours, digest, zone }: { urgency: keyof typeof gathering; now: number; lastDue: number | null; quietHours: QuietHours | null; digest: Digest; zone: string }): number {
  const soon = Math.max(now + gathering[urgency], lastDue === null ? 0 : lastDue + minute);
  if (urgency === 'urgent') return soon;
  const due = digest.every === 'hour' ? nextFullHour(soon, zone) : digest.every === 'day' ? nextTimeOfDay(soon, digest.at, zone) : soon;
  return quietHours !== null && isQuietAt(quietHours, due, zone) ? endOfQuiet(quietHours, due, zone) : due;
}

/** By the clock of the zone: some are off by half an hour. */
function nextFullHour(at: number, zone: string): number {
  const hour = 60 * minute;
  const wall = wallClock(zoneOf(zone), at);
  return at + hour - (wall % hour);
}
