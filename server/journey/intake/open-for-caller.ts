import { OpenCallTicket } from '../../../contract/call.ts';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { Ticket } from '../../../contract/ticket.ts';
import { holds } from '../../../rules/access/policy.ts';
import { isPlaceholderName, placeholderName } from '../../../rules/intake/placeholders.ts';
import { maskPhoneNumber } from '../../../rules/privacy/masks.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import { isOutside } from '../../../rules/telephony/numbers.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { linkCall } from '../../records/call/link-call.ts';
import { announceCall, type CallRow } from '../../records/call/rows.ts';
import { visibleCall } from '../../records/call/sight.ts';
import { ownersOf } from '../../records/call/who-calls.ts';
import { changeTicket } from '../../records/ticket/change.ts';
import { findTicket } from '../../records/ticket/find.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';
import { openTicket, type NewRequest } from './open-ticket.ts';

/** Who a ticket of a call is for. */
export interface ForCaller {
  customerId: string | null;
  name: string | null;
  /** Whoever is not known becomes a customer: somebody has spoken to them. */
  makeKnown: boolean;
}

/**
 * A ticket for whoever called (来电开单), with their number on it. A number by itself makes nobody's ticket: it may have been made up, and a
 * family shares one.
 */
export async function openForCaller(context: Context, request: Omit<NewRequest, 'channel' | 'trusted' | 'requester'>, call: CallRow, { customerId, name, makeKnown }: ForCaller): Promise<TicketRow> {
  const number = isOutside(call.number) ? call.number : null;
  const becomesKnown = customerId === null && makeKnown && number !== null && (await ownersOf(context, number)).size === 0;
  // Nobody has asked how they are called: until somebody does, their number tells them apart.
  const called = name ?? (number === null ? null : placeholderName('caller', number, context.language));
  const requester = customerId !== null ? { customerId, ...(number === null ? {} : { phone: number }) } : becomesKnown ? { phone: number!, ...(called ? { name: called } : {}) } : { ...(called ? { name: called } : {}) };
  const { ticket } = await openTicket(context, { ...request, channel: 'phone', trusted: true, requester }, reckonPriority);
  return ticket.contact_phone === null && number !== null ? changeTicket(context, ticket, { contact_phone: number }, { kind: 'ticket.changed', data: {} }) : ticket;
}

/** What a ticket is called of which nothing is known but who called. */
export async function subjectFor(context: Context, call: CallRow, kind: 'call' | 'call_back'): Promise<string> {
  const customer = call.customer_id === null ? undefined : await context.transaction.first(build.selectFrom('customer').select('name').where('tenant_id', '=', context.tenantId).where('id', '=', call.customer_id));
  const who = (customer && !isPlaceholderName(customer.name) ? customer.name : null) ?? (isOutside(call.number) ? maskPhoneNumber(call.number) : call.number) ?? (context.language === 'en' ? 'a hidden number' : '未知号码');
  const words = context.language === 'en' ? (kind === 'call' ? `Phone call ${call.direction === 'inbound' ? 'from' : 'to'} ${who}` : `Call back ${who}`) : kind === 'call' ? `电话${call.direction === 'inbound' ? '来电' : '去电'}：${who}` : `回拨：${who}`;
  return words.slice(0, limits.subject);
}

/** Opens a ticket of a call in one step (一键建单): its requester is filled in, and the call stands on it. */
export const openCallTicket = useCase({
  summary: 'Open a ticket of a call',
  params: Closed({ id: Id }),
  body: OpenCallTicket,
  answer: Ticket,
  status: 201,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params: { id }, body }) {
    const call = await visibleCall(context, id, true);
    if (call.ticket_id !== null && !call.calls_back) throw new Refusal('call_has_ticket');
    const customerId = body.customerId === undefined ? call.customer_id : body.customerId;
    if (customerId !== null && body.customerId !== undefined && !holds(staffOf(context), 'customer.read')) throw new Refusal('forbidden');
    const named: CallRow = { ...call, customer_id: customerId, customer_by: customerId === null ? null : customerId === call.customer_id ? call.customer_by : 'chosen' };
    const ticket = await openForCaller(context, {
      subject: body.subject?.trim() || await subjectFor(context, named, 'call'), description: body.description?.trim() || call.note, ...(body.type === undefined ? {} : { type: body.type }), ...(body.category === undefined ? {} : { category: body.category }),
    }, named, { customerId, name: body.name?.trim() || null, makeKnown: true });
    await linkCall(context, named, ticket);
    announceCall(context, id, [call.staff_id]);
    return viewTicket(context, (await findTicket(context, ticket.id))!);
  },
});
