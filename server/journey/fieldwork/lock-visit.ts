import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';
import { lockVisitRow, type VisitRow } from '../../records/visit/queries.ts';

/** A visit and its ticket, locked in the order every step takes (ticket, then visit), if the caller may see them. */
export async function lockVisitWithTicket(context: Context, visitId: string): Promise<{ visit: VisitRow; ticket: TicketRow }> {
  const found = await context.transaction.first(build.selectFrom('visit').select('ticket_id').where('tenant_id', '=', context.tenantId).where('id', '=', visitId));
  const ticket = found && await lockTicket(context, found.ticket_id);
  const visit = ticket && await lockVisitRow(context, visitId);
  if (!ticket || !visit) throw new Refusal('not_found');
  // With a merge it went to another ticket while this one was waited for.
  if (visit.ticket_id !== ticket.id) return lockVisitWithTicket(context, visitId);
  const own = visit.technician_id === staffOf(context).staffId;
  if (!own && !permits(reachOf(staffOf(context), 'ticket.read'), accessOf(ticket))) throw new Refusal('not_found');
  return { visit, ticket };
}
