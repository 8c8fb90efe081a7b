import { Closed, Id } from '../../../contract/common.ts';
import { CustomerConversations } from '../../../contract/customer.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { accessOf, type TicketRow } from '../ticket/row.ts';
import { wholeFamilyOf } from './family.ts';

const find = statement<{ id: string; kind: string; account_name: string; contact_name: string | null; last_inbound_at: Date | null; ticket_id: string | null }>('conversation.of_customer', `
  SELECT c.id, a.kind, a.name AS account_name, c.contact_name, c.last_inbound_at, c.ticket_id
  FROM conversation c JOIN channel_account a ON a.tenant_id = $1 AND a.id = c.account_id WHERE c.tenant_id = $1 AND c.customer_id = ANY($2::uuid[]) ORDER BY c.last_inbound_at DESC NULLS LAST, c.id LIMIT 50`);

/** By which channels somebody writes (客户的会话), all accounts, the newest first; what each is about as far as the reader may see it. */
export const listCustomerConversations = useCase({
  summary: 'List the conversations of a customer on all channels',
  params: Closed({ id: Id }),
  answer: CustomerConversations,
  async run(context, { params }) {
    const { tenantId, transaction } = context;
    const row = await transaction.first(build.selectFrom('customer').select('id').where('tenant_id', '=', tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    const found = await transaction.query(find, [tenantId, await wholeFamilyOf(context, row.id)]);
    const ids = [...new Set(found.flatMap(({ ticket_id }) => ticket_id ?? []))];
    const subject = staffOf(context);
    const tickets = ids.length === 0 || !holds(subject, 'ticket.read') ? [] : await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', ids)) as TicketRow[];
    const shown = new Map(tickets.filter((ticket) => permits(reachOf(subject, 'ticket.read'), accessOf(ticket))).map((ticket) => [ticket.id, ticket]));
    return {
      items: found.map((one) => {
        const ticket = one.ticket_id === null ? undefined : shown.get(one.ticket_id);
        return { id: one.id, channel: one.kind, account: one.account_name, contact: one.contact_name, lastInboundAt: one.last_inbound_at?.toISOString() ?? null, ticket: ticket ? { number: ticket.number, subject: ticket.subject } : null };
      }),
    };
  },
});
