import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { CustomerPage, ListCustomers } from '../../../contract/customer.ts';
import type { customerSorts } from '../../../contract/record-sorts.ts';
import { phoneQuery, tagQuery, textQuery } from '../../../rules/text/record-words.ts';
import type { Context } from '../../platform/context.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { accountsNamed } from '../account/find-by-name.ts';
import { mayRevealAll } from './personal-data/reveal.ts';
import { eachWordIn, idWithWords, mergeBranches, rowsOf, walked } from './search/branches.ts';
import { familyHasPhonePart, hasPhonePart, ownersOf, phoneDigits } from './search/contacts.ts';
import { pageInOrder, type RecordOrder, type Stretch } from './search/order.ts';
import { viewCustomers, type CustomerRow } from './view-customer.ts';

const id = sql`c.id`;
const byTime = { value: sql`c.created_at`, type: 'timestamptz', of: (row: CustomerRow) => row.created_at.toISOString() } as const;
const byName = { value: sql`c.sort_name COLLATE name_order`, type: 'text', of: (row: CustomerRow) => row.sort_name } as const;
const orders: Record<(typeof customerSorts)[number], RecordOrder<CustomerRow>> = {
  '-createdAt': { name: 'customers:createdAt', column: byTime, id, direction: 'desc' },
  createdAt: { name: 'customers:createdAt:asc', column: byTime, id, direction: 'asc' },
  name: { name: 'customers:name', column: byName, id, direction: 'asc' },
  '-name': { name: 'customers:-name', column: byName, id, direction: 'desc' },
};

/**
 * Customers (客户列表), newest first unless asked for otherwise. `q` is part of the name, the address or the account's name, or contact data: who may
 * not see a whole number may not try it out digit by digit, so they find it whole, or by the four digits the mask shows.
 */
export const listCustomers = useCase({
  summary: 'List customers',
  query: ListCustomers,
  answer: CustomerPage,
  async run(context, { query }) {
    const { rows, nextCursor } = await pageInOrder(orders[query.sort ?? '-createdAt'], query.cursor, query.limit ?? limits.defaultPage, (stretch) => findCustomers(context, query, stretch));
    return { items: await viewCustomers(context, rows), nextCursor };
  },
});

async function findCustomers(context: Context, query: ListCustomers, { conditions: within, by, most }: Stretch): Promise<CustomerRow[]> {
  const { transaction, tenantId } = context;
  const conditions: RawBuilder<unknown>[] = [
    sql`c.tenant_id = ${tenantId}`, sql`c.merged_into IS NULL`, query.archived === true ? sql`c.archived_at IS NOT NULL` : sql`c.archived_at IS NULL`,
    ...(query.tier === undefined ? [] : [sql`c.tier = ${query.tier}`]), ...(query.account === undefined ? [] : [sql`c.account_id = ${query.account}`]), ...within,
  ];
  const where = sql.join(conditions, sql` AND `);
  const tagged = query.tag === undefined ? null : sql<boolean>`c.tags @> ARRAY[${query.tag}]::text[]`;
  const q = query.q?.trim() ?? '';
  if (q === '' && tagged === null) return rowsOf(transaction, sql`select c.* FROM customer c WHERE ${where} ${by} LIMIT ${most}`);

  const digits = mayRevealAll(context) ? phoneDigits(q) : null;
  const byText = q === '' ? sql<boolean>`TRUE` : eachWordIn(q, [sql`c.name`, sql`c.address`]);
  const byNumber = digits === null ? null : hasPhonePart(tenantId, sql`c.id`, digits);
  const hit = sql`(${byText}${byNumber === null ? sql`` : sql` OR ${byNumber}`})${tagged === null ? sql`` : sql` AND ${tagged}`}`;
  const rest = tagged === null ? sql`` : sql` AND ${tagged}`;
  const owners = q === '' ? null : ownersOf(tenantId, q);
  const accountIds = q === '' || query.account !== undefined ? [] : await accountsNamed(context, q);
  const [near, owned, ofAccounts] = await Promise.all([
    rowsOf<CustomerRow>(transaction, sql`select c.* FROM (SELECT c.* FROM customer c WHERE ${where} ${by} LIMIT ${walked}) c WHERE ${hit} ${by} LIMIT ${most}`),
    owners === null ? [] : rowsOf<CustomerRow>(transaction, sql`select c.* FROM customer c WHERE c.id IN ${owners} AND ${where}${rest} ${by} LIMIT ${most}`),
    accountIds.length === 0 ? [] : rowsOf<CustomerRow>(transaction, sql`select c.* FROM unnest(${accountIds}::uuid[]) AS a (id)
      CROSS JOIN LATERAL (SELECT c.* FROM customer c WHERE c.account_id = a.id AND ${where}${rest} ${by} LIMIT ${most}) c ${by} LIMIT ${most}`),
  ]);
  const branches = [near, owned, ofAccounts];
  if (near.length < most) branches.push(...await findFar(context, { q, digits, tag: query.tag, where, rest, by, most }));
  return mergeBranches(branches, (ids) => rowsOf(transaction, sql`select c.* FROM customer c WHERE c.tenant_id = ${tenantId} AND c.id = ANY(${ids}::uuid[]) ${by} LIMIT ${most}`));
}

/** What lies beyond those walked, by the index of words; the names of those who were merged away are in it, too. */
async function findFar({ transaction, tenantId }: Context, { q, digits, tag, where, rest, by, most }: { q: string; digits: string | null; tag: string | undefined; where: RawBuilder<unknown>; rest: RawBuilder<unknown>; by: RawBuilder<unknown>; most: number }): Promise<CustomerRow[][]> {
  const ofTag = tag === undefined ? [] : [tagQuery(tag)];
  const words = q === '' ? null : textQuery(q);
  const numbers = digits === null ? null : phoneQuery(digits);
  const find = (terms: string[], and = sql``) => rowsOf<CustomerRow>(transaction,
    sql`select c.* FROM customer c WHERE ${idWithWords(sql`c.id`, tenantId, 'customer', terms.join(' & '))} AND ${where}${rest}${and} ${by} LIMIT ${most}`);
  return Promise.all([
    ...(q === '' && tag !== undefined ? [find(ofTag)] : []),
    ...(words === null ? [] : [find([words, ...ofTag])]),
    ...(numbers === null ? [] : [find([numbers, ...ofTag], sql` AND ${familyHasPhonePart(tenantId, sql`c.id`, digits!)}`)]),
  ]);
}
