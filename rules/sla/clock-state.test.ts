import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockMoments, clockState } from './clock-state.ts';
import { clocksOfTarget } from './clock.ts';
import { ledgerOf, type SlaEvent } from './ledger.ts';
import { calendars, created, event, hour, policy, rules, shanghai, target } from './sample-policies.ts';
import type { SlaTarget } from './policy.ts';

const minute = 60_000;
const one = (promise: SlaTarget, events: readonly SlaEvent[], now: string) => clocksOfTarget(promise, calendars[promise.calendar]!, events, shanghai(now))[0]!;
const resolution = (minutes: number, more: Partial<SlaTarget> = {}) => target('resolution', minutes, { warnings: [50, 90], ladder: [{ percent: 100, whom: [{ kind: 'team_lead' }] }, { afterMinutes: 60, whom: [{ kind: 'manager' }], channels: ['sms', 'wecom'] }], ...more });

test('four hours from three o’clock on a Friday: warned, broken, called in', () => {
  const { state } = one(resolution(240), [created('2026-11-20 15:00')], '2026-11-20 16:00');
  assert.deepEqual([state.status, state.used, state.remaining, state.dueAt, state.breachedAt], ['running', hour, 3 * hour, shanghai('2026-11-23 10:00'), null]);
  assert.deepEqual(state.warnings, [{ percent: 50, at: shanghai('2026-11-20 17:00') }, { percent: 90, at: shanghai('2026-11-23 09:36') }]);
  assert.deepEqual(state.escalations.map(({ at }) => at), [shanghai('2026-11-23 10:00'), shanghai('2026-11-23 11:00')]);
  assert.equal(one(resolution(240), [created('2026-11-20 15:00')], '2026-11-21 12:00').state.status, 'outside_hours');
  const late = one(resolution(240), [created('2026-11-20 15:00')], '2026-11-23 11:30').state;
  assert.deepEqual([late.status, late.breachedAt, late.remaining], ['running', shanghai('2026-11-23 10:00'), -1.5 * hour]);
});

test('at the very instant it is due, it comes in time', () => {
  const done = (at: string) => one(resolution(180), [created('2026-11-20 15:00'), event(at, 'resolved')], '2026-11-24 09:00').state;
  assert.deepEqual([done('2026-11-20 18:00').breachedAt, done('2026-11-20 18:00').metAt], [null, shanghai('2026-11-20 18:00')]);
  // The time was over on Friday at six: Saturday is late, though nobody works.
  assert.deepEqual([done('2026-11-21 10:00').breachedAt, done('2026-11-21 10:00').remaining], [shanghai('2026-11-20 18:00'), 0]);
  assert.equal(one(resolution(180), [created('2026-11-20 15:00')], '2026-11-20 18:00').state.breachedAt, shanghai('2026-11-20 18:00'));
});

test('pauses are those that are named, and no others', () => {
  const pausing = resolution(120, { pauses: [{ status: 'waiting', waitingFor: ['customer', 'part'] }, { statusId: 'drying' }] });
  const waits = (waitingFor: 'customer' | 'supplier') => [created('2026-11-20 09:00'), event('2026-11-20 10:00', 'changed', { status: 'waiting', waitingFor })];
  const still = one(pausing, waits('customer'), '2026-11-20 16:00').state;
  assert.deepEqual([still.status, still.used, still.dueAt, still.notDue, still.breachedAt], ['paused', hour, null, 'paused', null]);
  assert.deepEqual(still.warnings, [{ percent: 50, at: null }, { percent: 90, at: null }]);
  assert.equal(one(pausing, waits('supplier'), '2026-11-20 16:00').state.breachedAt, shanghai('2026-11-20 11:00'));
  const resumed = [...waits('customer'), event('2026-11-20 14:00', 'changed', { status: 'open', waitingFor: null }), event('2026-11-20 14:30', 'changed', { statusId: 'drying' }), event('2026-11-20 16:00', 'changed', { statusId: null })];
  assert.equal(one(pausing, resumed, '2026-11-20 16:00').state.dueAt, shanghai('2026-11-20 16:30'));
  // Solved while it stood still: due had it gone on.
  const solved = one(pausing, [...waits('customer'), event('2026-11-20 15:00', 'resolved')], '2026-11-20 16:00').state;
  assert.deepEqual([solved.metAt, solved.dueAt, solved.used], [shanghai('2026-11-20 15:00'), shanghai('2026-11-20 16:00'), hour]);
  // Used up at the very start of a pause: not broken until it goes on.
  const edge = [created('2026-11-20 09:00'), event('2026-11-20 11:00', 'changed', { status: 'waiting', waitingFor: 'part' })];
  assert.equal(one(pausing, edge, '2026-11-20 17:00').state.breachedAt, null);
  assert.equal(one(pausing, [...edge, event('2026-11-20 16:00', 'changed', { status: 'open', waitingFor: null })], '2026-11-20 17:00').state.breachedAt, shanghai('2026-11-20 16:00'));
});

test('holidays, make-up days and a change of the calendar on the way', () => {
  assert.equal(one(resolution(240), [created('2026-09-30 16:00')], '2026-09-30 16:00').state.dueAt, shanghai('2026-10-05 11:00'));
  assert.equal(one(resolution(450), [created('2026-10-09 16:00')], '2026-10-09 16:00').state.dueAt, shanghai('2026-10-10 16:00'));
  // Normal by office hours, urgent round the clock: each part by its own.
  const mixed = rules([policy([resolution(300, { key: 'u', priorities: ['urgent'], calendar: 'always' }), resolution(480, { key: 'n' })])]);
  const [clock] = ledgerOf([created('2026-11-20 17:00'), event('2026-11-20 22:00', 'changed', { priority: 'urgent' })], mixed)!.clocks;
  assert.equal(clockState(clock!, calendars, shanghai('2026-11-20 22:00')).dueAt, shanghai('2026-11-21 02:00'));
});

