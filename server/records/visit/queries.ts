import type { Selectable } from 'kysely';
import type { VisitSummary } from '../../../contract/visit.ts';
import { isVisitOver, type VisitObstacle, type VisitStatus } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { VisitTable } from '../../platform/db/tables.ts';

/** A visit as it lies in the database, with its technician's name and whether they still work here. */
export type VisitRow = Selectable<VisitTable> & { technician_name: string; technician_active: boolean };

const lockVisit = statement<VisitRow>('visit.lock', `
  SELECT v.*, s.name AS technician_name, s.active AS technician_active FROM visit v JOIN staff s ON s.tenant_id = v.tenant_id AND s.id = v.technician_id
  WHERE v.tenant_id = $1 AND v.id = $2 FOR NO KEY UPDATE OF v`);

/** All visits of a ticket, oldest first. */
export function visitsOfTicket(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<VisitRow[]> {
  return context.transaction.run(visits().where('visit.tenant_id', '=', context.tenantId).where('visit.ticket_id', '=', ticketId).orderBy('visit.id'));
}

/** The technicians who have worked on a ticket (到过场的工程师), with or without success: they take part in it for good. */
export async function techniciansWhoCame(context: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<string[]> {
  const rows = await context.transaction.run(build.selectFrom('visit').select('technician_id').distinct()
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).where('status', 'in', ['completed', 'incomplete']));
  return rows.map((row) => row.technician_id);
}

/** Visits joined with their technicians' names, to be narrowed by the caller. */
export function visits() {
  return build.selectFrom('visit')
    .innerJoin('staff', (join) => join.onRef('staff.tenant_id', '=', 'visit.tenant_id').onRef('staff.id', '=', 'visit.technician_id'))
    .selectAll('visit').select(['staff.name as technician_name', 'staff.active as technician_active']);
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
    windowStart: visit.window_start?.toISOString() ?? null,
    windowEnd: visit.window_end?.toISOString() ?? null,
    note: visit.note,
    acceptedAt: visit.accepted_at?.toISOString() ?? null,
    travelStartedAt: visit.travel_started_at?.toISOString() ?? null,
    checkedInAt: visit.checked_in_at?.toISOString() ?? null,
    checkInDistance: visit.check_in_distance,
    completedAt: visit.completed_at?.toISOString() ?? null,
    workSummary: visit.work_summary,
    signedBy: visit.signed_by,
    obstacle: visit.obstacle === null ? null : { kind: visit.obstacle as VisitObstacle, note: visit.ended_reason, at: visit.obstacle_at!.toISOString() },
    needsTakeover: !visit.technician_active && !isVisitOver(visit.status as VisitStatus),
    version: visit.version,
  };
}
