import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ticket } from '../../../contract/ticket.ts';
import type { TicketLine } from '../../../contract/view.ts';
import type { LinePages, LineRequest } from '../data/lines.ts';
import { belongs, placeLine, type LineReader } from './place-line.ts';

const now = '2026-11-22T02:00:00.000Z';
const reader: LineReader = { id: 'me', teamIds: ['team-1'], timeZone: 'Asia/Shanghai', categoryLiesIn: (id, ancestor) => id === ancestor || (id === 'leak' && ancestor === 'water') };
const request: LineRequest = { view: 'open', sort: '-createdAt', grouping: null, fields: [], whole: { all: [{ property: 'status', operator: 'in', value: ['new', 'open'] }] } };

let made = 0;
function ticket(part: Partial<Ticket> = {}): Ticket {
  made += 1;
  const at = new Date(Date.UTC(2026, 10, 1, 0, made)).toISOString();
  return {
    id: `t${String(made).padStart(4, '0')}`, number: `20261101-${made}`, subject: 's', description: '', status: 'open', ownStatus: null, waitingFor: null, priority: 'normal', channel: 'phone',
    type: { id: 'type', key: 'repair', name: '报修' }, category: null, department: null, team: null, assignee: null, acceptedAt: null,
    requester: { customerId: null, name: null, phone: null, email: null, tier: null }, location: null, tags: [], createdAt: at, updatedAt: at, resolvedAt: null, closedAt: null, rating: null, mergedInto: null,
    checklist: null, version: 1, fields: {}, fieldNames: {}, reopenedCount: 0, asset: null, parent: null, createdBy: { kind: 'staff', id: 'me', name: 'Me' },
    ...part,
  } as Ticket;
}

const pagesOf = (nextCursor: string | null, ...items: TicketLine[]): LinePages => ({ pageParams: [undefined], pages: [{ items, nextCursor }] });
const idsOf = (pages: LinePages | null): string[] | undefined => pages?.pages.flatMap((page) => page.items.map((item) => item.id));

test('whether a ticket belongs is decided by the filter, or left to the server', () => {
  const mine = ticket({ assignee: { id: 'me', name: 'Me' }, team: { id: 'team-1', name: 'One' }, category: { id: 'leak', path: ['水', '漏水'] } });
  const asked = (whole: LineRequest['whole']) => belongs(mine, { ...request, whole }, reader, now);
  assert.equal(asked({ all: [{ property: 'assignee', operator: 'is', value: 'me' }, { property: 'team', operator: 'is', value: 'mine' }] }), true);
  assert.equal(asked({ property: 'category', operator: 'under', value: 'water' }), true);
  assert.equal(asked({ property: 'category', operator: 'under', value: 'power' }), false);
  assert.equal(asked({ property: 'createdAt', operator: 'within_last', value: { n: 7, unit: 'day' } }), false);
  assert.equal(asked({ property: 'watcher', operator: 'contains', value: 'me' }), null);
  assert.equal(asked({ property: 'fields.floor', operator: 'is', value: 3 }), null);
  assert.equal(asked(null), null);
  assert.equal(belongs(mine, { ...request, q: '漏水' }, reader, now), null);
  assert.equal(belongs(ticket({ mergedInto: { id: 'x', number: 'y' } }), request, reader, now), false);
});

test('a ticket comes into its place, stays in it, and leaves', () => {
  const [older, middle, newer] = [ticket(), ticket(), ticket()];
  const pages = pagesOf(null, newer, older);
  assert.deepEqual(idsOf(placeLine(pages, middle, request, reader, now)), [newer.id, middle.id, older.id]);
  assert.deepEqual(idsOf(placeLine(pages, { ...older, subject: 'changed', version: 2 }, request, reader, now)), [newer.id, older.id]);
  assert.deepEqual(idsOf(placeLine(pages, { ...newer, status: 'resolved', version: 2 }, request, reader, now)), [older.id]);
  assert.equal(placeLine(pages, { ...newer, version: 0 }, request, reader, now), pages, 'what is older than what is shown changes nothing');
  // Behind the last page that is loaded it will come with a later one.
  const more = pagesOf('next', newer, middle);
  assert.equal(placeLine(more, older, request, reader, now), more);
});

test('in groups the order of the groups comes first, and where only the server knows it the list is read again', () => {
  const [first, second, third] = [ticket({ priority: 'low' }), ticket({ priority: 'urgent' }), ticket({ priority: 'high' })];
  const grouped = { ...request, grouping: 'priority' } as const;
  assert.deepEqual(idsOf(placeLine(pagesOf(null, second, first), third, grouped, reader, now)), [second.id, third.id, first.id]);
  const byTeam = { ...request, grouping: 'team' } as const;
  assert.equal(placeLine(pagesOf(null, second), ticket({ team: { id: 'team-2', name: 'Two' } }), byTeam, reader, now), null);
});
