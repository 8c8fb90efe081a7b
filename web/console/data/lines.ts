import { infiniteQueryOptions, keepPreviousData, queryOptions, type InfiniteData } from '@tanstack/react-query';
import type { CountGroups, GroupCount, Grouping, ListViews, SearchSort, TicketLinePage, View, ViewCount } from '../../../contract/view.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { api } from '../../ui/api.ts';

/** Which lines a list shows (列表请求). Whatever changes it makes another list. */
export type LineRequest = {
  /** Id or key; absent where its filter was changed, or there is none. */
  view?: string;
  /** Narrows the view, or stands in its place. */
  filter?: Filter;
  q?: string;
  sort: SearchSort;
  grouping: Grouping | null;
  /** Keys of fields among the columns. */
  fields: readonly string[];
  /** All that a line must meet, as far as a filter says it; by it the console places what changes. Null where that cannot be told. */
  whole: Filter | null;
};
export type LinePages = InfiniteData<TicketLinePage, unknown>;

/** The first page comes soon; the later ones are larger, as they are scrolled into. */
const firstPage = 60;
const laterPages = 200;
/** Longer addresses are not for every proxy. */
const longestAddress = 4_000;

export const lineKeys = { lists: ['tickets', 'lines'] as const, list: (request: LineRequest) => ['tickets', 'lines', request] as const };

/** The lines of a view or a search, page after page. */
export function lineList(request: LineRequest) {
  return infiniteQueryOptions({
    queryKey: lineKeys.list(request),
    queryFn: async ({ pageParam, signal }): Promise<TicketLinePage> => {
      const { view, filter, q, sort, grouping, fields } = request;
      const limit = pageParam === undefined ? firstPage : laterPages;
      const columns = fields.map((key) => `fields.${key}`);
      const inAddress = filter === undefined ? undefined : JSON.stringify(filter);
      if ((inAddress?.length ?? 0) > longestAddress) {
        return (await api.post<TicketLinePage>('/tickets/search', { ...(view === undefined ? {} : { view }), filter, ...(q === undefined ? {} : { q }), sort, grouping, columns, limit, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, { signal })).data;
      }
      return (await api.get<TicketLinePage>('/tickets', { query: { view, filter: inAddress, q, sort, grouping: grouping ?? 'none', columns: columns.length === 0 ? undefined : columns.join(','), limit, cursor: pageParam }, signal })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 120_000,
  });
}

type ViewPage = { items: View[]; nextCursor: string | null };

/** The views one may open (视图). */
export const views = queryOptions({
  queryKey: ['views'],
  queryFn: async ({ signal }) => {
    const items: View[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const { data }: { data: ViewPage } = await api.get<ViewPage>('/views', { query: { limit: 200, cursor } satisfies ListViews, signal });
      items.push(...data.items);
      cursor = data.nextCursor;
    }
    return items;
  },
  staleTime: 60_000,
});

/** So many views are counted in one request. */
const countedAtOnce = 100;

/** How a count is said: `12`, or `1,000+`. */
export function countText(count: Pick<ViewCount, 'count' | 'capped'> | undefined): string | undefined {
  if (count?.count == null) return undefined;
  return count.capped ? `${count.count.toLocaleString('en')}+` : count.count.toLocaleString('en');
}

/** So many groups are counted in one request. */
const groupsAtOnce = 50;
/** What an order needs has to be there: a ticket without it has no place in the list. */
const needed: Partial<Record<SearchSort, Filter>> = { '-resolvedAt': { property: 'resolvedAt', operator: 'not_empty' }, dueAt: { property: 'dueAt', operator: 'not_empty' } };

/** How many tickets each of some groups of a list holds now. Renewed together with the counts of the views. */
export const groupCounts = ({ view, filter, sort, grouping }: Pick<LineRequest, 'view' | 'filter' | 'sort' | 'grouping'>, groups: readonly string[]) => {
  const filters = [filter, needed[sort]].filter((one) => one !== undefined);
  const asked = { view, filter: filters.length > 1 ? { all: filters } : filters[0], grouping };
  return queryOptions({
    queryKey: ['view-counts', 'groups', asked, groups],
    queryFn: async ({ signal }): Promise<Map<string, GroupCount>> => {
      const parts: string[][] = [];
      for (let at = 0; at < groups.length; at += groupsAtOnce) parts.push(groups.slice(at, at + groupsAtOnce));
      const answers = await Promise.all(parts.map((part) => api.post<{ items: GroupCount[] }>('/tickets/group-counts', { ...asked, groups: part } as CountGroups, { signal })));
      return new Map(answers.flatMap(({ data }) => data.items).map((one) => [one.group, one]));
    },
    enabled: grouping !== null && groups.length > 0,
    staleTime: 5_000,
    refetchInterval: ({ state: { data } }): number => (data !== undefined && [...data.values()].some((one) => one.count === null) ? 1_500 : 60_000),
    placeholderData: (before, query) => (JSON.stringify(query?.queryKey[2]) === JSON.stringify(asked) ? before : undefined),
  });
};

/** How many tickets views hold now. */
export const viewCounts = (ids: readonly string[]) => queryOptions({
  queryKey: ['view-counts', ids],
  queryFn: async ({ signal }): Promise<Map<string, ViewCount>> => {
    const parts: string[][] = [];
    for (let at = 0; at < ids.length; at += countedAtOnce) parts.push(ids.slice(at, at + countedAtOnce));
    const answers = await Promise.all(parts.map((part) => api.get<{ items: ViewCount[] }>('/views/counts', { query: { views: part.join(',') }, signal })));
    return new Map(answers.flatMap(({ data }) => data.items).map((one) => [one.view, one]));
  },
  staleTime: 5_000,
  refetchInterval: ({ state: { data } }): number => (data !== undefined && [...data.values()].some((one) => one.count === null) ? 1_500 : 60_000),
  placeholderData: keepPreviousData,
});
