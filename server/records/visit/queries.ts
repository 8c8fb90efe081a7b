import { sql, type Selectable } from 'kysely';
import type { Reference } from '../../../contract/common.ts';
import type { VisitConflict, VisitSummary } from '../../../contract/visit.ts';
import { isVisitOver, type VisitObstacle, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement, statement } from '../../platform/db/database.ts';
import type { VisitTable } from '../../platform/db/tables.ts';

/** A visit as it lies in the database, with its technician's name and whether they still work here. */
export type VisitRow = Selectable<VisitTable> & { technician_name: string; technician_active: boolean; /** Who comes beside the technician. */ members: readonly Reference[] };

const members = `(
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.staff_id, 'name', c.name) ORDER BY m.place), '[]')
    FROM visit_member m JOIN staff c ON c.tenant_id = m.tenant_id AND c.id = m.staff_id WHERE m.tenant_id = visit.tenant_id AND m.visit_id = visit.id)`;

const lockVisit = statement<VisitRow>('visit.lock', `
  SELECT visit.*, s.name AS technician_name, s.active AS technician_active, ${members} AS members FROM visit JOIN staff s ON s.tenant_id = visit.tenant_id AND s.id = visit.technician_id
  WHERE visit.tenant_id = $1 AND visit.id = $2 FOR NO KEY UPDATE OF visit`);

/** All visits of a ticket, oldest first. */
export function visitsOfTicket(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<VisitRow[]> {
  return context.transaction.run(visits().where('visit.tenant_id', '=', context.tenantId).where('visit.ticket_id', '=', ticketId).orderBy('visit.id'));
}

const findWhoCame = sharedStatement<{ ticket_id: string }, { staff_id: string }>('visit.technicians_who_came', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (place integer, ticket_id uuid)),
  over AS MATERIALIZED (SELECT id, ticket_id, technician_id FROM visit WHERE tenant_id = $1 AND ticket_id = ANY (ARRAY(SELECT ticket_id FROM given)) AND status IN ('completed', 'incomplete'))
  SELECT given.place, came.staff_id FROM given JOIN (
    SELECT ticket_id, technician_id AS staff_id FROM over
    UNION SELECT over.ticket_id, m.staff_id FROM over JOIN visit_member m ON m.tenant_id = $1 AND m.visit_id = over.id AND m.visit_id = ANY (ARRAY(SELECT id FROM over))) came ON came.ticket_id = given.ticket_id
  ORDER BY given.place, came.staff_id`);

/** The technicians who have worked on a ticket (到过场的工程师), with or without success: they take part in it for good. */
export async function techniciansWhoCame(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<string[]> {
  const rows = await context.transaction.queryTogether(findWhoCame, { ticket_id: ticketId });
  return rows.map((row) => row.staff_id);
}

/** Visits joined with their technicians' names, to be narrowed by the caller. */
export function visits() {
  return build.selectFrom('visit')
    .innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'visit.tenant_id').onRef('staff.id', '=', 'visit.technician_id'))
    .selectAll('visit').select(['staff.name as technician_name', 'staff.active as technician_active']).select(sql.raw<readonly Reference[]>(members).as('members'));
}

/** A visit about to be changed. Lock its ticket first: always the ticket, then the visit. */
export async function lockVisitRow(context: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<VisitRow | undefined> {
  return (await context.transaction.query(lockVisit, [context.tenantId, id]))[0];
}

/** A visit as it stands on its ticket. */
export function viewVisitSummary(visit: VisitRow): VisitSummary {
  return {
    id: visit.id,
    status: visit.status as VisitStatus,
    technician: { id: visit.technician_id, name: visit.technician_name },
    members: [...visit.members],
    windowStart: visit.window_start?.toISOString() ?? null,
    windowEnd: visit.window_end?.toISOString() ?? null,
    plannedStart: visit.planned_start?.toISOString() ?? null,
    plannedEnd: visit.planned_end?.toISOString() ?? null,
    note: visit.note,
    acceptedAt: visit.accepted_at?.toISOString() ?? null,
    travelStartedAt: visit.travel_started_at?.toISOString() ?? null,
    checkedInAt: visit.checked_in_at?.toISOString() ?? null,
    checkInDistance: visit.check_in_distance,
    checkInReason: visit.check_in_reason,
    completedAt: visit.completed_at?.toISOString() ?? null,
    workSummary: visit.work_summary,
    signedBy: visit.signed_by,
    obstacle: visit.obstacle === null ? null : { kind: visit.obstacle as VisitObstacle, note: visit.ended_reason, at: visit.obstacle_at!.toISOString() },
    needs: visit.needs ?? [],
    parts: visit.parts ?? [],
    conflicts: ((visit.conflicts ?? []) as VisitConflict[]).map((conflict) => ({ ...conflict, own: conflict.own ?? false })),
    needsTakeover: !visit.technician_active && !isVisitOver(visit.status as VisitStatus),
    version: visit.version,
  };
}
