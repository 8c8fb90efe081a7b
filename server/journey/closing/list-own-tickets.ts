import { Type } from 'typebox';
import { Closed, PageQuery, limits } from '../../../contract/common.ts';
import { CustomerTicketPage } from '../../../contract/portal.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { signTicketToken } from '../../records/access/links.ts';
import { wholeFamilyOf } from '../../records/customer/family.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { endsOf } from '../../records/ticket/relations.ts';
import { statusOf } from '../../records/ticket/row.ts';

/** A signed-in customer's own tickets (我的报修), newest first. */
export const listOwnTickets = useCase({
  summary: 'List the signed-in customer’s tickets',
  params: Closed({ org: Type.String({ maxLength: 63 }) }),
  query: PageQuery,
  answer: CustomerTicketPage,
  async run(context, { params, query }) {
    if (context.caller.kind !== 'customer' || (await configurationOf(context)).organization.slug !== params.org) throw new Refusal('not_found');
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('ticket').select(['id', 'number', 'subject', 'status', 'created_at', 'merged_into'])
      .where('tenant_id', '=', context.tenantId).where('customer_id', 'in', await wholeFamilyOf(context, context.caller.customerId));
    if (query.cursor !== undefined) select = select.where('id', '<', readCursor(query.cursor, 'own-tickets')[1]);
    const rows = await context.transaction.run(select.orderBy('id', 'desc').limit(limit + 1));
    // A merged one stands as the one does that it goes on as.
    const ends = await endsOf(context, rows.filter((row) => row.merged_into !== null).map((row) => row.id));
    return {
      items: rows.slice(0, limit).map((row) => ({
        number: row.number, subject: row.subject, status: statusOf(ends.get(row.id) ?? row), createdAt: row.created_at.toISOString(),
        url: `/t/${signTicketToken(context.services.secrets, context.tenantId, row.id, row.created_at)}`,
      })),
      nextCursor: rows.length > limit ? writeCursor('own-tickets', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
