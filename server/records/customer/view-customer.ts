import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Customer } from '../../../contract/customer.ts';
import { nameFor } from '../../../rules/intake/placeholders.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { CustomerTable } from '../../platform/db/tables.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { familiesOf } from './family.ts';
import { masksOf } from './personal-data/masks.ts';

export type CustomerRow = Selectable<CustomerTable>;
export type Viewing = Pick<Context, 'tenantId' | 'transaction' | 'caller' | 'configurationVersion' | 'language'>;

// The first choice comes first, then the number a customer has proved to be theirs, and their own before that of somebody merged into them.
const findContacts = statement<{ root: string; kind: string; value: string }>('contact_point.of_customers', `
  SELECT f.root, p.kind, p.value FROM unnest($2::uuid[], $3::uuid[]) AS f (root, id)
    JOIN contact_point p ON p.tenant_id = $1 AND p.customer_id = f.id AND p.kind IN ('phone', 'email')
  ORDER BY NOT p.preferred, f.id <> f.root, p.verified_at NULLS LAST, p.created_at, p.value`);
const ticketCounts = (roots: readonly string[], ids: readonly string[], tenantId: string, reach: RawBuilder<boolean>) => sql<{ root: string; count: number }>`
  select f.root, least(1000, sum(counted.count))::int AS count FROM unnest(${roots}::uuid[], ${ids}::uuid[]) AS f (root, id)
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (
      SELECT 1 FROM ticket t WHERE t.tenant_id = ${tenantId} AND t.customer_id = f.id AND ${reach} LIMIT 1000) AS t) AS counted
  GROUP BY f.root`;

/** Customers as lists show them (客户视图): contact data as the caller may see them, tickets that they may see counted up to 1,000, what was merged into each counted as theirs. */
export async function viewCustomers(context: Viewing, rows: readonly CustomerRow[]): Promise<Customer[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId } = context;
  const accountIds = distinct(rows.map((row) => row.account_id));
  const mergedInto = distinct(rows.map((row) => row.merged_into));
  const [families, masks, accounts, targets] = await Promise.all([
    familiesOf(context, rows.map((row) => row.id)),
    masksOf(context),
    accountIds.length === 0 ? [] : transaction.run(build.selectFrom('account').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', accountIds)),
    mergedInto.length === 0 ? [] : transaction.run(build.selectFrom('customer').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', mergedInto)),
  ]);
  const pairs = [...families].flatMap(([root, ids]) => ids.map((id) => [root, id] as const));
  const [roots, ids] = [pairs.map(([root]) => root), pairs.map(([, id]) => id)];
  const reach = reachCondition(context.caller.kind === 'staff' ? reachOf(context.caller.subject, 'ticket.read') : [], 't');
  const [contacts, counts] = await Promise.all([transaction.query(findContacts, [tenantId, roots, ids]), transaction.run(ticketCounts(roots, ids, tenantId, reach))]);
  const contactsOf = Map.groupBy(contacts, (contact) => contact.root);
  const countOf = new Map(counts.map((row) => [row.root, row.count]));
  const accountOf = new Map(accounts.map((account) => [account.id, account]));
  const targetOf = new Map(targets.map((target) => [target.id, target]));
  return rows.map((row) => {
    const first = (kind: 'phone' | 'email') => masks.show(kind, contactsOf.get(row.id)?.find((contact) => contact.kind === kind)?.value ?? null);
    return {
      id: row.id, name: nameFor(row.name, context.language), phone: first('phone'), email: first('email'), tier: row.tier,
      account: row.account_id === null ? null : accountOf.get(row.account_id) ?? null, address: row.address, tags: row.tags,
      ticketCount: countOf.get(row.id) ?? 0, archivedAt: row.archived_at?.toISOString() ?? null,
      mergedInto: row.merged_into === null ? null : targetOf.get(row.merged_into) ?? null, createdAt: row.created_at.toISOString(), version: row.version,
    };
  });
}

const distinct = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter((id) => id !== null))];
