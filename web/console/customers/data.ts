import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Account, ContactPoint, Customer, CustomerConversations, CustomerDetail, CustomerNote, CustomerTier, DuplicateCandidate, HistoryEntry, Masks, Site } from '../../../contract/customer.ts';
import { api } from '../../ui/api.ts';
import { whole } from '../data/records.ts';

export type Page<Item> = { items: Item[]; nextCursor: string | null };
type Query = Record<string, string | boolean | undefined>;

/** A list read page after page; its key begins with the name of what it lists, by which the live feed outdates it. */
export function pages<Item>(name: string, path: string, query: Query, limit = 50) {
  return infiniteQueryOptions({
    queryKey: [name, path, query] as readonly unknown[],
    queryFn: async ({ pageParam, signal }) => (await api.get<Page<Item>>(path, { query: { ...query, limit, cursor: pageParam }, signal })).data,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 60_000,
  });
}

const one = <Item>(name: string, id: string) =>
  queryOptions({ queryKey: [name, 'one', id], queryFn: async ({ signal }) => (await api.get<Item>(`/${name}/${id}`, { signal })).data, staleTime: 30_000 });

export type CustomerFilter = { q?: string | undefined; tier?: string | undefined; tag?: string | undefined; account?: string | undefined; archived?: boolean | undefined; sort?: string | undefined };
export const customers = (filter: CustomerFilter) => pages<Customer>('customers', '/customers', filter, 100);
export const customerOf = (id: string) => one<CustomerDetail>('customers', id);
export const duplicatesOf = (id: string) =>
  queryOptions({ queryKey: ['customers', 'duplicates', id], queryFn: async ({ signal }) => (await api.get<{ items: DuplicateCandidate[] }>(`/customers/${id}/duplicates`, { signal })).data.items, staleTime: 60_000 });
export const conversationsOf = (id: string) =>
  queryOptions({ queryKey: ['customers', 'conversations', id], queryFn: async ({ signal }) => (await api.get<CustomerConversations>(`/customers/${id}/conversations`, { signal })).data.items, staleTime: 30_000 });
export const notesOf = (id: string) => pages<CustomerNote>('customers', `/customers/${id}/notes`, {});

export type AccountFilter = { q?: string | undefined; kind?: string | undefined; tier?: string | undefined; parent?: string | undefined; archived?: boolean | undefined; sort?: string | undefined };
export const accounts = (filter: AccountFilter) => pages<Account>('accounts', '/accounts', filter, 100);
export const accountOf = (id: string) => one<Account>('accounts', id);
export const sitesOf = (accountId: string, archived = false) => pages<Site>('accounts', `/accounts/${accountId}/sites`, archived ? { archived: true } : {}, 100);

/** The history of a customer, an account or an asset over all channels. */
export const historyOf = (of: 'customers' | 'accounts' | 'assets', id: string, kinds: string | undefined) => pages<HistoryEntry>(of, `/${of}/${id}/timeline`, { kinds });

export const tiers = whole<CustomerTier>('customer-tiers');
export const masks = queryOptions({ queryKey: ['masks'], queryFn: async ({ signal }) => (await api.get<Masks>('/masks', { signal })).data, staleTime: 15_000 });

/** What was changed of a customer, an account or their places is read anew wherever it is shown. */
export function outdate(queryClient: QueryClient, ...names: ('customers' | 'accounts' | 'assets' | 'masks' | 'customer-tiers')[]): void {
  for (const name of names) void queryClient.invalidateQueries({ queryKey: [name] });
}

/** Where to call or write to; null for what is neither or still masked. */
export function linkOf(contact: Pick<ContactPoint, 'kind'>, value: string | null, whole: boolean): string | null {
  if (value === null || !whole) return null;
  return contact.kind === 'phone' ? `tel:${value}` : contact.kind === 'email' ? `mailto:${value}` : null;
}

/** Counts stop at a thousand. */
export const counted = (count: number): string => (count >= 1000 ? '1000+' : String(count));
