import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom } from '../calendar/sample-minutes.ts';
import { clockMoments, clockState } from './clock-state.ts';
import { applyEvent, type SlaEvent, type SlaLedger } from './ledger.ts';
import { attainmentOf, compareSimulations, simulate, type TicketHistory } from './simulate.ts';
import { calendars, created, event, hour, policy, rules, shanghai, target, ticket } from './sample-policies.ts';

const waits = [{ status: 'waiting' as const, waitingFor: ['customer', 'part'] as const }];
const strict = policy([
  target('acceptance', 15, { warnings: [50] }), target('first_response', 30), target('next_response', 60), target('arrival', 120, { priorities: ['urgent', 'high'] }),
  target('resolution', 240, { key: 'urgent', priorities: ['urgent'], calendar: 'always', pauses: waits, warnings: [50, 80], ladder: [{ afterMinutes: 0, whom: [{ kind: 'manager' }] }] }), target('resolution', 960, { key: 'others', pauses: waits }),
  target('acceptance', 10, { key: 'team', party: 'team' }), target('resolution', 300, { key: 'team time', party: 'team', pauses: waits }),
]);

/** A month as it may have been. */
function month(tickets: number, seed: number): TicketHistory[] {
  const random = randomFrom(seed);
  const begin = shanghai('2026-10-01 00:00');
  return Array.from({ length: tickets }, (_, index) => {
    let at = begin + Math.floor(random() * 30 * 24 * hour);
    const later = (hours: number) => (at += Math.floor(random() * hours * hour));
    const events: SlaEvent[] = [{ at, kind: 'created', ticket: { ...ticket, priority: (['urgent', 'high', 'normal', 'low'] as const)[Math.floor(random() * 4)]! } }];
    const put = (kind: SlaEvent['kind'], hours: number, change?: SlaEvent['ticket']) => events.push({ at: later(hours), kind, ...(change ? { ticket: change } : {}) });
    put('assigned', 1);
    put('accepted', 2, { status: 'open' });
    if (random() < 0.5) put('customer_wrote', 5);
    if (random() < 0.8) put('staff_replied', 3);
    if (random() < 0.3) put('changed', 4, { team: random() < 0.5 ? 'power' : 'water' });
    if (random() < 0.2) put('changed', 4, { priority: 'urgent' });
    if (random() < 0.4) {
      put('changed', 10, { status: 'waiting', waitingFor: random() < 0.5 ? 'customer' : 'supplier' });
      put('changed', 40, { status: 'open', waitingFor: null });
    }
    if (random() < 0.5) put('arrived', 20);
    if (random() < 0.9) put('resolved', 30);
    if (random() < 0.1) put('reopened', 40);
    return { id: `t${index}`, events };
  });
}

const now = shanghai('2026-11-05 12:00');

test('the replay comes to what really running it came to', () => {
  const histories = month(400, 7);
  const promised = rules([strict]);
  const replayed = simulate(histories, promised, calendars, now);
  // Really running it: all events of all tickets in order of time, and a sweep that acts on whatever has come.
  const running = new Map<string, SlaLedger | null>();
  const breached = new Map<string, number>();
  const sweep = (id: string, from: number, until: number) => {
    for (const clock of running.get(id)?.clocks ?? []) {
      if (clock.stoppedAt !== null) continue;
      for (const { kind, at, key } of clockMoments(clock, calendars)) if (kind === 'breach' && at >= from && at < until) breached.set(`${id} ${clock.key} ${key}`, at);
    }
  };
  for (const { id, events } of histories) {
    let before = 0;
    for (const next of events) {
      sweep(id, before, next.at);
      running.set(id, applyEvent(running.get(id) ?? null, next, promised));
      before = next.at;
    }
    sweep(id, before, now + 1);
  }
  let broken = 0;
  for (const { id, clocks } of replayed) {
    const ledger = running.get(id)!;
    assert.deepEqual(clocks.map(({ key, outcome, stoppedAt }) => [key, outcome, stoppedAt]), ledger.clocks.map(({ key, outcome, stoppedAt }) => [key, outcome, stoppedAt]));
    for (const [index, clock] of clocks.entries()) {
      const state = clockState(ledger.clocks[index]!, calendars, now);
      assert.deepEqual([clock.used, clock.dueAt, clock.breachedAt], [state.used, state.dueAt, state.breachedAt]);
      assert.equal(breached.get(`${id} ${clock.key} ${ledger.clocks[index]!.promises.length - 1}:breach`) ?? null, clock.breachedAt);
      broken += clock.breachedAt === null ? 0 : 1;
    }
  }
  assert.ok(broken > 100 && replayed.length === 400);
});

