import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockState } from './clock-state.ts';
import { clocksOfTarget } from './clock.ts';
import { applyEvent, ledgerOf, type SlaEvent, type SlaLedger } from './ledger.ts';
import { calendars, created, event, hour, policy, rules, shanghai, target } from './sample-policies.ts';
import type { SlaTarget } from './policy.ts';

const all = [target('acceptance', 15), target('first_response', 30), target('next_response', 60), target('arrival', 120), target('step', 45), target('resolution', 480)];
const promised = rules([policy(all)]);
/** Each clock as `key outcome at`. */
const outline = (ledger: SlaLedger | null) => (ledger?.clocks ?? []).map(({ key, outcome, stoppedAt }) => `${key} ${outcome ?? 'runs'}${stoppedAt === null ? '' : ` ${new Date(stoppedAt + 8 * hour).toISOString().slice(11, 16)}`}`);
const run = (events: readonly SlaEvent[], by = promised) => outline(ledgerOf(events, by));

test('each metric begins and ends with what it is about', () => {
  const step = { key: 'diagnose', id: 's1' };
  assert.deepEqual(run([
    created('2026-11-20 09:00'), event('2026-11-20 09:10', 'accepted'), event('2026-11-20 09:15', 'customer_wrote'), event('2026-11-20 09:20', 'staff_replied'), event('2026-11-20 09:30', 'step_started', undefined, step),
    event('2026-11-20 10:00', 'customer_wrote'), event('2026-11-20 10:05', 'customer_wrote'), event('2026-11-20 10:20', 'arrived'), event('2026-11-20 10:30', 'staff_replied'), event('2026-11-20 11:00', 'step_ended', undefined, step),
    event('2026-11-20 11:10', 'customer_wrote'), event('2026-11-20 11:30', 'resolved'),
  ]), [
    'acceptance#1 met 09:10', 'first_response#1 met 09:20', 'arrival#1 met 10:20', 'resolution#1 met 11:30', 'step:s1#1 met 11:00', 'next_response#1 met 10:30', 'next_response#2 met 11:30',
  ]);
});

test('what is not needed any more is void, not met', () => {
  const started = [created('2026-11-20 09:00'), event('2026-11-20 09:05', 'step_started', undefined, { key: 'diagnose', id: 's1' })];
  // Solved on the telephone: taken up and answered by that, but nobody went there.
  assert.deepEqual(run([...started, event('2026-11-20 09:10', 'resolved')]), ['acceptance#1 met 09:10', 'first_response#1 met 09:10', 'arrival#1 cancelled 09:10', 'resolution#1 met 09:10', 'step:s1#1 cancelled 09:10']);
  assert.deepEqual(run([...started, event('2026-11-20 09:10', 'closed')]), ['acceptance#1 cancelled 09:10', 'first_response#1 cancelled 09:10', 'arrival#1 cancelled 09:10', 'resolution#1 met 09:10', 'step:s1#1 cancelled 09:10']);
  assert.ok(run([...started, event('2026-11-20 09:10', 'cancelled')]).every((line) => line.includes('cancelled 09:10')));
  assert.equal(run([...started, event('2026-11-20 09:10', 'step_cancelled', undefined, { key: 'diagnose', id: 's1' })]).at(-1), 'step:s1#1 cancelled 09:10');
});

