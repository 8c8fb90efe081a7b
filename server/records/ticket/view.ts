import type { Ticket, TicketSummary } from '../../../contract/ticket.ts';
import { actsFor, permits, reachOf } from '../../../rules/access/policy.ts';
import { nameFor, wordsFor } from '../../../rules/intake/placeholders.ts';
import { openActions, type WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import type { SlaMetric } from '../../../rules/sla/policy.ts';
import { build, statement } from '../../platform/db/database.ts';
import { signTicketToken } from '../access/links.ts';
import { viewFilled } from '../completion/view-completion.ts';
import { masksOf, type Masks } from '../customer/personal-data/masks.ts';
import { filesOfTicket } from '../file/queries.ts';
import { viewFile } from '../file/view.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import { viewVisitSummary, visitsOfTicket } from '../visit/queries.ts';
import { endsOf, relationsOf, viewLinked } from './relations.ts';
import { statusChoices, viewOwnStatus } from './own-status.ts';
import { viewFields } from './view-fields.ts';
import { accessOf, priorityName, statusOf, type TicketRow } from './row.ts';

interface Names {
  masks: Masks;
  staff: ReadonlyMap<string, string>;
  customers: ReadonlyMap<string, { name: string; tier: string | null }>;
  /** The tickets that merged ones go on as. */
  ends: ReadonlyMap<string, TicketSummary['mergedInto']>;
  clocks: ReadonlyMap<string, NonNullable<TicketSummary['sla']>>;
  /** Children of those that are being worked on. */
  led: ReadonlySet<string>;
}

/** Tickets as lists show them, with names looked up once for all (工单列表视图). */
export async function viewSummaries(context: Context, tickets: readonly TicketRow[]): Promise<TicketSummary[]> {
  const configuration = await configurationOf(context);
  const masks = await masksOf(context);
  const [staff, customers, ends, clocks, led] = await Promise.all([
    namesOfStaff(context, tickets.map((ticket) => ticket.assignee_id)),
    namesOfCustomers(context, tickets.map((ticket) => ticket.customer_id)),
    namesOfEnds(context, tickets),
    clocksOf(context, tickets.map((ticket) => ticket.id)),
    ledAmong(context, tickets),
  ]);
  return tickets.map((ticket) => summary(ticket, configuration, { masks, staff, customers, ends, clocks, led }, context.language));
}

/** A ticket in full, as its page shows it (工单视图). `known.tier`: the customer's tier, when it was looked up already. */
export async function viewTicket(context: Context, ticket: TicketRow, known: { tier?: string | null } = {}): Promise<Ticket> {
  const configuration = await configurationOf(context);
  const masks = await masksOf(context);
  const isNew = ticket.history_length === 1;
  const none = Promise.resolve([]);
  // What was made in this very request was not imported.
  const isMadeNow = isNew && ticket.created_at.getTime() === context.now.getTime();
  const [fields, staff, customers, ends, clocks, led, relations, visits, files, assets, imported, surveys, filledIn] = await Promise.all([
    viewFields(context, configuration, ticket),
    namesOfStaff(context, [ticket.assignee_id, ticket.created_by_kind === 'customer' ? null : ticket.created_by_id]),
    known.tier === undefined ? namesOfCustomers(context, [ticket.customer_id]) : new Map([[ticket.customer_id ?? '', { name: ticket.contact_name ?? '', tier: known.tier }]]),
    namesOfEnds(context, [ticket]),
    isMadeNow ? new Map<string, never>() : clocksOf(context, [ticket.id]),
    ledAmong(context, [ticket]),
    // A ticket that was made just now has none of these yet.
    isNew ? { mergedFrom: [], parent: null, children: null } : relationsOf(context, ticket),
    isNew ? none : visitsOfTicket(context, ticket.id),
    isNew ? none : filesOfTicket(context, ticket.id),
    ticket.asset_id === null ? none : context.transaction.run(build.selectFrom('asset').select(['id', 'code', 'name'])
      .where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id)),
    isMadeNow ? none : context.transaction.run(build.selectFrom('imported_record').select('key').where('tenant_id', '=', context.tenantId).where('record_id', '=', ticket.id).where('kind', '=', 'tickets').limit(1)),
    isNew ? none : context.transaction.run(build.selectFrom('survey').select(['rating', 'comment', 'answered_at'])
      .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).orderBy('round', 'desc').limit(1)),
    isMadeNow ? { guesses: [], completions: [] } : viewFilled(context.transaction, ticket, masks),
  ]);
  const subject = staffOf(context);
  const access = accessOf(ticket);
  return {
    ...summary(ticket, configuration, { masks, staff, customers, ends, clocks, led }, context.language),
    description: wordsFor(ticket.description, context.language),
    resolution: ticket.resolution,
    fields: fields.values,
    formVersion: ticket.form_version,
    fieldNames: fields.names,
    statusChoices: ticket.merged_into !== null ? [] : statusChoices(ticket, configuration, context.language, (permission) => permits(reachOf(subject, permission), access)),
    asset: assets[0] ?? null,
    ...filledIn,
    priorityExplanation: ticket.priority_explanation,
    imported: imported[0] ? { number: imported[0].key.startsWith('id:') ? imported[0].key.slice('id:'.length) : null } : null,
    reopenedCount: ticket.reopened_count,
    createdBy: {
      kind: ticket.created_by_kind, id: ticket.created_by_id,
      name: ticket.created_by_kind === 'customer' ? ticket.contact_name && nameFor(ticket.contact_name, context.language) : staff.get(ticket.created_by_id ?? '') ?? null,
    },
    ...relations,
    visits: visits.map(viewVisitSummary),
    files: files.map((file) => viewFile(file, { kind: 'staff' })),
    survey: surveys[0] ? { rating: surveys[0].rating, comment: surveys[0].comment, answeredAt: surveys[0].answered_at.toISOString() } : null,
    progressUrl: progressUrl(context, ticket),
    // What is to be done to a merged ticket is done to the one it goes on as.
    actions: ticket.merged_into !== null ? [] : openActions({ status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at }, (assigneeId) => actsFor(subject, assigneeId),
      (permission) => permits(reachOf(subject, permission), access)),
  };
}

