import { CreateAsset } from '../../../../../contract/asset.ts';
import { dayIn, numberIn, withoutEmpty, wordIn, type Value } from '../../../../../rules/imports/values.ts';
import type { Context } from '../../../../platform/context.ts';
import { build } from '../../../../platform/db/database.ts';
import { refuseInput } from '../../../../platform/errors/refusal.ts';
import { addAsset } from '../../../../records/asset/create-asset.ts';
import { changeAsset } from '../../../../records/asset/update-asset.ts';
import { accountsSaid, customerSaid, only } from '../find.ts';
import { checked, said, tiesTo, type ImportedRow, type KindHandler } from '../kind.ts';

const criticalities = { high: ['高', '重要', '关键', 'critical', 'important'], normal: ['普通', '一般', '中', '正常', 'medium'], low: ['低', '次要'] };
const ownPrefix = 'attributes.';

/** Assets (导入设备): known by their external id, else by their code. What a row leaves empty stays as it is. */
export const assets: KindHandler = {
  kind: 'assets',
  permission: 'asset.write',
  ties: (row) => ({ own: [row.key, ...tiesTo(row, 'code', 'code')], shared: tiesTo(row, 'code', 'parent') }),
  async take(context, row) {
    const { transaction, tenantId } = context;
    const [account, customer] = [said(row, 'account'), said(row, 'customer')];
    const accountId = account === undefined ? undefined : only(await accountsSaid(context, account), '/accountId', 'accountId').id;
    const site = said(row, 'site');
    const attributes = Object.fromEntries([...row.said].filter(([target]) => target.startsWith(ownPrefix)).map(([target, value]) => [target.slice(ownPrefix.length), own(value)]));
    const code = said(row, 'code');
    const body = checked<CreateAsset>(context, CreateAsset, withoutEmpty({
      code, name: said(row, 'name'), model: said(row, 'model'), serialNumber: said(row, 'serialNumber'), accountId, customerId: customer === undefined ? undefined : await customerSaid(context, customer, '/customerId'),
      siteId: site === undefined ? undefined : await siteSaid(context, site, accountId), parentId: await parentOf(context, row, said(row, 'parent')), address: said(row, 'address'),
      lat: row.said.has('lat') ? numberIn(row.said.get('lat')!) : undefined, lng: row.said.has('lng') ? numberIn(row.said.get('lng')!) : undefined,
      criticality: row.said.has('criticality') ? wordIn(row.said.get('criticality')!, criticalities) : undefined,
      installedOn: row.said.has('installedOn') ? dayIn(row.said.get('installedOn')!, row.timeZone) : undefined, warrantyUntil: row.said.has('warrantyUntil') ? dayIn(row.said.get('warrantyUntil')!, row.timeZone) : undefined,
      externalId: said(row, 'externalId'), ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    }));
    row.seen.add(body.code);
    const by = (column: 'external_id' | 'code', value: string) => transaction.first(build.selectFrom('asset').selectAll().where('tenant_id', '=', tenantId).where(column, '=', value).forNoKeyUpdate());
    const present = (body.externalId ? await by('external_id', body.externalId) : undefined) ?? await by('code', body.code);
    if (!present) {
      await addAsset(context, body);
      return 'created';
    }
    const { attributes: attributesSaid, ...rest } = body;
    const next = await changeAsset(context, present, { ...rest, ...(attributesSaid ? { attributes: { ...present.attributes as NonNullable<CreateAsset['attributes']>, ...attributesSaid } } : {}) });
    return next === present ? 'present' : 'updated';
  },
};

/** A number or yes and no stay what they are in JSON; in a cell everything is text. */
const own = (value: Value): unknown => (typeof value === 'string' ? value.trim() : value);

async function siteSaid({ transaction, tenantId }: Context, name: string, accountId: string | undefined): Promise<string> {
  let select = build.selectFrom('site').select('id').where('tenant_id', '=', tenantId).where('name', '=', name).where('archived_at', 'is', null);
  if (accountId !== undefined) select = select.where('account_id', '=', accountId);
  return only(await transaction.run(select.limit(2)), '/siteId', 'siteId').id;
}

async function parentOf({ transaction, tenantId }: Context, row: ImportedRow, code: string | undefined): Promise<string | undefined> {
  if (code === undefined) return undefined;
  const parent = await transaction.first(build.selectFrom('asset').select('id').where('tenant_id', '=', tenantId).where('code', '=', code));
  // In a dry run the rows before this one have left nothing behind.
  if (!parent && row.dryRun && row.seen.has(code)) return undefined;
  if (!parent) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
  return parent.id;
}
