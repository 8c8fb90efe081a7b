/** The list somebody was reading when a ticket's page was opened, so that J and K go on along it. */
let numbers: readonly string[] = [];

export function rememberReadingList(list: readonly string[]): void {
  numbers = list;
}

/** The neighbours of a ticket in the list it was opened from, and its place there; null when it came from elsewhere. */
export function placeInReadingList(number: string): { at: number; of: number; previous: string | null; next: string | null } | null {
  const at = numbers.indexOf(number);
  if (at < 0) return null;
  return { at: at + 1, of: numbers.length, previous: numbers[at - 1] ?? null, next: numbers[at + 1] ?? null };
}
