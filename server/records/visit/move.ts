import { currentVisitStatuses } from '../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';

type Writing = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

export interface MovedVisit {
  id: string;
  technician_id: string;
}

/**
 * Takes visits under way over to another ticket (上门随合并转移). Whoever is to come for that one already comes once: their
 * visit here is called off. Both tickets have to be locked.
 *
 * @param only these visits, as far as they are still under way there; all when absent
 */
export async function moveCurrentVisits(context: Writing, fromTicketIds: readonly string[], toTicketId: string, only?: readonly string[]): Promise<{ moved: MovedVisit[]; calledOff: MovedVisit[] }> {
  const { transaction, tenantId } = context;
  if (only?.length === 0) return { moved: [], calledOff: [] };
  const current = await transaction.run(build.selectFrom('visit').select(['id', 'ticket_id', 'technician_id']).where('tenant_id', '=', tenantId)
    .where('ticket_id', 'in', [...fromTicketIds, toTicketId]).where('status', 'in', currentVisitStatuses).orderBy('id').forNoKeyUpdate());
  const expected = new Set(current.filter((visit) => visit.ticket_id === toTicketId).map((visit) => visit.technician_id));
  const moved: MovedVisit[] = [];
  const calledOff: MovedVisit[] = [];
  for (const visit of current) {
    if (visit.ticket_id === toTicketId || (only && !only.includes(visit.id))) continue;
    const twice = expected.has(visit.technician_id);
    expected.add(visit.technician_id);
    await transaction.run(build.updateTable('visit').set((update) => ({ version: update('version', '+', 1), ...(twice ? { status: 'cancelled' } : { ticket_id: toTicketId }) }))
      .where('tenant_id', '=', tenantId).where('id', '=', visit.id));
    (twice ? calledOff : moved).push({ id: visit.id, technician_id: visit.technician_id });
  }
  return { moved, calledOff };
}
