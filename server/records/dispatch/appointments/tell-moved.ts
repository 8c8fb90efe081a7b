import type { TicketRow } from '../../ticket/row.ts';
import { tellOnTicket, type Writing } from '../../ticket/change.ts';

interface Span { from: Date; to: Date }
const words = ({ from, to }: Span) => ({ windowStart: from.toISOString(), windowEnd: to.toISOString() });

/** Tells that a colleague has put another window in the place of a promise (承诺改期), and why. */
export function tellMoved(context: Writing, ticket: TicketRow, { window, before, reason, visit }: { window: Span; before: Span; reason?: string | undefined; visit: { id: string; technicianId: string } | null }): Promise<TicketRow> {
  return tellOnTicket(context, ticket, {
    kind: 'appointment.promised', subjectId: visit?.id ?? ticket.id,
    data: { ...words(window), by: 'staff', technicianId: visit?.technicianId ?? null, before: words(before), ...(reason === undefined ? {} : { reason }) },
  });
}
