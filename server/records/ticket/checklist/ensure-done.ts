import { statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import type { Writing } from '../change.ts';
import type { TicketRow } from '../row.ts';

const countOpen = statement<{ count: number }>('checklist_item.count_required', `
  SELECT count(*)::int AS count FROM checklist_item WHERE tenant_id = $1 AND ticket_id = $2 AND required AND done_at IS NULL`);

/**
 * Refuses to go on while something that the ticket's type demands is not done (必做检查项). Work that takes a ticket through
 * its life at once (seeding, imports) tells of what has happened already: nobody can be asked to do it first.
 *
 * @throws Refusal checklist_open
 */
export async function ensureChecklistDone(context: Writing, ticket: TicketRow): Promise<void> {
  if (context.holdRow || ticket.checklist_done === ticket.checklist_total) return;
  const [open] = await context.transaction.query(countOpen, [context.tenantId, ticket.id]);
  if (open!.count > 0) throw new Refusal('checklist_open', { count: open!.count });
}
