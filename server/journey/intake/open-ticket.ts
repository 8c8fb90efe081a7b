import type { CreateTicket } from '../../../contract/ticket.ts';
import type { PriorityEvidence, ExplainedPriority } from '../../../rules/priority/priority.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { matchRequester } from '../../records/customer/match.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { insertNewTicket } from '../../records/ticket/insert.ts';
import { nextNumber } from '../../records/ticket/numbers.ts';
import { ensureFields, findCategory, findType, toStoredPlace } from '../../records/ticket/references.ts';
import { priorityRank, type TicketRow } from '../../records/ticket/row.ts';

export interface NewRequest extends Omit<CreateTicket, 'assignee' | 'attachments' | 'channel'> {
  channel: string;
  /** Whether the one who enters it vouches for who the requester is. */
  trusted: boolean;
}

/**
 * Makes a ticket of a request from whatever channel (受理): finds the customer, the type, the category and from it the
 * team, reckons the priority unless one was given, takes a number, writes the ticket and tells of it.
 */
export async function openTicket(context: Context, request: NewRequest, reckon: (evidence: PriorityEvidence) => ExplainedPriority): Promise<{ ticket: TicketRow; tier: string | null }> {
  const configuration = await configurationOf(context);
  const type = findType(configuration, request.type);
  const fields = request.fields ?? {};
  ensureFields(type, fields, context);
  const category = request.category === undefined ? null : findCategory(configuration, request.category);
  const team = request.team === undefined ? null : configuration.teams.get(request.team);
  if (team === undefined) throw refuseInput('/team', 'unknown_reference', { field: 'team' });
  const teamId = team?.id ?? category?.teamId ?? null;
  const place = toStoredPlace(request.location);
  const [requester, asset] = await Promise.all([
    matchRequester(context, request.requester, request.trusted),
    request.assetId === undefined ? null : findAsset(context, request.assetId),
  ]);
  const description = request.description ?? '';
  const reckoned = reckon({ text: `${request.subject}\n${description}`, customerTier: requester.tier, assetCriticality: asset?.criticality ?? null });
  const ticket = await insertNewTicket(context, {
    id: newId(context.now.getTime()),
    number: await nextNumber(context.services.database, context.tenantId, context.now, configuration.organization.timeZone),
    type_id: type.id,
    subject: request.subject.trim(),
    description,
    status: 'new',
    priority: priorityRank(request.priority ?? reckoned.priority),
    priority_explanation: { score: reckoned.score, overridden: request.priority !== undefined, factors: reckoned.factors },
    channel: request.channel,
    category_id: category?.id ?? null,
    team_id: teamId,
    department_id: teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null,
    assignee_id: null,
    customer_id: requester.customerId ?? asset?.customer_id ?? null,
    contact_name: requester.name,
    contact_phone: requester.phone,
    contact_email: requester.email,
    asset_id: asset?.id ?? null,
    address: place.address ?? asset?.address ?? null,
    lat: place.lat ?? asset?.lat ?? null,
    lng: place.lng ?? asset?.lng ?? null,
    fields,
    tags: request.tags ?? [],
  });
  return { ticket, tier: requester.tier };
}

async function findAsset(context: Context, id: string) {
  const asset = await context.transaction.first(build.selectFrom('asset').select(['id', 'criticality', 'customer_id', 'address', 'lat', 'lng'])
    .where('tenant_id', '=', context.tenantId).where('id', '=', id));
  if (!asset) throw refuseInput('/assetId', 'unknown_reference', { field: 'assetId' });
  return { ...asset, criticality: asset.criticality as 'low' | 'normal' | 'high' };
}
