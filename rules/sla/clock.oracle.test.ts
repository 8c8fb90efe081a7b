import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BusinessCalendar } from '../calendar/calendar.ts';
import { caseCount, minute, paint, randomCalendar, randomFrom, readPeriods, type Period } from '../calendar/sample-minutes.ts';
import type { Priority } from '../ticket/lifecycle.ts';
import { clockMoments, clockState } from './clock-state.ts';
import { ledgerOf, prepareRules, type SlaEvent } from './ledger.ts';
import type { SlaPause, SlaPolicy, SlaTarget, SlaTicket } from './policy.ts';

/**
 * Clocks by brute force: the ticket is followed minute by minute, each minute counted when the calendar is painted open and
 * nothing pauses. What is promised changes with the priority, is taken back for `low`, and goes on or begins anew.
 */

interface Watch {
  target: SlaTarget;
  stoppedAt: number | null;
  outcome: 'met' | 'cancelled' | null;
  used: number;
  /** Marks that are still ahead: name and how much is used by then, the nearest first. */
  ahead: [string, number][];
  reached: Map<string, number>;
  earlier: number[];
}

type Random = () => number;
const whole = (random: Random, limit: number) => Math.floor(random() * limit);
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[whole(random, items.length)]!;

function randomTarget(key: string, priorities: readonly Priority[], calendar: string, random: Random): SlaTarget {
  const pauses: SlaPause[] = [];
  if (random() < 0.7) pauses.push(random() < 0.5 ? { status: 'waiting' } : { status: 'waiting', waitingFor: ['customer', 'part'] });
  if (random() < 0.3) pauses.push({ statusId: 'drying' });
  return {
    key, metric: 'resolution', party: 'customer', priorities, minutes: 1 + whole(random, pick(random, [60, 600, 3_000])), calendar, pauses,
    warnings: pick(random, [[], [50], [33, 80, 95]]), ladder: [{ percent: 70, whom: [{ kind: 'assignee' }] }, { afterMinutes: whole(random, 300), whom: [{ kind: 'manager' }] }],
    whenChanged: pick(random, ['keep_used', 'start_anew'] as const), whenReopened: pick(random, ['go_on', 'start_anew'] as const),
  };
}

/** Steps of a life in order, each on a whole minute. */
function randomHistory(period: Period, first: number, last: number, random: Random): SlaEvent[] {
  const minutes = Array.from({ length: 1 + whole(random, 12) }, () => first + whole(random, last - first)).sort((a, b) => a - b);
  const ticket: SlaTicket = { type: 't', priority: pick(random, ['urgent', 'normal', 'low'] as const), tier: null, team: null, status: random() < 0.2 ? 'waiting' : 'new', waitingFor: 'customer', statusId: null };
  const events: SlaEvent[] = [{ at: period.start + first * minute, kind: 'created', ticket }];
  let settled = false;
  for (const index of minutes) {
    const at = period.start + index * minute;
    if (settled) {
      if (random() < 0.6) events.push({ at, kind: 'reopened' });
      settled = events.at(-1)!.kind !== 'reopened';
      continue;
    }
    const chance = random();
    if (chance < 0.25) events.push({ at, kind: 'changed', ticket: { priority: pick(random, ['urgent', 'normal', 'low'] as const) } });
    else if (chance < 0.5) events.push({ at, kind: 'changed', ticket: { status: 'waiting', waitingFor: pick(random, ['customer', 'supplier', 'part', 'other'] as const), statusId: null } });
    else if (chance < 0.75) events.push({ at, kind: 'changed', ticket: { status: 'open', waitingFor: null, statusId: random() < 0.3 ? 'drying' : null } });
    else events.push({ at, kind: pick(random, ['resolved', 'closed', 'cancelled'] as const) });
    settled = ['resolved', 'closed', 'cancelled'].includes(events.at(-1)!.kind);
  }
  return events;
}

