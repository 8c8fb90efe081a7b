import { Type } from 'typebox';
import { Closed, PageQuery, limits } from '../../../../contract/common.ts';
import { Watcher, WatcherPage, deskLimits } from '../../../../contract/desk.ts';
import { permits, reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { isId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { loadActive } from '../../access/subjects.ts';
import { tellOnTicket } from '../../ticket/change.ts';
import { findReadableTicket, findTicket, lockTicketFor } from '../../ticket/find.ts';
import { accessOf } from '../../ticket/row.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });
const personParams = Closed({ id: Type.String({ maxLength: 64 }), staffId: Type.String({ maxLength: 64, description: 'Staff id or `me`' }) });
const insertWatcher = statement<{ watched_at: Date }>('ticket_watcher.insert', `
  INSERT INTO ticket_watcher (tenant_id, staff_id, created_at, ticket_id, watched_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING watched_at`);
const findSince = statement<{ watched_at: Date }>('ticket_watcher.since', 'SELECT watched_at FROM ticket_watcher WHERE tenant_id = $1 AND ticket_id = $2 AND staff_id = $3');
const countWatchers = statement<{ count: number }>('ticket_watcher.count', 'SELECT count(*)::int AS count FROM ticket_watcher WHERE tenant_id = $1 AND ticket_id = $2');
const removeWatcher = statement<{ staff_id: string }>('ticket_watcher.remove', 'DELETE FROM ticket_watcher WHERE tenant_id = $1 AND ticket_id = $2 AND staff_id = $3 RETURNING staff_id');

/** Who follows a ticket (关注人列表), by person. */
export const listWatchers = useCase({
  summary: 'List the watchers of a ticket',
  params,
  query: PageQuery,
  answer: WatcherPage,
  async run(context, { params, query }) {
    const ticket = await findReadableTicket(context, params.id);
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('ticket_watcher').innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'ticket_watcher.tenant_id').onRef('staff.id', '=', 'ticket_watcher.staff_id'))
      .select(['staff.id', 'staff.name', 'ticket_watcher.watched_at']).where('ticket_watcher.tenant_id', '=', context.tenantId).where('ticket_watcher.ticket_id', '=', ticket.id);
    if (query.cursor !== undefined) select = select.where('ticket_watcher.staff_id', '>', readCursor(query.cursor, 'watcher')[1]);
    const rows = await context.transaction.run(select.orderBy('ticket_watcher.staff_id').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map(({ id, name, watched_at }) => ({ staff: { id, name }, since: watched_at.toISOString() })),
      nextCursor: rows.length > limit ? writeCursor('watcher', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

/** Lets the caller, or with `ticket.update` a colleague who may see the ticket, follow it (关注). Once is as good as twice. */
export const addWatcher = useCase({
  summary: 'Watch a ticket, or let a colleague watch it',
  params: personParams,
  answer: Watcher,
  async run(context, { params }) {
    const { transaction, tenantId, now } = context;
    const staffId = personOf(context, params.staffId);
    const self = staffId === staffOf(context).staffId;
    const ticket = await lockTicketFor(context, params.id, self ? 'ticket.read' : 'ticket.update');
    const person = (await loadActive(transaction, [staffId], now)).get(staffId);
    if (!person) throw refuseInput('/staffId', 'unknown_reference', { field: 'staffId' });
    if (!self && !permits(reachOf(person.subject, 'ticket.read'), accessOf(ticket))) throw new Refusal('watcher_cannot_read', { name: person.name });
    const [known] = await transaction.query(findSince, [tenantId, ticket.id, staffId]);
    if (known) return { staff: { id: staffId, name: person.name }, since: known.watched_at.toISOString() };
    const [present] = await transaction.query(countWatchers, [tenantId, ticket.id]);
    if (present!.count >= deskLimits.watchers) throw new Refusal('limit_reached', { limit: deskLimits.watchers });
    await transaction.query(insertWatcher, [tenantId, staffId, ticket.created_at, ticket.id, now]);
    await tellOnTicket(context, ticket, { kind: 'watcher.added', subjectId: staffId, quiet: true, data: { staffName: person.name, visibility: 'internal' } });
    return { staff: { id: staffId, name: person.name }, since: now.toISOString() };
  },
});

/** Lets go of a ticket (取消关注): the caller always, also of one they may see no longer; colleagues with `ticket.update`. */
export const dropWatcher = useCase({
  summary: 'Watch a ticket no longer',
  params: personParams,
  answer: null,
  async run(context, { params }) {
    const { transaction, tenantId } = context;
    const staffId = personOf(context, params.staffId);
    const self = staffId === staffOf(context).staffId;
    const named = await findTicket(context, params.id);
    if (!named) throw new Refusal('not_found');
    const readable = permits(reachOf(staffOf(context), 'ticket.read'), accessOf(named));
    if (!readable) {
      const [gone] = self ? await transaction.query(removeWatcher, [tenantId, named.id, staffId]) : [];
      if (!gone) throw new Refusal('not_found');
      return;
    }
    const ticket = await lockTicketFor(context, named.id, self ? 'ticket.read' : 'ticket.update', { merged: 'taken' });
    const [gone] = await transaction.query(removeWatcher, [tenantId, ticket.id, staffId]);
    if (!gone) return;
    const name = (await loadActive(transaction, [staffId], context.now)).get(staffId)?.name ?? null;
    await tellOnTicket(context, ticket, { kind: 'watcher.removed', subjectId: staffId, quiet: true, data: { staffName: name, visibility: 'internal' } });
  },
});

function personOf(context: Context, named: string): string {
  if (named === 'me') return staffOf(context).staffId;
  if (!isId(named)) throw new Refusal('not_found');
  return named.toLowerCase();
}