/** The address at which the customer follows the ticket, as one who works here is shown it: what is done by it says whose it was. */
export function progressUrl(context: Pick<Context, 'services' | 'tenantId' | 'actor'>, ticket: Pick<TicketRow, 'id' | 'created_at'>): string {
  const { actor } = context;
  return `${context.services.publicUrl}/t/${signTicketToken(context.services.secrets, context.tenantId, ticket.id, ticket.created_at, actor.kind === 'staff' || actor.kind === 'api_key' ? actor.id : null)}`;
}

// What stands where nobody said a name is read in the reader’s language.
const shownName = (name: string | null, language: Context['language']): string | null => (name === null ? null : nameFor(name, language));

function summary(ticket: TicketRow, configuration: Configuration, names: Names, language: Context['language']): TicketSummary {
  const type = configuration.types.get(ticket.type_id)!;
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  const department = ticket.department_id === null ? undefined : configuration.departments.get(ticket.department_id);
  const team = ticket.team_id === null ? undefined : configuration.teams.get(ticket.team_id);
  const customer = ticket.customer_id === null ? undefined : names.customers.get(ticket.customer_id);
  return {
    id: ticket.id,
    number: ticket.number,
    subject: wordsFor(ticket.subject, language),
    status: statusOf(ticket),
    ownStatus: viewOwnStatus(ticket, configuration, language),
    waitingFor: ticket.waiting_for as WaitingFor | null,
    priority: priorityName(ticket.priority),
    channel: ticket.channel as TicketSummary['channel'],
    type: { id: type.id, key: type.key, name: nameIn(language, type) },
    category: category ? { id: category.id, path: [...language === 'en' ? category.pathEn : category.path] } : null,
    department: department ? { id: department.id, name: nameIn(language, department) } : null,
    team: team ? { id: team.id, name: nameIn(language, team) } : null,
    assignee: ticket.assignee_id === null ? null : { id: ticket.assignee_id, name: names.staff.get(ticket.assignee_id) ?? '' },
    acceptedAt: ticket.accepted_at?.toISOString() ?? null,
    requester: {
      customerId: ticket.customer_id, name: shownName(ticket.contact_name ?? customer?.name ?? null, language),
      phone: names.masks.show('phone', ticket.contact_phone), email: names.masks.show('email', ticket.contact_email), tier: customer?.tier ?? null,
    },
    location: ticket.lat === null && ticket.address === null ? null : { lat: ticket.lat, lng: ticket.lng, address: ticket.address },
    tags: ticket.tags,
    createdAt: ticket.created_at.toISOString(),
    updatedAt: ticket.updated_at.toISOString(),
    resolvedAt: ticket.resolved_at?.toISOString() ?? null,
    closedAt: ticket.closed_at?.toISOString() ?? null,
    rating: ticket.rating,
    mergedInto: names.ends.get(ticket.id) ?? null,
    ...(names.led.has(ticket.id) ? { led: true } : {}),
    checklist: ticket.checklist_total === 0 ? null : { done: ticket.checklist_done, total: ticket.checklist_total },
    sla: names.clocks.get(ticket.id) ?? null,
    version: ticket.version,
  };
}

