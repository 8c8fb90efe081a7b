/** What the address of a list of records says: the words searched, and the record whose drawer is open. */
type RecordSearch = { q?: string; id?: string };

export function readRecordSearch(search: Record<string, unknown>): RecordSearch {
  return { q: text(search.q), id: text(search.id) };
}

/** A search parameter as a text; numbers come as numbers. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
