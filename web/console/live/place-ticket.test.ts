import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TicketSummary } from '../../../contract/ticket.ts';
import type { TicketFilter, TicketPages } from '../data/tickets.ts';
import { compareTickets, matches, type Reader } from './matching.ts';
import { placeTicket } from './place-ticket.ts';

const reader: Reader = { id: 'me', teamIds: ['team-1'], categoryLiesIn: (id, ancestor) => id === ancestor || (id === 'leak' && ancestor === 'water') };

let made = 0;
function ticket(part: Partial<TicketSummary> = {}): TicketSummary {
  made += 1;
  const at = new Date(Date.UTC(2026, 10, 1, 0, made)).toISOString();
  return {
    id: `t${String(made).padStart(4, '0')}`, number: `20261101-${made}`, subject: 's', status: 'open', waitingFor: null, priority: 'normal', channel: 'phone',
    type: { id: 'type', key: 'repair', name: '报修' }, category: null, department: null, team: null, assignee: null, acceptedAt: null,
    requester: { customerId: null, name: null, phone: null, email: null, tier: null }, location: null, tags: [], createdAt: at, updatedAt: at,
    resolvedAt: null, closedAt: null, rating: null, version: 1, ...part,
  };
}

const pagesOf = (nextCursor: string | null, ...pages: TicketSummary[][]): TicketPages => ({
  pageParams: pages.map(() => undefined),
  pages: pages.map((items, index) => ({ items, nextCursor: index === pages.length - 1 ? nextCursor : `after ${index}` })),
});
const idsOf = (pages: TicketPages): string[] => pages.pages.flatMap((page) => page.items.map((item) => item.id));

test('a filter is decided as the server decides it', () => {
  const mine = ticket({ assignee: { id: 'me', name: 'Me' }, team: { id: 'team-1', name: 'One' }, category: { id: 'leak', path: ['水', '漏水'] }, tags: ['返修'] });
  const cases: [TicketFilter, boolean][] = [
    [{}, true], [{ assignee: 'me' }, true], [{ assignee: 'none' }, false], [{ assignee: 'me', status: 'new,open' }, true], [{ status: 'new,waiting' }, false],
    [{ team: 'mine' }, true], [{ team: 'none' }, false], [{ team: 'team-2' }, false], [{ category: 'water' }, true], [{ category: 'power' }, false],
    [{ tag: '返修' }, true], [{ tag: '投诉' }, false], [{ channel: 'portal' }, false], [{ type: 'repair' }, true], [{ type: 'complaint' }, false], [{ customer: 'c' }, false],
  ];
  for (const [filter, expected] of cases) assert.equal(matches(mine, filter, reader), expected, JSON.stringify(filter));
  assert.equal(matches(mine, { q: '漏水' }, reader), null);
  assert.equal(matches(ticket(), { assignee: 'none', team: 'none' }, reader), true);
});

test('a new ticket stands where the order puts it', () => {
  const [first, second, third] = [ticket(), ticket(), ticket()];
  assert.deepEqual(idsOf(placeTicket(pagesOf(null, [second, first]), third, { sort: '-createdAt' }, reader)), [third.id, second.id, first.id]);
  const urgent = ticket({ priority: 'urgent' });
  assert.deepEqual(idsOf(placeTicket(pagesOf(null, [first, second]), urgent, { sort: 'priority' }, reader)), [urgent.id, first.id, second.id]);
});

test('a ticket beyond the last loaded page waits for that page', () => {
  const [oldest, newer, newest] = [ticket(), ticket(), ticket()];
  const loaded = pagesOf('more', [newest, newer]);
  assert.equal(placeTicket(loaded, oldest, { sort: '-createdAt' }, reader), loaded);
  assert.deepEqual(idsOf(placeTicket(pagesOf(null, [newest, newer]), oldest, { sort: '-createdAt' }, reader)), [newest.id, newer.id, oldest.id]);
});

test('a ticket that no longer belongs leaves, one that still does stays in its place', () => {
  const [a, b] = [ticket(), ticket()];
  const filter: TicketFilter = { assignee: 'none', sort: '-createdAt' };
  const list = pagesOf(null, [b, a]);
  assert.deepEqual(idsOf(placeTicket(list, { ...b, assignee: { id: 'x', name: 'X' }, version: 2 }, filter, reader)), [a.id]);
  const renamed = placeTicket(list, { ...b, subject: 'new words', version: 2 }, filter, reader);
  assert.equal(renamed.pages[0]?.items[0]?.subject, 'new words');
});

test('an older version never takes the place of a newer one', () => {
  const now = ticket({ version: 5 });
  const list = pagesOf(null, [now]);
  assert.equal(placeTicket(list, { ...now, subject: 'old', version: 4 }, {}, reader), list);
});

test('lists by last change keep a row where it is read', () => {
  const [a, b] = [ticket(), ticket()];
  const changed = { ...a, updatedAt: '2027-01-01T00:00:00.000Z', version: 2 };
  assert.deepEqual(idsOf(placeTicket(pagesOf(null, [b, a]), changed, { sort: '-updatedAt' }, reader)), [b.id, a.id]);
});

test('every order is total: equal keys are told apart by id', () => {
  const a = ticket();
  const b = { ...a, id: 'z' };
  for (const sort of ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', 'priority'] as const) {
    assert.notEqual(compareTickets(a, b, sort), 0);
    assert.equal(Math.sign(compareTickets(a, b, sort)), -Math.sign(compareTickets(b, a, sort)));
  }
});