test('reopened: the resolution goes on or begins anew, acceptance is asked for again, an answer is not', () => {
  const events = [created('2026-11-20 09:00'), event('2026-11-20 09:05', 'accepted'), event('2026-11-20 10:00', 'resolved'), event('2026-11-20 11:00', 'closed'), event('2026-11-20 14:00', 'reopened')];
  assert.deepEqual(run(events), ['acceptance#1 met 09:05', 'first_response#1 met 10:00', 'arrival#1 runs', 'resolution#1 runs', 'acceptance#2 runs']);
  const resolution = ledgerOf(events, promised)!.clocks.find(({ metric }) => metric === 'resolution')!;
  const state = clockState(resolution, calendars, shanghai('2026-11-20 15:00'));
  // An hour before it was solved, an hour since.
  assert.deepEqual([state.used / hour, state.dueAt], [2, shanghai('2026-11-23 12:00')]);
  assert.deepEqual(resolution.phases.map(({ paused }) => paused?.kind ?? 'runs'), ['runs', 'settled', 'runs']);
  const anew = rules([policy([target('resolution', 480, { whenReopened: 'start_anew' })])]);
  assert.deepEqual(run(events, anew), ['resolution#1 met 10:00', 'resolution#2 runs']);
});

test('a ticket called off and taken up again goes on with what it had', () => {
  const events = [created('2026-11-20 09:00'), event('2026-11-20 09:10', 'cancelled'), event('2026-11-20 10:00', 'reopened')];
  assert.deepEqual(run(events, rules([policy([target('acceptance', 15)])])), ['acceptance#1 runs']);
  const [{ state }] = clocksOfTarget(target('acceptance', 15), calendars['office']!, events, shanghai('2026-11-20 10:03')) as [ReturnType<typeof clocksOfTarget>[number]];
  assert.deepEqual([state.used, state.dueAt], [13 * 60_000, shanghai('2026-11-20 10:05')]);
});

test('a team’s clock runs while the team has the ticket, and anew each time', () => {
  const inner = (metric: SlaTarget['metric'], minutes: number, more: Partial<SlaTarget> = {}) => target(metric, minutes, { key: `team ${metric} ${more.team ?? ''}`, party: 'team', ...more });
  const house = rules([policy([inner('acceptance', 10), inner('resolution', 60, { team: 'power' }), inner('resolution', 240)])]);
  const events = [
    created('2026-11-20 09:00'), event('2026-11-20 09:05', 'accepted'), event('2026-11-20 10:00', 'changed', { team: 'power' }), event('2026-11-20 10:30', 'changed', { team: 'water' }), event('2026-11-20 10:40', 'accepted'), event('2026-11-20 11:00', 'resolved'),
  ];
  const ledger = ledgerOf(events, house)!;
  assert.deepEqual(outline(ledger), [
    'acceptance@water.1#1 met 09:05', 'resolution@water.1#1 met 10:00', 'acceptance@power.2#1 cancelled 10:30', 'resolution@power.2#1 met 10:30', 'acceptance@water.3#1 met 10:40', 'resolution@water.3#1 met 11:00',
  ]);
  assert.deepEqual(ledger.clocks.map(({ team }) => team), ['water', 'water', 'power', 'power', 'water', 'water']);
  assert.deepEqual(ledger.clocks.filter(({ metric }) => metric === 'resolution').map(({ promises }) => promises[0]!.target.minutes), [240, 60, 240]);
});

test('a clock may begin with the assignment or the acceptance', () => {
  const later = rules([policy([target('acceptance', 15, { startsWith: 'assigned' }), target('arrival', 120, { startsWith: 'accepted' })])]);
  const ledger = ledgerOf([created('2026-11-20 09:00'), event('2026-11-20 10:00', 'assigned'), event('2026-11-20 10:10', 'accepted'), event('2026-11-20 11:00', 'arrived')], later)!;
  assert.deepEqual(ledger.clocks.map(({ key, startedAt, stoppedAt }) => [key, startedAt, stoppedAt]), [
    ['acceptance#1', shanghai('2026-11-20 10:00'), shanghai('2026-11-20 10:10')], ['arrival#1', shanghai('2026-11-20 10:10'), shanghai('2026-11-20 11:00')],
  ]);
});

