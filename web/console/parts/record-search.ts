/** What the address of a list of records says: the words searched, the order, and the record whose drawer is open. */
type RecordSearch = { q?: string; sort?: string; id?: string };

export const readRecordSearch = (sorts: readonly string[]) => (search: Record<string, unknown>): RecordSearch => ({ q: text(search.q), sort: sortIn(sorts, search), id: text(search.id) });

/** The order an address asks for, where the list has it. */
export function sortIn<Sort extends string>(sorts: readonly Sort[], search: Record<string, unknown>): Sort | undefined {
  return sorts.find((sort) => sort === search.sort);
}

/** A search parameter as a text; numbers come as numbers. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
