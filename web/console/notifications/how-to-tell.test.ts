import assert from 'node:assert/strict';
import { test } from 'node:test';
import { howToTell, isTimeToOffer, pathOf, type FeedNotification } from './how-to-tell.ts';

const told: FeedNotification = {
  id: '1', reason: 'assigned', factKind: 'ticket.assigned', ticket: { id: 't', number: '20261122-00001', subject: '漏水' }, sideConversation: null, actor: '李', preview: null, for: null,
  createdAt: '2026-11-22T00:00:00.000Z', readAt: null, popup: true, desktop: true, sound: true,
};
const looking = { visible: true, path: '/queue', permission: 'granted', first: true } as const;

test('who looks at the page is told by the page, who does not by the system', () => {
  assert.deepEqual(howToTell(told, looking), { popup: true, desktop: false, sound: true });
  assert.deepEqual(howToTell(told, { ...looking, visible: false }), { popup: false, desktop: true, sound: true });
});

test('of several windows one calls, and those that are looked at show it', () => {
  assert.deepEqual(howToTell(told, { ...looking, first: false }), { popup: true, desktop: false, sound: false });
  assert.deepEqual(howToTell(told, { ...looking, visible: false, first: false }), { popup: false, desktop: false, sound: false });
});

test('nobody is called to what they are looking at', () => {
  assert.deepEqual(howToTell(told, { ...looking, path: '/tickets/20261122-00001' }), { popup: false, desktop: false, sound: false });
  assert.equal(howToTell(told, { ...looking, path: '/tickets/20261122-00001', visible: false }).desktop, true, 'in a window nobody looks at');
});

test('what the settings do not want does not happen', () => {
  assert.deepEqual(howToTell({ ...told, popup: false, desktop: false, sound: false }, looking), { popup: false, desktop: false, sound: false });
  for (const permission of ['default', 'denied', 'unsupported'] as const) assert.equal(howToTell(told, { ...looking, visible: false, permission }).desktop, false);
});

test('the system is offered once, when there was something to tell', () => {
  assert.equal(isTimeToOffer({ permission: 'default', chosen: false, answered: false }), true);
  for (const not of [{ permission: 'granted' }, { permission: 'denied' }, { chosen: true }, { chosen: undefined }, { answered: true }] as const) assert.equal(isTimeToOffer({ permission: 'default', chosen: false, answered: false, ...not }), false);
});

test('it leads to the ticket, or to what was said beside it', () => {
  assert.equal(pathOf(told), '/tickets/20261122-00001');
  assert.equal(pathOf({ ...told, sideConversation: { id: 's', subject: 'x' } }), '/notifications/side-s');
  assert.equal(pathOf({ ticket: null, sideConversation: null }), '/notifications');
});
