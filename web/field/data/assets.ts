import type { FieldAsset, FieldAssets } from '../../../contract/field.ts';
import { api } from '../../ui/api.ts';
import { assetNote, database } from './database.ts';

/** An asset as the server last told of it; milliseconds. */
export interface KeptAsset {
  asset: FieldAsset;
  at: number;
}

const most = 60;

/**
 * Finds an asset by what its label holds or by its code (扫码查设备), and keeps it for reading without a network.
 *
 * @returns null when there is none
 * @throws ApiProblem
 */
export async function findAsset(code: string): Promise<FieldAsset | null> {
  const [data] = (await api.get<FieldAssets>('/field/assets', { query: { code } })).data.items;
  if (data === undefined) return null;
  const { notes } = database();
  await notes.put({ key: assetNote(data.code), value: { asset: data, at: Date.now() } satisfies KeptAsset });
  const kept = await notes.where('key').startsWith('asset.').toArray();
  const old = kept.sort((a, b) => (b.value as KeptAsset).at - (a.value as KeptAsset).at).slice(most);
  await notes.bulkDelete(old.map(({ key }) => key));
  return data;
}
