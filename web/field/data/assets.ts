import type { FieldAsset, FieldAssets } from '../../../contract/field.ts';
import { api } from '../../ui/api.ts';
import { assetNote, database } from './database.ts';

/** An asset as the server last told of it; milliseconds. */
export interface KeptAsset {
  asset: FieldAsset;
  at: number;
  /** What labels said by which it was found; those of before this was kept have none. */
  labels?: readonly string[];
}

const most = 60;
/** Of each so many labels: it is pasted on anew now and then. */
const mostLabels = 5;

/** An asset this phone has kept, by its code or by what its label says; null when there is none. */
export async function keptAsset(code: string): Promise<KeptAsset | null> {
  const { notes } = database();
  const direct = (await notes.get(assetNote(code)))?.value as KeptAsset | undefined;
  if (direct !== undefined) return direct;
  return (await notes.where('key').startsWith('asset.').toArray()).map(({ value }) => value as KeptAsset).find(({ labels }) => labels?.includes(code)) ?? null;
}

/**
 * Finds an asset by what its label holds or by its code (扫码查设备), and keeps it for reading without a network.
 *
 * @returns null when there is none
 * @throws ApiProblem
 */
export async function findAsset(code: string): Promise<FieldAsset | null> {
  const { notes } = database();
  const [data] = (await api.get<FieldAssets>('/field/assets', { query: { code } })).data.items;
  if (data === undefined) return null;
  const before = (await notes.get(assetNote(data.code)))?.value as KeptAsset | undefined;
  const labels = [...new Set([...code === data.code ? [] : [code], ...before?.labels ?? []])].slice(0, mostLabels);
  await notes.put({ key: assetNote(data.code), value: { asset: data, at: Date.now(), labels } satisfies KeptAsset });
  const kept = await notes.where('key').startsWith('asset.').toArray();
  const old = kept.sort((a, b) => (b.value as KeptAsset).at - (a.value as KeptAsset).at).slice(most);
  await notes.bulkDelete(old.map(({ key }) => key));
  return data;
}
