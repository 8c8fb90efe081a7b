import { describeWeek } from '../calendar/describe-calendar.ts';
import { outlineOfDay } from '../calendar/holidays.ts';
import { dayAt, workingMillisecondsBetween } from '../calendar/working-time.ts';
import { dayMilliseconds, minuteMilliseconds, type BusinessCalendar } from '../calendar/calendar.ts';
import type { ClockRecord } from './clock-record.ts';
import { clockState, type Calendars, type ClockState } from './clock-state.ts';
import { explainPhrases } from './explain-phrases.ts';
import { causeText, instantText, lengthText, rangeText, yearOf, type Language, type Viewpoint } from './explain-words.ts';
import { clockIntervals, type ClockInterval } from './intervals.ts';

/** Names of what a clock mentions by id; what is not known is shown as it stands. */
export interface SlaLabels {
  readonly policy?: (id: string) => string | undefined;
  readonly calendar?: (id: string) => string | undefined;
  readonly team?: (id: string) => string | undefined;
  readonly step?: (key: string) => string | undefined;
  readonly status?: (id: string) => string | undefined;
  readonly type?: (id: string) => string | undefined;
}

/** One line of an explanation (期限说明的一行). */
export interface ExplanationLine {
  /** promise: what is promised, first and when it changed · start · running, outside_hours, paused: an interval · several: intervals told together · due · breach · end · caution. */
  readonly kind: 'promise' | 'start' | 'running' | 'outside_hours' | 'paused' | 'several' | 'due' | 'breach' | 'end' | 'caution';
  readonly from: number;
  readonly to: number | null;
  /** Working time counted in it, milliseconds. */
  readonly counted: number;
  readonly overdue: boolean;
  /** Has not happened yet. */
  readonly ahead: boolean;
  readonly text: string;
}

export interface ClockExplanation {
  /** How it stands, in one sentence. */
  readonly summary: string;
  readonly lines: readonly ExplanationLine[];
  readonly intervals: readonly ClockInterval[];
}

/** Runs of intervals longer than this are told by their ends. */
const runLimit = 12;
const ends = 4;

/** Why a deadline is what it is, interval by interval (期限由来), in the zone of the promise's calendar. */
export function explainClock(clock: ClockRecord, calendars: Calendars, now: number, language: Language, labels: SlaLabels = {}): ClockExplanation {
  const state = clockState(clock, calendars, now);
  const { intervals, complete } = clockIntervals(clock, calendars, now);
  const say = explainPhrases[language];
  const view = viewOf(clock, calendars, now, language);
  const lines: ExplanationLine[] = [];
  const put = (kind: ExplanationLine['kind'], from: number, text: string, more: Partial<ExplanationLine> = {}) => {
    lines.push({ kind, from, to: null, counted: 0, overdue: false, ahead: from > now, ...more, text });
  };
  put('promise', clock.startedAt, promiseText(clock, 0, calendars, language, labels));
  put('start', clock.startedAt, say.started(instantText(clock.startedAt, view)));
  let [used, promise] = [0, 0];
  let toldDue = false;
  for (const run of runsOf(wholeNights(intervals))) {
    const [first] = run as [ClockInterval];
    while (promise < first.promise) {
      promise += 1;
      put('promise', clock.promises[promise]!.at, changeText(clock, promise, used, calendars, language, labels, view));
      if (clock.promises[promise]!.anew) used = 0;
    }
    if (first.overdue && !toldDue && state.breachedAt !== null) {
      put('breach', state.breachedAt, say.breached(instantText(state.breachedAt, view)), { overdue: true });
      toldDue = true;
    }
    for (const told of toldParts(run)) {
      const [head, tail] = [told[0]!, told.at(-1)!];
      const counted = countedIn(told, clock, calendars);
      used += counted;
      const range = rangeText(head.from, tail.to, view);
      const common = { to: tail.to, counted, overdue: head.overdue, ahead: head.ahead };
      if (told.length > 1) put('several', head.from, say.several(range, told.filter(({ kind }) => kind === 'running').length, lengthText(counted, language), lengthText(used, language)), common);
      else if (head.kind === 'paused') put('paused', head.from, say.paused(range, causeText(head.cause!, labels.status ?? (() => undefined), language)), common);
      else if (head.kind === 'running') put('running', head.from, say.running(range, lengthText(counted, language), lengthText(used, language)), common);
      else put('outside_hours', head.from, say.outside(range, whyOutside(head, clock, calendars, language)), common);
    }
  }
  while (promise + 1 < clock.promises.length) {
    promise += 1;
    put('promise', clock.promises[promise]!.at, changeText(clock, promise, used, calendars, language, labels, view));
  }
  if (!complete) put('caution', intervals.at(-1)?.to ?? clock.startedAt, say.incomplete);
  if (state.breachedAt === null && state.dueAt !== null && clock.stoppedAt === null) put('due', state.dueAt, say.due(instantText(state.dueAt, view), say.deeds[clock.metric]));
  if (clock.stoppedAt !== null) put('end', clock.stoppedAt, endText(clock, state, language, view));
  if (state.unpublishedYears.length > 0) put('caution', now, say.unpublished(state.unpublishedYears));
  return { summary: summaryText(clock, state, language, view, labels), lines, intervals };
}