const findLed = statement<{ id: string }>('ticket.led', `
  SELECT c.id FROM ticket c JOIN ticket p ON p.tenant_id = $1 AND p.id = c.parent_id
  WHERE c.tenant_id = $1 AND c.id = ANY($2::uuid[]) AND p.merged_into IS NULL AND (p.status IN ('open', 'waiting') OR (p.status = 'new' AND (p.assignee_id IS NOT NULL OR (p.channel = 'alarm' AND c.channel = 'alarm'))))`);

/** Which of some tickets are children of one that is being worked on (父工单处理中), or that stands for a storm of alarms. */
async function ledAmong({ transaction, tenantId }: Context, tickets: readonly TicketRow[]): Promise<Names['led']> {
  const children = tickets.filter((ticket) => ticket.parent_id !== null).map((ticket) => ticket.id);
  return new Set(children.length === 0 ? [] : (await transaction.query(findLed, [tenantId, children])).map((row) => row.id));
}

const findClocks = statement<{ ticket_id: string; due_at: Date | null; due_metric: SlaMetric | null; breached_at: Date | null }>('sla_ticket.shown', `
  SELECT ticket_id, due_at, due_metric, breached_at FROM sla_ticket WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[])`);

/** What the clocks of tickets come to; those that have none are absent. */
export async function clocksOf({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, ids: readonly string[]): Promise<Names['clocks']> {
  if (ids.length === 0) return new Map();
  return new Map((await transaction.query(findClocks, [tenantId, [...ids]])).map((row) => [row.ticket_id, { dueAt: row.due_at?.toISOString() ?? null, metric: row.due_metric, breachedAt: row.breached_at?.toISOString() ?? null }]));
}

async function namesOfEnds(context: Context, tickets: readonly TicketRow[]): Promise<Names['ends']> {
  const ends = await endsOf(context, tickets.filter((ticket) => ticket.merged_into !== null).map((ticket) => ticket.id));
  return new Map([...ends].map(([id, end]) => {
    const { id: shown, number } = viewLinked(context, end);
    return [id, { id: shown, number }];
  }));
}

async function namesOfCustomers(context: Context, ids: readonly (string | null)[]): Promise<Map<string, { name: string; tier: string | null }>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await context.transaction.run(build.selectFrom('customer').select(['id', 'name', 'tier'])
    .where('tenant_id', '=', context.tenantId).where('id', 'in', wanted));
  return new Map(rows.map((row) => [row.id, { name: row.name, tier: row.tier }]));
}
