import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { historyKinds, type HistoryEntry } from '../../../contract/customer.ts';
import { factKinds } from '../../../contract/facts.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import { factColumns, toFact, type FactRow } from '../../platform/facts/readers.ts';
import { reachCondition } from '../access/reach-condition.ts';
import type { CallRow } from '../call/rows.ts';
import { visibleCalls } from '../call/sight.ts';
import { viewCalls } from '../call/view-calls.ts';
import { viewMessage } from '../conversation/messages.ts';
import { filesOfTickets } from '../file/queries.ts';
import { namesOfStaff } from '../staff/names.ts';
import { presentFact } from '../ticket/present-fact.ts';
import { priorityName, statusOf, type TicketRow } from '../ticket/row.ts';
import { viewNote, type NoteRow } from './notes/view-note.ts';
import { rowsOf } from './search/branches.ts';

type Kind = (typeof historyKinds)[number];
/** Whose history it is. */
export interface HistoryOf {
  /** Customers whose tickets, messages and notes belong to it. */
  customerIds?: readonly string[];
  assetId?: string;
  /** What the changes are changes of. */
  subjectIds: readonly string[];
}

interface Place {
  at: string;
  rank: number;
  id: string;
}

// What happened at the same moment stands in this order.
const rankOf: Record<Kind, number> = { ticket: 1, message: 2, note: 3, change: 4, visit: 5, call: 6 };
/** Visits are looked for on so many of the newest tickets. */
const ticketsWithVisits = 500;
// Told by their own entries.
const toldElsewhere = ['customer_note.added', 'customer_note.changed', 'customer_note.removed'];

/**
 * One page of a record's history over all channels (往来记录), newest first: tickets, messages and calls as far as the caller may
 * see them, notes, and what was changed. Each kind is read by its own index, no more of it than the page can hold, so
 * that a page costs the same however long the history is.
 */
export async function pageOfHistory(context: Context, of: HistoryOf, query: { limit?: number | undefined; cursor?: string | undefined; kinds?: string | undefined }): Promise<{ items: HistoryEntry[]; nextCursor: string | null }> {
  const limit = query.limit ?? limits.defaultPage;
  const kinds = query.kinds === undefined ? historyKinds : readKinds(query.kinds);
  const place = query.cursor === undefined ? null : readPlace(query.cursor);
  const branches: Record<Kind, () => Promise<Entry[]>> = {
    ticket: () => tickets(context, of, place, limit + 1), visit: () => visits(context, of, place, limit + 1), message: () => messages(context, of, place, limit + 1),
    call: () => calls(context, of, place, limit + 1), note: () => notes(context, of, place, limit + 1), change: () => changes(context, of, place, limit + 1),
  };
  const found = (await Promise.all(kinds.map((kind) => branches[kind]()))).flat()
    .sort((a, b) => b.at.getTime() - a.at.getTime() || rankOf[a.kind] - rankOf[b.kind] || (a.key < b.key ? 1 : a.key > b.key ? -1 : 0));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await view(context, page),
    nextCursor: found.length > limit && last ? Buffer.from(JSON.stringify(['history', last.at.toISOString(), rankOf[last.kind], last.id])).toString('base64url') : null,
  };
}

type TicketPart = Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'priority' | 'channel' | 'assignee_id'>;
interface VisitPart {
  visit_id: string;
  visit_status: string;
  technician_id: string;
  window_start: Date | null;
  completed_at: Date | null;
  work_summary: string | null;
}
type Entry = { id: string; key: string; at: Date } & (
  | { kind: 'ticket'; ticket: TicketPart }
  | { kind: 'message'; ticket: TicketPart; messageId: string }
  | { kind: 'visit'; ticket: TicketPart; visit: VisitPart }
  | { kind: 'call'; call: CallRow }
  | { kind: 'note'; note: NoteRow }
  | { kind: 'change'; fact: FactRow });

/** The condition that an entry of a kind lies behind the place a page ended at. */
function behind(place: Place | null, kind: Kind, at: RawBuilder<unknown>, id: RawBuilder<unknown>, cast: RawBuilder<unknown>): RawBuilder<unknown> {
  if (place === null) return sql`TRUE`;
  const rank = rankOf[kind];
  if (rank === place.rank) return sql`(${at}, ${id}) < (${place.at}::timestamptz, ${place.id}::${cast})`;
  return rank > place.rank ? sql`${at} <= ${place.at}::timestamptz` : sql`${at} < ${place.at}::timestamptz`;
}

const ticketColumns = sql.raw('t.id, t.number, t.subject, t.status, t.priority, t.channel, t.assignee_id');
const uuid = sql.raw('uuid');