function viewOf(clock: ClockRecord, calendars: Calendars, now: number, language: Language): Viewpoint {
  const timeZone = calendars[clock.promises.at(-1)!.target.calendar]?.timeZone ?? 'UTC';
  return { timeZone, year: yearOf(now, timeZone), language };
}

/** Time outside of hours is one stretch, whether or not now lies within it. */
function wholeNights(intervals: readonly ClockInterval[]): ClockInterval[] {
  const whole: ClockInterval[] = [];
  for (const interval of intervals) {
    const last = whole.at(-1);
    if (last?.kind === 'outside_hours' && interval.kind === 'outside_hours' && last.to === interval.from && last.promise === interval.promise && last.overdue === interval.overdue) whole.splice(-1, 1, { ...last, to: interval.to });
    else whole.push(interval);
  }
  return whole;
}

/** Neighbours that belong together: counting or outside of hours under one promise, and on one side of due and now. */
function runsOf(intervals: readonly ClockInterval[]): ClockInterval[][] {
  const runs: ClockInterval[][] = [];
  for (const interval of intervals) {
    const last = runs.at(-1)?.at(-1);
    const together = last && last.promise === interval.promise && last.overdue === interval.overdue && last.ahead === interval.ahead && (last.kind === 'paused') === (interval.kind === 'paused') && last.kind !== 'paused';
    if (together) runs.at(-1)!.push(interval);
    else runs.push([interval]);
  }
  return runs;
}

function toldParts(run: readonly ClockInterval[]): ClockInterval[][] {
  if (run.length <= runLimit) return run.map((interval) => [interval]);
  return [...run.slice(0, ends).map((interval) => [interval]), run.slice(ends, -ends), ...run.slice(-ends).map((interval) => [interval])];
}

function countedIn(told: readonly ClockInterval[], clock: ClockRecord, calendars: Calendars): number {
  return told.reduce((sum, { kind, from, to, promise }) => {
    const calendar = calendars[clock.promises[promise]!.target.calendar];
    return kind === 'running' && calendar ? sum + workingMillisecondsBetween(calendar, from, to) : sum;
  }, 0);
}

/** The names of the holidays in it, at most three. */
function whyOutside({ from, to, promise }: ClockInterval, clock: ClockRecord, calendars: Calendars, language: Language): string {
  const calendar: BusinessCalendar | undefined = calendars[clock.promises[promise]!.target.calendar];
  if (!calendar) return explainPhrases[language].unknownCalendar;
  const names = new Set<string>();
  for (let at = from, days = 0; at < to && names.size < 3 && days < 366; at += dayMilliseconds, days += 1) {
    const last = outlineOfDay(calendar, dayAt(calendar, at)).exceptions.at(-1)?.exception;
    if (last && (last.kind === 'holiday' || last.kind === 'closed')) names.add(last.name ?? explainPhrases[language].holiday);
  }
  return [...names].join(explainPhrases[language].list);
}