test('attainment is counted by group, customers’ and teams’ apart', () => {
  const histories: TicketHistory[] = [
    { id: 'in time', events: [created('2026-11-04 09:00'), event('2026-11-04 09:05', 'accepted'), event('2026-11-04 10:00', 'resolved')] },
    { id: 'late', events: [created('2026-11-04 09:00', { priority: 'urgent' }), event('2026-11-04 09:40', 'accepted'), event('2026-11-04 17:00', 'resolved')] },
    { id: 'open', events: [created('2026-11-05 11:00'), event('2026-11-05 11:01', 'accepted')] },
    { id: 'void', events: [created('2026-11-05 11:00'), event('2026-11-05 11:01', 'cancelled')] },
    { id: 'not yet', events: [created('2026-12-05 11:00')] },
  ];
  const results = simulate(histories, rules([policy([target('acceptance', 15), target('resolution', 240), target('resolution', 90, { key: 'team', party: 'team' })])]), calendars, now);
  assert.deepEqual(results.map(({ id }) => id), ['in time', 'late', 'open', 'void']);
  assert.deepEqual(Object.fromEntries(attainmentOf(results, 'metric')), {
    acceptance: { judged: 3, met: 2, breached: 1, rate: 2 / 3, running: 0, void: 1 }, resolution: { judged: 2, met: 1, breached: 1, rate: 0.5, running: 1, void: 1 },
  });
  assert.deepEqual(Object.fromEntries(attainmentOf(results, 'priority')), { normal: { judged: 3, met: 3, breached: 0, rate: 1, running: 1, void: 2 }, urgent: { judged: 2, met: 0, breached: 2, rate: 0, running: 0, void: 0 } });
  assert.deepEqual([...attainmentOf(results, 'team', 'team')], [['water', { judged: 2, met: 1, breached: 1, rate: 0.5, running: 1, void: 1 }]]);
});

test('two replays are compared ticket by ticket', () => {
  const histories: TicketHistory[] = [
    { id: 'a', events: [created('2026-11-04 09:00'), event('2026-11-04 11:00', 'resolved')] }, { id: 'b', events: [created('2026-11-04 09:00'), event('2026-11-04 17:00', 'resolved')] }, { id: 'c', events: [created('2026-11-04 09:00', { type: 'lift' }), event('2026-11-04 09:30', 'resolved')] },
  ];
  const run = (minutes: number, more = {}) => simulate(histories, rules([policy([target('resolution', minutes)], more)]), calendars, now);
  assert.deepEqual(compareSimulations(run(240), run(240)), []);
  assert.deepEqual(compareSimulations(run(240), run(60)).map(({ id, effect }) => [id, effect]), [['a', 'now_breached'], ['b', 'other'], ['c', 'other']]);
  assert.deepEqual(compareSimulations(run(60), run(480)).map(({ id, effect }) => [id, effect]), [['a', 'no_longer_breached'], ['b', 'no_longer_breached'], ['c', 'other']]);
  assert.deepEqual(compareSimulations(run(240), run(240, { types: ['repair'] })).map(({ id, policy: { before, after }, clocks }) => [id, before, after, clocks.map((clock) => clock.after)]), [['c', 'standard', null, [null]]]);
});
