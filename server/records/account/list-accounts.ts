import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { AccountPage, ListAccounts } from '../../../contract/customer.ts';
import { textQuery } from '../../../rules/text/record-words.ts';
import type { Context } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { eachWordIn, idWithWords, mergeBranches, rowsOf, walked } from '../customer/search/branches.ts';
import { viewAccounts, type AccountRow } from './view-account.ts';

const sort = 'accounts:createdAt';
const newestFirst = sql`ORDER BY a.created_at DESC, a.id DESC`;

/** Accounts (客户单位列表), newest first. `q` is part of the name, the address or the code. */
export const listAccounts = useCase({
  summary: 'List accounts',
  query: ListAccounts,
  answer: AccountPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const rows = await find(context, query, limit + 1);
    const last = rows[limit - 1];
    return { items: await viewAccounts(context, rows.slice(0, limit)), nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null };
  },
});

async function find({ transaction, tenantId }: Context, query: ListAccounts, most: number): Promise<AccountRow[]> {
  const conditions: RawBuilder<unknown>[] = [
    sql`a.tenant_id = ${tenantId}`, query.archived === true ? sql`a.archived_at IS NOT NULL` : sql`a.archived_at IS NULL`,
    ...(query.kind === undefined ? [] : [sql`a.kind = ${query.kind}`]), ...(query.tier === undefined ? [] : [sql`a.tier = ${query.tier}`]),
    ...(query.parent === undefined ? [] : [query.parent === 'none' ? sql`a.parent_id IS NULL` : sql`a.parent_id = ${query.parent}`]),
  ];
  if (query.cursor !== undefined) {
    const [at, id] = readCursor(query.cursor, sort);
    conditions.push(sql`(a.created_at, a.id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const where = sql.join(conditions, sql` AND `);
  const q = query.q?.trim() ?? '';
  if (q === '') return rowsOf(transaction, sql`select a.* FROM account a WHERE ${where} ${newestFirst} LIMIT ${most}`);
  const near = await rowsOf<AccountRow>(transaction, sql`select a.* FROM (SELECT a.* FROM account a WHERE ${where} ${newestFirst} LIMIT ${walked}) a
    WHERE ${eachWordIn(q, [sql`a.name`, sql`a.code`, sql`a.address`])} ${newestFirst} LIMIT ${most}`);
  const words = near.length < most ? textQuery(q) : null;
  if (words === null) return near;
  const far = await rowsOf<AccountRow>(transaction, sql`select a.* FROM account a WHERE ${idWithWords(sql`a.id`, tenantId, 'account', words)} AND ${where} ${newestFirst} LIMIT ${most}`);
  return mergeBranches([near, far], most);
}
