import { Closed, Id, limits } from '../../../contract/common.ts';
import { CreateTicketStatus, ListArchivable, TicketStatus, TicketStatusPage, UpdateTicketStatus, configurationLimits } from '../../../contract/form.ts';
import { ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { archives, differencesOf, movedTo, writeOrder } from './changes.ts';
import { raiseConfigurationVersion } from './configuration.ts';

const order = `array_position(ARRAY['${ticketStatuses.join("', '")}'], class)`;
const columns = `id, class, name, name_en AS "nameEn", color, waiting_for AS "waitingFor", active, position, version`;
const findStatuses = statement<TicketStatus>('ticket_status.list', `
  SELECT ${columns} FROM ticket_status
  WHERE tenant_id = $1 AND (active OR $2) AND ($3::int IS NULL OR (${order}, position, id) > ($3::int, $4::int, $5::uuid)) ORDER BY ${order}, position, id LIMIT $6`);
const findStatus = statement<TicketStatus>('ticket_status.show', `SELECT ${columns} FROM ticket_status WHERE tenant_id = $1 AND id = $2`);

/** The statuses of the organization's own (自定义状态列表), by class and in their order within it. */
export const listTicketStatuses = useCase({
  summary: 'List the statuses of the organization’s own',
  query: ListArchivable,
  answer: TicketStatusPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? [null, null, null] : readPlace(query.cursor);
    const rows = await context.transaction.query(findStatuses, [context.tenantId, query.archived ?? false, ...after, limit + 1]);
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit),
      nextCursor: rows.length > limit && last ? writeCursor('ticket-statuses', [`${ticketStatuses.indexOf(last.class) + 1}:${last.position}`, last.id]) : null,
    };
  },
});

/** One status (自定义状态详情). */
export const showTicketStatus = useCase({
  summary: 'Show a status',
  params: Closed({ id: Id }),
  answer: TicketStatus,
  run: (context, { params }) => viewStatus(context, params.id),
});

/** Adds a status (新建自定义状态) as the last of its class; those of one class differ by name. */
export const createTicketStatus = useCase({
  summary: 'Create a status',
  body: CreateTicketStatus,
  answer: TicketStatus,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const all = await transaction.run(build.selectFrom('ticket_status').select(['name', 'class', 'position']).where('tenant_id', '=', tenantId));
    if (all.length >= configurationLimits.statuses) throw new Refusal('limit_reached', { limit: configurationLimits.statuses });
    if (body.class === 'waiting' && body.waitingFor === undefined) throw missingInput('/waitingFor');
    if (body.class !== 'waiting' && body.waitingFor !== undefined) throw notWaiting();
    const siblings = all.filter((status) => status.class === body.class);
    const name = body.name.trim();
    if (siblings.some((sibling) => sibling.name === name)) throw nameTaken();
    const row = {
      id: newId(context.now.getTime()), class: body.class, name, nameEn: body.nameEn?.trim() || null, color: body.color ?? 'neutral', waitingFor: body.waitingFor ?? null,
      active: true, position: siblings.reduce((highest, sibling) => Math.max(highest, sibling.position + 1), 0), version: 1,
    };
    await transaction.run(build.insertInto('ticket_status').values({
      tenant_id: tenantId, id: row.id, class: row.class, name, name_en: row.nameEn, color: row.color, waiting_for: row.waitingFor, position: row.position, created_at: context.now,
    }));
    await recordFact(transaction, {
      kind: 'ticket_status.created', actor: context.actor, data: { name, class: row.class, color: row.color, waitingFor: row.waitingFor }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return row;
  },
});

/**
 * Changes a status (修改自定义状态), from the version the caller saw. Its class stays: tickets have it. An archived one stays on
 * the tickets that have it, and nothing new takes it.
 */
export const updateTicketStatus = useCase({
  summary: 'Change, order or archive a status',
  params: Closed({ id: Id }),
  body: UpdateTicketStatus,
  answer: TicketStatus,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const before = await viewStatus(context, params.id);
    ensureVersion(before, ifMatch);
    if (before.class !== 'waiting' && body.waitingFor !== undefined) throw notWaiting();
    const siblings = await transaction.run(build.selectFrom('ticket_status').select(['id', 'name']).where('tenant_id', '=', tenantId).where('class', '=', before.class).where('id', '<>', before.id).orderBy('position').orderBy('id'));
    const ids = body.position === undefined ? null : movedTo(siblings.map((sibling) => sibling.id), before.id, body.position);
    const { id: _id, class: _class, version: _version, ...held } = before;
    const after = {
      ...held, name: body.name?.trim() ?? before.name, nameEn: body.nameEn === undefined ? before.nameEn : body.nameEn?.trim() || null, color: body.color ?? before.color,
      waitingFor: body.waitingFor ?? before.waitingFor, active: body.active ?? before.active, position: ids ? ids.indexOf(before.id) : before.position,
    };
    if (siblings.some((sibling) => sibling.name === after.name)) throw nameTaken();
    const difference = differencesOf(held, after);
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return before;
    await transaction.run(build.updateTable('ticket_status').set({
      name: after.name, name_en: after.nameEn, color: after.color, waiting_for: after.waitingFor, active: after.active, position: after.position, version: before.version + 1,
    }).where('tenant_id', '=', tenantId).where('id', '=', before.id));
    if (ids) await writeOrder(context, 'ticket_status', ids);
    await recordFact(transaction, {
      kind: archives(difference) ? 'ticket_status.archived' : 'ticket_status.changed', actor: context.actor, data: { name: after.name, class: before.class, ...difference },
      occurredAt: context.now, recordedAt: context.now, subjectId: before.id,
    });
    return viewStatus(context, before.id);
  },
});

async function viewStatus({ transaction, tenantId }: Context, id: string): Promise<TicketStatus> {
  const [status] = await transaction.query(findStatus, [tenantId, id]);
  if (!status) throw new Refusal('not_found');
  return status;
}

const nameTaken = () => refuseInput('/name', 'name_taken', { field: { zh: '状态名称', en: 'The name of the status' } });
const notWaiting = () => invalidInput('/waitingFor', 'unexpected', { zh: '只有“等待中”的状态才说明等待谁', en: 'goes with the class waiting only' });

function readPlace(cursor: string): [place: number, position: number, id: string] {
  const [place, id] = readCursor(cursor, 'ticket-statuses');
  const parts = /^([1-6]):(\d{1,9})$/.exec(place);
  if (!parts) throw new Refusal('invalid_cursor');
  return [Number(parts[1]), Number(parts[2]), id];
}
