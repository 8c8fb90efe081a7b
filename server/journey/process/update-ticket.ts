import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { Ticket, UpdateTicket } from '../../../contract/ticket.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { attachToTicket } from '../../records/ticket/attach.ts';
import { changeTicket, type TicketPatch } from '../../records/ticket/change.ts';
import { changesSince } from '../../records/ticket/changes-since.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';
import { ensureSameClass, findStatus } from '../../records/ticket/own-status.ts';
import { refill } from '../../records/ticket/refill.ts';
import { findCategory, toStoredPlace } from '../../records/ticket/references.ts';
import { priorityRank, type TicketRow } from '../../records/ticket/row.ts';
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
    if (ifMatch !== null && ifMatch !== ticket.version) throw await conflict(context, ticket, ifMatch);
    const configuration = await configurationOf(context);
    const patch: TicketPatch = {};
    if (body.subject !== undefined) patch.subject = body.subject.trim();
    if (body.description !== undefined) patch.description = body.description;
    if (body.category !== undefined) patch.category_id = body.category === null ? null : findCategory(configuration, body.category, ticket.category_id).id;
    if (body.priority !== undefined) {
      patch.priority = priorityRank(body.priority);
      patch.priority_explanation = { ...ticket.priority_explanation, overridden: true };
    }
    if (body.location !== undefined) Object.assign(patch, toStoredPlace(body.location));
    if (body.tags !== undefined) patch.tags = body.tags;
    if (body.assetId !== undefined) {
      if (body.assetId !== null && !await context.transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', body.assetId))) {
        throw refuseInput('/assetId', 'unknown_reference', { field: 'assetId' });
      }
      patch.asset_id = body.assetId;
    }
    if (body.status !== undefined) {
      const wanted = findStatus(configuration, body.status);
      ensureSameClass(ticket, wanted);
      patch.status_id = wanted.own?.id ?? null;
      if (wanted.own?.waitingFor) patch.waiting_for = wanted.own.waitingFor;
    }
    const filled = body.fields === undefined ? null : await refill(context, configuration, { ...ticket, ...patch }, body.fields);
    if (filled) patch.fields = filled.values as typeof ticket.fields;
    const same = Object.entries(patch).every(([column, value]) => canonicalJson(value) === canonicalJson(ticket[column as keyof typeof ticket]));
    // Saving what is there already is no change and leaves no trace.
    if (same) return viewTicket(context, ticket);
    const attached = filled && filled.fileIds.length > 0 ? await attachToTicket(context, ticket, filled.fileIds) : ticket;
    return viewTicket(context, await changeTicket(context, attached, patch, { kind: 'ticket.changed', ...(filled ? { maskedFields: filled.maskedFields } : {}) }));
  },
});

/** What the caller missed, so that they can bring both together (三方合并): the ticket as it is, and what changed since, by whom. */
async function conflict(context: Context, ticket: TicketRow, version: number): Promise<Refusal> {
  return new Refusal('stale_version', {}, { details: { details: { current: await viewTicket(context, ticket), changes: await changesSince(context, ticket, version) } } });
}