test('counting may begin anew with a changed promise', () => {
  const anew = rules([policy([resolution(60, { key: 'u', priorities: ['urgent'], whenChanged: 'start_anew' }), resolution(480, { key: 'n' })])]);
  const [clock] = ledgerOf([created('2026-11-20 09:00'), event('2026-11-20 11:00', 'changed', { priority: 'urgent' })], anew)!.clocks;
  const state = clockState(clock!, calendars, shanghai('2026-11-20 11:30'));
  assert.deepEqual([state.used, state.dueAt, state.breachedAt], [0.5 * hour, shanghai('2026-11-20 12:00'), null]);
});

test('what a loosened promise had broken stays known', () => {
  const loosened = rules([policy([resolution(60, { key: 'u', priorities: ['urgent'] }), resolution(480, { key: 'n' })])]);
  const [clock] = ledgerOf([created('2026-11-20 09:00', { priority: 'urgent' }), event('2026-11-20 11:00', 'changed', { priority: 'normal' })], loosened)!.clocks;
  const state = clockState(clock!, calendars, shanghai('2026-11-20 11:30'));
  assert.deepEqual([state.breachedAt, state.dueAt, state.earlierBreaches.map(({ at, promise }) => [at, promise.target.key])], [null, shanghai('2026-11-23 09:30'), [[shanghai('2026-11-20 10:00'), 'u']]]);
});

test('done in the instant a tighter promise is made, it comes in time', () => {
  const both = rules([policy([resolution(60, { key: 'u', priorities: ['urgent'] }), resolution(480, { key: 'n' })])]);
  const events = [created('2026-11-20 09:00'), event('2026-11-20 11:00', 'changed', { priority: 'urgent' })];
  const breachedAt = (at: string) => clockState(ledgerOf([...events, event(at, 'resolved')], both)!.clocks[0]!, calendars, shanghai('2026-11-20 15:00')).breachedAt;
  assert.deepEqual([breachedAt('2026-11-20 11:00'), breachedAt('2026-11-20 11:01')], [null, shanghai('2026-11-20 11:00')]);
});

test('no working time, a calendar that is gone, and deadlines too far away are said', () => {
  const [record] = ledgerOf([created('2026-11-20 09:00')], rules([policy([resolution(60)])]))!.clocks;
  const now = shanghai('2026-11-20 10:00');
  assert.deepEqual([clockState(record!, {}, now).notDue, clockMoments(record!, {})], ['unknown_calendar', []]);
  assert.equal(clockState(record!, { office: { timeZone: 'UTC', windows: [] } }, now).notDue, 'no_working_time');
  const rare = { timeZone: 'UTC', windows: [{ weekday: 1, startsMinute: 0, endsMinute: 1 }] as const };
  const [year] = ledgerOf([created('2026-11-20 09:00')], rules([policy([resolution(527_040)])]))!.clocks;
  assert.equal(clockState(year!, { office: rare }, now).notDue, 'too_far');
});

test('a deadline in a year without published holidays says so', () => {
  assert.deepEqual(one(resolution(240), [created('2026-12-31 15:00')], '2026-12-31 15:00').state.unpublishedYears, [2027]);
  assert.deepEqual(one(resolution(60), [created('2026-12-31 15:00')], '2026-12-31 15:00').state.unpublishedYears, []);
});

test('moments come in order, each with a name of its own', () => {
  const { record } = one(resolution(240), [created('2026-11-20 15:00')], '2026-11-20 15:00');
  assert.deepEqual(clockMoments(record, calendars).map(({ at, key }) => [at, key]), [
    [shanghai('2026-11-20 17:00'), '0:warning:50'], [shanghai('2026-11-23 09:36'), '0:warning:90'], [shanghai('2026-11-23 10:00'), '0:breach'], [shanghai('2026-11-23 10:00'), '0:escalation:0'], [shanghai('2026-11-23 11:00'), '0:escalation:1'],
  ]);
  const stopped = one(resolution(240), [created('2026-11-20 15:00'), event('2026-11-20 17:30', 'resolved')], '2026-11-23 15:00');
  assert.deepEqual(clockMoments(stopped.record, calendars).map(({ key }) => key), ['0:warning:50']);
});

test('the intervals tell the whole life, and what is ahead', () => {
  const pausing = resolution(180, { pauses: [{ status: 'waiting' }] });
  const { intervals } = one(pausing, [created('2026-11-20 11:00'), event('2026-11-20 14:00', 'changed', { status: 'waiting', waitingFor: 'part' }), event('2026-11-20 15:00', 'changed', { status: 'open', waitingFor: null })], '2026-11-20 15:30');
  assert.deepEqual(intervals.map(({ from, to, kind, ahead }) => [(from - shanghai('2026-11-20 00:00')) / hour, (to - from) / minute, kind, ahead]), [
    [11, 60, 'running', false], [12, 90, 'outside_hours', false], [13.5, 30, 'running', false], [14, 60, 'paused', false], [15, 30, 'running', false], [15.5, 60, 'running', true],
  ]);
  const late = one(resolution(60), [created('2026-11-20 11:30')], '2026-11-20 14:30').intervals;
  assert.deepEqual(late.map(({ kind, overdue, from, to }) => [kind, overdue, (to - from) / minute]), [['running', false, 30], ['outside_hours', false, 90], ['running', false, 30], ['running', true, 30]]);
});
