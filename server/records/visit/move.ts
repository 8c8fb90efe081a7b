import { currentVisitStatuses } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';

type Writing = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

export interface MovedVisit {
  id: string;
  technician_id: string;
}

/** A visit that was called off, and how it stood. */
export interface CalledOffVisit {
  id: string;
  technicianId: string;
  status: string;
}

/**
 * Takes visits under way over to another ticket (上门随合并转移). Whoever is to come for that one already comes once: their
 * visit here is called off. Both tickets have to be locked.
 *
 * @param only these visits, as far as they are still under way there; all when absent
 */
export async function moveCurrentVisits(context: Writing, fromTicketIds: readonly string[], toTicketId: string, only?: readonly string[]): Promise<{ moved: MovedVisit[]; calledOff: (MovedVisit & { status: string })[] }> {
  const { transaction, tenantId } = context;
  if (only?.length === 0) return { moved: [], calledOff: [] };
  const current = await transaction.run(build.selectFrom('visit').select(['id', 'ticket_id', 'technician_id', 'status']).where('tenant_id', '=', tenantId)
    .where('ticket_id', 'in', [...fromTicketIds, toTicketId]).where('status', 'in', currentVisitStatuses).orderBy('id').forNoKeyUpdate());
  const expected = new Set(current.filter((visit) => visit.ticket_id === toTicketId).map((visit) => visit.technician_id));
  const moved: MovedVisit[] = [];
  const calledOff: (MovedVisit & { status: string })[] = [];
  for (const visit of current) {
    if (visit.ticket_id === toTicketId || (only && !only.includes(visit.id))) continue;
    const twice = expected.has(visit.technician_id);
    expected.add(visit.technician_id);
    await transaction.run(build.updateTable('visit').set((update) => ({ version: update('version', '+', 1), ...(twice ? { status: 'cancelled' } : { ticket_id: toTicketId }) }))
      .where('tenant_id', '=', tenantId).where('id', '=', visit.id));
    if (twice) calledOff.push({ id: visit.id, technician_id: visit.technician_id, status: visit.status });
    else moved.push({ id: visit.id, technician_id: visit.technician_id });
  }
  return { moved, calledOff };
}

/**
 * Lets visits that were called off be made after all, for this ticket (恢复上门): each as it stood, unless its technician
 * comes for that one anyway. The ticket has to be locked.
 */
export async function restoreVisits(context: Writing, ticketId: string, wanted: readonly CalledOffVisit[]): Promise<MovedVisit[]> {
  if (wanted.length === 0) return [];
  const { transaction, tenantId } = context;
  const rows = await transaction.run(build.selectFrom('visit').select(['id', 'technician_id', 'status']).where('tenant_id', '=', tenantId)
    .where((where) => where.or([where('id', 'in', wanted.map((visit) => visit.id)), where.and([where('ticket_id', '=', ticketId), where('status', 'in', currentVisitStatuses)])])).orderBy('id').forNoKeyUpdate());
  const expected = new Set(rows.filter((visit) => visit.status !== 'cancelled').map((visit) => visit.technician_id));
  const cancelled = new Set(rows.filter((visit) => visit.status === 'cancelled').map((visit) => visit.id));
  const restored: MovedVisit[] = [];
  for (const { id, technicianId, status } of wanted) {
    if (!cancelled.has(id) || expected.has(technicianId)) continue;
    expected.add(technicianId);
    await transaction.run(build.updateTable('visit').set((update) => ({ version: update('version', '+', 1), status, ticket_id: ticketId })).where('tenant_id', '=', tenantId).where('id', '=', id));
    restored.push({ id, technician_id: technicianId });
  }
  return restored;
}
