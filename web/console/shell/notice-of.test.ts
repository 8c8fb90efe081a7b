import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedFact } from '../live/activity.ts';
import { noticeOf } from './notice-of.ts';

function fact(kind: string, data: Record<string, unknown>, actorId = 'somebody'): FeedFact {
  return { id: '1', kind, ticketId: 't', number: '20261121-00001', at: '2026-11-21T00:00:00Z', actor: { kind: 'staff', id: actorId, name: 'S' }, data };
}

test('a mention calls the one who was mentioned', () => {
  assert.equal(noticeOf(fact('comment.added', { mentions: ['me', 'other'] }), 'me', false), 'mention');
  assert.equal(noticeOf(fact('comment.added', { mentions: ['other'] }), 'me', true), null);
  assert.equal(noticeOf(fact('comment.added', {}), 'me', true), null);
});

test('an assignment calls the new assignee, not when the assignee stayed', () => {
  assert.equal(noticeOf(fact('ticket.assigned', { after: { assigneeId: 'me' } }), 'me', false), 'assigned');
  assert.equal(noticeOf(fact('ticket.assigned', { after: { assigneeId: 'other' } }), 'me', false), null);
  assert.equal(noticeOf(fact('ticket.assigned', { after: { teamId: 'x' } }), 'me', false), null);
});

test('an urgent request calls those who hand out work', () => {
  assert.equal(noticeOf(fact('ticket.created', { priority: 'urgent' }), 'me', true), 'urgent');
  assert.equal(noticeOf(fact('ticket.created', { priority: 'high' }), 'me', true), null);
  assert.equal(noticeOf(fact('ticket.created', { priority: 'urgent' }), 'me', false), null);
});

test('nobody is called to what they did themselves', () => {
  assert.equal(noticeOf(fact('ticket.created', { priority: 'urgent' }, 'me'), 'me', true), null);
  assert.equal(noticeOf(fact('ticket.assigned', { after: { assigneeId: 'me' } }, 'me'), 'me', true), null);
});
