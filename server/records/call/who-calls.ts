import { sql } from 'kysely';
import type { CallCard } from '../../../contract/call.ts';
import { holds, reachOf } from '../../../rules/access/policy.ts';
import { bigramQuery, quote } from '../../../rules/text/bigrams.ts';
import { organizationMark } from '../../../rules/text/marks.ts';
import { isOutside } from '../../../rules/telephony/numbers.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { familiesOf, rootOf } from '../customer/family.ts';
import { pageOfHistory } from '../customer/history.ts';
import { rowsOf } from '../customer/search/branches.ts';
import { viewCustomers } from '../customer/view-customer.ts';
import type { CallRow } from './rows.ts';
import { visibleCalls } from './sight.ts';
import { nameTicket } from './view-calls.ts';

const mostPeople = 5;
const mostTickets = 5;
const mostContacts = 8;
const mostLooked = 100;

const findOwners = statement<{ customer_id: string; verified: boolean }>('call.owners_of_number', `
  SELECT customer_id, verified_at IS NOT NULL AS verified FROM contact_point WHERE tenant_id = $1 AND kind = 'phone' AND value = $2 ORDER BY verified_at NULLS LAST, created_at LIMIT ${mostPeople}`);

/** Customers under a number (号码归属): whose it is, and whether they proved it. Whoever was merged into another is that one. */
export async function ownersOf(context: Pick<Context, 'tenantId' | 'transaction'>, number: string | null): Promise<Map<string, boolean>> {
  const owners = new Map<string, boolean>();
  if (!isOutside(number)) return owners;
  for (const { customer_id: id, verified } of await context.transaction.query(findOwners, [context.tenantId, number])) {
    const root = await rootOf(context, id);
    if (root && !root.archived) owners.set(root.id, verified || owners.get(root.id) === true);
  }
  return owners;
}

type People = CallCard['people'];
type Contacts = CallCard['contacts'];

/** Who may be calling, their unfinished tickets, and what passed with them before by whatever channel (来电人资料). */
export async function whoCalls(context: Context, call: CallRow): Promise<{ people: People; contacts: Contacts }> {
  const { tenantId, transaction } = context;
  const subject = staffOf(context);
  if (!holds(subject, 'customer.read')) return { people: [], contacts: await formerCalls(context, call, []) };
  const owners = await ownersOf(context, call.number);
  if (call.customer_id !== null && !owners.has(call.customer_id)) owners.set(call.customer_id, false);
  const ids = [...owners.keys()];
  if (ids.length === 0) return { people: [], contacts: await formerCalls(context, call, []) };
  const reach = reachCondition(reachOf(subject, 'ticket.read'), 't');
  const [rows, families] = await Promise.all([
    transaction.run(build.selectFrom('customer').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ids)), familiesOf(context, ids),
  ]);
  const views = new Map((await viewCustomers(context, rows)).map((view) => [view.id, view]));
  const people = await Promise.all(ids.flatMap((id) => {
    const view = views.get(id);
    return view === undefined ? [] : [openTickets(id, view)];
  }));
  async function openTickets(id: string, { name, tier, account, phone }: { name: string; tier: string | null; account: { id: string; name: string } | null; phone: string | null }): Promise<People[number]> {
    const tickets = await rowsOf<Parameters<typeof nameTicket>[0]>(transaction, sql`select t.id, t.number, t.subject, t.status FROM ticket t
      WHERE t.tenant_id = ${tenantId} AND t.customer_id = ANY(${families.get(id) ?? [id]}::uuid[]) AND t.status IN ('new', 'open', 'waiting') AND t.merged_into IS NULL AND ${reach} ORDER BY t.created_at DESC LIMIT ${mostTickets}`);
    return { id, name, tier, account, phone, verified: owners.get(id) === true, tickets: tickets.map((ticket) => nameTicket(ticket, context.language)) };
  }
  // What passed with whom it is; with any of them, as long as nobody knows which.
  const whose = call.customer_id === null ? [...families.values()].flat() : families.get(call.customer_id) ?? [];
  const { items } = await pageOfHistory(context, { customerIds: whose, subjectIds: [] }, { limit: mostContacts, kinds: 'ticket,message' });
  const passed: Contacts = items.flatMap((entry): Contacts => {
    const ticket = entry.ticket && nameTicket(entry.ticket, context.language);
    if (entry.message) return [{ kind: 'message', at: entry.at, channel: entry.ticket?.channel ?? '', direction: entry.message.direction, text: entry.message.body.slice(0, 200), ticket }];
    return entry.ticket ? [{ kind: 'ticket', at: entry.at, channel: entry.ticket.channel, direction: 'inbound', text: entry.ticket.subject, ticket }] : [];
  });
  const calls = await formerCalls(context, call, whose);
  return { people, contacts: [...passed, ...calls].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, mostContacts) };
}

/** Unfinished tickets on which a number was left, whoever by (留有此号码的工单): whoever calls may be on about one of them. */
export async function ticketsAtNumber(context: Context, number: string | null): Promise<CallCard['tickets']> {
  if (!isOutside(number)) return [];
  const { tenantId, transaction } = context;
  const rows = await rowsOf<Parameters<typeof nameTicket>[0]>(transaction, sql`select t.id, t.number, t.subject, t.status
    FROM some_tickets_with_words(${tenantId}, ${quote(organizationMark(tenantId))}::tsquery, ${bigramQuery(number.replaceAll(/\D/g, ''))}::tsquery, ${mostLooked}) AS found
    JOIN ticket t ON t.tenant_id = ${tenantId} AND t.id = found.ticket_id
    WHERE t.contact_phone = ${number} AND t.status IN ('new', 'open', 'waiting') AND t.merged_into IS NULL AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'), 't')} ORDER BY t.created_at DESC LIMIT ${mostTickets}`);
  return rows.map((ticket) => nameTicket(ticket, context.language));
}

interface FormerCall { id: string; direction: 'inbound' | 'outbound'; state: string; started_at: Date; note: string; ticket_id: string | null; number: string | null; subject: string | null; status: string | null }

async function formerCalls(context: Context, call: CallRow, customerIds: readonly string[]): Promise<Contacts> {
  const { tenantId, transaction } = context;
  const reach = reachCondition(reachOf(staffOf(context), 'ticket.read'), 't');
  const rows = await rowsOf<FormerCall>(transaction, sql`select c.id, c.direction, c.state, c.started_at, c.note, t.id AS ticket_id, t.number, t.subject, t.status FROM (
      SELECT * FROM (SELECT * FROM call WHERE tenant_id = ${tenantId} AND number = ${call.number} ORDER BY id DESC LIMIT ${mostContacts}) AS same_number
      UNION SELECT * FROM (SELECT * FROM call WHERE tenant_id = ${tenantId} AND customer_id = ANY(${customerIds}::uuid[]) ORDER BY id DESC LIMIT ${mostContacts}) AS same_customer) c
    LEFT JOIN ticket t ON t.tenant_id = c.tenant_id AND t.id = c.ticket_id AND ${reach}
    WHERE c.id <> ${call.id} AND ${visibleCalls(context)} ORDER BY c.started_at DESC LIMIT ${mostContacts}`);
  return rows.map((row) => ({
    kind: 'call', at: row.started_at.toISOString(), channel: 'phone', direction: row.direction, text: row.note !== '' ? row.note.slice(0, 200) : row.state,
    ticket: row.ticket_id === null ? null : nameTicket({ id: row.ticket_id, number: row.number!, subject: row.subject!, status: row.status! }, context.language),
  }));
}
