export type Edge = 'top' | 'bottom';

/** Where an entry lands that is dropped at an edge of another (放置位置), counted without itself. */
export function landing(from: number, over: number, edge: Edge): number {
  const to = edge === 'top' ? over : over + 1;
  return from < to ? to - 1 : to;
}

/** A list with one entry at another place (移动条目). */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_, index) => index !== from);
  const item = items[from];
  return item === undefined ? [...items] : [...rest.slice(0, to), item, ...rest.slice(to)];
}
