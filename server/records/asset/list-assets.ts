import { sql, type RawBuilder } from 'kysely';
import { AssetPage, ListAssets } from '../../../contract/asset.ts';
import { limits } from '../../../contract/common.ts';
import { textQuery } from '../../../rules/text/record-words.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { eachWordIn, idWithWords, rowsOf, walked } from '../customer/search/branches.ts';
import { wholeFamilyOf } from '../customer/family.ts';
import { configurationOf } from '../organization/configuration.ts';
import { viewAssets, type AssetRow } from './view-asset.ts';

const newestFirst = sql`ORDER BY a.id DESC`;

/** Assets (设备列表), newest first. `q` is part of the name, the code, the model or the serial number. */
export const listAssets = useCase({
  summary: 'List assets',
  query: ListAssets,
  answer: AssetPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const rows = await find(context, query, limit + 1);
    return { items: await viewAssets(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('assets', ['', rows[limit - 1]!.id]) : null };
  },
});

async function find(context: Context, query: ListAssets, most: number): Promise<AssetRow[]> {
  const { transaction, tenantId } = context;
  const conditions: RawBuilder<unknown>[] = [sql`a.tenant_id = ${tenantId}`, query.archived === true ? sql`a.archived_at IS NOT NULL` : sql`a.archived_at IS NULL`];
  if (query.customer !== undefined) conditions.push(sql`a.customer_id = ANY(${await wholeFamilyOf(context, query.customer)}::uuid[])`);
  if (query.account !== undefined) conditions.push(sql`a.account_id = ${query.account}`);
  if (query.site !== undefined) conditions.push(sql`a.site_id = ${query.site}`);
  if (query.parent !== undefined) conditions.push(sql`a.parent_id = ${query.parent}`);
  if (query.criticality !== undefined) conditions.push(sql`a.criticality = ${query.criticality}`);
  if (query.warranty !== undefined) {
    const today = localDay(context.now, (await configurationOf(context)).organization.timeZone);
    conditions.push(query.warranty === 'none' ? sql`a.warranty_until IS NULL` : query.warranty === 'valid' ? sql`a.warranty_until >= ${today}::date` : sql`a.warranty_until < ${today}::date`);
  }
  if (query.cursor !== undefined) conditions.push(sql`a.id < ${readCursor(query.cursor, 'assets')[1]}::uuid`);
  const where = sql.join(conditions, sql` AND `);
  const q = query.q?.trim() ?? '';
  if (q === '') return rowsOf(transaction, sql`select a.* FROM asset a WHERE ${where} ${newestFirst} LIMIT ${most}`);
  const near = await rowsOf<AssetRow>(transaction, sql`select a.* FROM (SELECT a.* FROM asset a WHERE ${where} ${newestFirst} LIMIT ${walked}) a
    WHERE ${eachWordIn(q, [sql`a.name`, sql`a.code`, sql`a.model`, sql`a.serial_number`])} ${newestFirst} LIMIT ${most}`);
  const words = near.length < most ? textQuery(q) : null;
  if (words === null) return near;
  const far = await rowsOf<AssetRow>(transaction, sql`select a.* FROM asset a WHERE ${idWithWords(sql`a.id`, tenantId, 'asset', words)} AND ${where} ${newestFirst} LIMIT ${most}`);
  return [...new Map([...near, ...far].map((row) => [row.id, row])).values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}
