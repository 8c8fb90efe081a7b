import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { AccountPage, ListAccounts } from '../../../contract/customer.ts';
import type { customerSorts } from '../../../contract/record-sorts.ts';
import { textQuery } from '../../../rules/text/record-words.ts';
import type { Context } from '../../platform/context.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { eachWordIn, idWithWords, mergeBranches, rowsOf, walked } from '../customer/search/branches.ts';
import { pageInOrder, type RecordOrder, type Stretch } from '../customer/search/order.ts';
import { viewAccounts, type AccountRow } from './view-account.ts';

const id = sql`a.id`;
const byTime = { value: sql`a.created_at`, type: 'timestamptz', of: (row: AccountRow) => row.created_at.toISOString() } as const;
const byName = { value: sql`a.name COLLATE name_order`, type: 'text', of: (row: AccountRow) => row.name } as const;
const orders: Record<(typeof customerSorts)[number], RecordOrder<AccountRow>> = {
  '-createdAt': { name: 'accounts:createdAt', column: byTime, id, direction: 'desc' },
  createdAt: { name: 'accounts:createdAt:asc', column: byTime, id, direction: 'asc' },
  name: { name: 'accounts:name', column: byName, id, direction: 'asc' },
  '-name': { name: 'accounts:-name', column: byName, id, direction: 'desc' },
};

/** Accounts (客户单位列表), newest first unless asked for otherwise. `q` is part of the name, the address or the code. */
export const listAccounts = useCase({
  summary: 'List accounts',
  query: ListAccounts,
  answer: AccountPage,
  async run(context, { query }) {
    const { rows, nextCursor } = await pageInOrder(orders[query.sort ?? '-createdAt'], query.cursor, query.limit ?? limits.defaultPage, (stretch) => find(context, query, stretch));
    return { items: await viewAccounts(context, rows), nextCursor };
  },
});

async function find({ transaction, tenantId }: Context, query: ListAccounts, { conditions: within, by, most }: Stretch): Promise<AccountRow[]> {
  const conditions: RawBuilder<unknown>[] = [
    sql`a.tenant_id = ${tenantId}`, query.archived === true ? sql`a.archived_at IS NOT NULL` : sql`a.archived_at IS NULL`,
    ...(query.kind === undefined ? [] : [sql`a.kind = ${query.kind}`]), ...(query.tier === undefined ? [] : [sql`a.tier = ${query.tier}`]),
    ...(query.parent === undefined ? [] : [query.parent === 'none' ? sql`a.parent_id IS NULL` : sql`a.parent_id = ${query.parent}`]),
    ...within,
  ];
  const where = sql.join(conditions, sql` AND `);
  const q = query.q?.trim() ?? '';
  if (q === '') return rowsOf(transaction, sql`select a.* FROM account a WHERE ${where} ${by} LIMIT ${most}`);
  const near = await rowsOf<AccountRow>(transaction, sql`select a.* FROM (SELECT a.* FROM account a WHERE ${where} ${by} LIMIT ${walked}) a
    WHERE ${eachWordIn(q, [sql`a.name`, sql`a.code`, sql`a.address`])} ${by} LIMIT ${most}`);
  const words = near.length < most ? textQuery(q) : null;
  if (words === null) return near;
  const far = await rowsOf<AccountRow>(transaction, sql`select a.* FROM account a WHERE ${idWithWords(sql`a.id`, tenantId, 'account', words)} AND ${where} ${by} LIMIT ${most}`);
  return mergeBranches([near, far], (ids) => rowsOf(transaction, sql`select a.* FROM account a WHERE a.tenant_id = ${tenantId} AND a.id = ANY(${ids}::uuid[]) ${by} LIMIT ${most}`));
}
