import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { tellOnTicket } from '../ticket/change.ts';
import type { TicketRow } from '../ticket/row.ts';

/** When a technician accepts the ticket itself, the visit offered with it counts as accepted, too. */
export function acceptCurrentVisit(context: Context, ticket: TicketRow, technicianId: string): Promise<TicketRow> {
  return answer(context, ticket, technicianId, { status: 'accepted', accepted_at: context.now }, 'visit.accepted', {});
}

/** As above for declining. */
export function declineCurrentVisit(context: Context, ticket: TicketRow, technicianId: string, reason: string): Promise<TicketRow> {
  return answer(context, ticket, technicianId, { status: 'declined', ended_reason: reason }, 'visit.declined', { reason });
}

async function answer(context: Context, ticket: TicketRow, technicianId: string, patch: { status: string; accepted_at?: Date; ended_reason?: string }, kind: 'visit.accepted' | 'visit.declined', data: Record<string, unknown>): Promise<TicketRow> {
  const changed = await context.transaction.run(build.updateTable('visit')
    .set((update) => ({ ...patch, version: update('version', '+', 1) }))
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).where('technician_id', '=', technicianId).where('status', '=', 'scheduled')
    .returning('id'));
  let current = ticket;
  for (const visit of changed) current = await tellOnTicket(context, current, { kind, subjectId: visit.id, data: { technicianId, ...data } });
  return current;
}
