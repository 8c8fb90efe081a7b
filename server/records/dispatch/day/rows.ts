import { sql } from 'kysely';
import type { DayJob } from '../../../../rules/day-plan/day.ts';
import { currentVisitStatuses } from '../../../../rules/ticket/visit-lifecycle.ts';
import { reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { reachCondition } from '../../access/reach-condition.ts';
import type { TicketRow } from '../../ticket/row.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** What the board needs of a visit. */
export interface DayVisitRow {
  id: string;
  ticket_id: string;
  technician_id: string;
  status: string;
  window_start: Date | null;
  window_end: Date | null;
  planned_start: Date | null;
  planned_end: Date | null;
  person_locked: boolean;
  locked_from: Date | null;
  locked_until: Date | null;
  travel_started_at: Date | null;
  checked_in_at: Date | null;
  check_in_lat: number | null;
  check_in_lng: number | null;
  completed_at: Date | null;
  obstacle_at: Date | null;
  note: string | null;
  version: number;
  created_at: Date;
  /** Who comes along, in order. */
  member_ids: string[];
  /** Somebody else comes for the same ticket by themselves: giving it to a third would call both off. */
  several: boolean;
}

const current = currentVisitStatuses.map((status) => `'${status}'`).join(', ');
const columns = `v.id, v.ticket_id, v.technician_id, v.status, v.window_start, v.window_end, v.planned_start, v.planned_end, v.person_locked, v.locked_from, v.locked_until,
  v.travel_started_at, v.checked_in_at, v.check_in_lat, v.check_in_lng, v.completed_at, v.obstacle_at, v.note, v.version, v.created_at,
  ARRAY(SELECT m.staff_id FROM visit_member m WHERE m.tenant_id = v.tenant_id AND m.visit_id = v.id ORDER BY m.place) AS member_ids,
  EXISTS (SELECT FROM visit o WHERE o.tenant_id = v.tenant_id AND o.ticket_id = v.ticket_id AND o.id <> v.id AND o.status IN (${current})) AS several`;
// Of a day what begins on it; of today also what is under way or behind, and what nobody has given a time.
const isOnDay = `(coalesce(v.planned_start, v.window_start, v.locked_from) >= $3 AND coalesce(v.planned_start, v.window_start, v.locked_from) < $4
  OR $5 AND (v.status IN ('travelling', 'on_site') OR coalesce(v.planned_start, v.window_start, v.locked_from) IS NULL OR coalesce(v.planned_start, v.window_start, v.locked_from) < $3))`;
const findOpen = statement<DayVisitRow>('day.open_visits', `
  SELECT ${columns} FROM visit v WHERE v.tenant_id = $1 AND v.technician_id = ANY($2::uuid[]) AND v.status IN (${current}) AND (${isOnDay} OR v.id = ANY($6::uuid[]))`);
const findAlong = statement<DayVisitRow & { staff_id: string }>('day.visits_along', `
  SELECT a.staff_id, ${columns} FROM visit_member a JOIN visit v ON v.tenant_id = a.tenant_id AND v.id = a.visit_id
  WHERE a.tenant_id = $1 AND a.staff_id = ANY($2::uuid[]) AND v.status IN (${current}) AND (${isOnDay} OR v.id = ANY($6::uuid[]))`);
// Ids are in order of time: what somebody did on a day is among their newest.
const findOver = statement<DayVisitRow>('day.visits_over', `
  SELECT ${columns} FROM unnest($2::uuid[]) AS p (staff_id) CROSS JOIN LATERAL (
    SELECT * FROM visit WHERE tenant_id = $1 AND technician_id = p.staff_id ORDER BY id DESC LIMIT 60) v
  WHERE v.status IN ('completed', 'incomplete') AND coalesce(v.completed_at, v.obstacle_at) >= $3 AND coalesce(v.completed_at, v.obstacle_at) < $4`);

/**
 * The visits of some people on a day (当天上门), each with whose day it is in: of those who come along as well as of those who lead.
 *
 * @param also visits of theirs that are told whatever day they are on
 */
export async function visitsOn({ tenantId, transaction }: Reading, staffIds: readonly string[], span: { from: Date; to: Date }, isToday: boolean, also: readonly string[] = []): Promise<{ visit: DayVisitRow; staffId: string }[]> {
  if (staffIds.length === 0) return [];
  const given = [tenantId, [...staffIds], span.from, span.to, isToday, [...also]] as const;
  const [open, along, over] = await Promise.all([transaction.query(findOpen, [...given]), transaction.query(findAlong, [...given]), transaction.query(findOver, [tenantId, [...staffIds], span.from, span.to])]);
  // In one order, so that a plan of the same is the same.
  return [...open, ...over].map((visit) => ({ visit, staffId: visit.technician_id })).concat(along.map(({ staff_id: staffId, ...visit }) => ({ visit, staffId })))
    .sort((a, b) => (a.visit.id === b.visit.id ? Number(a.staffId > b.staffId) - Number(a.staffId < b.staffId) : a.visit.id < b.visit.id ? -1 : 1));
}

/** What the board needs of a ticket, and what the caller may do with it. */
export type DayTicketRow = Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'priority' | 'category_id' | 'team_id' | 'assignee_id' | 'type_id' | 'asset_id' | 'customer_id' | 'lat' | 'lng' | 'address' | 'merged_into' | 'created_at' | 'version'>
  & { readable: boolean; assignable: boolean };

const ticketColumns = ['id', 'number', 'subject', 'status', 'priority', 'category_id', 'team_id', 'assignee_id', 'type_id', 'asset_id', 'customer_id', 'lat', 'lng', 'address', 'merged_into', 'created_at', 'version'] as const;

/** Tickets by their ids, whoever may read them; each says whether the caller may. */
export async function dayTickets(context: Context, ids: readonly string[]): Promise<Map<string, DayTicketRow>> {
  if (ids.length === 0) return new Map();
  const subject = staffOf(context);
  const rows = await context.transaction.run(build.selectFrom('ticket').select(ticketColumns)
    .select([reachCondition(reachOf(subject, 'ticket.read')).as('readable'), reachCondition(reachOf(subject, 'ticket.assign')).as('assignable')])
    .where('tenant_id', '=', context.tenantId).where(sql<boolean>`id = ANY(${[...new Set(ids)]}::uuid[])`));
  return new Map(rows.map((row) => [row.id, row as DayTicketRow]));
}

/** Conditions of a ticket that waits to be planned: open, nobody has it, nobody comes for it, and it is the caller's to give out. */
export function unplannedTickets(context: Context) {
  const subject = staffOf(context);
  return build.selectFrom('ticket').select(ticketColumns).where('tenant_id', '=', context.tenantId)
    .where('status', 'in', ['new', 'open']).where('assignee_id', 'is', null).where('merged_into', 'is', null)
    .where(reachCondition(reachOf(subject, 'ticket.read'))).where(reachCondition(reachOf(subject, 'ticket.assign')))
    .where((where) => where.not(where.exists(where.selectFrom('visit').select('visit.id').whereRef('visit.tenant_id', '=', 'ticket.tenant_id').whereRef('visit.ticket_id', '=', 'ticket.id').where('visit.status', 'in', currentVisitStatuses))));
}

// What was promised to customers; what teams promised each other does not say when somebody has to be there.
const findDue = statement<{ ticket_id: string; arrival: Date | null; resolution: Date | null }>('day.due', `
  SELECT ticket_id, min(due_at) FILTER (WHERE metric = 'arrival') AS arrival, min(due_at) FILTER (WHERE metric = 'resolution') AS resolution
  FROM sla_clock WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND team_id IS NULL AND stopped_at IS NULL AND due_at IS NOT NULL AND metric IN ('arrival', 'resolution') GROUP BY ticket_id`);

export interface Due {
  arrival: Date | null;
  resolution: Date | null;
}

/** By when somebody has to be there, and by when it has to be done (到场与解决时限), by ticket. */
export async function dueOf({ tenantId, transaction }: Reading, ids: readonly string[]): Promise<Map<string, Due>> {
  if (ids.length === 0) return new Map();
  return new Map((await transaction.query(findDue, [tenantId, [...new Set(ids)]])).map(({ ticket_id: id, ...due }) => [id, due]));
}

const findAway = statement<{ staff_id: string; starts_at: Date; ends_at: Date }>('day.away', `
  SELECT staff_id, starts_at, ends_at FROM absence WHERE tenant_id = $1 AND staff_id = ANY($2::uuid[]) AND cancelled_at IS NULL AND ends_at > $3 AND starts_at < $4 ORDER BY starts_at`);

/** When people are away during a day (请假). */
export async function awayOn({ tenantId, transaction }: Reading, staffIds: readonly string[], span: { from: Date; to: Date }): Promise<Map<string, { from: Date; to: Date }[]>> {
  const rows = staffIds.length === 0 ? [] : await transaction.query(findAway, [tenantId, [...staffIds], span.from, span.to]);
  return new Map([...Map.groupBy(rows, (row) => row.staff_id)].map(([id, own]) => [id, own.map((row) => ({ from: row.starts_at, to: row.ends_at }))]));
}

const lockTickets = statement<TicketRow>('day.lock_tickets', 'SELECT * FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE');
const lockVisits = statement<{ id: string }>('day.lock_visits', `SELECT id FROM visit WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND status IN (${current}) ORDER BY id FOR NO KEY UPDATE`);

/** Locks tickets and then what of their visits is not over (先工单后上门), each in one order, so that two who plan wait for each other and not for ever. */
export async function lockForPlanning({ tenantId, transaction }: Reading, ticketIds: readonly string[]): Promise<Map<string, TicketRow>> {
  if (ticketIds.length === 0) return new Map();
  const given = [tenantId, [...new Set(ticketIds)]] as const;
  const rows = await transaction.query(lockTickets, [...given]);
  await transaction.query(lockVisits, [...given]);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Locks what came into a day while its locks were waited for (补锁新来的工单), once the day itself is locked.
 *
 * @returns false when there was nothing; else the day has to be read again
 */
export async function lockComers(context: Reading, locked: Map<string, TicketRow>, jobs: readonly DayJob[]): Promise<boolean> {
  const came = jobs.filter(({ fixed, along, ticketId }) => fixed === null && !along && !locked.has(ticketId)).map(({ ticketId }) => ticketId);
  for (const [id, row] of await lockForPlanning(context, came)) locked.set(id, row);
  return came.length > 0;
}

export interface VisitPlace {
  id: string;
  ticket_id: string;
  technician_id: string;
  status: string;
  member_ids: string[];
}
const findVisitPlaces = statement<VisitPlace>('day.visit_places', `SELECT v.id, v.ticket_id, v.technician_id, v.status, ARRAY(SELECT m.staff_id FROM visit_member m WHERE m.tenant_id = v.tenant_id AND m.visit_id = v.id ORDER BY m.place) AS member_ids
  FROM visit v WHERE v.tenant_id = $1 AND v.id = ANY($2::uuid[])`);

/** Whose visits these are, who comes along, and of which tickets. */
export async function visitPlaces({ tenantId, transaction }: Reading, ids: readonly string[]): Promise<Map<string, VisitPlace>> {
  if (ids.length === 0) return new Map();
  return new Map((await transaction.query(findVisitPlaces, [tenantId, [...new Set(ids)]])).map((row) => [row.id, row]));
}

/** A visit that was called off (已取消的上门), as it was arranged. */
export type FormerVisit = Pick<DayVisitRow, 'id' | 'ticket_id' | 'technician_id' | 'window_start' | 'window_end' | 'person_locked' | 'locked_from' | 'locked_until' | 'note' | 'member_ids'>;

const findFormer = statement<FormerVisit>('day.former_visits', `
  SELECT v.id, v.ticket_id, v.technician_id, v.window_start, v.window_end, v.person_locked, v.locked_from, v.locked_until, v.note,
    ARRAY(SELECT m.staff_id FROM visit_member m JOIN staff s ON s.tenant_id = m.tenant_id AND s.id = m.staff_id AND s.active WHERE m.tenant_id = v.tenant_id AND m.visit_id = v.id ORDER BY m.place) AS member_ids
  FROM visit v WHERE v.tenant_id = $1 AND v.id = ANY($2::uuid[]) AND v.status = 'cancelled'`);

/** Visits that were called off, by their ids; those of them who came along who are still at work here. */
export async function formerVisits({ tenantId, transaction }: Reading, ids: readonly string[]): Promise<Map<string, FormerVisit>> {
  return new Map(ids.length === 0 ? [] : (await transaction.query(findFormer, [tenantId, [...new Set(ids)]])).map((row) => [row.id, row]));
}

const findPlanned = statement<{ ticket_id: string }>('day.tickets_with_visit', `SELECT DISTINCT ticket_id FROM visit WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) AND status IN (${current})`);

/** Those of some tickets that somebody comes for already. */
export async function withVisit({ tenantId, transaction }: Reading, ticketIds: readonly string[]): Promise<Set<string>> {
  return new Set(ticketIds.length === 0 ? [] : (await transaction.query(findPlanned, [tenantId, [...ticketIds]])).map((row) => row.ticket_id));
}
