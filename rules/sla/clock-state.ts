import { minuteMilliseconds, type BusinessCalendar } from '../calendar/calendar.ts';
import { addWorkingTime, isWorkingTime, unpublishedYears, workingMillisecondsBetween } from '../calendar/working-time.ts';
import type { ClockPromise, ClockRecord, PauseCause } from './clock-record.ts';
import type { SlaRung } from './policy.ts';

/** Business calendars by id. */
export type Calendars = Readonly<Record<string, BusinessCalendar>>;

/** Why a running clock has no time it is due: it stands still, or its calendar yields no such time, or is gone. */
export type NotDue = 'paused' | 'no_working_time' | 'too_far' | 'unknown_calendar';

/** A clock as of some instant (计时状态). Instants and lengths of working time in milliseconds. */
export interface ClockState {
  readonly key: string;
  /** running 计时中 · outside_hours 非工作时间 · paused 已暂停 · met 已达成 · cancelled 已作废. Whether it is late says {@link breachedAt}. */
  readonly status: 'running' | 'outside_hours' | 'paused' | 'met' | 'cancelled';
  readonly startedAt: number;
  /** What is promised now. */
  readonly targetTime: number;
  /** Of it, what is used; without what was used before counting began anew. */
  readonly used: number;
  /** Less than 0 when it is over. */
  readonly remaining: number;
  /** When the time is, or was to be, over; null for why see {@link notDue}. Of a clock that stopped while it stood still: had it gone on. */
  readonly dueAt: number | null;
  readonly notDue: NotDue | null;
  /** When the present promise was broken; null as long as it is not. */
  readonly breachedAt: number | null;
  readonly metAt: number | null;
  readonly cancelledAt: number | null;
  /** At is null as long as nobody can know, or when the clock stopped before. */
  readonly warnings: readonly { readonly percent: number; readonly at: number | null }[];
  readonly escalations: readonly { readonly rung: SlaRung; readonly at: number | null }[];
  /** Promises that were broken before they were changed. */
  readonly earlierBreaches: readonly { readonly at: number; readonly promise: ClockPromise }[];
  /** Years on the way to the deadline whose holidays are not published: it may move. */
  readonly unpublishedYears: readonly number[];
}

/** A piece of a clock's life in which neither its running nor its promise changed. */
export interface ClockStretch {
  readonly from: number;
  /** null: until now and on. */
  readonly to: number | null;
  readonly paused: PauseCause | null;
  /** The place of its promise in the record. */
  readonly promise: number;
  /** What was used when it began, by the count of its promise. */
  readonly used: number;
}

/** The pieces of a clock's life, in order. */
export function stretchesOf(clock: ClockRecord, calendars: Calendars): ClockStretch[] {
  const stretches: ClockStretch[] = [];
  const end = clock.stoppedAt ?? Infinity;
  const { phases, promises } = clock;
  let [phase, promise, used] = [0, 0, 0];
  let from = clock.startedAt;
  for (;;) {
    while (phase + 1 < phases.length && phases[phase + 1]!.at <= from) phase += 1;
    while (promise + 1 < promises.length && promises[promise + 1]!.at <= from) {
      promise += 1;
      if (promises[promise]!.anew) used = 0;
    }
    const to = Math.min(phases[phase + 1]?.at ?? Infinity, promises[promise + 1]?.at ?? Infinity, end);
    const { paused } = phases[phase]!;
    stretches.push({ from, to: to === Infinity ? null : to, paused, promise, used });
    // What changed at the very end leaves a last piece without length, so that the last piece is always what counts.
    if (to === Infinity || (to >= end && (from === to || (phase === phases.length - 1 && promise === promises.length - 1)))) return stretches;
    const calendar = calendars[promises[promise]!.target.calendar];
    if (paused === null && calendar) used += workingMillisecondsBetween(calendar, from, to);
    from = to;
  }
}

