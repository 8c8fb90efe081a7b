/** What stands somewhere on the map, in pixels. */
export interface Spot {
  x: number;
  y: number;
}

/** Things that would lie on one another, shown as one with their number (聚合点). */
export interface Cluster<Item> extends Spot {
  items: Item[];
}

/**
 * Gathers what stands nearer to one another than so many pixels: each to the first that is near enough, looked for in the
 * squares around it, so that thousands take a few milliseconds. A cluster stands in the middle of its items.
 */
export function clustersOf<Item>(items: readonly Item[], spotOf: (item: Item) => Spot, distance: number): Cluster<Item>[] {
  const clusters: (Cluster<Item> & { seedX: number; seedY: number })[] = [];
  const squares = new Map<string, number[]>();
  for (const item of items) {
    const { x, y } = spotOf(item);
    const [column, row] = [Math.floor(x / distance), Math.floor(y / distance)];
    let found = -1;
    let nearest = distance * distance;
    for (let dx = -1; dx <= 1; dx += 1) {
      for (let dy = -1; dy <= 1; dy += 1) {
        for (const index of squares.get(`${column + dx} ${row + dy}`) ?? []) {
          const { seedX, seedY } = clusters[index]!;
          const apart = (seedX - x) ** 2 + (seedY - y) ** 2;
          if (apart < nearest) [found, nearest] = [index, apart];
        }
      }
    }
    if (found < 0) {
      const square = `${column} ${row}`;
      const there = squares.get(square);
      if (there) there.push(clusters.length);
      else squares.set(square, [clusters.length]);
      clusters.push({ x, y, seedX: x, seedY: y, items: [item] });
    } else {
      const cluster = clusters[found]!;
      const count = cluster.items.push(item);
      cluster.x += (x - cluster.x) / count;
      cluster.y += (y - cluster.y) / count;
    }
  }
  return clusters.map(({ x, y, items: gathered }) => ({ x, y, items: gathered }));
}
