import { Call, DialCall } from '../../../contract/call.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { isOutside, numberOf } from '../../../rules/telephony/numbers.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { linkCall } from '../../records/call/link-call.ts';
import { ownExtension } from '../../records/call/phone-lines.ts';
import { announceCall, findCall, putCall, type CallRow } from '../../records/call/rows.ts';
import { viewCalls } from '../../records/call/view-calls.ts';
import { familyOf } from '../../records/customer/family.ts';
import { findReadableTicket, lockTicket } from '../../records/ticket/find.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { announceCallWork } from './call-work.ts';

/** Calls a customer (点击拨号): the caller's own telephone rings in a moment, and from there the number. */
export const dialCall = useCase({
  summary: 'Call a customer from one’s own telephone',
  body: DialCall,
  answer: Call,
  status: 201,
  async run(context, { body }) {
    const { tenantId, transaction, now } = context;
    const extension = await ownExtension(context);
    const account = (await transaction.run(build.selectFrom('channel_account').select(['id', 'settings']).where('tenant_id', '=', tenantId).where('kind', '=', 'phone').where('active', '=', true).where('archived_at', 'is', null).orderBy('id')))
      .find(({ settings }) => (settings as { mode?: string } | null)?.mode === 'ari');
    if (extension === null || !account) throw new Refusal('cannot_dial');
    const { number, customerId, ticketId } = 'ticketId' in body ? await ofTicket(context, body.ticketId) : await ofContact(context, body);
    if (!isOutside(number)) throw new Refusal('no_phone_number');
    const id = newId(now.getTime());
    const call: CallRow = {
      tenant_id: tenantId, id, account_id: account.id, external_id: `bihuan-${id}`, events: [{ type: 'call.ringing', seq: 0, at: now.getTime(), direction: 'outbound', callee: number, agent: extension }], direction: 'outbound', state: 'ringing',
      caller: null, callee: number, number, agent: extension, staff_id: staffOf(context).staffId, started_at: now, answered_at: null, ended_at: null, customer_id: customerId, customer_by: customerId === null ? null : 'chosen', ticket_id: null, calls_back: false, note: '',
      dial_state: 'waiting', recording_state: 'none', recording_url: null, recording_file_id: null, recording_failure: null, transcript_state: 'none', transcript: null, transcript_text: null, transcript_failure: null, attempts: 0, due_at: now, heard: {}, version: 1, created_at: now,
    };
    await putCall(transaction, call);
    await recordFact(transaction, { kind: 'call.dialled', subjectId: id, actor: context.actor, occurredAt: now, recordedAt: now, data: { customerId, ticketId } });
    if (ticketId !== null) await linkCall(context, call, (await lockTicket(context, ticketId))!);
    announceCall(context, id, [call.staff_id]);
    transaction.afterCommit(announceCallWork);
    return (await viewCalls(context, [(await findCall(transaction, id))!]))[0]!;
  },
});

interface Dialled {
  number: string | null;
  customerId: string | null;
  ticketId: string | null;
}

async function ofTicket(context: Context, idOrNumber: string): Promise<Dialled> {
  const ticket = await findReadableTicket(context, idOrNumber);
  if (!permits(reachOf(staffOf(context), 'ticket.reply'), accessOf(ticket))) throw new Refusal('forbidden');
  return { number: numberOf(ticket.contact_phone), customerId: ticket.customer_id, ticketId: ticket.id };
}

async function ofContact(context: Context, { customerId, contactPointId }: { customerId: string; contactPointId: string }): Promise<Dialled> {
  if (!holds(staffOf(context), 'customer.read')) throw new Refusal('forbidden');
  const contact = await context.transaction.first(build.selectFrom('contact_point').select(['kind', 'value']).where('tenant_id', '=', context.tenantId).where('id', '=', contactPointId).where('customer_id', 'in', await familyOf(context, customerId)));
  if (!contact) throw new Refusal('not_found');
  return { number: contact.kind === 'phone' ? numberOf(contact.value) : null, customerId, ticketId: null };
}
