import type { Context } from '../../platform/context.ts';
import { changeTicket, tellOnTicket } from '../ticket/change.ts';
import { lockTicket } from '../ticket/find.ts';
import type { TicketRow } from '../ticket/row.ts';
import { putCall, type CallRow } from './rows.ts';

/** What of a call the ticket's history says; whose number it is, only whoever may see it is told. */
export const toldOf = (call: CallRow): Record<string, unknown> => ({ callId: call.id, direction: call.direction, state: call.state });

/**
 * Says which ticket a call is about (关联工单), on that ticket and on the one it was about before. Who calls is then whoever the ticket is of, unless
 * that is known already; and a ticket whose requester has no number gets this one.
 *
 * @param ticket locked, together with the one before where there is one; null takes the call from its ticket
 */
export async function linkCall(context: Context, call: CallRow, ticket: TicketRow | null): Promise<CallRow> {
  if (call.ticket_id === (ticket?.id ?? null)) return call;
  if (call.ticket_id !== null) {
    const former = await lockTicket(context, call.ticket_id);
    if (former) await tellOnTicket(context, former, { kind: 'call.unlinked', data: toldOf(call) });
  }
  const linked: CallRow = {
    ...call, ticket_id: ticket?.id ?? null, calls_back: false,
    ...(call.customer_id === null && ticket?.customer_id ? { customer_id: ticket.customer_id, customer_by: 'chosen' } : {}),
  };
  await putCall(context.transaction, linked);
  if (ticket) {
    const reachable = ticket.contact_phone === null && call.number !== null && ticket.customer_id === null ? await changeTicket(context, ticket, { contact_phone: call.number }, { kind: 'ticket.changed', data: {} }) : ticket;
    await tellOnTicket(context, reachable, { kind: 'call.linked', data: toldOf(linked) });
  }
  return { ...linked, version: linked.version + 1 };
}
