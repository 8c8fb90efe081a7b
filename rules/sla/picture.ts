import type { ClockRecord } from './clock-record.ts';
import { clockState, type Calendars } from './clock-state.ts';
import type { ClockInterval } from './intervals.ts';
import { clockIntervals } from './intervals.ts';

/** A clock's life as a bar (计时图): segments and marks, placed from 0 (its start) to 1 (its end, or what is foreseen). */
export interface ClockPicture {
  readonly from: number;
  readonly to: number;
  readonly segments: readonly PictureSegment[];
  readonly marks: readonly PictureMark[];
}

export interface PictureSegment {
  readonly start: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
  /** mixed: counting and not counting by turns, too narrow to be told apart. */
  readonly kind: ClockInterval['kind'] | 'mixed';
  readonly overdue: boolean;
  readonly ahead: boolean;
}

export interface PictureMark {
  readonly position: number;
  readonly at: number;
  readonly kind: 'now' | 'warning' | 'due' | 'escalation' | 'promise' | 'met' | 'cancelled';
  readonly percent?: number;
}

/** Narrower segments would be thinner than a hairline. */
const narrowest = 1 / 300;

/** Data for a small picture of a clock; the interface only has to draw it. */
export function pictureOf(clock: ClockRecord, calendars: Calendars, now: number): ClockPicture {
  const state = clockState(clock, calendars, now);
  const { intervals } = clockIntervals(clock, calendars, now);
  const from = clock.startedAt;
  const to = Math.max(intervals.at(-1)?.to ?? from, from + 1);
  const position = (at: number) => (at - from) / (to - from);
  const segments: PictureSegment[] = [];
  for (const { kind, overdue, ahead, ...interval } of intervals) {
    const last = segments.at(-1);
    const width = position(interval.to) - position(interval.from);
    const narrow = last && Math.min(width, last.width) < narrowest && kind !== 'paused' && last.kind !== 'paused' && last.overdue === overdue && last.ahead === ahead;
    if (narrow) segments[segments.length - 1] = { ...last, width: position(interval.to) - last.start, to: interval.to, kind: last.kind === kind ? kind : 'mixed' };
    else segments.push({ start: position(interval.from), width, from: interval.from, to: interval.to, kind, overdue, ahead });
  }
  const marks: PictureMark[] = [];
  const mark = (at: number | null, kind: PictureMark['kind'], percent?: number) => {
    if (at !== null && at >= from && at <= to) marks.push({ position: position(at), at, kind, ...(percent === undefined ? {} : { percent }) });
  };
  for (const { percent, at } of state.warnings) mark(at, 'warning', percent);
  for (const { at } of state.escalations) mark(at, 'escalation');
  for (const promise of clock.promises.slice(1)) mark(promise.at, 'promise');
  mark(state.breachedAt ?? state.dueAt, 'due');
  if (clock.stoppedAt === null) mark(now, 'now');
  else mark(clock.stoppedAt, clock.outcome!);
  return { from, to, segments, marks: marks.sort((a, b) => a.at - b.at) };
}
