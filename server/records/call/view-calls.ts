import type { Call } from '../../../contract/call.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { nameFor, wordsFor } from '../../../rules/intake/placeholders.ts';
import { isOutside } from '../../../rules/telephony/numbers.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { masksOf, type Masks } from '../customer/personal-data/masks.ts';
import { namesOfStaff } from '../staff/names.ts';
import { accessOf, statusOf, type TicketRow } from '../ticket/row.ts';
import type { CallRow } from './rows.ts';

/** A ticket as a card names it. */
export const nameTicket = (ticket: Pick<TicketRow, 'id' | 'number' | 'subject' | 'status'>, language: Context['language']): NonNullable<Call['ticket']> => ({ id: ticket.id, number: ticket.number, subject: wordsFor(ticket.subject, language), status: statusOf(ticket) });

/** A number as the caller may see it; extensions are nobody's secret. */
export const showNumber = (masks: Masks, number: string | null): string | null => (isOutside(number) ? masks.show('phone', number) : number);

const seconds = (from: Date, to: Date): number => Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));

/** Calls as lists show them (通话视图), with all that belongs to them looked up at once. */
export async function viewCalls(context: Context, rows: readonly CallRow[]): Promise<Call[]> {
  if (rows.length === 0) return [];
  const { tenantId, transaction } = context;
  const of = (column: 'customer_id' | 'ticket_id' | 'account_id' | 'recording_file_id') => [...new Set(rows.flatMap((row) => row[column] ?? []))];
  const [customerIds, ticketIds, fileIds] = [of('customer_id'), of('ticket_id'), of('recording_file_id')];
  const [masks, names, customers, tickets, accounts, files] = await Promise.all([
    masksOf(context), namesOfStaff(context, rows.map((row) => row.staff_id)),
    customerIds.length === 0 ? [] : transaction.run(build.selectFrom('customer').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', customerIds)),
    ticketIds.length === 0 ? [] : transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ticketIds)),
    transaction.run(build.selectFrom('channel_account').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', of('account_id'))),
    fileIds.length === 0 ? [] : transaction.run(build.selectFrom('file').select(['id', 'media_type']).where('tenant_id', '=', tenantId).where('id', 'in', fileIds)),
  ]);
  const reach = reachOf(staffOf(context), 'ticket.read');
  const readable = new Map(tickets.filter((ticket) => permits(reach, accessOf(ticket))).map((ticket) => [ticket.id, ticket]));
  const customerOf = new Map(customers.map((one) => [one.id, one]));
  const accountOf = new Map(accounts.map((one) => [one.id, one]));
  const typeOf = new Map(files.map((one) => [one.id, one.media_type]));
  return rows.map((row) => {
    const customer = row.customer_id === null ? undefined : customerOf.get(row.customer_id);
    const ticket = row.ticket_id === null ? undefined : readable.get(row.ticket_id);
    return {
      id: row.id, direction: row.direction, state: row.state, number: showNumber(masks, row.number), line: row.direction === 'inbound' ? row.callee : row.caller,
      agent: { extension: row.agent, staff: row.staff_id === null ? null : { id: row.staff_id, name: names.get(row.staff_id) ?? '' } },
      startedAt: row.started_at.toISOString(), answeredAt: row.answered_at?.toISOString() ?? null, endedAt: row.ended_at?.toISOString() ?? null, seconds: row.ended_at === null ? null : seconds(row.answered_at ?? row.started_at, row.ended_at),
      customer: customer ? { id: customer.id, name: nameFor(customer.name, context.language), by: row.customer_by ?? 'chosen' } : null, ticket: ticket ? nameTicket(ticket, context.language) : null, callsBack: row.calls_back, note: row.note,
      recording: { state: row.recording_state, mediaType: row.recording_file_id === null ? null : typeOf.get(row.recording_file_id) ?? null, failure: row.recording_failure },
      transcript: row.transcript_state, channel: accountOf.get(row.account_id)!, version: row.version, createdAt: row.created_at.toISOString(),
    };
  });
}