function promiseText(clock: ClockRecord, place: number, calendars: Calendars, language: Language, labels: SlaLabels): string {
  const { target, policy } = clock.promises[place]!;
  const calendar = calendars[target.calendar];
  const say = explainPhrases[language];
  const step = clock.step === null ? null : labels.step?.(clock.step) ?? clock.step;
  const team = clock.team === null ? null : labels.team?.(clock.team) ?? clock.team;
  return say.promise({
    what: say.metric(clock.metric, step, team), time: lengthText(target.minutes * minuteMilliseconds, language),
    policy: labels.policy?.(policy.id) ?? policy.id, calendar: labels.calendar?.(target.calendar) ?? target.calendar,
    week: calendar ? `${describeWeek(calendar, language)}${language === 'zh' ? '，' : ', '}${calendar.timeZone}` : say.unknownCalendar,
  });
}

function changeText(clock: ClockRecord, place: number, used: number, calendars: Calendars, language: Language, labels: SlaLabels, view: Viewpoint): string {
  const [before, after] = [clock.promises[place - 1]!, clock.promises[place]!];
  const say = explainPhrases[language];
  const reasons: string[] = [];
  if (before.because.priority !== after.because.priority) reasons.push(say.priorityChanged(before.because.priority, after.because.priority));
  if (before.because.type !== after.because.type) reasons.push(say.typeChanged(labels.type?.(before.because.type) ?? before.because.type, labels.type?.(after.because.type) ?? after.because.type));
  if (before.because.tier !== after.because.tier) reasons.push(say.tierChanged(before.because.tier, after.because.tier));
  if (reasons.length === 0) reasons.push(say.policyChanged);
  const sameCalendar = before.target.calendar === after.target.calendar;
  const [from, to] = [before, after].map(({ target }) => lengthText(target.minutes * minuteMilliseconds, language)) as [string, string];
  const calendarName = labels.calendar?.(after.target.calendar) ?? after.target.calendar;
  const zone = calendars[after.target.calendar]?.timeZone ?? '';
  return say.changed({ when: instantText(after.at, view), reasons, from, to, calendar: sameCalendar ? null : say.otherCalendar(calendarName, zone), used: after.anew ? null : lengthText(used, language) });
}

function endText(clock: ClockRecord, state: ClockState, language: Language, view: Viewpoint): string {
  const say = explainPhrases[language];
  const when = instantText(clock.stoppedAt!, view);
  if (clock.outcome === 'cancelled') return say.cancelled(when);
  return state.breachedAt === null ? say.met(when, lengthText(state.used, language)) : say.metLate(when, lengthText(state.used, language), overText(state, language));
}

function overText({ remaining }: ClockState, language: Language): string | null {
  return remaining < 0 ? lengthText(remaining, language) : null;
}

function summaryText(clock: ClockRecord, state: ClockState, language: Language, view: Viewpoint, labels: SlaLabels): string {
  const say = explainPhrases[language];
  if (clock.stoppedAt !== null) return endText(clock, state, language, view);
  if (state.notDue === 'paused') {
    const { paused } = clock.phases.at(-1)!;
    const cause = paused ? causeText(paused, labels.status ?? (() => undefined), language) : '';
    return state.breachedAt === null && state.remaining > 0 ? say.standsStill(cause, lengthText(state.remaining, language)) : say.standsStillLate(cause, overText(state, language));
  }
  if (state.dueAt === null) return say.neverDue[state.notDue as 'no_working_time' | 'too_far' | 'unknown_calendar'];
  const when = instantText(state.dueAt, view);
  return state.breachedAt === null ? say.dueIn(when, say.deeds[clock.metric], lengthText(state.remaining, language)) : say.late(when, overText(state, language));
}
