import { dayMilliseconds, earliestInstant, latestInstant } from './calendar.ts';

/**
 * How far the clocks of a zone are ahead of UTC, and when that changes (时区偏移): read from the platform's own tables
 * through Intl, once for each stretch of some 400 days, then kept. Browsers and servers have these tables; no library is needed.
 */

/** An instant's offset, and until when (not included) it certainly stays the same. Milliseconds. */
export interface OffsetSpan {
  readonly from: number;
  readonly until: number;
  /** To be added to an instant to have what the clock on the wall shows. */
  readonly offset: number;
}

export interface Zone {
  readonly name: string;
  /** The span of an instant between {@link earliestInstant} and {@link latestInstant}. */
  readonly spanAt: (at: number) => OffsetSpan;
}

const chunk = 400 * dayMilliseconds;
/** Of all changes of offset in the IANA database (2025b, 1900 to 2100) no two lie less than 3.9 days apart (Freetown, 1939). */
const step = 3 * dayMilliseconds;
const second = 1_000;

const zones = new Map<string, Zone>();

/** Whether there is such a zone. Offsets such as `+08:00` are none: they have no history, and older browsers don't know them. */
export function isZone(name: unknown): name is string {
  if (typeof name !== 'string' || !/^[A-Za-z][\w+\-/]{1,49}$/.test(name)) return false;
  try {
    zoneOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * A zone by its IANA name.
 *
 * @throws {RangeError} when the platform knows no such zone
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = openZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function openZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
    year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const chunks = new Map<number, readonly OffsetSpan[]>();
  let last: OffsetSpan = { from: 0, until: 0, offset: 0 };
  return {
    name,
    spanAt: (at) => {
      if (at >= last.from && at < last.until) return last;
      const index = Math.floor(at / chunk);
      let spans = chunks.get(index);
      if (!spans) {
        spans = readSpans(format, index * chunk);
        chunks.set(index, spans);
      }
      last = spans.find((span) => at < span.until)!;
      return last;
    },
  };
}

/** All spans of one chunk. */
function readSpans(format: Intl.DateTimeFormat, start: number): OffsetSpan[] {
  const end = start + chunk;
  const spans: OffsetSpan[] = [];
  let from = start;
  let offset = readOffset(format, start);
  for (let before = start; before < end; before += step) {
    const after = Math.min(before + step, end);
    const next = readOffset(format, after);
    if (next === offset) continue;
    const change = findChange(format, before, after, offset);
    if (change < end) {
      spans.push({ from, until: change, offset });
      from = change;
      offset = next;
    }
  }
  spans.push({ from, until: end, offset });
  return spans;
}

/** The first whole second with another offset than that before. */
function findChange(format: Intl.DateTimeFormat, before: number, after: number, offset: number): number {
  let [low, high] = [before, after];
  while (high - low > second) {
    const middle = low + Math.floor((high - low) / 2 / second) * second;
    if (readOffset(format, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** At a whole second. */
function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(at)) shown[type] = Number(value);
  // Older engines show midnight as 24:00.
  return Date.UTC(shown.year!, shown.month! - 1, shown.day, shown.hour! % 24, shown.minute, shown.second) - at;
}

/** What the clock on the wall shows at an instant, as if it were UTC. */
export function wallClock(zone: Zone, at: number): number {
  return at + zone.spanAt(within(at)).offset;
}

/**
 * The instant at which the clock on the wall shows this (given as if it were UTC). Shown twice: the first time. Never shown:
 * reckoned with the offset before the gap, so that 02:30 is 03:30 where the clock skips an hour (RFC 5545, 3.3.5).
 */
export function instantAt(zone: Zone, wall: number): number {
  // A change of a day either side is seen, and there is never more than one.
  const earlier = zone.spanAt(within(wall - dayMilliseconds)).offset;
  const later = zone.spanAt(within(wall + dayMilliseconds)).offset;
  const byEarlier = wall - earlier;
  if (earlier === later || wallClock(zone, byEarlier) === wall) return byEarlier;
  return wallClock(zone, wall - later) === wall ? wall - later : byEarlier;
}

/** The instant itself, or the nearest that is reckoned with. */
export function within(at: number): number {
  return Math.min(Math.max(at, earliestInstant), latestInstant - 1);
}
