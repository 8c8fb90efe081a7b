import { CallCard, UpdateCall } from '../../../contract/call.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { rootOf } from '../customer/family.ts';
import { endOfWay, lockTickets } from '../ticket/alias.ts';
import { ensureVersion, findReadableTicket } from '../ticket/find.ts';
import { lockLandingFor } from '../ticket/landing.ts';
import { accessOf } from '../ticket/row.ts';
import { linkCall } from './link-call.ts';
import { cardOf } from './read-calls.ts';
import { announceCall, findCall, type CallRow } from './rows.ts';
import { visibleCall } from './sight.ts';

/** Notes what a call was about, whose it was, and to which ticket it belongs (登记通话). */
export const updateCall = useCase({
  summary: 'Note what a call was about, who called, and which ticket it belongs to',
  params: Closed({ id: Id }),
  body: UpdateCall,
  answer: CallCard,
  versioned: true,
  async run(context, { params: { id }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    // The call before its ticket, as whatever comes by the channel takes them.
    let call = await visibleCall(context, id, true);
    ensureVersion(call, ifMatch);
    if (body.ticketId !== undefined) await lockBoth(context, call, body.ticketId);
    const landing = body.ticketId ? await lockLandingFor(context, body.ticketId, 'ticket.note') : null;
    const customerId = body.customerId === undefined ? call.customer_id : body.customerId;
    if (body.customerId && !holds(staffOf(context), 'customer.read')) throw new Refusal('forbidden');
    const customer = body.customerId ? await rootOf(context, body.customerId) : null;
    if (body.customerId && !customer) throw refuseInput('/customerId', 'unknown_reference', { field: 'customerId' });
    if (customer?.archived) throw refuseInput('/customerId', 'reference_inactive', { field: 'customerId' });
    const chosen = customer?.id ?? customerId;
    const note = body.note?.trim() ?? call.note;
    if (note !== call.note || chosen !== call.customer_id) {
      await transaction.run(build.updateTable('call').set({ note, customer_id: chosen, customer_by: chosen === null ? null : chosen === call.customer_id ? call.customer_by : 'chosen', version: call.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', id));
      await recordFact(transaction, { kind: 'call.changed', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now, data: { ...(note === call.note ? {} : { noted: true }), ...(chosen === call.customer_id ? {} : { before: { customerId: call.customer_id }, after: { customerId: chosen } }) } });
      call = (await findCall(transaction, id))!;
    }
    if (body.ticketId !== undefined) await linkCall(context, call, landing?.ticket ?? null);
    announceCall(context, id, [call.staff_id]);
    return cardOf(context, (await findCall(transaction, id))!);
  },
});

/** Locks the ticket a call is taken from and the one it comes to, in the one order everybody takes; what is said on the former has to be allowed, too. */
async function lockBoth(context: Context, call: CallRow, to: string | null): Promise<void> {
  const next = to === null ? null : await endOfWay(context, (await findReadableTicket(context, to)).id);
  if (call.ticket_id === null || call.ticket_id === next) return;
  const former = (await lockTickets(context, [call.ticket_id, ...(next === null ? [] : [next])])).get(call.ticket_id);
  if (former && !permits(reachOf(staffOf(context), 'ticket.note'), accessOf(former))) throw new Refusal('forbidden');
}
