import { queryOptions } from '@tanstack/react-query';
import type { IntakeSetting } from '../../../contract/completion.ts';
import type { Connector } from '../../../contract/connector.ts';
import { api } from '../../ui/api.ts';

export const intakeSetting = queryOptions({ queryKey: ['intake-setting'], queryFn: async ({ signal }) => (await api.get<IntakeSetting>('/intake-setting', { signal })).data, staleTime: 5_000 });
export const connectors = queryOptions({ queryKey: ['connectors'], queryFn: async ({ signal }) => (await api.get<{ items: Connector[] }>('/connectors', { signal })).data.items, staleTime: 5_000, refetchInterval: 15_000 });
