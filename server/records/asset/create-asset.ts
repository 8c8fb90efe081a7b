import { Asset, CreateAsset } from '../../../contract/asset.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { toAssetPatch } from './asset-patch.ts';
import { viewAssets, type AssetRow } from './view-asset.ts';

/** Registers an asset (登记设备) under a code of its own. */
export const createAsset = useCase({
  summary: 'Create an asset',
  body: CreateAsset,
  answer: Asset,
  status: 201,
  run: async (context, { body }) => (await viewAssets(context, [await addAsset(context, body)]))[0]!,
});

/** Writes a new asset as a request says it, and tells of it. */
export async function addAsset(context: Context, body: CreateAsset): Promise<AssetRow> {
  const { transaction, tenantId, now, actor } = context;
  const { attributes, code, name, ...patch } = await toAssetPatch(context, body, null);
  const [row] = await transaction.run(build.insertInto('asset')
    .values({ tenant_id: tenantId, id: newId(now.getTime()), ...patch, code: code!, name: name!, attributes: JSON.stringify(attributes ?? {}) as never, created_at: now }).returningAll());
  await recordFact(transaction, { kind: 'asset.created', actor, data: { code: row!.code, name: row!.name }, occurredAt: now, recordedAt: now, subjectId: row!.id });
  return row!;
}