/** When so much is used, counted under one promise: an instant at which the clock runs on; else why not. */
type Reached = { readonly at: number } | { readonly at: null; readonly why: NotDue | 'stopped' };

function whenUsed(amount: number, promise: number, clock: ClockRecord, stretches: readonly ClockStretch[], calendars: Calendars): Reached {
  const calendar = calendars[clock.promises[promise]!.target.calendar];
  if (!calendar) return { at: null, why: 'unknown_calendar' };
  for (const stretch of stretches) {
    if (stretch.promise !== promise || stretch.paused !== null || stretch.from === stretch.to) continue;
    if (stretch.used >= amount) return { at: stretch.from };
    const reached = addWorkingTime(calendar, stretch.from, amount - stretch.used);
    // Reached with the very end of the stretch is reached in time: what stopped the clock then counts.
    if (reached.at !== null && (stretch.to === null || reached.at < stretch.to)) return reached;
    if (stretch.to === null) return { at: null, why: (reached as { reason: 'no_working_time' | 'too_far' }).reason };
  }
  return { at: null, why: clock.stoppedAt === null && promise === clock.promises.length - 1 ? 'paused' : 'stopped' };
}

/**
 * The state of a clock as of `now` (计时状态). A promise is broken when its time is over and the clock still runs: what
 * happens at the very instant it is due comes in time. Where what is promised changes, the time used counts on (unless the
 * promise says otherwise), each part by the calendar that was in force.
 */
export function clockState(clock: ClockRecord, calendars: Calendars, now: number): ClockState {
  const stretches = stretchesOf(clock, calendars);
  const last = stretches.at(-1)!;
  const current = clock.promises.length - 1;
  const { target } = clock.promises[current]!;
  const calendar = calendars[target.calendar];
  const targetTime = target.minutes * minuteMilliseconds;
  const until = clock.stoppedAt ?? Math.max(now, last.from);
  const used = last.used + (last.paused === null && calendar ? workingMillisecondsBetween(calendar, last.from, until) : 0);
  const when = (amount: number) => whenUsed(amount, current, clock, stretches, calendars);
  const breach = when(targetTime);
  const due = breach.at === null && breach.why === 'stopped' ? dueHadItGoneOn(last, targetTime, clock, calendar) : breach;
  const broken = breach.at !== null && (clock.stoppedAt !== null || breach.at <= now);
  return {
    key: clock.key,
    status: clock.outcome ?? (last.paused ? 'paused' : calendar && isWorkingTime(calendar, until) ? 'running' : 'outside_hours'),
    startedAt: clock.startedAt,
    targetTime, used, remaining: targetTime - used,
    dueAt: due.at, notDue: due.at === null ? due.why as NotDue : null,
    breachedAt: broken ? breach.at : null,
    metAt: clock.outcome === 'met' ? clock.stoppedAt : null,
    cancelledAt: clock.outcome === 'cancelled' ? clock.stoppedAt : null,
    warnings: target.warnings.map((percent) => ({ percent, at: when(targetTime * percent / 100).at })),
    escalations: target.ladder.map((rung) => ({ rung, at: when(rungTime(rung, targetTime)).at })),
    earlierBreaches: clock.promises.slice(0, -1).flatMap((promise, place) => {
      const { at } = whenUsed(promise.target.minutes * minuteMilliseconds, place, clock, stretches, calendars);
      return at === null ? [] : [{ at, promise }];
    }),
    unpublishedYears: calendar ? unpublishedYears(calendar, clock.startedAt, due.at ?? until) : [],
  };
}

/** When so much is used that a rung of the ladder is reached. */
function rungTime(rung: SlaRung, targetTime: number): number {
  return 'percent' in rung ? targetTime * rung.percent / 100 : targetTime + rung.afterMinutes * minuteMilliseconds;
}

function dueHadItGoneOn(last: ClockStretch, targetTime: number, clock: ClockRecord, calendar: BusinessCalendar | undefined): Reached {
  if (!calendar) return { at: null, why: 'unknown_calendar' };
  const found = addWorkingTime(calendar, last.paused === null ? last.from : clock.stoppedAt!, Math.max(targetTime - last.used, 0));
  return found.at === null ? { at: null, why: found.reason } : found;
}

