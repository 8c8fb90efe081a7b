import { dayMilliseconds } from './calendar.ts';
import { wallClock, zoneOf } from './zone.ts';

/** An appointment to be written into a calendar file (日历事件). Moments are milliseconds. */
export interface CalendarEvent {
  /** Stays the same for as long as it is the same appointment. */
  uid: string;
  /** How often it was changed. */
  sequence: number;
  changedAt: number;
  starts: number;
  ends: number;
  summary: string;
  description: string;
  location: string;
  /** WGS-84. */
  place: { lat: number; lng: number } | null;
  url: string;
  status: 'CONFIRMED' | 'TENTATIVE' | 'CANCELLED';
}

const two = (value: number): string => String(value).padStart(2, '0');
const stamp = (wall: number): string => {
  const at = new Date(wall);
  return `${String(at.getUTCFullYear()).padStart(4, '0')}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}T${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
};
const utc = (at: number): string => `${stamp(at)}Z`;
// Commas, semicolons, backslashes and line ends of a text (3.3.11); other control characters it cannot hold.
const text = (value: string): string => value.replace(/\r\n|\r/g, '\n').replace(/[^\P{Cc}\n\t]/gu, '').replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');

/** A content line broken into parts of at most 75 octets, never within a character (3.1). */
export function foldLine(line: string): string {
  const parts: string[] = [];
  let [part, length] = ['', 0];
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length;
    // What goes on begins with a space, which counts.
    if (length + octets > 75) {
      parts.push(part);
      [part, length] = ['', 1];
    }
    part += character;
    length += octets;
  }
  return [...parts, part].join('\r\n ');
}

const offsetText = (milliseconds: number): string => {
  const seconds = Math.abs(Math.round(milliseconds / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${milliseconds < 0 ? '-' : '+'}${two(hours)}${two(minutes)}${rest === 0 ? '' : two(rest)}`;
};

/** How a zone's clocks go between two moments (3.6.5): what holds at the first, and each change after it, said one by one rather than as a rule. */
function zoneLines(timeZone: string, from: number, until: number): string[] {
  const zone = zoneOf(timeZone);
  const lines = ['BEGIN:VTIMEZONE', `TZID:${timeZone}`];
  const first = zone.spanAt(from);
  const usual = Math.min(...[0, 3, 6, 9].map((quarter) => zone.spanAt(from + quarter * 30 * dayMilliseconds).offset));
  const part = (at: number, before: number, offset: number): void => {
    const kind = offset > usual ? 'DAYLIGHT' : 'STANDARD';
    // By the clock that held until then.
    lines.push(`BEGIN:${kind}`, `DTSTART:${stamp(at + before)}`, `TZOFFSETFROM:${offsetText(before)}`, `TZOFFSETTO:${offsetText(offset)}`, `END:${kind}`);
  };
  part(from, first.offset, first.offset);
  for (let span = first; span.until < until;) {
    const next = zone.spanAt(span.until);
    if (next.offset !== span.offset) part(span.until, span.offset, next.offset);
    if (next.until <= span.until) break;
    span = next;
  }
  return [...lines, 'END:VTIMEZONE'];
}

/**
 * Appointments as an iCalendar file (日历订阅文件, RFC 5545): lines of CRLF, folded at 75 octets; times by the clock of a zone that the file describes itself.
 *
 * @param timeZone IANA
 */
export function writeCalendar(name: string, timeZone: string, events: readonly CalendarEvent[]): string {
  const zone = zoneOf(timeZone);
  const local = (at: number): string => `;TZID=${timeZone}:${stamp(wallClock(zone, at))}`;
  const moments = events.flatMap(({ starts, ends }) => [starts, ends]);
  const [from, until] = moments.length === 0 ? [0, 0] : [Math.min(...moments) - dayMilliseconds, Math.max(...moments) + dayMilliseconds];
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Bihuan//Visits//EN', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', `X-WR-CALNAME:${text(name)}`, `X-WR-TIMEZONE:${timeZone}`, 'REFRESH-INTERVAL;VALUE=DURATION:PT15M', 'X-PUBLISHED-TTL:PT15M',
    ...(events.length === 0 ? [] : zoneLines(timeZone, from, until)),
    ...events.flatMap((event) => [
      'BEGIN:VEVENT', `UID:${text(event.uid)}`, `DTSTAMP:${utc(event.changedAt)}`, `LAST-MODIFIED:${utc(event.changedAt)}`, `SEQUENCE:${event.sequence}`,
      `DTSTART${local(event.starts)}`, `DTEND${local(event.ends)}`, `SUMMARY:${text(event.summary)}`,
      ...(event.description === '' ? [] : [`DESCRIPTION:${text(event.description)}`]), ...(event.location === '' ? [] : [`LOCATION:${text(event.location)}`]),
      ...(event.place === null ? [] : [`GEO:${event.place.lat.toFixed(6)};${event.place.lng.toFixed(6)}`]), `URL:${event.url}`, `STATUS:${event.status}`, 'TRANSP:OPAQUE', 'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}
