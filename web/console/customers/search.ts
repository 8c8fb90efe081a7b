import { assetSorts, customerSorts } from '../../../contract/record-sorts.ts';
import { sortIn, text } from '../parts/record-search.ts';

/** What the address of the list of customers says: words, filters, and the columns shown. */
export type CustomersSearch = { q?: string | undefined; tier?: string | undefined; account?: string | undefined; tag?: string | undefined; archived?: boolean | undefined; sort?: (typeof customerSorts)[number] | undefined; id?: string | undefined };

export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  return { q: text(search.q), tier: text(search.tier), account: text(search.account), tag: text(search.tag), archived: search.archived === true || undefined, sort: sortIn(customerSorts, search), id: text(search.id) };
}

export type AccountsSearch = { q?: string | undefined; kind?: string | undefined; tier?: string | undefined; archived?: boolean | undefined; flat?: boolean | undefined; sort?: (typeof customerSorts)[number] | undefined };

export function readAccountsSearch(search: Record<string, unknown>): AccountsSearch {
  return { q: text(search.q), kind: text(search.kind), tier: text(search.tier), archived: search.archived === true || undefined, flat: search.flat === true || undefined, sort: sortIn(customerSorts, search) };
}

export type TabSearch<Tab extends string> = { tab?: Tab | undefined };

/** Which part of a record's page is open. */
export const readTab = <Tab extends string>(tabs: readonly Tab[]) => (search: Record<string, unknown>): TabSearch<Tab> => ({ tab: tabs.find((tab) => tab === search.tab) });

export const customerTabs = ['history', 'tickets', 'assets', 'sites', 'notes', 'duplicates'] as const;
export const accountTabs = ['people', 'sites', 'assets', 'tickets', 'children', 'history'] as const;
export const assetTabs = ['history', 'tickets', 'parts'] as const;

export type AssetsSearch = { q?: string | undefined; warranty?: 'valid' | 'expired' | 'none' | undefined; criticality?: 'low' | 'normal' | 'high' | undefined; account?: string | undefined; customer?: string | undefined; archived?: boolean | undefined; sort?: (typeof assetSorts)[number] | undefined; id?: string | undefined };

export function readAssetsSearch(search: Record<string, unknown>): AssetsSearch {
  return {
    q: text(search.q), warranty: (['valid', 'expired', 'none'] as const).find((one) => one === search.warranty), criticality: (['low', 'normal', 'high'] as const).find((one) => one === search.criticality),
    account: text(search.account), customer: text(search.customer), archived: search.archived === true || undefined, sort: sortIn(assetSorts, search), id: text(search.id),
  };
}
