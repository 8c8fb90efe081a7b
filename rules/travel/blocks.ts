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
 * @param most how many places a block may have on either side
 * @param budget blocks at most
 */
export function blocksOf(points: readonly Point[], isMissing: (from: number, to: number) => boolean, most: { from: number; to: number }, budget: number): Block[] {
  // Neighbours stand near each other, so that a block is a part of the town.
  const order = points.map((_, index) => index).sort((a, b) => curve(points[a]!) - curve(points[b]!) || a - b);
  const [sources, targets] = [chunks(order, most.from), chunks(order, most.to)];
  const middles = new Map([...sources, ...targets].map((chunk) => [chunk, middleOf(chunk.map((index) => points[index]!))]));
  const found: (Block & { metres: number })[] = [];
  for (const source of sources) {
    for (const target of targets) {
      const from = source.filter((one) => target.some((other) => one !== other && isMissing(one, other)));
      if (from.length === 0) continue;
      const to = target.filter((other) => from.some((one) => one !== other && isMissing(one, other)));
      found.push({ from, to, metres: distanceInMetres(middles.get(source)!, middles.get(target)!) });
    }
  }
  return found.sort((a, b) => a.metres - b.metres).slice(0, budget).map(({ from, to }) => ({ from, to }));
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
  const others = (from: number): number[] => points.flatMap((_, to) => (to === from ? [] : [to]));
  return points.flatMap((point, from) => {
    const all = others(from);
    if (all.length <= each) return all.map((to) => [from, to] as const);
    const metres = points.map((other) => distanceInMetres(point, other));
    return all.sort((a, b) => metres[a]! - metres[b]! || a - b).slice(0, each).map((to) => [from, to] as const);
  });
}
