import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { RevealedContact, RevealInput } from '../../../contract/ticket.ts';
import { build } from '../../platform/db/database.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { countReveal } from '../../records/customer/personal-data/reveal.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { formOf } from '../../records/organization/forms.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';
import { closedOf, maskedIn } from '../../records/ticket/shown-fields.ts';

/** Shows the contact data and the masked fields of a ticket unmasked (查看完整联系方式); that it was looked at stands in the ticket's history. */
export const revealContact = useCase({
  summary: 'Reveal the contact data of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: RevealInput,
  answer: RevealedContact,
  secret: true,
  async run(context, { params, body }) {
    const ticket = await lockTicketFor(context, params.id, 'personal_data.reveal', { merged: 'taken' });
    await countReveal(context);
    const reason = body.reason?.trim();
    await tellOnTicket(context, ticket, { kind: 'personal_data.revealed', quiet: true, data: reason ? { reason } : {} });
    const customer = ticket.contact_name !== null || ticket.customer_id === null ? undefined
      : await context.transaction.first(build.selectFrom('customer').select('name').where('tenant_id', '=', context.tenantId).where('id', '=', ticket.customer_id));
    const configuration = await configurationOf(context);
    const form = await formOf(context, configuration, ticket.type_id, ticket.form_version);
    const [masked, closed] = [maskedIn(configuration, ticket, form), (await closedOf(context, configuration, [{ ticket, form }])).get(ticket.id) ?? []];
    const fields = Object.fromEntries(Object.entries(ticket.fields as Record<string, unknown>).filter(([key]) => (masked.fields.has(key) || masked.columns.has(key)) && !closed.includes(key)));
    return { fields, name: ticket.contact_name ?? customer?.name ?? null, phone: ticket.contact_phone, email: ticket.contact_email };
  },
});
