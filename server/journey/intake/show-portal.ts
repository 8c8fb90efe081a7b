import { Type } from 'typebox';
import { Closed, Id, Nullable } from '../../../contract/common.ts';
import { PortalCategories, PortalHome } from '../../../contract/portal.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { readCodeToken } from '../../records/access/links.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { codesOf, countScan } from '../../records/scan/codes.ts';
import { formForCustomers } from './report-fields.ts';

/** What a customer needs before reporting something (服务门户首页). */
export const showPortal = useCase({
  summary: 'Show an organization’s portal',
  params: Closed({ org: Type.String({ maxLength: 63 }) }),
  query: Closed({ asset: Type.Optional(Type.String({ maxLength: 300, description: 'Token of a scanned code, of an asset or a place' })) }),
  answer: PortalHome,
  async run(context, { query }) {
    const { organization, categories, types, defaultType } = await configurationOf(context);
    const { asset, site } = query.asset === undefined ? nothingScanned : await findScanned(context, query.asset);
    const offered = [...categories.values()].filter((category) => category.active);
    const parents = new Set(offered.map((category) => category.parentId));
    return {
      organization: { name: organization.name, slug: organization.slug, timeZone: organization.timeZone },
      categories: offered.filter((category) => category.level === 1).map(({ id, name, nameEn }) => ({ id, name, nameEn, deeper: parents.has(id) })),
      asset: asset && { code: asset.code, name: asset.name, address: asset.address },
      site: site && { name: site.name, address: site.address },
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

const Scanned = Closed({
  organization: Closed({ name: Type.String(), slug: Type.String() }),
  asset: Nullable(Closed({ code: Type.String(), name: Type.String(), address: Nullable(Type.String()) })),
  site: Nullable(Closed({ name: Type.String(), address: Nullable(Type.String()) })),
});

/** What a scanned code stands on (扫码识别设备、地点); counted. */
export const showScanned = useCase({
  summary: 'Show the asset or the place behind a scanned code',
  params: Closed({ token: Type.String({ maxLength: 400 }) }),
  answer: Scanned,
  async run(context, { params }) {
    const { organization } = await configurationOf(context);
    const { asset, site } = await findScanned(context, params.token);
    await countScan(context.transaction, asset ? 'asset' : 'site', (asset ?? site)!.id, context.now);
    return {
      organization: { name: organization.name, slug: organization.slug }, asset: asset && { code: asset.code, name: asset.name, address: asset.address }, site: site && { name: site.name, address: site.address },
    };
  },
});

/** What a code stands on: the one or the other. */
export interface ScannedThing {
  asset: { id: string; code: string; name: string; address: string | null } | null;
  site: { id: string; name: string; address: string | null; lat: number | null; lng: number | null } | null;
}
export const nothingScanned: ScannedThing = { asset: null, site: null };

/** What is behind a code; refused when the code is not ours, another organization's, or was replaced. */
export async function findScanned(context: Context, token: string): Promise<ScannedThing> {
  const { transaction, tenantId } = context;
  const scan = readCodeToken(context.services.secrets, token, context.now);
  if (scan?.tenantId !== tenantId || (await codesOf(transaction, scan.kind, [scan.id]))(scan.id).round !== scan.round) throw new Refusal('link_invalid');
  const asset = scan.kind === 'asset' ? await transaction.first(build.selectFrom('asset').select(['id', 'code', 'name', 'address']).where('tenant_id', '=', tenantId).where('id', '=', scan.id).where('archived_at', 'is', null)) : undefined;
  const site = scan.kind === 'site' ? await transaction.first(build.selectFrom('site').select(['id', 'name', 'address', 'lat', 'lng']).where('tenant_id', '=', tenantId).where('id', '=', scan.id).where('archived_at', 'is', null)) : undefined;
  if (!asset && !site) throw new Refusal('link_invalid');
  return { asset: asset ?? null, site: site ?? null };
}
