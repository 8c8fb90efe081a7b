import { Closed, Id } from '../../../../contract/common.ts';
import { RevealReason, RevealedCustomer, RevealedValue, type ContactKind } from '../../../../contract/customer.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { lockContactPoint } from '../contact-points/find.ts';
import { familyOf } from '../family.ts';
import { openIdNumber } from '../id-number.ts';
import { countReveal, mayReveal } from './reveal.ts';

/** Shows all contact data and the ID number of a customer unmasked (查看客户完整信息); recorded with the reason. */
export const revealCustomer = useCase({
  summary: 'Reveal the masked data of a customer',
  params: Closed({ id: Id }),
  body: RevealReason,
  answer: RevealedCustomer,
  secret: true,
  async run(context, { params, body }) {
    const { transaction, tenantId } = context;
    const row = await transaction.first(build.selectFrom('customer').select(['id', 'name', 'id_number']).where('tenant_id', '=', tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    const family = await familyOf(context, row.id);
    if (!await mayReveal(context, family)) throw new Refusal('forbidden');
    await countReveal(context);
    const contacts = await transaction.run(build.selectFrom('contact_point').select(['id', 'kind', 'value']).where('tenant_id', '=', tenantId).where('customer_id', 'in', family).orderBy('created_at').orderBy('id'));
    await tellOfReveal(context, row, { what: 'customer', reason: body.reason });
    return { name: row.name, idNumber: openIdNumber(context.services.secrets, row.id_number), contactPoints: contacts.map((contact) => ({ ...contact, kind: contact.kind as ContactKind })) };
  },
});

/** Shows one contact point unmasked (查看完整联系方式); recorded with the reason. */
export const revealContactPoint = useCase({
  summary: 'Reveal a contact point of a customer',
  params: Closed({ id: Id, contactId: Id }),
  body: RevealReason,
  answer: RevealedValue,
  secret: true,
  async run(context, { params, body }) {
    const { customer, contact } = await lockContactPoint(context, params.id, params.contactId);
    if (!await mayReveal(context, await familyOf(context, customer.id))) throw new Refusal('forbidden');
    await countReveal(context);
    await tellOfReveal(context, { id: contact.customer_id, name: contact.customer_name }, { what: 'contact_point', contactId: contact.id, contactKind: contact.kind, reason: body.reason });
    return { value: contact.value };
  },
});

/** That it was looked at stands in the log; what was seen does not. */
export async function tellOfReveal(context: Context, subject: { id: string; name: string }, { reason, ...what }: { what: string; reason: string } & Record<string, unknown>): Promise<void> {
  await recordFact(context.transaction, { kind: 'personal_data.revealed', actor: context.actor, data: { name: subject.name, ...what, reason: reason.trim() }, occurredAt: context.now, recordedAt: context.now, subjectId: subject.id });
}
