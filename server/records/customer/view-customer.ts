import type { Selectable } from 'kysely';
import type { Customer } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { CustomerTable } from '../../platform/db/tables.ts';
import { maskEmail, maskPhone } from '../../platform/masking.ts';

type CustomerRow = Selectable<CustomerTable>;

// The number a customer has proved to be theirs comes first.
const findContacts = statement<{ customer_id: string; kind: string; value: string }>('contact_point.of_customers', `
  SELECT customer_id, kind, value FROM contact_point
  WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND kind IN ('phone', 'email') ORDER BY verified_at NULLS LAST, created_at, value`);
const countTickets = statement<{ customer_id: string; count: number }>('customer.count_tickets', `
  SELECT c.id AS customer_id, counted.count FROM unnest($2::uuid[]) AS c (id)
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (
      SELECT 1 FROM ticket t WHERE t.tenant_id = $1 AND t.customer_id = c.id LIMIT 1000) AS t) AS counted`);

/** Customers as staff see them (客户视图): contact data masked, tickets counted up to 1,000. */
export async function viewCustomers(context: Pick<Context, 'tenantId' | 'transaction'>, rows: readonly CustomerRow[]): Promise<Customer[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId } = context;
  const values = [tenantId, rows.map((row) => row.id)];
  const accountIds = [...new Set(rows.map((row) => row.account_id).filter((id) => id !== null))];
  const [contacts, counts, accounts] = await Promise.all([
    transaction.query(findContacts, values),
    transaction.query(countTickets, values),
    accountIds.length === 0 ? [] : transaction.run(build.selectFrom('account').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', accountIds)),
  ]);
  const contactsOf = Map.groupBy(contacts, (contact) => contact.customer_id);
  const countOf = new Map(counts.map((row) => [row.customer_id, row.count]));
  const accountOf = new Map(accounts.map((account) => [account.id, account]));
  return rows.map((row) => {
    const first = (kind: string) => contactsOf.get(row.id)?.find((contact) => contact.kind === kind)?.value ?? null;
    return {
      id: row.id, name: row.name, phone: maskPhone(first('phone')), email: maskEmail(first('email')), tier: row.tier,
      account: row.account_id === null ? null : accountOf.get(row.account_id) ?? null, address: row.address,
      ticketCount: countOf.get(row.id) ?? 0, createdAt: row.created_at.toISOString(), version: row.version,
    };
  });
}
