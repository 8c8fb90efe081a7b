import { assetLimits, type CreateAsset } from '../../../contract/asset.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { findAccount, findSite } from '../account/find.ts';
import { rootOf } from '../customer/family.ts';
import type { AssetRow } from './view-asset.ts';

export type AssetPatch = Partial<Pick<AssetRow,
  'code' | 'name' | 'model' | 'serial_number' | 'customer_id' | 'account_id' | 'site_id' | 'parent_id' | 'address' | 'lat' | 'lng' | 'criticality' | 'warranty_until'
  | 'installed_on' | 'attributes' | 'external_id'>>;

// Changes of the tree wait for one another: what lies above an asset is then still so when it is written.
const lockTree = statement<never>('asset.lock_tree', "SELECT pg_advisory_xact_lock(hashtextextended('asset tree ' || $1, 0))");
const findWay = statement<{ id: string; step: number }>('asset.way_up', `
  WITH RECURSIVE way AS (
    SELECT id, parent_id, 1 AS step FROM asset WHERE tenant_id = $1 AND id = $2
    UNION ALL
    SELECT a.id, a.parent_id, w.step + 1 FROM way w JOIN asset a ON a.tenant_id = $1 AND a.id = w.parent_id WHERE w.step <= $3)
  SELECT id, step FROM way`);
const findDepth = statement<{ depth: number }>('asset.depth', `
  WITH RECURSIVE below AS (
    SELECT $2::uuid AS id, 1 AS step
    UNION ALL
    SELECT a.id, b.step + 1 FROM below b JOIN asset a ON a.tenant_id = $1 AND a.parent_id = b.id WHERE b.step <= $3)
  SELECT max(step)::int AS depth FROM below`);

/**
 * What a request says of an asset, in columns (设备资料): references looked up, texts trimmed, no asset above itself.
 *
 * @param present the row that is changed; null for a new one
 * @throws Refusal unknown_reference, reference_inactive, name_taken (code, external id), asset_tree (a circle, or too deep), invalid_input
 */
export async function toAssetPatch(context: Pick<Context, 'tenantId' | 'transaction'>, body: Partial<CreateAsset>, present: AssetRow | null): Promise<AssetPatch> {
  const patch: AssetPatch = {};
  const text = (value: string | null): string | null => value?.trim() || null;
  if (body.code !== undefined) patch.code = body.code;
  if (body.name !== undefined) patch.name = body.name.trim();
  if (body.model !== undefined) patch.model = text(body.model);
  if (body.serialNumber !== undefined) patch.serial_number = text(body.serialNumber);
  if (body.address !== undefined) patch.address = text(body.address);
  if (body.criticality !== undefined) patch.criticality = body.criticality;
  if (body.attributes !== undefined) patch.attributes = body.attributes as AssetRow['attributes'];
  if (body.externalId !== undefined) patch.external_id = text(body.externalId);
  for (const [property, column] of [['warrantyUntil', 'warranty_until'], ['installedOn', 'installed_on']] as const) {
    const day = body[property];
    if (day === undefined) continue;
    // The calendar of the schema has a year 0, that of the database has none.
    if (day?.startsWith('0000')) throw invalidInput(`/${property}`, 'format', { zh: '格式不对（date）', en: 'is not a valid date' });
    patch[column] = day;
  }
  if (body.lat !== undefined || body.lng !== undefined) {
    const [lat, lng] = [body.lat === undefined ? present?.lat ?? null : body.lat, body.lng === undefined ? present?.lng ?? null : body.lng];
    if ((lat === null) !== (lng === null)) throw missingInput(lat === null ? '/lat' : '/lng');
    Object.assign(patch, { lat, lng });
  }
  if (body.customerId !== undefined) patch.customer_id = body.customerId === null || body.customerId === present?.customer_id ? body.customerId : await findCustomer(context, body.customerId);
  if (body.accountId !== undefined) patch.account_id = body.accountId === null || body.accountId === present?.account_id ? body.accountId : (await findAccount(context, body.accountId, '/accountId')).id;
  if (body.siteId !== undefined) await placeAt(context, patch, body.siteId, present);
  else if (patch.account_id !== undefined && present?.site_id) await placeAt(context, patch, present.site_id, present);
  if (body.parentId !== undefined) {
    if (body.parentId !== null && body.parentId !== present?.parent_id) await ensureTree(context, body.parentId, present?.id ?? null);
    patch.parent_id = body.parentId;
  }
  await ensureFree(context, patch, present);
  return patch;
}

/** A site belongs to an account, and the asset on it does, too. */
async function placeAt(context: Pick<Context, 'tenantId' | 'transaction'>, patch: AssetPatch, siteId: string | null, present: AssetRow | null): Promise<void> {
  patch.site_id = siteId;
  if (siteId === null) return;
  const account = patch.account_id === undefined ? present?.account_id ?? null : patch.account_id;
  const site = siteId === present?.site_id && patch.account_id === undefined ? null : await findSite(context, siteId, '/siteId');
  if (!site) return;
  if (account !== null && account !== site.accountId) throw invalidInput('/siteId', 'site_of_other_account', { zh: '该地点属于另一个客户单位', en: 'belongs to another account' });
  patch.account_id = site.accountId;
}

async function findCustomer(context: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<string> {
  const root = await rootOf(context, id);
  if (!root) throw refuseInput('/customerId', 'unknown_reference', { field: 'customerId' });
  return root.id;
}

/** Refuses a parent that is not there, or under which the asset would stand below itself or too deep. */
async function ensureTree({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, parentId: string, id: string | null): Promise<void> {
  await transaction.query(lockTree, [tenantId]);
  const way = await transaction.query(findWay, [tenantId, parentId, assetLimits.depth]);
  if (way.length === 0) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
  if (id !== null && way.some((above) => above.id === id)) throw invalidInput('/parentId', 'circle', { zh: '不能把设备放到它自己或它的下级设备之下', en: 'would put the asset below itself' });
  const below = id === null ? 1 : (await transaction.query(findDepth, [tenantId, id, assetLimits.depth]))[0]!.depth;
  if (way.length + below > assetLimits.depth) throw invalidInput('/parentId', 'maxDepth', { zh: `设备层级最多 ${assetLimits.depth} 层`, en: `would make more than ${assetLimits.depth} levels` });
}

async function ensureFree({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, patch: AssetPatch, present: AssetRow | null): Promise<void> {
  for (const [column, path, field] of [['code', '/code', { zh: '设备编号', en: 'The code of the asset' }], ['external_id', '/externalId', { zh: '外部编号', en: 'The external id' }]] as const) {
    const value = patch[column];
    if (value === undefined || value === null || value === present?.[column]) continue;
    const other = await transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', tenantId).where(column, '=', value));
    if (other) throw refuseInput(path, 'name_taken', { field });
  }
}
