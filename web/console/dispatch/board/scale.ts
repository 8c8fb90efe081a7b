import { dayNumber } from '../../../../rules/calendar/calendar.ts';
import { instantAt, zoneOf } from '../../../../rules/calendar/zone.ts';
import { spanOfDays } from '../../../../rules/shifts/shifts.ts';
import type { Zoom } from './search.ts';

const minute = 60_000;

/** Pixels an hour takes, by zoom. */
const hourWidth: Record<Zoom, number> = { 15: 256, 30: 144, 60: 80 };

/** How the hours of a day lie on the screen (时间轴). */
export interface Scale {
  /** Milliseconds since 1970 of the left and right edge. */
  start: number;
  end: number;
  /** Pixels a millisecond takes. */
  rate: number;
  width: number;
  /** Minutes between two lines. */
  step: Zoom;
  /** Minutes a dragged visit snaps to. */
  snap: number;
}

export function scaleOf(from: number, to: number, zoom: Zoom): Scale {
  const rate = hourWidth[zoom] / (60 * minute);
  return { start: from, end: to, rate, width: Math.round((to - from) * rate), step: zoom, snap: zoom === 60 ? 15 : zoom === 30 ? 10 : 5 };
}

export const leftOf = (scale: Scale, at: number): number => (Math.min(Math.max(at, scale.start), scale.end) - scale.start) * scale.rate;
export const widthOf = (scale: Scale, from: number, to: number): number => Math.max(0, leftOf(scale, to) - leftOf(scale, from));

/** The moment under a place of the axis, on a step of so many minutes, never outside of the axis. */
export function momentAt(scale: Scale, left: number): number {
  const snap = scale.snap * minute;
  const at = scale.start + Math.round(left / scale.rate / snap) * snap;
  return Math.min(Math.max(at, scale.start), scale.end - snap);
}

/** Later, or earlier when negative, by so many steps; never outside of the axis. */
export function stepped(scale: Scale, at: number, steps: number): number {
  const snap = scale.snap * minute;
  const from = scale.start + Math.round((at - scale.start) / snap) * snap;
  return Math.min(Math.max(from + steps * snap, scale.start), scale.end - snap);
}

/** The lines of the axis, the first at its left edge; `hour` where a full hour begins. */
export function linesOf(scale: Scale): { at: number; left: number; hour: boolean }[] {
  const lines: { at: number; left: number; hour: boolean }[] = [];
  for (let at = scale.start; at < scale.end; at += scale.step * minute) {
    lines.push({ at, left: leftOf(scale, at), hour: Math.round((at - scale.start) / minute) % 60 === 0 });
  }
  return lines;
}

/**
 * What of a day is shown (显示时段): from seven to seven on the wall, or more where anybody works or is sent earlier or later,
 * in full hours and within the day.
 *
 * @param day YYYY-MM-DD of the zone
 */
export function shownHours(day: string, zone: string, moments: readonly number[]): { from: number; to: number } {
  const span = spanOfDays(zone, day, dayAfter(day));
  const hour = 60 * minute;
  let from = span.from + 7 * hour;
  let to = span.from + 19 * hour;
  for (const at of moments) {
    if (at < span.from || at > span.to) continue;
    if (at < from) from = at;
    if (at > to) to = at;
  }
  return {
    from: Math.max(span.from, span.from + Math.floor((from - span.from) / hour) * hour),
    to: Math.min(span.to, span.from + Math.ceil((to - span.from) / hour) * hour),
  };
}

/** The day after or before another, both as YYYY-MM-DD. */
export function dayAfter(day: string, days = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The moment at which the clock on the wall of a zone shows so many minutes after midnight of a day. */
export function wallMoment(zone: string, day: string, minutes: number): number {
  return instantAt(zoneOf(zone), dayNumber(day) * 86_400_000 + minutes * minute);
}

/** The day it is in a zone, as YYYY-MM-DD. */
export function dayIn(zone: string, now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}

/** The moment of another day at which the clock on the wall shows the same as at this one (同一时刻的另一天). */
export function onDay(zone: string, day: string, at: number): number {
  const [hours = 0, minutes = 0] = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at).split(':').map(Number);
  return wallMoment(zone, day, hours * 60 + minutes);
}

/**
 * Side by side what overlaps (错行): for each stretch the track it lies on, the first that is free, and how many there are.
 *
 * @param stretches in the order of their beginnings
 */
export function tracksOf(stretches: readonly { start: number; end: number }[]): { track: number[]; count: number } {
  const ends: number[] = [];
  const track = stretches.map(({ start, end }) => {
    let at = ends.findIndex((until) => until <= start);
    if (at < 0) at = ends.length;
    ends[at] = end;
    return at;
  });
  return { track, count: Math.max(1, ends.length) };
}
