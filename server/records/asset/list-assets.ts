import { sql, type RawBuilder } from 'kysely';
import { AssetPage, ListAssets } from '../../../contract/asset.ts';
import { limits } from '../../../contract/common.ts';
import type { assetSorts } from '../../../contract/record-sorts.ts';
import { textQuery } from '../../../rules/text/record-words.ts';
import { localDay } from '../../platform/clock/clock.ts';
import type { Context } from '../../platform/context.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { eachWordIn, idWithWords, mergeBranches, rowsOf, walked } from '../customer/search/branches.ts';
import { pageInOrder, type RecordOrder, type Stretch } from '../customer/search/order.ts';
import { wholeFamilyOf } from '../customer/family.ts';
import { configurationOf } from '../organization/configuration.ts';
import { viewAssets, type AssetRow } from './view-asset.ts';

const id = sql`a.id`;
const byName = { value: sql`a.name COLLATE name_order`, type: 'text', of: (row: AssetRow) => row.name } as const;
const byCode = { value: sql`a.code`, type: 'text', of: (row: AssetRow) => row.code } as const;
const byWarranty = { value: sql`a.warranty_until`, type: 'date', of: (row: AssetRow) => row.warranty_until, optional: true } as const;
const orders: Record<(typeof assetSorts)[number], RecordOrder<AssetRow>> = {
  '-createdAt': { name: 'assets', column: null, id, direction: 'desc' },
  createdAt: { name: 'assets:createdAt', column: null, id, direction: 'asc' },
  name: { name: 'assets:name', column: byName, id, direction: 'asc' },
  '-name': { name: 'assets:-name', column: byName, id, direction: 'desc' },
  code: { name: 'assets:code', column: byCode, id, direction: 'asc' },
  '-code': { name: 'assets:-code', column: byCode, id, direction: 'desc' },
  warrantyUntil: { name: 'assets:warrantyUntil', column: byWarranty, id, direction: 'asc' },
  '-warrantyUntil': { name: 'assets:-warrantyUntil', column: byWarranty, id, direction: 'desc' },
};

/** Assets (设备列表), newest first unless asked for otherwise. `q` is part of the name, the code, the model or the serial number. */
export const listAssets = useCase({
  summary: 'List assets',
  query: ListAssets,
  answer: AssetPage,
  async run(context, { query }) {
    const { rows, nextCursor } = await pageInOrder(orders[query.sort ?? '-createdAt'], query.cursor, query.limit ?? limits.defaultPage, (stretch) => find(context, query, stretch));
    return { items: await viewAssets(context, rows), nextCursor };
  },
});

async function find(context: Context, query: ListAssets, { conditions: within, by, most }: Stretch): Promise<AssetRow[]> {
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
  conditions.push(...within);
  const where = sql.join(conditions, sql` AND `);
  const q = query.q?.trim() ?? '';
  if (q === '') return rowsOf(transaction, sql`select a.* FROM asset a WHERE ${where} ${by} LIMIT ${most}`);
  const near = await rowsOf<AssetRow>(transaction, sql`select a.* FROM (SELECT a.* FROM asset a WHERE ${where} ${by} LIMIT ${walked}) a
    WHERE ${eachWordIn(q, [sql`a.name`, sql`a.code`, sql`a.model`, sql`a.serial_number`])} ${by} LIMIT ${most}`);
  const words = near.length < most ? textQuery(q) : null;
  if (words === null) return near;
  const far = await rowsOf<AssetRow>(transaction, sql`select a.* FROM asset a WHERE ${idWithWords(sql`a.id`, tenantId, 'asset', words)} AND ${where} ${by} LIMIT ${most}`);
  return mergeBranches([near, far], (ids) => rowsOf(transaction, sql`select a.* FROM asset a WHERE a.tenant_id = ${tenantId} AND a.id = ANY(${ids}::uuid[]) ${by} LIMIT ${most}`));
}
