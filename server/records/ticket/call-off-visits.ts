import { cancelCurrentVisits } from '../visit/schedule.ts';
import { tellOnTicket, type Writing } from './change.ts';
import type { TicketRow } from './row.ts';

/** Calls off the visits of a ticket that are still under way and tells of each (取消上门): nobody has to drive there any more. */
export async function callOffVisits(context: Writing, ticket: TicketRow, reason: string): Promise<TicketRow> {
  let current = ticket;
  for (const visit of await cancelCurrentVisits(context, ticket.id)) {
    current = await tellOnTicket(context, current, { kind: 'visit.cancelled', subjectId: visit.id, data: { technicianId: visit.technician_id, reason } });
  }
  return current;
}
