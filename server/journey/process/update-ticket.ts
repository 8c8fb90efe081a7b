import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { Ticket, UpdateTicket } from '../../../contract/ticket.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { oneLine, readableText } from '../../../rules/text/one-line.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { missingInput, Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { matchRequester } from '../../records/customer/match.ts';
import { startFlow } from '../../records/flow/instance/drive.ts';
import { lockRunning } from '../../records/flow/instance/rows.ts';
import { configurationOf, type Configuration, type ConfiguredType } from '../../records/organization/configuration.ts';
import { attachToTicket } from '../../records/ticket/attach.ts';
import { changeTicket, type TicketPatch } from '../../records/ticket/change.ts';
import { retype } from '../../records/ticket/change-type.ts';
import { changesSince } from '../../records/ticket/changes-since.ts';
import { addStandingChecklists } from '../../records/ticket/checklist/templates.ts';
import { lockTicketFor } from '../../records/ticket/find.ts';
import { ensureSameClass, findStatus } from '../../records/ticket/own-status.ts';
import { refill } from '../../records/ticket/refill.ts';
import { findCategory, findType, toStoredPlace } from '../../records/ticket/references.ts';
import { priorityWith } from '../../records/ticket/raise-priority.ts';
import { accessOf, priorityRank, type TicketRow } from '../../records/ticket/row.ts';
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
    if (body.subject !== undefined) {
      patch.subject = oneLine(body.subject);
      if (patch.subject === '') throw missingInput('/subject');
      if (patch.subject === wordsFor(ticket.subject, context.language)) patch.subject = ticket.subject;
    }
    // What was read is in the reader's language: given back as it was read, it is no change.
    if (body.description !== undefined) patch.description = body.description === wordsFor(ticket.description, context.language) ? ticket.description : readableText(body.description);
    if (body.category !== undefined) patch.category_id = body.category === null ? null : findCategory(configuration, body.category, ticket.category_id).id;
    if (body.priority !== undefined) {
      patch.priority = priorityRank(body.priority);
      patch.priority_explanation = { ...ticket.priority_explanation, overridden: true };
    }
    else if (patch.category_id !== undefined) Object.assign(patch, priorityWith(configuration, ticket, patch.category_id));
    if (body.location !== undefined) Object.assign(patch, toStoredPlace(body.location));
    if (body.tags !== undefined) patch.tags = body.tags;
    if (body.assetId !== undefined) {
      const asset = body.assetId === null ? null : await context.transaction.first(build.selectFrom('asset').select(['id', 'archived_at']).where('tenant_id', '=', context.tenantId).where('id', '=', body.assetId));
      if (asset === undefined) throw refuseInput('/assetId', 'unknown_reference', { field: 'assetId' });
      if (asset?.archived_at && asset.id !== ticket.asset_id) throw refuseInput('/assetId', 'reference_inactive', { field: 'assetId' });
      patch.asset_id = body.assetId;
    }
    if (body.status !== undefined) {
      const wanted = findStatus(configuration, body.status);
      ensureSameClass(ticket, wanted);
      patch.status_id = wanted.own?.id ?? null;
      if (wanted.own?.waitingFor) patch.waiting_for = wanted.own.waitingFor;
    }
    if (body.requester !== undefined) Object.assign(patch, await requesterPatch(context, ticket, body.requester));
    const type = body.type === undefined ? null : typeNamed(context, configuration, ticket, body.type);
    const moved = type === null ? null : await retype(context, configuration, { ...ticket, ...patch }, type, body.fields ?? {});
    if (moved) Object.assign(patch, moved.patch);
    const filled = moved !== null || body.fields === undefined ? null : await refill(context, configuration, { ...ticket, ...patch }, body.fields);
    if (filled) patch.fields = filled.values as typeof ticket.fields;
    const { fileIds = [], maskedFields } = moved ?? filled ?? {};
    const same = Object.entries(patch).every(([column, value]) => canonicalJson(value) === canonicalJson(ticket[column as keyof typeof ticket]));
    // Saving what is there already is no change and leaves no trace.
    if (same) return viewTicket(context, ticket);
    if (type !== null && await lockRunning(context.transaction, ticket.id)) throw new Refusal('ticket_in_flow');
    const attached = fileIds.length > 0 ? await attachToTicket(context, ticket, fileIds) : ticket;
    const changed = await changeTicket(context, attached, patch, { kind: 'ticket.changed', ...(maskedFields ? { maskedFields } : {}) });
    // What the type brings to a new ticket comes to one that is still being worked on.
    if (type === null || isSettled(changed)) return viewTicket(context, changed);
    return viewTicket(context, await startFlow(context, await addStandingChecklists(context, changed), type));
  },
});

const isSettled = (ticket: TicketRow): boolean => ticket.status === 'resolved' || ticket.status === 'closed' || ticket.status === 'cancelled';

/** The type to change to, one that the caller may work on; null when it is the one the ticket has. */
function typeNamed(context: Context, configuration: Configuration, ticket: TicketRow, named: string): ConfiguredType | null {
  const present = configuration.types.get(ticket.type_id);
  if (present !== undefined && (named === present.id || named === present.key)) return null;
  const type = findType(configuration, named);
  if (!permits(reachOf(staffOf(context), 'ticket.update'), accessOf({ ...ticket, type_id: type.id }))) throw new Refusal('forbidden');
  return type;
}

/** Who asked, from now on (更正报修人). */
async function requesterPatch(context: Context, ticket: TicketRow, given: UpdateTicket['requester']): Promise<TicketPatch> {
  const knowsCustomers = holds(staffOf(context), 'customer.read');
  const same = given != null && ticket.customer_id === (given.customerId ?? null) && (given.customerId !== undefined || (given.phone === undefined && given.email === undefined));
  if (given?.customerId !== undefined && !same && !knowsCustomers) throw new Refusal('forbidden');
  const found = await matchRequester(context, given ?? undefined, knowsCustomers);
  return {
    customer_id: found.customerId, contact_name: found.name,
    contact_phone: same && given.phone === undefined ? ticket.contact_phone : found.phone,
    contact_email: same && given.email === undefined ? ticket.contact_email : found.email,
  };
}

/** What the caller missed, so that they can bring both together (三方合并): the ticket as it is, and what changed since, by whom. */
async function conflict(context: Context, ticket: TicketRow, version: number): Promise<Refusal> {
  return new Refusal('stale_version', {}, { details: { details: { current: await viewTicket(context, ticket), changes: await changesSince(context, ticket, version) } } });
}
