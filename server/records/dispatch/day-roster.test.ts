import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propose, reasonOf } from '../../../rules/routing/propose.ts';
import { prepareRoster } from '../../../rules/routing/roster.ts';
import type { Interval } from '../../../rules/shifts/shifts.ts';
import { rosterOfDay } from './day-roster.ts';
import type { LiveRoster, LiveVisit, PastRow, TechnicianRow } from './live-roster.ts';

const day = '2027-03-01';
const midnight = Date.parse(`${day}T00:00:00+08:00`);
const at = (time: string): number => Date.parse(`${day}T${time}:00+08:00`);
const here = { lat: 31.23, lng: 121.47 };
const someone: TechnicianRow = { id: 'a', name: '甲', home_lat: here.lat, home_lng: here.lng, skills: null, team_ids: [], territory_ids: [], reserve_percent: 0 };
const visit = (change: Partial<LiveVisit>): LiveVisit => ({ id: 'v', ticketId: 't', number: '1', onSiteSince: null, travelling: false, urgent: false, from: null, until: null, point: here, categoryId: null, ...change });
const nineToSix: Interval[] = [{ from: at('09:00'), to: at('18:00') }];

interface Given { now: string; visits?: readonly LiveVisit[]; shifts?: readonly Interval[]; away?: readonly Interval[]; reserve?: number; done?: number; minutes?: number; of?: string }
function candidate({ now, visits = [], shifts = nineToSix, away = [], reserve = 0, done = 0, minutes = 60, of = day }: Given) {
  const past: PastRow = { technician_id: 'a', last_at: new Date(0), last_lat: null, last_lng: null, middle_lat: null, middle_lng: null, minutes: 0, ordinary_seconds: done };
  const live: LiveRoster = { technicians: [{ ...someone, reserve_percent: reserve }], past: new Map([['a', past]]), visits: new Map([['a', visits]]), shiftsOn: () => new Map([['a', shifts]]), onCallOn: () => new Map(), away: new Map([['a', away]]) };
  const begins = Date.parse(`${of}T00:00:00+08:00`);
  return rosterOfDay(live, of, { from: Math.max(begins, at(now)), to: begins + 86_400_000 }, new Date(at(now)), () => minutes, '', null)[0]!;
}
/** When an hour of work begins at the earliest; else why it cannot. */
function begins(given: Given, { minutes = 60, window, urgent = false }: { minutes?: number; window?: readonly [string, string]; urgent?: boolean } = {}): string {
  const roster = prepareRoster([candidate(given)]);
  const proposal = propose(roster, { point: here, service: minutes * 60, skills: [], urgent, windows: window ? [[at(window[0]) / 1_000, at(window[1]) / 1_000]] : [[at(given.now) / 1_000, (midnight + 86_400_000) / 1_000]] });
  const reason = reasonOf(roster, proposal, 'a');
  return reason ?? new Date(proposal.best[0]!.begins * 1_000 + 8 * 3_600_000).toISOString().slice(11, 16);
}

test('what is being done, on the way to or behind today takes its time, whatever its window says', () => {
  for (const [name, given, expected] of [
    ['nobody has anything to do', { now: '11:00' }, '11:00'],
    ['on site past the window, two of four hours to go', { now: '11:00', minutes: 240, visits: [visit({ onSiteSince: at('09:00'), from: at('09:00'), until: at('10:30') })] }, '13:00'],
    ['planned a moment ago, without a window', { now: '11:00', visits: [visit({ from: at('10:48') })] }, '12:00'],
    ['the window is over, and nobody came yet', { now: '11:00', visits: [visit({ from: at('08:00'), until: at('10:00') })] }, '12:00'],
    ['on the way to what was to be in the afternoon', { now: '11:00', visits: [visit({ travelling: true, from: at('14:00'), until: at('15:00') })] }, '12:00'],
    ['left from yesterday', { now: '11:00', visits: [visit({ from: at('11:00') - 86_400_000, until: at('12:00') - 86_400_000 })] }, '12:00'],
    ['tomorrow’s', { now: '11:00', visits: [visit({ from: at('11:00') + 86_400_000 })] }, '11:00'],
    ['what is done comes before what is late', { now: '11:00', visits: [visit({ id: 'late', from: at('08:00') }), visit({ id: 'here', onSiteSince: at('10:30'), from: at('10:00') })] }, '12:30'],
  ] as const satisfies readonly (readonly [string, Given, string])[]) assert.equal(begins(given), expected, name);
  // Of another day what was to be before it is no matter, even if it is not over yet.
  assert.equal(candidate({ now: '11:00', of: '2027-03-02', visits: [visit({ from: at('10:00'), until: at('10:30') }), visit({ onSiteSince: at('10:00'), from: at('10:00'), until: at('10:30') })] }).load, 0);
});

test('leave in the middle, lunch and split shifts are no time to be sent in', () => {
  const pieces = (...times: [string, string][]): Interval[] => times.map(([from, to]) => ({ from: at(from), to: at(to) }));
  const leave: Given = { now: '09:30', shifts: pieces(['09:00', '10:00'], ['16:00', '18:00']), away: pieces(['10:00', '16:00']) };
  assert.deepEqual([begins(leave), begins(leave, { window: ['12:00', '13:00'] }), begins(leave, { minutes: 30 })], ['16:00', 'no_gap', '09:30']);
  const split: Given = { now: '08:00', shifts: pieces(['09:00', '12:00'], ['14:00', '18:00']) };
  assert.deepEqual([begins(split, { window: ['12:00', '13:30'] }), begins(split, { window: ['11:00', '13:30'] }), begins(split, { minutes: 240 })], ['no_gap', '11:00', '14:00']);
  // A pause may be half an hour later, leave may not; neither is begun behind.
  const lunch: Given = { now: '11:20', shifts: pieces(['09:00', '12:00'], ['13:00', '18:00']) };
  assert.deepEqual([begins(lunch), begins({ ...lunch, away: pieces(['12:00', '13:00']) }), begins(lunch, { minutes: 80 })], ['11:20', '13:00', '13:00']);
});

test('what is kept for urgent work is a share of the whole day’s working time, and urgent work takes none of the rest', () => {
  // Nine hours less lunch, thirty per cent kept: five hours and thirty-six minutes.
  const shifts = [{ from: at('09:00'), to: at('12:00') }, { from: at('13:00'), to: at('18:00') }];
  const given: Given = { now: '08:00', shifts, reserve: 30 };
  assert.equal(candidate(given).roomOfDay, 8 * 3_600 * 0.7);
  const five = (urgent: boolean) => visit({ urgent, from: at('13:00'), until: at('13:00') });
  const asked = (visits: readonly LiveVisit[], now = '08:00', done = 0) => begins({ ...given, now, visits, done, minutes: 300 }, { minutes: 60 });
  assert.deepEqual([asked([five(true)]), asked([five(false)])], ['09:00', 'reserved']);
  // It does not shrink with what is left of the day, and what was done counts.
  assert.deepEqual([asked([], '13:00'), asked([], '13:00', 4.6 * 3_600), asked([], '13:00', 4.61 * 3_600)], ['13:00', '13:00', 'reserved']);
  assert.equal(begins({ ...given, visits: [five(false)], minutes: 300 }, { minutes: 60, urgent: true }), '09:00');
});
