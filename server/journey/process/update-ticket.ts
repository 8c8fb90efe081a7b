import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { Ticket, UpdateTicket } from '../../../contract/ticket.ts';
import { build } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { changeTicket, type TicketPatch } from '../../records/ticket/change.ts';
import { ensureVersion, lockTicketFor } from '../../records/ticket/find.ts';
import { ensureFields, findCategory, findType, toStoredPlace } from '../../records/ticket/references.ts';
import { priorityRank } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';

/** Edits what a ticket says (修改工单), from the version the caller saw. */
export const updateTicket = useCase({
  summary: 'Change a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: UpdateTicket,
  answer: Ticket,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const ticket = await lockTicketFor(context, params.id, 'ticket.update');
    ensureVersion(ticket, ifMatch);
    const configuration = await configurationOf(context);
    const patch: TicketPatch = {};
    if (body.subject !== undefined) patch.subject = body.subject.trim();
    if (body.description !== undefined) patch.description = body.description;
    if (body.category !== undefined) patch.category_id = body.category === null ? null : findCategory(configuration, body.category).id;
    if (body.priority !== undefined) {
      patch.priority = priorityRank(body.priority);
      patch.priority_explanation = { ...ticket.priority_explanation, overridden: true };
    }
    if (body.fields !== undefined) {
      const fields = { ...ticket.fields, ...body.fields };
      ensureFields(findType(configuration, ticket.type_id), fields, context);
      patch.fields = fields as typeof ticket.fields;
    }
    if (body.location !== undefined) Object.assign(patch, toStoredPlace(body.location));
    if (body.tags !== undefined) patch.tags = body.tags;
    if (body.assetId !== undefined) {
      if (body.assetId !== null && !await context.transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', body.assetId))) {
        throw refuseInput('/assetId', 'unknown_reference', { field: 'assetId' });
      }
      patch.asset_id = body.assetId;
    }
    const same = Object.entries(patch).every(([column, value]) => JSON.stringify(value) === JSON.stringify(ticket[column as keyof typeof ticket]));
    // Saving what is there already is no change and leaves no trace.
    return viewTicket(context, same ? ticket : await changeTicket(context, ticket, patch, { kind: 'ticket.changed' }));
  },
});