test('another priority, type or customer is another promise, with what was kept', () => {
  const tiers = rules([policy([target('resolution', 60, { key: 'gold', tiers: ['gold'] }), target('resolution', 240, { key: 'urgent', priorities: ['urgent'] }), target('resolution', 120, { key: 'lift', types: ['lift'] }), target('resolution', 480, { key: 'other', priorities: ['normal'] })])]);
  const events = [created('2026-11-20 09:00'), event('2026-11-20 10:00', 'changed', { priority: 'urgent' }), event('2026-11-20 11:00', 'changed', { type: 'lift', priority: 'high' }), event('2026-11-20 11:30', 'changed', { tier: 'gold' })];
  const { clocks } = ledgerOf(events, tiers)!;
  assert.deepEqual(clocks.map(({ promises }) => promises.map(({ target: { key }, because }) => `${key}: ${because.priority} ${because.type} ${because.tier}`)), [['other: normal repair null', 'urgent: urgent repair null', 'lift: high lift null', 'gold: high lift gold']]);
  const at = (text: string) => clockState(ledgerOf(events.filter((each) => each.at <= shanghai(text)), tiers)!.clocks[0]!, calendars, shanghai(text));
  assert.equal(at('2026-11-20 09:30').dueAt, shanghai('2026-11-23 09:30'));
  assert.equal(at('2026-11-20 10:00').dueAt, shanghai('2026-11-20 14:30'));
  assert.equal(at('2026-11-20 11:00').dueAt, shanghai('2026-11-20 11:00'));
  // Two and a half hours used of one: broken at the change, after having been broken as a lift's at eleven.
  const state = at('2026-11-20 11:30');
  assert.deepEqual([state.breachedAt, state.earlierBreaches.map((breach) => breach.at)], [shanghai('2026-11-20 11:30'), [shanghai('2026-11-20 11:00')]]);
});

test('whatever a policy is chosen by leads to another when it changes', () => {
  const own = (id: string, more: object) => policy([target('resolution', 60)], { id, ...more });
  const several = rules([own('gold', { tiers: ['gold'] }), own('lift', { types: ['lift'] }), own('urgent', { priorities: ['urgent'] }), own('tagged', { condition: { property: 'tag', operator: 'contains', value: 'VIP' } }), own('other', {})]);
  for (const [change, expected] of [[{ tier: 'gold' }, 'gold'], [{ type: 'lift' }, 'lift'], [{ priority: 'urgent' }, 'urgent'], [{ record: { tag: ['VIP'] } }, 'tagged'], [{ team: 'power' }, 'other']] as const) {
    const ledger = ledgerOf([created('2026-11-20 09:00'), event('2026-11-20 10:00', 'changed', change)], several)!;
    assert.equal(ledger.policy?.id, expected);
    assert.equal(ledger.clocks[0]!.promises.at(-1)!.policy.id, expected);
  }
});

test('what happens in one instant leaves one phase', () => {
  const waits = rules([policy([target('resolution', 60, { pauses: [{ status: 'waiting' }] })])]);
  const { clocks } = ledgerOf([created('2026-11-20 09:00'), event('2026-11-20 09:00', 'changed', { status: 'waiting', waitingFor: 'part' }), event('2026-11-20 10:00', 'changed', { status: 'open' }), event('2026-11-20 10:00', 'changed', { status: 'waiting', waitingFor: 'part' })], waits)!;
  assert.deepEqual(clocks[0]!.phases.map(({ at }) => at), [shanghai('2026-11-20 09:00')]);
});

test('a promise taken back ends the clock; made again, it goes on', () => {
  const only = rules([policy([target('resolution', 120, { priorities: ['high', 'urgent'] })])]);
  const events = [created('2026-11-20 09:00', { priority: 'high' }), event('2026-11-20 10:00', 'changed', { priority: 'low' }), event('2026-11-20 11:00', 'changed', { priority: 'urgent' })];
  assert.deepEqual(run(events.slice(0, 2), only), ['resolution#1 cancelled 10:00']);
  assert.deepEqual(run([created('2026-11-20 09:00'), ...events.slice(1)], only), ['resolution#1 runs']);
  const [clock] = ledgerOf(events, only)!.clocks;
  assert.deepEqual(clock!.phases.map(({ paused }) => paused?.kind ?? 'runs'), ['runs', 'no_target', 'runs']);
  assert.equal(clockState(clock!, calendars, shanghai('2026-11-20 11:00')).dueAt, shanghai('2026-11-20 12:00'));
});

