/** A field that two people changed to different values: what stood there, what the other made of it, what one typed. */
export type Contest = { name: string; before: unknown; theirs: unknown; mine: unknown };

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

/** Whether two values of a field amount to the same: left empty is left empty, in whatever way. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Two edits of one record put together (三方合并): what only the other one changed is adopted, what both changed to
 * different values is to be chosen, what only one changed oneself stays as it is.
 */
export function compareEdits(names: readonly string[], before: object, mine: object, theirs: object): { adopted: Record<string, unknown>; both: Contest[] } {
  const of = (values: object, name: string): unknown => (values as Record<string, unknown>)[name];
  const adopted: Record<string, unknown> = {};
  const both: Contest[] = [];
  for (const name of names) {
    const [was, own, other] = [of(before, name), of(mine, name), of(theirs, name)];
    if (sameValue(other, was)) continue;
    if (sameValue(own, was)) adopted[name] = other;
    else if (!sameValue(own, other)) both.push({ name, before: was, theirs: other, mine: own });
  }
  return { adopted, both };
}
