import { sql } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { CustomerPage, ListCustomers } from '../../../contract/organization.ts';
import { holds } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { containing } from '../../platform/db/like.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { normalisePhone } from '../../platform/masking.ts';
import { viewCustomers } from './view-customer.ts';

const fewestDigits = 3;
const sort = 'customers:createdAt';

/** Customers (客户列表), newest first. `q` is part of the name or, from three digits, of a phone number. */
export const listCustomers = useCase({
  summary: 'List customers',
  query: ListCustomers,
  answer: CustomerPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let select = build.selectFrom('customer').selectAll().where('tenant_id', '=', context.tenantId);
    const q = query.q?.trim();
    // Who may not see a whole number may not try it out digit by digit: they find it whole, or by what the mask shows.
    const mayReveal = holds(staffOf(context), 'personal_data.reveal');
    if (q) {
      const digits = phonePart(q);
      select = select.where((either) => either.or([
        either('name', 'ilike', containing(q)),
        ...(digits === null ? [] : [sql<boolean>`id IN (SELECT p.customer_id FROM contact_point p
          WHERE p.tenant_id = ${context.tenantId} AND p.kind = 'phone' AND ${mayReveal ? sql`p.value LIKE ${containing(digits)}` : sql`(p.value = ${digits} OR p.value LIKE ${`%${digits}`} AND ${digits.length} = 4)`})`]),
      ]));
    }
    if (query.cursor !== undefined) {
      const [createdAt, id] = readCursor(query.cursor, sort);
      const moment = new Date(createdAt);
      if (!/^\d{4}-/.test(createdAt) || Number.isNaN(moment.getTime())) throw new Refusal('invalid_cursor');
      select = select.where(sql<boolean>`(created_at, id) < (${moment}::timestamptz, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1));
    const last = rows[limit - 1];
    return {
      items: await viewCustomers(context, rows.slice(0, limit)),
      nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null,
    };
  },
});

/** The digits of what looks like a phone number or part of one; null for anything else. */
function phonePart(q: string): string | null {
  if (!/^[+\d\s()-]+$/.test(q)) return null;
  const digits = normalisePhone(q).replace('+', '');
  return digits.length >= fewestDigits ? digits : null;
}