function marksOf({ minutes, warnings, ladder }: SlaTarget): [string, number][] {
  const marks: [string, number][] = [
    ['due', minutes * minute], ...warnings.map((percent): [string, number] => [`warning ${percent}`, minutes * percent * 600]),
    ...ladder.map((rung, index): [string, number] => [`rung ${index}`, 'percent' in rung ? minutes * rung.percent * 600 : (minutes + rung.afterMinutes) * minute]),
  ];
  return marks.sort(([, a], [, b]) => a - b);
}

function isPaused({ pauses }: SlaTarget, { status, waitingFor, statusId }: SlaTicket): boolean {
  for (const pause of pauses) {
    if ('statusId' in pause ? pause.statusId === statusId : status === 'waiting' && (pause.waitingFor === undefined || pause.waitingFor.includes(waitingFor!))) return true;
  }
  return false;
}

/** Takes down the marks that are reached before so much is used. */
function reach(watch: Watch, before: number, when: (amount: number) => number): void {
  while (watch.ahead.length > 0 && watch.ahead[0]![1] < before) {
    const [mark, amount] = watch.ahead.shift()!;
    watch.reached.set(mark, when(amount));
  }
}

/** Follows a ticket to the end of the period; what is used is taken down at `now`. */
function follow(events: readonly SlaEvent[], targets: readonly SlaTarget[], open: Readonly<Record<string, Uint8Array>>, period: Period, now: number): { watches: Watch[]; usedAtNow: Map<Watch, number>; paused: boolean } {
  const watches: Watch[] = [];
  const usedAtNow = new Map<Watch, number>();
  let [ticket, settled, pausedAtNow] = [events[0]!.ticket as SlaTicket, false, false];
  let next = 0;
  for (let index = (events[0]!.at - period.start) / minute; index < period.minutes; index += 1) {
    const at = period.start + index * minute;
    for (; next < events.length && events[next]!.at === at; next += 1) {
      const { kind, ticket: change } = events[next]!;
      if (at > now) break;
      settled = kind === 'resolved' || kind === 'closed' || kind === 'cancelled' || (settled && kind !== 'reopened');
      if (kind === 'reopened') ticket = { ...ticket, status: 'open', waitingFor: null, statusId: null };
      ticket = { ...ticket, ...change };
      const target = targets.find(({ priorities }) => priorities!.includes(ticket.priority));
      const last = watches.at(-1);
      const running = last?.stoppedAt === null ? last : undefined;
      if (settled || !target) {
        if (running) Object.assign(running, { stoppedAt: at, outcome: settled && kind !== 'cancelled' ? 'met' : 'cancelled' });
        continue;
      }
      if (!last || (!running && target.whenReopened === 'start_anew')) {
        watches.push({ target, stoppedAt: null, outcome: null, used: 0, ahead: marksOf(target), reached: new Map(), earlier: [] });
        continue;
      }
      Object.assign(last, { stoppedAt: null, outcome: null });
      if (last.target === target) continue;
      const broken = last.reached.get('due');
      if (broken !== undefined) last.earlier.push(broken);
      if (target.whenChanged === 'start_anew' && (target.minutes !== last.target.minutes || target.calendar !== last.target.calendar)) last.used = 0;
      Object.assign(last, { target, ahead: marksOf(target), reached: new Map() });
    }
    const watch = watches.at(-1);
    const paused = watch !== undefined && isPaused(watch.target, ticket);
    const counts = watch?.stoppedAt === null && !paused;
    if (counts) reach(watch, watch.used + 0.5, () => at);
    if (at === now) {
      pausedAtNow = paused;
      for (const each of watches) usedAtNow.set(each, each.used);
    }
    if (at > now && (!counts || watch.ahead.length === 0)) break;
    if (!counts || !open[watch.target.calendar]![index]) continue;
    reach(watch, watch.used + minute, (amount) => at + amount - watch.used);
    watch.used += minute;
  }
  return { watches, usedAtNow, paused: pausedAtNow };
}

