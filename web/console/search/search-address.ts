import type { SearchSort } from '../../../contract/view.ts';
import { isFilter } from '../../../rules/conditions/check-filter.ts';
import { ticketProperties, type Filter, type Properties } from '../../../rules/conditions/filter.ts';
import { testsOf } from '../../ui/filter/vocabulary.ts';
import { viewSorts } from '../data/columns.ts';
import { text } from '../parts/record-search.ts';

/** What the address of a search says: the words, what narrows them, the order. */
export type SearchAddress = { q?: string; status?: string; priority?: string; filter?: Filter; sort?: SearchSort };

export function readSearchAddress(search: Record<string, unknown>): SearchAddress {
  return {
    q: text(search.q), status: text(search.status), priority: text(search.priority), filter: readFilter(search.filter),
    sort: ([...viewSorts, 'relevance'] as const).find((sort) => sort === search.sort),
  };
}

/** Of fields the address alone does not tell the kind; the server checks what they are compared with. */
function readFilter(given: unknown): Filter | undefined {
  try {
    const fields = Object.fromEntries(testsOf(given as Filter).filter(({ property }) => property.startsWith('fields.')).map(({ property }) => [property, null]));
    if (Object.keys(fields).length > 0) return given as Filter;
    return isFilter(given, ticketProperties satisfies Properties) ? given : undefined;
  } catch {
    return undefined;
  }
}
