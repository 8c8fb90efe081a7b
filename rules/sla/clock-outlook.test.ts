import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clockMoments, clockOutlook, clockState } from './clock-state.ts';
import { ledgerOf } from './ledger.ts';
import { calendars, created, event, hour, policy, rules, shanghai, target } from './sample-policies.ts';

const promises = policy([target('resolution', 600, { warnings: [50, 80], ladder: [{ percent: 90, whom: [{ kind: 'manager' }] }, { afterMinutes: 60, whom: [{ kind: 'manager' }] }], pauses: [{ status: 'waiting' }] })]);
const start = shanghai('2026-11-20 10:00');

test('the outlook of a clock agrees with its state and its moments, whatever happened to it and was acted on', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 30 * 60 }), kind: fc.constantFrom('wait' as const, 'resume' as const, 'resolve' as const, 'reopen' as const) });
  fc.assert(fc.property(fc.array(step, { maxLength: 6 }), fc.integer({ min: 0, max: 6 * 24 }), fc.subarray(['0:warning:50', '0:warning:80', '0:breach', '0:escalation:0', '0:escalation:1']), (steps, hours, done) => {
    let at = start;
    const events = [created('2026-11-20 10:00', { status: 'open' }), ...steps.map(({ after, kind }) => {
      at += after * 60_000;
      if (kind === 'wait') return { at, kind: 'changed' as const, ticket: { status: 'waiting' as const, waitingFor: 'part' as const } };
      if (kind === 'resume') return { at, kind: 'changed' as const, ticket: { status: 'open' as const, waitingFor: null } };
      return { at, kind: kind === 'resolve' ? 'resolved' as const : 'reopened' as const };
    })];
    const clock = ledgerOf(events, rules([promises]))!.clocks[0]!;
    const now = at + hours * hour;
    const outlook = clockOutlook(clock, calendars, now, done);
    const state = clockState(clock, calendars, now);
    assert.equal(outlook.dueAt, state.dueAt);
    assert.equal(outlook.breachedAt, state.breachedAt);
    const left = clockMoments(clock, calendars).filter((moment) => !done.includes(moment.key) && (clock.stoppedAt === null || moment.kind === 'breach'));
    assert.equal(outlook.next?.at ?? null, left[0]?.at ?? null);
    if (outlook.next) assert.ok(left.some((moment) => moment.key === outlook.next!.key && moment.at === outlook.next!.at));
  }), { numRuns: 300 });
});

test('of a clock that stopped only the breach is still to be told', () => {
  const clock = ledgerOf([created('2026-11-20 10:00'), event('2026-11-25 10:00', 'resolved')], rules([promises]))!.clocks[0]!;
  assert.equal(clockOutlook(clock, calendars, Date.now()).next?.kind, 'breach');
  assert.equal(clockOutlook(clock, calendars, Date.now(), ['0:breach']).next, null);
});
