import type { Selectable } from 'kysely';
import type { Asset } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { AssetTable } from '../../platform/db/tables.ts';
import { signAssetToken } from '../access/links.ts';

type AssetRow = Selectable<AssetTable> & { customer_name: string | null };

/** Assets of an organization, each with the name of its customer. */
export function selectAssets(context: Pick<Context, 'tenantId'>) {
  return build.selectFrom('asset')
    .leftJoin('customer', (join) => join.onRef('customer.tenant_id', '=', 'asset.tenant_id').onRef('customer.id', '=', 'asset.customer_id'))
    .selectAll('asset').select('customer.name as customer_name')
    .where('asset.tenant_id', '=', context.tenantId);
}

/** An asset as staff see it (设备视图). */
export function viewAsset(context: Pick<Context, 'tenantId' | 'services'>, row: AssetRow): Asset {
  return {
    id: row.id, code: row.code, name: row.name, model: row.model, serialNumber: row.serial_number,
    customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name ?? '' },
    address: row.address, criticality: row.criticality as Asset['criticality'], warrantyUntil: row.warranty_until,
    scanUrl: `${context.services.publicUrl}/q/${signAssetToken(context.services.secrets, context.tenantId, row.id)}`,
    createdAt: row.created_at.toISOString(), version: row.version,
  };
}
