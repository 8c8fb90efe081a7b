import type { Ticket, TicketSummary } from '../../../contract/ticket.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { openActions, type WaitingFor } from '../../../rules/ticket/lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { maskEmail, maskPhone } from '../../platform/masking.ts';
import { signTicketToken } from '../access/links.ts';
import { filesOfTicket } from '../file/queries.ts';
import { viewFile } from '../file/view.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import { viewVisitSummary, visitsOfTicket } from '../visit/queries.ts';
import { accessOf, priorityName, statusOf, type TicketRow } from './row.ts';

interface Names {
  staff: ReadonlyMap<string, string>;
  customers: ReadonlyMap<string, { name: string; tier: string | null }>;
}

/** Tickets as lists show them, with names looked up once for all (工单列表视图). */
export async function viewSummaries(context: Context, tickets: readonly TicketRow[]): Promise<TicketSummary[]> {
  const configuration = await configurationOf(context);
  const [staff, customers] = await Promise.all([
    namesOfStaff(context, tickets.map((ticket) => ticket.assignee_id)),
    namesOfCustomers(context, tickets.map((ticket) => ticket.customer_id)),
  ]);
  return tickets.map((ticket) => summary(ticket, configuration, { staff, customers }, context.language));
}

/** A ticket in full, as its page shows it (工单视图). `known.tier`: the customer's tier, when it was looked up already. */
export async function viewTicket(context: Context, ticket: TicketRow, known: { tier?: string | null } = {}): Promise<Ticket> {
  const configuration = await configurationOf(context);
  const isNew = ticket.history_length === 1;
  const none = Promise.resolve([]);
  const [staff, customers, visits, files, assets, surveys] = await Promise.all([
    namesOfStaff(context, [ticket.assignee_id, ticket.created_by_kind === 'customer' ? null : ticket.created_by_id]),
    known.tier === undefined ? namesOfCustomers(context, [ticket.customer_id]) : new Map([[ticket.customer_id ?? '', { name: ticket.contact_name ?? '', tier: known.tier }]]),
    // A ticket that was made just now has none of these yet.
    isNew ? none : visitsOfTicket(context, ticket.id),
    isNew ? none : filesOfTicket(context, ticket.id),
    ticket.asset_id === null ? none : context.transaction.run(build.selectFrom('asset').select(['id', 'code', 'name'])
      .where('tenant_id', '=', context.tenantId).where('id', '=', ticket.asset_id)),
    isNew ? none : context.transaction.run(build.selectFrom('survey').select(['rating', 'comment', 'answered_at'])
      .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticket.id).orderBy('round', 'desc').limit(1)),
  ]);
  const subject = staffOf(context);
  const access = accessOf(ticket);
  return {
    ...summary(ticket, configuration, { staff, customers }, context.language),
    description: ticket.description,
    resolution: ticket.resolution,
    fields: ticket.fields,
    asset: assets[0] ?? null,
    priorityExplanation: ticket.priority_explanation,
    reopenedCount: ticket.reopened_count,
    createdBy: {
      kind: ticket.created_by_kind, id: ticket.created_by_id,
      name: ticket.created_by_kind === 'customer' ? ticket.contact_name : staff.get(ticket.created_by_id ?? '') ?? null,
    },
    visits: visits.map(viewVisitSummary),
    files: files.map((file) => viewFile(file, { kind: 'staff' })),
    survey: surveys[0] ? { rating: surveys[0].rating, comment: surveys[0].comment, answeredAt: surveys[0].answered_at.toISOString() } : null,
    progressUrl: progressUrl(context, ticket),
    actions: openActions({ status: statusOf(ticket), assigneeId: ticket.assignee_id, acceptedAt: ticket.accepted_at }, subject.staffId,
      (permission) => permits(reachOf(subject, permission), access)),
  };
}

/** The address at which the customer follows the ticket. */
export function progressUrl(context: Pick<Context, 'services' | 'tenantId'>, ticket: Pick<TicketRow, 'id' | 'created_at'>): string {
  return `${context.services.publicUrl}/t/${signTicketToken(context.services.secrets, context.tenantId, ticket.id, ticket.created_at)}`;
}

function summary(ticket: TicketRow, configuration: Configuration, names: Names, language: Context['language']): TicketSummary {
  const type = configuration.types.get(ticket.type_id)!;
  const category = ticket.category_id === null ? undefined : configuration.categories.get(ticket.category_id);
  const department = ticket.department_id === null ? undefined : configuration.departments.get(ticket.department_id);
  const team = ticket.team_id === null ? undefined : configuration.teams.get(ticket.team_id);
  const customer = ticket.customer_id === null ? undefined : names.customers.get(ticket.customer_id);
  return {
    id: ticket.id,
    number: ticket.number,
    subject: ticket.subject,
    status: statusOf(ticket),
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
      customerId: ticket.customer_id, name: ticket.contact_name ?? customer?.name ?? null,
      phone: maskPhone(ticket.contact_phone), email: maskEmail(ticket.contact_email), tier: customer?.tier ?? null,
    },
    location: ticket.lat === null && ticket.address === null ? null : { lat: ticket.lat, lng: ticket.lng, address: ticket.address },
    tags: ticket.tags,
    createdAt: ticket.created_at.toISOString(),
    updatedAt: ticket.updated_at.toISOString(),
    resolvedAt: ticket.resolved_at?.toISOString() ?? null,
    closedAt: ticket.closed_at?.toISOString() ?? null,
    rating: ticket.rating,
    version: ticket.version,
  };
}

async function namesOfCustomers(context: Context, ids: readonly (string | null)[]): Promise<Map<string, { name: string; tier: string | null }>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await context.transaction.run(build.selectFrom('customer').select(['id', 'name', 'tier'])
    .where('tenant_id', '=', context.tenantId).where('id', 'in', wanted));
  return new Map(rows.map((row) => [row.id, { name: row.name, tier: row.tier }]));
}