test('a changed promise and the end in one instant leave what was used', () => {
  const both = rules([policy([target('resolution', 120, { key: 'u', priorities: ['urgent'], calendar: 'always' }), target('resolution', 480, { key: 'n' })])]);
  const [clock] = ledgerOf([created('2026-11-20 12:00', { priority: 'urgent' }), event('2026-11-20 13:00', 'changed', { priority: 'normal' }), event('2026-11-20 13:00', 'resolved')], both)!.clocks;
  assert.equal(clockState(clock!, calendars, shanghai('2026-11-20 15:00')).used, hour);
});

test('running tickets keep their version until they are moved on; a deleted policy lets its clocks run', () => {
  const old = policy([target('resolution', 240)]);
  const current = policy([target('resolution', 60)], { version: 2 });
  let ledger = applyEvent(null, created('2026-11-20 09:00'), rules([old]));
  const minutes = () => ledger!.clocks.map(({ promises }) => promises.at(-1)!.target.minutes);
  ledger = applyEvent(ledger, event('2026-11-20 09:10', 'changed', { priority: 'high' }), rules([current], [old]));
  assert.deepEqual([minutes(), ledger!.policy], [[240], { id: 'standard', version: 1 }]);
  const moved = applyEvent(ledger, event('2026-11-20 09:20', 'policy_changed'), rules([current], [old]));
  assert.deepEqual([moved!.clocks[0]!.promises.map(({ policy: { version } }) => version), moved!.policy!.version], [[1, 2], 2]);
  // Deleted: pauses, answers and the end still count, a new clock comes from whatever applies now.
  const other = policy([target('next_response', 30), target('resolution', 10)], { id: 'other' });
  for (const next of [event('2026-11-20 09:30', 'staff_replied'), event('2026-11-20 09:40', 'customer_wrote'), event('2026-11-20 09:50', 'assigned')]) ledger = applyEvent(ledger, next, rules([other]));
  assert.deepEqual([minutes(), ledger!.policy], [[240, 30], { id: 'standard', version: 1 }]);
  ledger = applyEvent(ledger, event('2026-11-20 10:00', 'changed', { priority: 'normal' }), rules([other]));
  assert.deepEqual([minutes(), ledger!.policy], [[10, 30], { id: 'other', version: 1 }]);
  ledger = applyEvent(ledger, event('2026-11-20 10:10', 'resolved'), rules([]));
  assert.deepEqual(outline(ledger), ['resolution#1 met 10:10', 'next_response#1 met 10:10']);
});

test('event by event and all at once come to the same; an event known late has its place in the whole', () => {
  const events = [created('2026-11-20 09:00'), event('2026-11-20 09:30', 'changed', { status: 'waiting', waitingFor: 'customer' }), event('2026-11-20 10:00', 'arrived'), event('2026-11-20 10:30', 'changed', { status: 'open', waitingFor: null })];
  const waits = rules([policy(all.map((each) => ({ ...each, pauses: [{ status: 'waiting' as const }] })))]);
  const folded = events.reduce<SlaLedger | null>((ledger, next) => applyEvent(ledger, next, waits), null);
  assert.deepEqual(folded, ledgerOf(events.toReversed(), waits));
  // The phone told of the arrival half an hour late.
  const late = [events[0]!, events[1]!, events[3]!, events[2]!].reduce<SlaLedger | null>((ledger, next) => applyEvent(ledger, next, waits), null);
  assert.equal(late!.clocks.find(({ metric }) => metric === 'arrival')!.stoppedAt, shanghai('2026-11-20 10:30'));
  assert.equal(applyEvent(null, event('2026-11-20 09:00', 'accepted'), waits), null);
  assert.equal(ledgerOf([], waits), null);
  // What is kept is JSON.
  assert.deepEqual(JSON.parse(JSON.stringify(folded)), folded);
});

