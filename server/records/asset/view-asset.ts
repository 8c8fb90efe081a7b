import type { Selectable } from 'kysely';
import type { Asset } from '../../../contract/asset.ts';
import { nameFor } from '../../../rules/intake/placeholders.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { AssetTable } from '../../platform/db/tables.ts';
import { codesOf, viewCode } from '../scan/codes.ts';

export type AssetRow = Selectable<AssetTable>;

interface Names {
  id: string;
  customer_name: string | null;
  account_name: string | null;
  site_name: string | null;
  parent_code: string | null;
  parent_name: string | null;
  children: number;
}

const findNames = statement<Names>('asset.names', `
  SELECT a.id, c.name AS customer_name, ac.name AS account_name, s.name AS site_name, p.code AS parent_code, p.name AS parent_name,
    (SELECT count(*)::int FROM (SELECT 1 FROM asset k WHERE k.tenant_id = $1 AND k.parent_id = a.id AND k.archived_at IS NULL LIMIT 1000) k) AS children
  FROM asset a
    LEFT JOIN customer c ON c.tenant_id = a.tenant_id AND c.id = a.customer_id
    LEFT JOIN account ac ON ac.tenant_id = a.tenant_id AND ac.id = a.account_id
    LEFT JOIN site s ON s.tenant_id = a.tenant_id AND s.id = a.site_id
    LEFT JOIN asset p ON p.tenant_id = a.tenant_id AND p.id = a.parent_id
  WHERE a.tenant_id = $1 AND a.id = ANY($2::uuid[])`);

/** Assets as staff see them (设备视图), with the names of what they belong to looked up once for all. */
export async function viewAssets(context: Pick<Context, 'tenantId' | 'transaction' | 'services' | 'language'>, rows: readonly AssetRow[]): Promise<Asset[]> {
  if (rows.length === 0) return [];
  const names = new Map((await context.transaction.query(findNames, [context.tenantId, rows.map((row) => row.id)])).map((row) => [row.id, row]));
  const codes = await codesOf(context.transaction, 'asset', rows.map((row) => row.id));
  return rows.map((row) => {
    const named = names.get(row.id);
    const refer = (id: string | null, name: string | null | undefined) => (id === null ? null : { id, name: name ?? '' });
    return {
      id: row.id, code: row.code, name: row.name, model: row.model, serialNumber: row.serial_number,
      customer: refer(row.customer_id, named?.customer_name && nameFor(named.customer_name, context.language)), account: refer(row.account_id, named?.account_name), site: refer(row.site_id, named?.site_name),
      parent: row.parent_id === null ? null : { id: row.parent_id, code: named?.parent_code ?? '', name: named?.parent_name ?? '' }, childCount: named?.children ?? 0,
      address: row.address, location: row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng },
      criticality: row.criticality as Asset['criticality'], warrantyUntil: row.warranty_until, installedOn: row.installed_on, attributes: row.attributes as Asset['attributes'], externalId: row.external_id,
      ...viewCode(context.services, context.tenantId, 'asset', row.id, codes(row.id)), archivedAt: row.archived_at?.toISOString() ?? null, createdAt: row.created_at.toISOString(), version: row.version,
    };
  });
}
