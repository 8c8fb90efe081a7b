import { Type } from 'typebox';
import { Closed, Id, Nullable } from '../../../contract/common.ts';
import { PortalCategories, PortalHome } from '../../../contract/portal.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { readAssetToken } from '../../records/access/links.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { formForCustomers } from './report-fields.ts';

/** What a customer needs before reporting something (服务门户首页). */
export const showPortal = useCase({
  summary: 'Show an organization’s portal',
  params: Closed({ org: Type.String({ maxLength: 63 }) }),
  query: Closed({ asset: Type.Optional(Type.String({ maxLength: 300, description: 'Token of a scanned asset code' })) }),
  answer: PortalHome,
  async run(context, { query }) {
    const { organization, categories, types, defaultType } = await configurationOf(context);
    const asset = query.asset === undefined ? null : await findScannedAsset(context, query.asset);
    const offered = [...categories.values()].filter((category) => category.active);
    const parents = new Set(offered.map((category) => category.parentId));
    return {
      organization: { name: organization.name, slug: organization.slug, timeZone: organization.timeZone },
      categories: offered.filter((category) => category.level === 1).map(({ id, name, nameEn }) => ({ id, name, nameEn, deeper: parents.has(id) })),
      asset: asset && { code: asset.code, name: asset.name, address: asset.address },
      types: [defaultType, ...[...types.values()].filter((type) => type.offered && type.active && type !== defaultType)].map((type) => ({ id: type.id, name: type.name, nameEn: type.nameEn, form: formForCustomers(type.form) })),
      supportPhone: typeof organization.settings['supportPhone'] === 'string' ? organization.settings['supportPhone'] : null,
      phoneSignIn: context.services.smsConfigured,
    };
  },
});

/** What a customer may choose below a category, asked for once one is chosen: a tree may have hundreds (下级分类). */
export const showPortalCategories = useCase({
  summary: 'Show what lies below a category at an organization’s portal',
  params: Closed({ org: Type.String({ maxLength: 63 }), category: Id }),
  answer: PortalCategories,
  async run(context, { params }) {
    const { categories } = await configurationOf(context);
    const chosen = categories.get(params.category);
    if (chosen?.active !== true || chosen.level !== 1) throw new Refusal('not_found');
    const below = Map.groupBy([...categories.values()].filter((category) => category.active), (category) => category.parentId);
    const named = (parent: string) => (below.get(parent) ?? []).map(({ id, name, nameEn }) => ({ id, name, nameEn }));
    return { items: named(chosen.id).map((second) => ({ ...second, items: named(second.id) })) };
  },
});

const ScannedAsset = Closed({
  organization: Closed({ name: Type.String(), slug: Type.String() }),
  asset: Closed({ code: Type.String(), name: Type.String(), address: Nullable(Type.String()) }),
});

/** What a scanned code stands on (扫码识别设备). */
export const showScannedAsset = useCase({
  summary: 'Show the asset behind a scanned code',
  params: Closed({ token: Type.String({ maxLength: 400 }) }),
  answer: ScannedAsset,
  async run(context, { params }) {
    const { organization } = await configurationOf(context);
    const asset = await findScannedAsset(context, params.token);
    return { organization: { name: organization.name, slug: organization.slug }, asset: { code: asset.code, name: asset.name, address: asset.address } };
  },
});

/** The asset behind a code; refused when the code is not ours, or another organization's. */
export async function findScannedAsset(context: Context, token: string): Promise<{ id: string; code: string; name: string; address: string | null }> {
  const scan = readAssetToken(context.services.secrets, token, context.now);
  const asset = scan?.tenantId === context.tenantId
    ? await context.transaction.first(build.selectFrom('asset').select(['id', 'code', 'name', 'address']).where('tenant_id', '=', context.tenantId).where('id', '=', scan.assetId).where('archived_at', 'is', null))
    : undefined;
  if (!asset) throw new Refusal('link_invalid');
  return asset;
}
