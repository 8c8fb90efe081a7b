import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TimelineEntry } from '../../../contract/ticket.ts';
import { foldTimeline, otherChildren, showsUnder } from './fold-timeline.ts';

function entry(kind: string, at: string, data: Record<string, unknown> = {}, actorId = 'a'): TimelineEntry {
  return { id: `${kind} ${at}`, kind, title: kind, at, recordedAt: at, actor: { kind: 'staff', id: actorId, name: 'Ann' }, data, comment: null, files: [] };
}

test('an assignment and the visit it scheduled stand once, with the window', () => {
  const folded = foldTimeline([entry('ticket.assigned', '1', { assigneeName: 'Li' }), entry('visit.scheduled', '1', { windowStart: '2', windowEnd: '3' })]);
  assert.equal(folded.length, 1);
  assert.deepEqual(folded[0]?.data, { assigneeName: 'Li', windowStart: '2', windowEnd: '3' });
});

test('a visit scheduled later by somebody else stands by itself', () => {
  assert.equal(foldTimeline([entry('ticket.assigned', '1'), entry('visit.scheduled', '2')]).length, 2);
  assert.equal(foldTimeline([entry('ticket.assigned', '1'), entry('visit.scheduled', '1', {}, 'b')]).length, 2);
});

test('accepting ticket and visit in one step stands once, in either order', () => {
  assert.deepEqual(foldTimeline([entry('visit.accepted', '1'), entry('ticket.accepted', '1')]).map((one) => one.kind), ['ticket.accepted']);
  assert.deepEqual(foldTimeline([entry('ticket.accepted', '1'), entry('visit.accepted', '1')]).map((one) => one.kind), ['ticket.accepted']);
});

test('what a completed visit says is not said again by the resolution', () => {
  const folded = foldTimeline([entry('visit.completed', '1', { workSummary: 'valve' }), entry('ticket.resolved', '1', { resolution: 'valve' })]);
  assert.equal(folded.length, 2);
  assert.equal(folded[1]?.data.resolution, undefined);
});

test('what an obstacle was noted with is not said again by the wait it began', () => {
  const folded = foldTimeline([entry('visit.obstacle_reported', '1', { obstacle: 'part_needed', note: 'DN20' }), entry('ticket.waiting_started', '1', { for: 'part', reason: 'DN20' })]);
  assert.deepEqual(folded.map(({ data }) => [data.note, data.reason]), [['DN20', undefined], [undefined, undefined]]);
  assert.equal(foldTimeline([entry('visit.obstacle_reported', '1'), entry('ticket.waiting_started', '2', { reason: 'later' })])[1]?.data.reason, 'later');
});

test('a visit called off by a reassignment is not told twice, one called off by a person is', () => {
  assert.equal(foldTimeline([entry('ticket.assigned', '1'), entry('visit.cancelled', '1', { reason: 'reassigned' })]).length, 1);
  assert.equal(foldTimeline([entry('visit.cancelled', '1', { reason: '客户改期' })]).length, 1);
});

test('the filters part conversation from changes', () => {
  const logged = entry('visit.work_logged', '1');
  const assigned = entry('ticket.assigned', '1');
  assert.deepEqual([logged, assigned].map((one) => showsUnder(one, 'talk')), [true, false]);
  assert.deepEqual([logged, assigned].map((one) => showsUnder(one, 'changes')), [false, true]);
  assert.deepEqual([logged, assigned].map((one) => showsUnder(one, 'all')), [true, true]);
});

test('children that join one after the other stand once, with all their numbers; another link between them parts them', () => {
  const child = (number: string, link = 'child') => entry('link.added', number, { link, ticket: { number } });
  const folded = foldTimeline([child('1'), child('2'), child('3'), child('4', 'related'), child('5')]);
  assert.deepEqual(folded.map((one) => [one.data.ticket, otherChildren(one)]), [[{ number: '1' }, ['2', '3']], [{ number: '4' }, []], [{ number: '5' }, []]]);
});