async function tickets(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  const { transaction, tenantId } = context;
  const after = behind(place, 'ticket', sql`t.created_at`, sql`t.id`, uuid);
  const reach = reachCondition(reachOf(staffOf(context), 'ticket.read'), 't');
  const rows = await rowsOf<TicketPart & { created_at: Date }>(transaction, of.assetId !== undefined
    ? sql`select ${ticketColumns}, t.created_at FROM ticket t WHERE t.tenant_id = ${tenantId} AND t.asset_id = ${of.assetId} AND ${reach} AND ${after} ORDER BY t.created_at DESC, t.id DESC LIMIT ${most}`
    : sql`select t.* FROM unnest(${of.customerIds ?? []}::uuid[]) AS c (id) CROSS JOIN LATERAL (
        SELECT ${ticketColumns}, t.created_at FROM ticket t WHERE t.tenant_id = ${tenantId} AND t.customer_id = c.id AND ${reach} AND ${after} ORDER BY t.created_at DESC, t.id DESC LIMIT ${most}) t
      ORDER BY t.created_at DESC, t.id DESC LIMIT ${most}`);
  return rows.map(({ created_at: at, ...ticket }) => ({ id: ticket.id, key: ticket.id, at, kind: 'ticket', ticket }));
}

async function visits(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  const { transaction, tenantId } = context;
  const reach = reachCondition(reachOf(staffOf(context), 'ticket.read'), 't');
  const whose = of.assetId !== undefined ? sql`t.asset_id = ${of.assetId}` : sql`t.customer_id = ANY(${of.customerIds ?? []}::uuid[])`;
  const rows = await rowsOf<TicketPart & VisitPart & { at: Date }>(transaction, sql`select t.*, v.id AS visit_id, v.status AS visit_status, v.technician_id, v.window_start, v.completed_at, v.work_summary, v.created_at AS at
    FROM (SELECT ${ticketColumns} FROM ticket t WHERE t.tenant_id = ${tenantId} AND ${whose} AND ${reach} ORDER BY t.created_at DESC, t.id DESC LIMIT ${ticketsWithVisits}) t
    JOIN visit v ON v.tenant_id = ${tenantId} AND v.ticket_id = t.id WHERE ${behind(place, 'visit', sql`v.created_at`, sql`v.id`, uuid)} ORDER BY v.created_at DESC, v.id DESC LIMIT ${most}`);
  return rows.map(({ at, visit_id, visit_status, technician_id, window_start, completed_at, work_summary, ...ticket }) => ({
    id: visit_id, key: visit_id, at, kind: 'visit', ticket, visit: { visit_id, visit_status, technician_id, window_start, completed_at, work_summary },
  }));
}

async function messages(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  if (!of.customerIds?.length) return [];
  const { transaction, tenantId } = context;
  const after = behind(place, 'message', sql`m.created_at`, sql`m.message_id`, uuid);
  const rows = await rowsOf<TicketPart & { created_at: Date; message_id: string }>(transaction, sql`select m.* FROM unnest(${of.customerIds}::uuid[]) AS c (id) CROSS JOIN LATERAL (
      SELECT ${ticketColumns}, m.created_at, m.message_id FROM customer_message m JOIN ticket t ON t.tenant_id = m.tenant_id AND t.id = m.ticket_id
      WHERE m.tenant_id = ${tenantId} AND m.customer_id = c.id AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'), 't')} AND ${after} ORDER BY m.created_at DESC, m.message_id DESC LIMIT ${most}) m
    ORDER BY m.created_at DESC, m.message_id DESC LIMIT ${most}`);
  return rows.map(({ created_at: at, message_id: messageId, ...ticket }) => ({ id: messageId, key: messageId, at, kind: 'message', ticket, messageId }));
}

async function calls(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  if (!of.customerIds?.length) return [];
  const after = behind(place, 'call', sql`c.started_at`, sql`c.id`, uuid);
  const rows = await rowsOf<CallRow>(context.transaction, sql`select own.* FROM unnest(${of.customerIds}::uuid[]) AS whose (id) CROSS JOIN LATERAL (
      SELECT c.* FROM call c WHERE c.tenant_id = ${context.tenantId} AND c.customer_id = whose.id AND ${visibleCalls(context)} AND ${after} ORDER BY c.started_at DESC, c.id DESC LIMIT ${most}) own
    ORDER BY own.started_at DESC, own.id DESC LIMIT ${most}`);
  return rows.map((call) => ({ id: call.id, key: call.id, at: call.started_at, kind: 'call', call }));
}

async function notes(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  if (!of.customerIds?.length) return [];
  const after = behind(place, 'note', sql`n.created_at`, sql`n.id`, uuid);
  const rows = await rowsOf<NoteRow>(context.transaction, sql`select n.* FROM unnest(${of.customerIds}::uuid[]) AS c (id) CROSS JOIN LATERAL (
      SELECT * FROM customer_note n WHERE n.tenant_id = ${context.tenantId} AND n.customer_id = c.id AND n.removed_at IS NULL AND ${after} ORDER BY n.created_at DESC, n.id DESC LIMIT ${most}) n
    ORDER BY n.created_at DESC, n.id DESC LIMIT ${most}`);
  return rows.map((note) => ({ id: note.id, key: note.id, at: note.created_at, kind: 'note', note }));
}