test('put back as it was, after a merge was undone: nothing is asked for again, and what was settled stays so', () => {
  const anew = rules([policy([target('acceptance', 15), target('resolution', 480, { whenReopened: 'start_anew' })])]);
  const started = [created('2026-11-20 09:00'), event('2026-11-20 09:05', 'accepted', { status: 'open' })];
  const undone = [...started, event('2026-11-20 10:00', 'cancelled', { status: 'closed' }), event('2026-11-20 11:00', 'restored', { status: 'open' })];
  assert.deepEqual(run(undone, anew), ['acceptance#1 met 09:05', 'resolution#1 runs']);
  const resolution = ledgerOf(undone, anew)!.clocks.find(({ metric }) => metric === 'resolution')!;
  assert.deepEqual([clockState(resolution, calendars, shanghai('2026-11-20 11:30')).used / hour, resolution.phases.map(({ paused }) => paused?.kind ?? 'runs')], [1.5, ['runs', 'settled', 'runs']]);
  const waiting = ledgerOf([...started, event('2026-11-20 10:00', 'cancelled', { status: 'closed' }), event('2026-11-20 11:00', 'restored', { status: 'waiting', waitingFor: 'part' })], rules([policy([target('resolution', 480, { pauses: [{ status: 'waiting', waitingFor: ['part'] }] })])]))!;
  assert.equal(waiting.clocks[0]!.phases.at(-1)!.paused?.kind, 'status');
  for (const status of ['resolved', 'closed', 'cancelled'] as const) {
    const solved = [...started, event('2026-11-20 09:30', status), event('2026-11-20 10:00', 'cancelled', { status: 'closed' }), event('2026-11-20 11:00', 'restored', { status })];
    assert.ok(run(solved, anew).every((line) => !line.includes('runs')), status);
    assert.ok(run([...solved, event('2026-11-20 12:00', 'reopened')], anew).some((line) => line.includes('runs')), `${status}, and reopened after that`);
  }
});

test('news that comes late ends a clock when it was really met, not when it became known', () => {
  const late = [created('2026-11-20 09:00'), event('2026-11-20 09:20', 'customer_wrote'), event('2026-11-20 09:05', 'accepted'), event('2026-11-20 09:40', 'customer_wrote'), event('2026-11-20 09:30', 'arrived')];
  const inTurn = () => late.reduce<SlaLedger | null>((ledger, one) => applyEvent(ledger, one, promised), null);
  const [acceptance, , arrival] = inTurn()!.clocks;
  assert.deepEqual([acceptance!.stoppedAt, arrival!.stoppedAt], [shanghai('2026-11-20 09:05'), shanghai('2026-11-20 09:30')]);
  assert.equal(clockState(acceptance!, calendars, shanghai('2026-11-20 10:00')).breachedAt, null);
  assert.deepEqual(outline(inTurn()).slice(0, 1), run(late).slice(0, 1), 'as if everything had been told in its turn');
  // No clock ends before it began, or before it last stood still.
  const paused = rules([policy([target('resolution', 480, { pauses: [{ status: 'waiting' }] })])]);
  const [resolution] = [created('2026-11-20 09:00'), event('2026-11-20 10:00', 'changed', { status: 'waiting', waitingFor: 'part' }), event('2026-11-20 08:00', 'resolved')].reduce<SlaLedger | null>((ledger, one) => applyEvent(ledger, one, paused), null)!.clocks;
  assert.equal(resolution!.stoppedAt, shanghai('2026-11-20 10:00'));
});
