import { Asset, UpdateAsset } from '../../../contract/asset.ts';
import { Closed, Id } from '../../../contract/common.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { canonicalJson, recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { renewCode } from '../scan/codes.ts';
import { ensureVersion } from '../ticket/find.ts';
import { toAssetPatch, type AssetPatch } from './asset-patch.ts';
import { viewAssets, type AssetRow } from './view-asset.ts';

/** Changes an asset (修改设备), from the version the caller saw, or takes it out of use. */
export const updateAsset = useCase({
  summary: 'Change an asset',
  params: Closed({ id: Id }),
  body: UpdateAsset,
  answer: Asset,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await context.transaction.first(build.selectFrom('asset').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    return (await viewAssets(context, [await changeAsset(context, row, body)]))[0]!;
  },
});

/** Writes what a request says to a locked asset and tells of it; the row as it is now. */
export async function changeAsset(context: Context, row: AssetRow, { archived, renewCode: renews, ...body }: UpdateAsset): Promise<AssetRow> {
  const { transaction, tenantId, now, actor } = context;
  const patch = await toAssetPatch(context, body, row);
  const changed = (Object.keys(patch) as (keyof AssetPatch)[]).filter((column) => canonicalJson(patch[column]) !== canonicalJson(row[column]));
  const archives = archived !== undefined && archived !== (row.archived_at !== null);
  if (changed.length === 0 && !archives && !renews) return row;
  const next: AssetRow = { ...row, ...patch, archived_at: archives ? (archived ? now : null) : row.archived_at, version: row.version + 1 };
  const { attributes, ...columns } = patch;
  await transaction.run(build.updateTable('asset').set({ ...columns, ...(attributes === undefined ? {} : { attributes: JSON.stringify(attributes) as never }), archived_at: next.archived_at, version: next.version })
    .where('tenant_id', '=', tenantId).where('id', '=', row.id));
  const fact = { actor, occurredAt: now, recordedAt: now, subjectId: row.id };
  const say = (from: AssetRow) => Object.fromEntries(changed.map((column) => [column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), from[column]]));
  const round = renews ? await renewCode(transaction, 'asset', row.id, now) : null;
  const coded = (at: number | null) => (at === null ? {} : { scanCode: at });
  if (changed.length > 0 || round !== null) await recordFact(transaction, { ...fact, kind: 'asset.changed', data: { code: next.code, name: next.name, before: { ...say(row), ...coded(round) }, after: { ...say(next), ...coded(round === null ? null : round + 1) } } });
  if (archives) await recordFact(transaction, { ...fact, kind: archived ? 'asset.archived' : 'asset.restored', data: { code: next.code, name: next.name } });
  return next;
}