async function changes(context: Context, of: HistoryOf, place: Place | null, most: number): Promise<Entry[]> {
  const after = behind(place, 'change', sql`fact.recorded_at`, sql`fact.position`, sql.raw('bigint'));
  const rows = await rowsOf<FactRow>(context.transaction, sql`select fact.* FROM unnest(${of.subjectIds}::uuid[]) AS s (id) CROSS JOIN LATERAL (
      SELECT ${sql.raw(factColumns)} FROM fact WHERE tenant_id = ${context.tenantId} AND subject_id = s.id AND ticket_id IS NULL AND kind <> ALL(${toldElsewhere}::text[]) AND ${after}
      ORDER BY fact.recorded_at DESC, fact.position DESC LIMIT ${most}) fact
    ORDER BY fact.recorded_at DESC, fact.position DESC LIMIT ${most}`);
  return rows.map((fact) => ({ id: String(fact.position), key: String(fact.position).padStart(20, '0'), at: fact.recorded_at, kind: 'change', fact }));
}

async function view(context: Context, entries: readonly Entry[]): Promise<HistoryEntry[]> {
  const { transaction, tenantId, language } = context;
  const told = entries.filter((entry) => entry.kind === 'ticket' || entry.kind === 'message' || entry.kind === 'visit');
  const written = entries.filter((entry) => entry.kind === 'message');
  const called = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.call] : []));
  const [staff, rows, files, calls] = await Promise.all([
    namesOfStaff(context, told.flatMap((entry) => [entry.ticket.assignee_id, entry.kind === 'visit' ? entry.visit.technician_id : null])),
    written.length === 0 ? [] : transaction.run(build.selectFrom('message').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', written.map(({ messageId }) => messageId))),
    filesOfTickets(context, [...new Set(written.map(({ ticket }) => ticket.id))]), viewCalls(context, called),
  ]);
  const messageOf = new Map(rows.map((row) => [row.id, row]));
  const callOf = new Map(calls.map((call) => [call.id, call]));
  return entries.map((entry): HistoryEntry => {
    const shown: HistoryEntry = { id: entry.id, kind: entry.kind, at: entry.at.toISOString(), ticket: null, message: null, call: null, visit: null, note: null, change: null };
    if (entry.kind === 'ticket' || entry.kind === 'message' || entry.kind === 'visit') {
      const { assignee_id: assigneeId, ...ticket } = entry.ticket;
      shown.ticket = { ...ticket, subject: wordsFor(ticket.subject, language), status: statusOf(ticket), priority: priorityName(ticket.priority), assignee: assigneeId === null ? null : { id: assigneeId, name: staff.get(assigneeId) ?? '' } };
    }
    if (entry.kind === 'message') {
      const message = messageOf.get(entry.messageId);
      if (message) shown.message = viewMessage(message, (files.get(message.ticket_id) ?? []).filter((file) => file.message_id === message.id), { kind: 'staff' }, language);
    }
    if (entry.kind === 'visit') {
      const { visit_id: id, visit_status: status, technician_id: technicianId, window_start: start, completed_at: completed, work_summary: workSummary } = entry.visit;
      shown.visit = { id, status: status as NonNullable<HistoryEntry['visit']>['status'], technician: { id: technicianId, name: staff.get(technicianId) ?? '' }, windowStart: start?.toISOString() ?? null, completedAt: completed?.toISOString() ?? null, workSummary };
    }
    if (entry.kind === 'call') shown.call = callOf.get(entry.id) ?? null;
    if (entry.kind === 'note') shown.note = viewNote(entry.note);
    if (entry.kind === 'change') {
      const fact = toFact(entry.fact);
      const { sealed: _sealed, ...data } = presentFact(fact.data, (fields) => ({ ...fields }));
      shown.change = { kind: fact.kind, title: language === 'en' ? factKinds[fact.kind].en : factKinds[fact.kind].zh, actor: fact.actor, data };
    }
    return shown;
  });
}

function readKinds(text: string): Kind[] {
  const kinds = text.split(',').map((kind) => kind.trim());
  if (kinds.some((kind) => !(historyKinds as readonly string[]).includes(kind))) {
    throw invalidInput('/kinds', 'enum', { zh: `应为其中之一：${historyKinds.join('、')}`, en: `must be one of: ${historyKinds.join(', ')}` });
  }
  return [...new Set(kinds)] as Kind[];
}

function readPlace(cursor: string): Place {
  try {
    const parts: unknown = JSON.parse(decodeCursor(cursor));
    if (Array.isArray(parts) && parts.length === 4 && parts[0] === 'history') {
      const [, at, rank, id] = parts as [string, unknown, unknown, unknown];
      const moment = typeof at === 'string' ? new Date(at) : null;
      const rightly = rank === rankOf.change ? typeof id === 'string' && /^\d{1,15}$/.test(id) : typeof id === 'string' && isId(id);
      if (moment && !Number.isNaN(moment.getTime()) && moment.getUTCFullYear() >= 1 && moment.toISOString() === at && typeof rank === 'number' && Object.values(rankOf).includes(rank) && rightly) {
        return { at, rank, id: id as string };
      }
    }
  } catch {
    // Not even JSON.
  }
  throw new Refusal('invalid_cursor');
}
