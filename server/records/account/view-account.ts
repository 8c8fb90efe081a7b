import type { Selectable } from 'kysely';
import type { Account, AccountKind } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { AccountTable } from '../../platform/db/tables.ts';

export type AccountRow = Selectable<AccountTable>;

const countAll = statement<{ id: string; members: number; sites: number; assets: number; children: number }>('account.count_all', `
  SELECT a.id, m.count AS members, s.count AS sites, e.count AS assets, b.count AS children FROM unnest($2::uuid[]) AS a (id)
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (SELECT 1 FROM customer c WHERE c.tenant_id = $1 AND c.account_id = a.id AND c.merged_into IS NULL AND c.archived_at IS NULL LIMIT 1000) x) m
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (SELECT 1 FROM site WHERE tenant_id = $1 AND account_id = a.id AND archived_at IS NULL LIMIT 1000) x) s
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (SELECT 1 FROM asset WHERE tenant_id = $1 AND account_id = a.id AND archived_at IS NULL LIMIT 1000) x) e
    CROSS JOIN LATERAL (SELECT count(*)::int AS count FROM (SELECT 1 FROM account WHERE tenant_id = $1 AND parent_id = a.id AND archived_at IS NULL LIMIT 1000) x) b`);
const findNames = statement<{ id: string; name: string }>('account.names', 'SELECT id, name FROM account WHERE tenant_id = $1 AND id = ANY($2::uuid[])');

/** Accounts as staff see them (客户单位视图), with what belongs to each counted up to 1,000. */
export async function viewAccounts({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, rows: readonly AccountRow[]): Promise<Account[]> {
  if (rows.length === 0) return [];
  const parentIds = [...new Set(rows.flatMap((row) => row.parent_id ?? []))];
  const [counted, parents] = await Promise.all([
    transaction.query(countAll, [tenantId, rows.map((row) => row.id)]), parentIds.length === 0 ? [] : transaction.query(findNames, [tenantId, parentIds]),
  ]);
  const counts = new Map(counted.map((count) => [count.id, count]));
  const parentOf = new Map(parents.map((parent) => [parent.id, parent]));
  return rows.map((row) => {
    const { members = 0, sites = 0, assets = 0, children = 0 } = counts.get(row.id) ?? {};
    return {
      id: row.id, name: row.name, kind: row.kind as AccountKind, parent: row.parent_id === null ? null : parentOf.get(row.parent_id) ?? null, childCount: children, code: row.code, tier: row.tier, address: row.address, description: row.description, externalId: row.external_id,
      memberCount: members, siteCount: sites, assetCount: assets, archivedAt: row.archived_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(), version: row.version,
    };
  });
}
