import { sql, type RawBuilder } from 'kysely';
import { limits } from '../../../contract/common.ts';
import { CustomerPage, ListCustomers } from '../../../contract/customer.ts';
import { phoneQuery, tagQuery, textQuery } from '../../../rules/text/record-words.ts';
import type { Context } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { accountsNamed } from '../account/find-by-name.ts';
import { mayRevealAll } from './personal-data/reveal.ts';
import { eachWordIn, idWithWords, mergeBranches, rowsOf, walked } from './search/branches.ts';
import { familyHasPhonePart, hasPhonePart, ownersOf, phoneDigits } from './search/contacts.ts';
import { viewCustomers, type CustomerRow } from './view-customer.ts';

const sort = 'customers:createdAt';
const newestFirst = sql`ORDER BY c.created_at DESC, c.id DESC`;

/**
 * Customers (客户列表), newest first. `q` is part of the name, the address or the account's name, or contact data: who may
 * not see a whole number may not try it out digit by digit, so they find it whole, or by the four digits the mask shows.
 */
export const listCustomers = useCase({
  summary: 'List customers',
  query: ListCustomers,
  answer: CustomerPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const rows = await findCustomers(context, query, limit + 1);
    const last = rows[limit - 1];
    return {
      items: await viewCustomers(context, rows.slice(0, limit)),
      nextCursor: rows.length > limit && last ? writeCursor(sort, [last.created_at.toISOString(), last.id]) : null,
    };
  },
});

async function findCustomers(context: Context, query: ListCustomers, most: number): Promise<CustomerRow[]> {
  const { transaction, tenantId } = context;
  const conditions: RawBuilder<unknown>[] = [
    sql`c.tenant_id = ${tenantId}`, sql`c.merged_into IS NULL`, query.archived === true ? sql`c.archived_at IS NOT NULL` : sql`c.archived_at IS NULL`,
    ...(query.tier === undefined ? [] : [sql`c.tier = ${query.tier}`]), ...(query.account === undefined ? [] : [sql`c.account_id = ${query.account}`]),
  ];
  if (query.cursor !== undefined) {
    const [at, id] = readCursor(query.cursor, sort);
    conditions.push(sql`(c.created_at, c.id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const where = sql.join(conditions, sql` AND `);
  const tagged = query.tag === undefined ? null : sql<boolean>`c.tags @> ARRAY[${query.tag}]::text[]`;
  const q = query.q?.trim() ?? '';
  if (q === '' && tagged === null) return rowsOf(transaction, sql`select c.* FROM customer c WHERE ${where} ${newestFirst} LIMIT ${most}`);

  const digits = mayRevealAll(context) ? phoneDigits(q) : null;
  const byText = q === '' ? sql<boolean>`TRUE` : eachWordIn(q, [sql`c.name`, sql`c.address`]);
  const byNumber = digits === null ? null : hasPhonePart(tenantId, sql`c.id`, digits);
  const hit = sql`(${byText}${byNumber === null ? sql`` : sql` OR ${byNumber}`})${tagged === null ? sql`` : sql` AND ${tagged}`}`;
  const rest = tagged === null ? sql`` : sql` AND ${tagged}`;
  const owners = q === '' ? null : ownersOf(tenantId, q);
  const accountIds = q === '' || query.account !== undefined ? [] : await accountsNamed(context, q);
  const [near, owned, ofAccounts] = await Promise.all([
    rowsOf<CustomerRow>(transaction, sql`select c.* FROM (SELECT c.* FROM customer c WHERE ${where} ${newestFirst} LIMIT ${walked}) c WHERE ${hit} ${newestFirst} LIMIT ${most}`),
    owners === null ? [] : rowsOf<CustomerRow>(transaction, sql`select c.* FROM customer c WHERE c.id IN ${owners} AND ${where}${rest} ${newestFirst} LIMIT ${most}`),
    accountIds.length === 0 ? [] : rowsOf<CustomerRow>(transaction, sql`select c.* FROM unnest(${accountIds}::uuid[]) AS a (id)
      CROSS JOIN LATERAL (SELECT c.* FROM customer c WHERE c.account_id = a.id AND ${where}${rest} ${newestFirst} LIMIT ${most}) c ${newestFirst} LIMIT ${most}`),
  ]);
  const branches = [near, owned, ofAccounts];
  if (near.length < most) branches.push(...await findFar(context, { q, digits, tag: query.tag, where, rest, most }));
  return mergeBranches(branches, most);
}

/** What lies beyond the newest, by the index of words; the names of those who were merged away are in it, too. */
async function findFar({ transaction, tenantId }: Context, { q, digits, tag, where, rest, most }: { q: string; digits: string | null; tag: string | undefined; where: RawBuilder<unknown>; rest: RawBuilder<unknown>; most: number }): Promise<CustomerRow[][]> {
  const ofTag = tag === undefined ? [] : [tagQuery(tag)];
  const words = q === '' ? null : textQuery(q);
  const numbers = digits === null ? null : phoneQuery(digits);
  const find = (terms: string[], and = sql``) => rowsOf<CustomerRow>(transaction,
    sql`select c.* FROM customer c WHERE ${idWithWords(sql`c.id`, tenantId, 'customer', terms.join(' & '))} AND ${where}${rest}${and} ${newestFirst} LIMIT ${most}`);
  return Promise.all([
    ...(q === '' && tag !== undefined ? [find(ofTag)] : []),
    ...(words === null ? [] : [find([words, ...ofTag])]),
    ...(numbers === null ? [] : [find([numbers, ...ofTag], sql` AND ${familyHasPhonePart(tenantId, sql`c.id`, digits!)}`)]),
  ]);
}
