import { queryOptions } from '@tanstack/react-query';
import type { Asset } from '../../../contract/asset.ts';
import { api } from '../../ui/api.ts';
import { pages } from '../customers/data.ts';

export type AssetFilter = {
  q?: string | undefined; customer?: string | undefined; account?: string | undefined; site?: string | undefined; parent?: string | undefined; criticality?: string | undefined; warranty?: string | undefined; archived?: boolean | undefined; sort?: string | undefined;
};
export const assets = (filter: AssetFilter) => pages<Asset>('assets', '/assets', filter, 100);
export const assetOf = (id: string) => queryOptions({ queryKey: ['assets', 'one', id], queryFn: async ({ signal }) => (await api.get<Asset>(`/assets/${id}`, { signal })).data, staleTime: 30_000 });