/** Something that is to be done when a clock comes so far (计时动作). */
export interface ClockMoment {
  readonly at: number;
  /** Stable and of its own within the clock: what was done once is not done again. */
  readonly key: string;
  readonly kind: 'warning' | 'breach' | 'escalation';
  readonly percent?: number;
  readonly rung?: SlaRung;
}

/**
 * All moments of a clock that have come or can be foreseen (计时时点), in order: what a sweep acts on, the first one not yet
 * acted on being when the clock is to be looked at next. A clock that stands still has none ahead. A changed promise has
 * moments of its own: those it has already passed come at the time of the change.
 */
export function clockMoments(clock: ClockRecord, calendars: Calendars): ClockMoment[] {
  const stretches = stretchesOf(clock, calendars);
  const place = clock.promises.length - 1;
  const { minutes, warnings, ladder } = clock.promises[place]!.target;
  const targetTime = minutes * minuteMilliseconds;
  const moments: ClockMoment[] = [];
  const put = (amount: number, moment: Omit<ClockMoment, 'at' | 'key'>, key: string) => {
    const { at } = whenUsed(amount, place, clock, stretches, calendars);
    if (at !== null) moments.push({ at, key: `${place}:${key}`, ...moment });
  };
  for (const percent of warnings) put(targetTime * percent / 100, { kind: 'warning', percent }, `warning:${percent}`);
  put(targetTime, { kind: 'breach' }, 'breach');
  for (const [index, rung] of ladder.entries()) put(rungTime(rung, targetTime), { kind: 'escalation', rung }, `escalation:${index}`);
  return moments.sort((a, b) => a.at - b.at);
}

/**
 * What keeping a clock as a row takes (计时行): when it is due, when its promise was broken as of `now`, and the first moment that
 * was not acted on. Cheaper than {@link clockState} and {@link clockMoments}, with which it agrees: it looks for one moment only. Of a
 * clock that stopped only its breach is still to be told.
 *
 * @param done keys of moments that were acted on
 */
export function clockOutlook(clock: ClockRecord, calendars: Calendars, now: number, done: readonly string[] = []): { dueAt: number | null; breachedAt: number | null; next: ClockMoment | null } {
  const stretches = stretchesOf(clock, calendars);
  const place = clock.promises.length - 1;
  const { minutes, warnings, ladder, calendar } = clock.promises[place]!.target;
  const targetTime = minutes * minuteMilliseconds;
  const stopped = clock.stoppedAt !== null;
  const breach = whenUsed(targetTime, place, clock, stretches, calendars);
  const due = breach.at === null && breach.why === 'stopped' ? dueHadItGoneOn(stretches.at(-1)!, targetTime, clock, calendars[calendar]) : breach;
  const planned: { amount: number; moment: Omit<ClockMoment, 'at'> }[] = [{ amount: targetTime, moment: { key: `${place}:breach`, kind: 'breach' } }];
  if (!stopped) {
    for (const percent of warnings) planned.push({ amount: targetTime * percent / 100, moment: { key: `${place}:warning:${percent}`, kind: 'warning', percent } });
    for (const [index, rung] of ladder.entries()) planned.push({ amount: rungTime(rung, targetTime), moment: { key: `${place}:escalation:${index}`, kind: 'escalation', rung } });
    // More time is used later: the least amount comes first.
    planned.sort((a, b) => a.amount - b.amount);
  }
  const first = planned.find(({ moment }) => !done.includes(moment.key));
  const at = !first ? null : first.amount === targetTime ? breach.at : whenUsed(first.amount, place, clock, stretches, calendars).at;
  return { dueAt: due.at, breachedAt: breach.at !== null && (stopped || breach.at <= now) ? breach.at : null, next: first && at !== null ? { at, ...first.moment } : null };
}
