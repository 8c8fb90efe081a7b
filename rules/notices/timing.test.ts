import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dueAt, endOfQuiet, gathering, isQuietAt, minute, nextTimeOfDay } from './timing.ts';

const at = (text: string) => Date.parse(text);
const night = { from: '22:00', to: '08:00' };
const off = { every: 'off', at: '09:00' } as const;
const shown = (moment: number, zone: string) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);
const zones = ['Asia/Shanghai', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia'];
const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minutes]) => `${String(hour).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`);
const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });

describe('when a notice leaves', () => {
  test('quiet hours go over midnight, from their beginning until before their end', () => {
    const quiet = (clock: string) => isQuietAt(night, at(`2026-11-21T${clock}:00+08:00`), 'Asia/Shanghai');
    assert.deepEqual(['21:59', '22:00', '00:00', '07:59', '08:00'].map(quiet), [false, true, true, true, false]);
    assert.equal(isQuietAt({ from: '12:00', to: '12:00' }, at('2026-11-21T12:00:00+08:00'), 'Asia/Shanghai'), false, 'no hours at all');
    assert.equal(isQuietAt(null, 0, 'UTC'), false);
  });

  test('a normal one of the night waits for the morning of its reader, an urgent one for nothing', () => {
    const now = at('2026-11-21T23:30:00+08:00');
    const common = { now, lastDue: null, quietHours: night, digest: off };
    assert.equal(dueAt({ ...common, urgency: 'normal', zone: 'Asia/Shanghai' }), at('2026-11-22T08:00:00+08:00'));
    assert.equal(dueAt({ ...common, urgency: 'urgent', zone: 'Asia/Shanghai' }), now + gathering.urgent);
    assert.equal(dueAt({ ...common, urgency: 'normal', zone: 'Europe/Berlin' }), now + gathering.normal, 'it is afternoon there');
  });

  test('there is one message a minute', () => {
    const now = at('2026-11-21T10:00:00+08:00');
    const common = { now, quietHours: null, digest: off, zone: 'Asia/Shanghai' };
    assert.equal(dueAt({ ...common, urgency: 'urgent', lastDue: now - 10_000 }), now + 50_000);
    assert.equal(dueAt({ ...common, urgency: 'urgent', lastDue: now - 3_600_000 }), now + gathering.urgent);
  });

  test('digests wait for the full hour or for a time of day', () => {
    const common = { urgency: 'normal', now: at('2026-11-21T10:10:00+08:00'), lastDue: null, quietHours: null, zone: 'Asia/Shanghai' } as const;
    assert.equal(dueAt({ ...common, digest: { every: 'hour', at: '09:00' } }), at('2026-11-21T11:00:00+08:00'));
    assert.equal(dueAt({ ...common, digest: { every: 'day', at: '09:00' } }), at('2026-11-22T09:00:00+08:00'));
    assert.equal(dueAt({ ...common, digest: { every: 'day', at: '18:30' } }), at('2026-11-21T18:30:00+08:00'));
    assert.equal(dueAt({ ...common, zone: 'Asia/Kolkata', digest: { every: 'hour', at: '09:00' } }), at('2026-11-21T08:00:00+05:30'), 'a zone of half an hour has full hours of its own');
    assert.equal(dueAt({ ...common, quietHours: { from: '10:30', to: '13:00' }, digest: { every: 'hour', at: '09:00' } }), at('2026-11-21T13:00:00+08:00'), 'quiet hours last longer');
  });

  test('a time that the clocks skip is the moment they do; one they show twice is its first', () => {
    assert.equal(nextTimeOfDay(at('2026-03-28T12:00:00Z'), '02:30', 'Europe/Berlin'), at('2026-03-29T01:30:00Z'));
    assert.equal(shown(nextTimeOfDay(at('2026-10-24T12:00:00Z'), '02:30', 'Europe/Berlin'), 'Europe/Berlin'), '02:30');
  });

  test('quiet hours are over on the nights of a change of clocks, too: the second time their end is shown, and when it is skipped', () => {
    const hours = { from: '22:00', to: '02:30' };
    // 02:15 is shown twice; at the second one a quarter of an hour is left, not a day.
    assert.equal(endOfQuiet(hours, at('2026-10-25T02:15:00+02:00'), 'Europe/Berlin'), at('2026-10-25T02:30:00+02:00'));
    assert.equal(endOfQuiet(hours, at('2026-10-25T02:15:00+01:00'), 'Europe/Berlin'), at('2026-10-25T02:30:00+01:00'));
    assert.equal(endOfQuiet(hours, at('2026-03-29T00:15:00+01:00'), 'Europe/Berlin'), at('2026-03-29T03:00:00+02:00'), 'at three by the clock they are over');
    assert.equal(endOfQuiet({ from: '23:30', to: '00:00' }, at('2026-11-21T23:45:00+08:00'), 'Asia/Shanghai'), at('2026-11-22T00:00:00+08:00'));
    const common = { urgency: 'normal', lastDue: null, digest: off, quietHours: hours, zone: 'Europe/Berlin' } as const;
    assert.equal(dueAt({ ...common, now: at('2026-10-25T02:15:00+01:00') }), at('2026-10-25T02:30:00+01:00'));
  });

  test('whatever the zone and the hours: never in the past, never in quiet hours, and at most a day and an hour later', () => {
    fc.assert(fc.property(moment, time, time, fc.constantFrom(...zones), fc.constantFrom('off', 'hour', 'day'), time, (now, from, to, zone, every, digestAt) => {
      const due = dueAt({ urgency: 'normal', now, lastDue: null, quietHours: { from, to }, digest: { every: every as 'off', at: digestAt }, zone });
      assert.ok(due > now);
      assert.ok(due <= now + 3 * 1_440 * minute);
      assert.ok(!isQuietAt({ from, to }, due, zone), 'not even where a change of clocks skips their end');
      if (isQuietAt({ from, to }, now, zone)) {
        const end = endOfQuiet({ from, to }, now, zone);
        for (let at = now; at < end; at += 7 * minute) assert.ok(isQuietAt({ from, to }, at, zone), 'and not a minute longer than they last');
      }
      const next = nextTimeOfDay(now, to, zone);
      assert.ok(next > now && next <= now + 26 * 60 * minute);
    }), { numRuns: 3_000 });
  });
});
