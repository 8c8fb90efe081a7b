import type { TicketStatus, WaitingFor } from '../ticket/lifecycle.ts';
import type { SlaMetric, SlaTarget, SlaTicket } from './policy.ts';

/**
 * A clock (计时) as it is kept: when it began, stood still and went on, what was promised from when on, and how it ended. All
 * else (when it is due, what is used, why) follows from this and the calendars, see clock-state.ts. JSON; instants in
 * milliseconds since 1970-01-01T00:00Z.
 */
export interface ClockRecord {
  /** Of its own within the ticket and stable: `resolution#1`, `step:<id>#1`, `acceptance@<team>.2#1`. */
  readonly key: string;
  readonly metric: SlaMetric;
  /** Of a team's clock. */
  readonly team: string | null;
  /** Of a step's clock: the step's key. */
  readonly step: string | null;
  /** How many of its kind there have been, this one included: each unanswered message begins a clock of its own. */
  readonly cycle: number;
  readonly startedAt: number;
  /** In order, the first at the start; each lasts until the next, or until it stopped. */
  readonly phases: readonly ClockPhase[];
  /** In order, the first at the start; the last is what counts. */
  readonly promises: readonly ClockPromise[];
  readonly stoppedAt: number | null;
  /** met 达成: what was promised was done · cancelled 作废: it no longer needed to be. */
  readonly outcome: 'met' | 'cancelled' | null;
}

export interface ClockPhase {
  readonly at: number;
  /** null: the clock runs. */
  readonly paused: PauseCause | null;
}

/** Why a clock stands still: a status the policy names, the ticket having been settled until it was reopened, or nothing being promised for a while. */
export type PauseCause =
  | { readonly kind: 'status'; readonly status: TicketStatus; readonly waitingFor: WaitingFor | null; readonly statusId: string | null }
  | { readonly kind: 'settled'; readonly status: 'resolved' | 'closed' | 'cancelled' }
  | { readonly kind: 'no_target' };

/** What was promised from `at` on (承诺), with why it changed. */
export interface ClockPromise {
  readonly at: number;
  readonly policy: { readonly id: string; readonly version: number };
  readonly target: SlaTarget;
  /** Counting began anew: what was used before is not held against it. */
  readonly anew: boolean;
  /** Of the ticket at that time, for the explanation. */
  readonly because: { readonly type: string; readonly priority: string; readonly tier: string | null };
}

/** Begins a clock. */
export function startClock(place: { slot: string; metric: SlaMetric; team: string | null; step: string | null }, cycle: number, at: number, promise: Omit<ClockPromise, 'at' | 'anew'>, ticket: SlaTicket): ClockRecord {
  const { slot, metric, team, step } = place;
  return {
    key: `${slot}#${cycle}`, metric, team, step, cycle, startedAt: at, phases: [{ at, paused: pauseCause(promise.target, ticket) }],
    promises: [{ at, anew: false, ...promise }], stoppedAt: null, outcome: null,
  };
}

/** Lets a clock run or stand still, as the ticket's status says; the clock itself when that changes nothing. */
export function adjustClock(clock: ClockRecord, at: number, ticket: SlaTicket): ClockRecord {
  return withPhase(clock, { at, paused: pauseCause(clock.promises.at(-1)!.target, ticket) });
}

/** Stops a clock. */
export function stopClock(clock: ClockRecord, at: number, outcome: 'met' | 'cancelled'): ClockRecord {
  return { ...clock, stoppedAt: at, outcome };
}

/** Lets a stopped clock go on; what lies between is a pause. */
export function resumeClock(clock: ClockRecord, at: number, between: PauseCause, ticket: SlaTicket): ClockRecord {
  return adjustClock(withPhase({ ...clock, stoppedAt: null, outcome: null }, { at: clock.stoppedAt!, paused: between }), at, ticket);
}

/** Promises something else from now on (改约); the clock itself when it is the same. */
export function retargetClock(clock: ClockRecord, at: number, promise: Omit<ClockPromise, 'at' | 'anew'>): ClockRecord {
  const { policy, target } = clock.promises.at(-1)!;
  if (policy.id === promise.policy.id && policy.version === promise.policy.version && target.key === promise.target.key) return clock;
  const differs = target.minutes !== promise.target.minutes || target.calendar !== promise.target.calendar;
  return { ...clock, promises: [...clock.promises, { at, anew: differs && promise.target.whenChanged === 'start_anew', ...promise }] };
}

function withPhase(clock: ClockRecord, phase: ClockPhase): ClockRecord {
  const before = clock.phases.filter(({ at }) => at < phase.at);
  const last = before.at(-1);
  if (last && sameCause(last.paused, phase.paused)) return before.length === clock.phases.length ? clock : { ...clock, phases: before };
  return { ...clock, phases: [...before, phase] };
}

function sameCause(one: PauseCause | null, other: PauseCause | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What of a ticket's status pauses a target; null: nothing. */
function pauseCause({ pauses }: SlaTarget, { status, waitingFor, statusId }: SlaTicket): PauseCause | null {
  const pausing = pauses.some((pause) => ('statusId' in pause
    ? pause.statusId === statusId
    : pause.status === status && (pause.status !== 'waiting' || !pause.waitingFor || (waitingFor !== null && pause.waitingFor.includes(waitingFor)))));
  return pausing ? { kind: 'status', status, waitingFor, statusId } : null;
}
