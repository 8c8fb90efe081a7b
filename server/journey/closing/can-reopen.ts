import { isOpen } from '../../../rules/ticket/lifecycle.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';

// After that the matter is a new one.
const reopenDays = 30;

/** Whether the customer may still say that it was not solved: while it is resolved, and 30 days after it was closed. */
export function canReopen(ticket: TicketRow, now: Date): boolean {
  const state = { status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at };
  if (ticket.status === 'cancelled' || !isOpen('reopen', state)) return false;
  return ticket.closed_at === null || now.getTime() - ticket.closed_at.getTime() < reopenDays * 86_400_000;
}