test('clocks agree with following the ticket every minute', () => {
  const cases = caseCount(0.4, process.env['ORACLE_CASES']);
  const histories = 20;
  const periods = readPeriods();
  const seen = { breached: 0, stopped: 0, retargeted: 0, reopened: 0, beyond: 0 };
  let done = 0;
  for (let seed = 1_000_001; done < cases; seed += 1) {
    const random = randomFrom(seed);
    const period = periods[seed % periods.length]!;
    const other = periods[whole(random, periods.length)]!;
    const always: BusinessCalendar = { timeZone: other.zone, windows: ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, startsMinute: 0, endsMinute: 1_440 })) };
    const calendars = { a: random() < 0.3 ? always : randomCalendar(period, random), b: randomCalendar(period, random) };
    const open = { a: calendars.a === always ? new Uint8Array(period.minutes).fill(1) : paint(calendars.a, period), b: paint(calendars.b, period) };
    for (let count = 0; count < histories; count += 1, done += 1) {
      const targets = [randomTarget('u', ['urgent'], 'a', random), randomTarget('n', ['normal'], random() < 0.5 ? 'a' : 'b', random)];
      const policy: SlaPolicy = { id: 'p', version: 1, name: 'p', active: true, targets };
      const first = whole(random, period.minutes / 2);
      const events = randomHistory(period, first, first + whole(random, period.minutes / 2) + 1, random);
      const now = period.start + (first + whole(random, period.minutes - first)) * minute;
      const end = period.start + period.minutes * minute;
      const note = `seed ${seed}, history ${count}, ${period.zone}`;

      const expected = follow(events, targets, open, period, now);
      const ledger = ledgerOf(events.filter(({ at }) => at <= now), prepareRules([policy], { properties: {}, timeZone: 'UTC' }))!;
      assert.equal(ledger.clocks.length, expected.watches.length, `clocks, ${note}`);
      for (const [index, watch] of expected.watches.entries()) {
        const clock = ledger.clocks[index]!;
        const state = clockState(clock, calendars, now);
        assert.equal(state.used, expected.usedAtNow.get(watch), `used, ${note}`);
        assert.deepEqual([clock.stoppedAt, clock.outcome], [watch.stoppedAt, watch.outcome], `end, ${note}`);
        assert.deepEqual(state.earlierBreaches.map(({ at }) => at), watch.earlier, `earlier breaches, ${note}`);
        const due = watch.reached.get('due');
        assert.equal(state.breachedAt, due !== undefined && due <= now ? due : null, `breached, ${note}`);
        const marks: [string, number | null][] = [
          ...(watch.stoppedAt === null ? [['due', state.dueAt] as [string, number | null]] : []), ...state.warnings.map(({ percent, at }): [string, number | null] => [`warning ${percent}`, at]),
          ...state.escalations.map(({ at }, rung): [string, number | null] => [`rung ${rung}`, at]),
        ];
        for (const [mark, at] of marks) {
          const reached = watch.reached.get(mark);
          if (reached === undefined && at !== null) seen.beyond += 1;
          if (reached === undefined) assert.ok(at === null || (watch.stoppedAt === null && at >= end), `${mark} beyond, ${note}`);
          else assert.equal(at, reached, `${mark}, ${note}`);
        }
        if (watch.stoppedAt === null) {
          assert.equal(state.notDue === 'paused', expected.paused && due === undefined, `paused, ${note}`);
          assert.equal(state.status === 'paused', expected.paused, `status, ${note}`);
        }
        const moments = clockMoments(clock, calendars).map(({ at }) => at).filter((at) => at < end);
        assert.deepEqual(moments, [...watch.reached.values()].sort((a, b) => a - b), `moments, ${note}`);
        seen.breached += due === undefined ? 0 : 1;
        seen.stopped += watch.stoppedAt === null ? 0 : 1;
        seen.retargeted += clock.promises.length > 1 ? 1 : 0;
        seen.reopened += clock.phases.some(({ paused }) => paused?.kind === 'settled') ? 1 : 0;
      }
    }
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > cases / 50, `enough cases of ${what}: ${count}`);
});
