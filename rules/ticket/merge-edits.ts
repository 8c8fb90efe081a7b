/** A change somebody else made to one property since the version an edit was begun from. */
export interface OthersChange {
  property: string;
  before: unknown;
  after: unknown;
}

/** A property that both changed, each to something else (冲突). */
export interface EditConflict {
  property: string;
  /** As it was when both began. */
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/**
 * Brings an edit together with what others changed meanwhile (三方合并). What only the edit touches goes through; what both
 * set to the same is settled; lists of words (tags) take in what each added and lose what each took away. The rest are
 * conflicts for a person to decide.
 *
 * @param mine what the edit sets, as PATCH names it; `fields` by its keys
 * @param changes what others changed since, oldest first, a field as `fields.<key>`
 * @returns what can be sent as it is from the present version, and what cannot
 */
export function mergeEdits(mine: Readonly<Record<string, unknown>>, changes: readonly OthersChange[]): { clean: Record<string, unknown>; conflicts: EditConflict[] } {
  const since = new Map<string, { base: unknown; theirs: unknown }>();
  for (const { property, before, after } of changes) since.set(property, { base: since.has(property) ? since.get(property)!.base : before, theirs: after });
  const clean: Record<string, unknown> = {};
  const fields: Record<string, unknown> = {};
  const conflicts: EditConflict[] = [];
  const take = (property: string, value: unknown, put: (merged: unknown) => void) => {
    const other = since.get(property);
    if (!other || same(other.base, other.theirs)) put(value);
    else if (same(value, other.theirs)) return;
    else if (isWords(value) && isWords(other.base) && isWords(other.theirs)) put(mergeWords(other.base, value, other.theirs));
    else conflicts.push({ property, base: other.base, mine: value, theirs: other.theirs });
  };
  for (const [property, value] of Object.entries(mine)) {
    if (property === 'fields' && isRecord(value)) for (const [key, inner] of Object.entries(value)) take(`fields.${key}`, inner, (merged) => (fields[key] = merged));
    else take(property, value, (merged) => (clean[property] = merged));
  }
  if (Object.keys(fields).length > 0) clean['fields'] = fields;
  return { clean, conflicts };
}

/** What the others have, without what the edit took away, and then what it added. */
function mergeWords(base: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  return [...new Set([...theirs.filter((word) => !base.includes(word) || mine.includes(word)), ...mine.filter((word) => !base.includes(word))])];
}

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);
const isWords = (value: unknown): value is string[] => Array.isArray(value) && value.every((word) => typeof word === 'string');

/** Whether two values say the same, whatever the order of their members. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, index) => same(value, b[index]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key] ?? null, b[key] ?? null));
}
