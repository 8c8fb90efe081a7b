import { distanceInMetres, type Point } from '../places/distance.ts';
import { zoneOf } from './zones.ts';

/** Places to be asked for at once (查询分块): from each of the first to each of the second, by their numbers. */
export interface Block {
  from: readonly number[];
  to: readonly number[];
}

/**
 * Cuts what is missing into blocks that a router answers at once (分块), near ones first, as people mostly drive to the next place: whatever is cut
 * off is what hardly anybody drives. Rows and columns without anything missing are left out; within a block nothing is.
 *
 * @param missing ways by the numbers of their places, each once
 * @param most how many places a block may have on either side
 * @param budget blocks at most
 */
export function blocksOf(points: readonly Point[], missing: readonly (readonly [from: number, to: number])[], most: { from: number; to: number }, budget: number): Block[] {
  // Neighbours stand near each other, so that a block is a part of the town.
  const curves = points.map(curve);
  const order = points.map((_, index) => index).sort((a, b) => curves[a]! - curves[b]! || a - b);
  const [sources, targets] = [chunks(order, most.from), chunks(order, most.to)];
  const rank = new Int32Array(points.length);
  order.forEach((index, place) => (rank[index] = place));
  const found = new Map<number, { source: number; target: number; from: Set<number>; to: Set<number> }>();
  for (const [from, to] of missing) {
    if (from === to) continue;
    const [source, target] = [Math.floor(rank[from]! / most.from), Math.floor(rank[to]! / most.to)];
    const key = source * targets.length + target;
    const block = found.get(key) ?? { source, target, from: new Set(), to: new Set() };
    found.set(key, block);
    block.from.add(from);
    block.to.add(to);
  }
  const middles = (parts: readonly number[][]) => parts.map((chunk) => middleOf(chunk.map((index) => points[index]!)));
  const [starts, ends] = [middles(sources), middles(targets)];
  const byRank = (a: number, b: number) => rank[a]! - rank[b]!;
  return [...found].map(([key, block]) => ({ key, block, metres: distanceInMetres(starts[block.source]!, ends[block.target]!) }))
    .sort((a, b) => a.metres - b.metres || a.key - b.key).slice(0, budget).map(({ block }) => ({ from: [...block.from].sort(byRank), to: [...block.to].sort(byRank) }));
}

function chunks(order: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, index) => order.slice(index * size, (index + 1) * size));
}

function middleOf(points: readonly Point[]): Point {
  return { lat: points.reduce((sum, { lat }) => sum + lat, 0) / points.length, lng: points.reduce((sum, { lng }) => sum + lng, 0) / points.length };
}

/** A place on a curve that winds through the grid of zones (Z 序): the bits of row and column by turns. */
function curve(point: Point): number {
  const zone = zoneOf(point);
  const [row, column] = [Math.floor(zone / 28_800), zone % 28_800];
  let place = 0;
  for (let bit = 15; bit >= 0; bit -= 1) place = place * 4 + ((row >> bit) & 1) * 2 + ((column >> bit) & 1);
  return place;
}

/** Ways between places (候选路段): of all of them where those are not too many, else from each place to so many of the nearest, as a plan hardly goes farther. */
export function nearestWays(points: readonly Point[], most: number): (readonly [from: number, to: number])[] {
  const each = Math.floor(most / Math.max(1, points.length));
  if (points.length - 1 <= each) return points.flatMap((_, from) => points.flatMap((__, to) => (to === from ? [] : [[from, to] as const])));
  const found: (readonly [number, number])[] = [];
  const squares = new Float64Array(points.length);
  points.forEach((point, from) => {
    // On a map of its surroundings: which places are nearest needs no more.
    const narrow = Math.cos((point.lat * Math.PI) / 180);
    points.forEach(({ lat, lng }, to) => (squares[to] = to === from ? Infinity : (lat - point.lat) ** 2 + ((lng - point.lng) * narrow) ** 2));
    const bound = squares.toSorted()[each - 1] ?? -1;
    let left = each;
    for (let to = 0; to < points.length && left > 0; to += 1) {
      if (squares[to]! > bound) continue;
      found.push([from, to]);
      left -= 1;
    }
  });
  return found;
}
