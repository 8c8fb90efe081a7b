import type { Reference } from '../../../contract/common.ts';
import { currentVisitStatuses, visitStatusesNotBegun } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { writeMembers } from './members.ts';
import type { VisitRow } from './queries.ts';

type Writing = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

/** When a visit is to begin and end, and what of that must not be changed (计划时间与锁定). */
export interface VisitPlan {
  planned_start: Date | null;
  planned_end: Date | null;
  person_locked: boolean;
  locked_from: Date | null;
  locked_until: Date | null;
}
const planColumns = 'planned_start timestamptz, planned_end timestamptz, person_locked boolean, locked_from timestamptz, locked_until timestamptz';
const notPlanned: VisitPlan = { planned_start: null, planned_end: null, person_locked: false, locked_from: null, locked_until: null };

type NewVisit = Pick<VisitRow, 'id' | 'ticket_id' | 'technician_id' | 'status' | 'window_start' | 'window_end' | 'note' | 'created_at'> & VisitPlan;
// A plan that is applied schedules hundreds at once.
const insertVisit = sharedStatement<NewVisit, never>('visit.insert', `
  INSERT INTO visit (tenant_id, id, ticket_id, technician_id, status, window_start, window_end, note, created_at, planned_start, planned_end, person_locked, locked_from, locked_until)
  SELECT $1, id, ticket_id, technician_id, status, window_start, window_end, note, created_at, planned_start, planned_end, person_locked, locked_from, locked_until
  FROM json_to_recordset($2) AS given (place integer, id uuid, ticket_id uuid, technician_id uuid, status text, window_start timestamptz, window_end timestamptz, note text, created_at timestamptz, ${planColumns}) ORDER BY place`);
const writePlan = sharedStatement<VisitPlan & { id: string }, never>('visit.plan', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (id uuid, ${planColumns}))
  UPDATE visit SET planned_start = given.planned_start, planned_end = given.planned_end, person_locked = given.person_locked, locked_from = given.locked_from, locked_until = given.locked_until, version = visit.version + 1
  FROM given WHERE visit.tenant_id = $1 AND visit.id = given.id AND visit.id = ANY (ARRAY(SELECT id FROM given))`);
const cancelCurrent = sharedStatement<{ ticket_id: string }, { id: string; technician_id: string }>('visit.cancel_current', `
  WITH given AS MATERIALIZED (SELECT * FROM json_to_recordset($2) AS given (place integer, ticket_id uuid))
  UPDATE visit SET status = 'cancelled', version = visit.version + 1 FROM given
  WHERE visit.tenant_id = $1 AND visit.ticket_id = given.ticket_id AND visit.ticket_id = ANY (ARRAY(SELECT ticket_id FROM given)) AND visit.status IN (${currentVisitStatuses.map((status) => `'${status}'`).join(', ')})
  RETURNING given.place, visit.id, visit.technician_id`);

/** Schedules a visit (安排上门) and returns its row but for the technician's name. The window is half-open and must not end before it begins. */
export async function scheduleVisit(context: Writing, visit: { ticketId: string; technicianId: string; windowStart?: string | undefined; windowEnd?: string | undefined; note?: string | undefined; members?: readonly Reference[] | undefined; plan?: VisitPlan | undefined }): Promise<Omit<VisitRow, 'technician_name'>> {
  const { windowStart, windowEnd } = visit;
  if (windowStart !== undefined && windowEnd !== undefined && Date.parse(windowEnd) <= Date.parse(windowStart)) {
    throw invalidInput('/visit/windowEnd', 'minimum', { zh: '结束时间要晚于开始时间', en: 'must be later than the start' });
  }
  const row = {
    id: newId(context.now.getTime()), ticket_id: visit.ticketId, technician_id: visit.technicianId, status: 'scheduled',
    window_start: windowStart === undefined ? null : new Date(windowStart), window_end: windowEnd === undefined ? null : new Date(windowEnd),
    note: visit.note ?? null, created_at: context.now, ...visit.plan ?? notPlanned,
  };
  await context.transaction.queryTogether(insertVisit, row);
  if (visit.members?.length) await writeMembers(context, row.id, visit.members);
  return {
    ...row, tenant_id: context.tenantId, accepted_at: null, travel_started_at: null, checked_in_at: null, check_in_lat: null, check_in_lng: null, check_in_accuracy: null, check_in_distance: null,
    completed_at: null, work_summary: null, signature_file_id: null, signed_by: null, ended_reason: null, obstacle: null, obstacle_at: null, check_in_reason: null, near_at: null, conflicts: null, needs: null, parts: null, version: 1, technician_active: true, members: visit.members ?? [],
  };
}

/** Writes when a visit is to begin and what of it is held; its row has to be locked. What was told to the customer stays. */
export async function planVisit(context: Writing, visitId: string, plan: VisitPlan): Promise<void> {
  await context.transaction.queryTogether(writePlan, { id: visitId, ...plan });
}

/** Calls off the visits of a ticket that are still under way and returns them. */
export function cancelCurrentVisits(context: Writing, ticketId: string): Promise<{ id: string; technician_id: string }[]> {
  return context.transaction.queryTogether(cancelCurrent, { ticket_id: ticketId });
}

/** Calls off the visits that somebody has not set out for yet and returns them. */
export function cancelVisitsNotBegun(context: Writing, ticketId: string, technicianId: string): Promise<{ id: string }[]> {
  return context.transaction.run(build.updateTable('visit')
    .set((update) => ({ status: 'cancelled', version: update('version', '+', 1) }))
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).where('technician_id', '=', technicianId)
    .where('status', 'in', visitStatusesNotBegun)
    .returning('id'));
}

export type VisitPatch = Partial<Pick<VisitRow,
  'status' | 'accepted_at' | 'travel_started_at' | 'checked_in_at' | 'check_in_lat' | 'check_in_lng' | 'check_in_accuracy' | 'check_in_distance'
  | 'check_in_reason' | 'near_at' | 'conflicts' | 'needs' | 'parts' | 'completed_at' | 'work_summary' | 'signature_file_id' | 'signed_by' | 'ended_reason' | 'obstacle' | 'obstacle_at'>>;

/** Writes a step of a visit to its locked row and returns the row as it is now. */
export async function changeVisit(context: Writing, visit: VisitRow, patch: VisitPatch): Promise<VisitRow> {
  await context.transaction.run(build.updateTable('visit')
    .set({ ...patch, ...(patch.conflicts ? { conflicts: JSON.stringify(patch.conflicts) } : {}), version: visit.version + 1 })
    .where('tenant_id', '=', context.tenantId).where('id', '=', visit.id));
  return { ...visit, ...patch, version: visit.version + 1 };
}

