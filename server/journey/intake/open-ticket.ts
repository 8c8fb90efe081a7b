import { limits } from '../../../contract/common.ts';
import type { CreateTicket } from '../../../contract/ticket.ts';
import type { PriorityEvidence, ExplainedPriority } from '../../../rules/priority/priority.ts';
import { oneLine, readableText } from '../../../rules/text/one-line.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { startFlow } from '../../records/flow/instance/drive.ts';
import { matchRequester } from '../../records/customer/match.ts';
import { isImportantTier } from '../../records/customer/tiers.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { teamAt } from '../../records/dispatch/territories/which.ts';
import { addStandingChecklists } from '../../records/ticket/checklist/templates.ts';
import { insertNewTicket } from '../../records/ticket/insert.ts';
import { nextNumber } from '../../records/ticket/numbers.ts';
import { fillForm } from '../../records/ticket/fill-form.ts';
import { findCategory, findTeam, findType, toStoredPlace } from '../../records/ticket/references.ts';
import { namesOf } from '../../records/ticket/raise-priority.ts';
import { priorityRank, type TicketRow } from '../../records/ticket/row.ts';

export interface NewRequest extends Omit<CreateTicket, 'assignee' | 'attachments' | 'channel'> {
  channel: string;
  /** Whether the one who enters it vouches for who the requester is. */
  trusted: boolean;
  /** Which of its fields a template preset. */
  presetFields?: readonly string[];
}

/**
 * Makes a ticket of a request from whatever channel (受理): finds the customer, the type, the category and from it the
 * team, reckons the priority unless one was given, fills in the form of the type, takes a number, writes the ticket and
 * tells of it. The files that fields name are for the caller to attach.
 */
export async function openTicket(context: Context, request: NewRequest, reckon: (evidence: PriorityEvidence) => ExplainedPriority): Promise<{ ticket: TicketRow; tier: string | null; fileIds: string[] }> {
  const configuration = await configurationOf(context);
  const type = findType(configuration, request.type);
  const category = request.category === undefined ? null : findCategory(configuration, request.category);
  const team = request.team === undefined ? null : findTeam(configuration, request.team);
  const place = toStoredPlace(request.location);
  const [requester, asset] = await Promise.all([
    matchRequester(context, request.requester, request.trusted),
    request.assetId === undefined ? null : findAsset(context, request.assetId),
  ]);
  const [lat, lng] = place.lat === null ? [asset?.lat ?? null, asset?.lng ?? null] : [place.lat, place.lng];
  // Where neither the request nor its category names a team, it is that of the area.
  const teamId = team?.id ?? category?.teamId ?? (lat === null || lng === null ? null : teamAt(configuration, { lat, lng }));
  // However it came: what only repeats what was said may be as long as that.
  const subject = [...oneLine(request.subject ?? '').slice(0, 2 * limits.subject)].slice(0, limits.subject).join('');
  if (!subject) throw missingInput('/subject');
  const description = readableText(request.description ?? '');
  const reckoned = reckon({ text: `${subject}\n${description}`, ...(category ? { categoryNames: namesOf(category) } : {}), customerTier: requester.tier, isImportantTier: await isImportantTier(context, requester.tier), assetCriticality: asset?.criticality ?? null });
  const customerId = requester.customerId ?? asset?.customer_id ?? null;
  const priority = request.priority ?? reckoned.priority;
  const departmentId = teamId === null ? null : configuration.teams.get(teamId)?.departmentId ?? null;
  const { values: fields, fileIds } = await fillForm(context, configuration, {
    type, form: type.form, mode: 'create', given: request.fields ?? {}, ...(request.presetFields ? { carried: request.presetFields } : {}),
    ticket: {
      status: 'new', statusId: null, priority, type: type.id, category: category?.id ?? null, channel: request.channel, team: teamId, department: departmentId, assignee: null, waitingFor: null,
      tags: request.tags ?? [], subject, customer: customerId, customerTier: requester.tier, asset: asset?.id ?? null,
    },
  });
  const ticket = await insertNewTicket(context, {
    id: newId(context.now.getTime()),
    number: await nextNumber(context.services.database, context.tenantId, context.now, configuration.organization.timeZone),
    type_id: type.id,
    form_version: type.formVersion,
    subject,
    description,
    status: 'new',
    priority: priorityRank(priority),
    priority_explanation: { score: reckoned.score, overridden: request.priority !== undefined, factors: reckoned.factors },
    channel: request.channel,
    category_id: category?.id ?? null,
    team_id: teamId,
    department_id: departmentId,
    assignee_id: null,
    customer_id: customerId,
    contact_name: requester.name,
    contact_phone: requester.phone,
    contact_email: requester.email,
    asset_id: asset?.id ?? null,
    address: place.address ?? asset?.address ?? null,
    lat,
    lng,
    fields,
    tags: request.tags ?? [],
  });
  const placed = await addStandingChecklists(context, ticket);
  // Its flow begins with it, or neither is.
  return { ticket: type.flow ? await startFlow(context, placed, type) : placed, tier: requester.tier, fileIds };
}

async function findAsset(context: Context, id: string) {
  const asset = await context.transaction.first(build.selectFrom('asset').select(['id', 'criticality', 'customer_id', 'address', 'lat', 'lng', 'archived_at'])
    .where('tenant_id', '=', context.tenantId).where('id', '=', id));
  if (!asset) throw refuseInput('/assetId', 'unknown_reference', { field: 'assetId' });
  if (asset.archived_at) throw refuseInput('/assetId', 'reference_inactive', { field: 'assetId' });
  return { ...asset, criticality: asset.criticality as 'low' | 'normal' | 'high' };
}
