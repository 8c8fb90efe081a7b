import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { TicketTemplate, TicketTypeSummary } from '../../../contract/form.ts';
import type { Asset, Category, Customer, Department, Role, Staff, Team } from '../../../contract/organization.ts';
import { api } from '../../ui/api.ts';

type Page<Item> = { items: Item[]; nextCursor: string | null };

/** Reads a whole list, for those that fit on a screen. */
async function readAll<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { data }: { data: Page<Item> } = await api.get<Page<Item>>(path, { query: { limit: 200, cursor }, signal });
    items.push(...data.items);
    cursor = data.nextCursor;
  }
  return items;
}


/** A list that is read whole and kept. */
export function whole<Item>(name: string) {
  return queryOptions({ queryKey: [name], queryFn: ({ signal }) => readAll<Item>(`/${name}`, signal), staleTime: 600_000, gcTime: 86_400_000 });
}

export const departments = whole<Department>('departments');
export const teams = whole<Team>('teams');
export const roles = whole<Role>('roles');
export const categories = whole<Category>('categories');
export const ticketTypes = whole<TicketTypeSummary>('ticket-types');
export const ticketTemplates = whole<TicketTemplate>('ticket-templates');

function paged<Item>(name: string, query: Record<string, string | boolean | undefined>, limit = 100) {
  return infiniteQueryOptions({
    queryKey: [name, 'list', query] as readonly unknown[],
    queryFn: async ({ pageParam, signal }) => (await api.get<Page<Item>>(`/${name}`, { query: { ...query, limit, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 60_000,
  });
}

export const staffList = (query: { q?: string; job?: string; team?: string; active?: boolean; sort?: string | undefined }) => paged<Staff>('staff', query);
export const customerList = (query: { q?: string }) => paged<Customer>('customers', query);
export const assetList = (query: { q?: string }) => paged<Asset>('assets', query);

function one<Item>(name: string, id: string) {
  return queryOptions({ queryKey: [name, 'one', id], queryFn: async ({ signal }) => (await api.get<Item>(`/${name}/${id}`, { signal })).data, staleTime: 60_000 });
}

export const staffMember = (id: string) => one<Staff>('staff', id);
export const customer = (id: string) => one<Customer>('customers', id);
export const asset = (id: string) => one<Asset>('assets', id);
