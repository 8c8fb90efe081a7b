/** A way from one box to another on the canvas, as corners (连线走向). */
export interface Corner { x: number; y: number }
export interface Rectangle { x: number; y: number; width: number; height: number }

const stub = 24;
const clearance = 8;
const lane = 28;
/** Beside everything there is also room for what is written on the way. */
const outerLane = 44;

/**
 * Finds a way of level and upright pieces from the foot of one box to the head of another, past those that stand between: straight
 * down where it can be, with one bend otherwise, round the side where it must. Ways that lead back go round on the right.
 *
 * @param others boxes in the way, source and target left out
 * @param nudge which of several ways beside each other this is: each takes a lane of its own
 */
export function routeEdge(from: Corner, to: Corner, source: Rectangle, target: Rectangle, others: readonly Rectangle[], nudge = 0): readonly Corner[] {
  if (to.y - from.y < 4) return aroundTheSide(from, to, source, target, others, nudge);
  if (Math.abs(from.x - to.x) < 1) {
    const straight = [from, to];
    if (isFree(straight, others)) return straight;
  }
  // Bent just before the target, just behind the source, or half way.
  const middle = (from.y + to.y) / 2;
  const candidates = (to.y - from.y < stub * 1.5 ? [middle] : [from.y + stub, to.y - stub, middle]).map((y) => [from, { x: from.x, y }, { x: to.x, y }, to]);
  // Down a lane beside whatever stands in between.
  const between = others.filter((box) => box.y < to.y && box.y + box.height > from.y);
  const lanes = [...new Set(between.flatMap((box) => [box.x - lane, box.x + box.width + lane]))].toSorted((one, other) => distance(one, from.x, to.x) - distance(other, from.x, to.x));
  for (const x of lanes.slice(0, 12)) candidates.push([from, { x: from.x, y: from.y + stub }, { x, y: from.y + stub }, { x, y: to.y - stub }, { x: to.x, y: to.y - stub }, to]);
  return simplify(candidates.find((way) => isFree(way, others)) ?? candidates[0]!);
}

const distance = (x: number, one: number, other: number): number => Math.abs(x - one) + Math.abs(x - other);

function aroundTheSide(from: Corner, to: Corner, source: Rectangle, target: Rectangle, others: readonly Rectangle[], nudge: number): readonly Corner[] {
  const [top, bottom] = [Math.min(to.y - stub, from.y), Math.max(from.y + stub, to.y)];
  const beside = [source, target, ...others.filter((box) => box.y < bottom && box.y + box.height > top)];
  const x = Math.max(...beside.map((box) => box.x + box.width)) + outerLane + nudge * 14;
  return simplify([from, { x: from.x, y: from.y + stub }, { x, y: from.y + stub }, { x, y: to.y - stub }, { x: to.x, y: to.y - stub }, to]);
}

/** Whether none of its pieces runs through a box. */
function isFree(way: readonly Corner[], boxes: readonly Rectangle[]): boolean {
  return way.slice(1).every((end, index) => {
    const start = way[index]!;
    const [left, right] = [Math.min(start.x, end.x), Math.max(start.x, end.x)];
    const [top, bottom] = [Math.min(start.y, end.y), Math.max(start.y, end.y)];
    return !boxes.some((box) => right > box.x - clearance && left < box.x + box.width + clearance && bottom > box.y - clearance && top < box.y + box.height + clearance);
  });
}

/** Without corners that are none. */
function simplify(way: readonly Corner[]): readonly Corner[] {
  return way.filter((corner, index) => {
    const [before, after] = [way[index - 1], way[index + 1]];
    if (before === undefined || after === undefined) return true;
    return !((Math.abs(before.x - corner.x) < 1 && Math.abs(corner.x - after.x) < 1) || (Math.abs(before.y - corner.y) < 1 && Math.abs(corner.y - after.y) < 1));
  });
}

/** The way as a path of SVG, its corners rounded. */
export function pathOf(way: readonly Corner[], radius = 10): string {
  const parts = [`M${way[0]!.x},${way[0]!.y}`];
  for (const [index, corner] of way.entries()) {
    const [before, after] = [way[index - 1], way[index + 1]];
    if (before === undefined) continue;
    if (after === undefined) {
      parts.push(`L${corner.x},${corner.y}`);
      continue;
    }
    const reach = Math.min(radius, length(before, corner) / 2, length(corner, after) / 2);
    const [entry, exit] = [towards(corner, before, reach), towards(corner, after, reach)];
    parts.push(`L${entry.x},${entry.y}`, `Q${corner.x},${corner.y} ${exit.x},${exit.y}`);
  }
  return parts.join(' ');
}

const length = (one: Corner, other: Corner): number => Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
function towards(from: Corner, to: Corner, by: number): Corner {
  const far = length(from, to);
  return far === 0 ? from : { x: from.x + ((to.x - from.x) * by) / far, y: from.y + ((to.y - from.y) * by) / far };
}

/**
 * Where something is written on the way, on a piece it does not share: round the side on its lane; with a single bend before its
 * target, so that what parts at one point is told apart, unless others join it there; else in the middle of its longest piece.
 *
 * @param joined whether other ways lead into the same target
 */
export function labelPlace(way: readonly Corner[], joined = false): Corner {
  const [last, before] = [way.at(-1)!, way.at(-2)!];
  const [begin, end] = [way[2], way[3]];
  if (way.length === 6 && begin !== undefined && end !== undefined && begin.x === end.x && length(begin, end) >= 28) return { x: begin.x, y: (begin.y + end.y) / 2 };
  if (!joined && way.length === 4 && last.x === before.x && last.y - before.y >= 28) return { x: last.x, y: (before.y + last.y) / 2 - 4 };
  let best: [Corner, Corner] = [way[0]!, way[1]!];
  for (const [index, end] of way.entries()) {
    const start = way[index - 1];
    if (start !== undefined && length(start, end) > length(...best) + 1) best = [start, end];
  }
  return { x: (best[0].x + best[1].x) / 2, y: (best[0].y + best[1].y) / 2 };
}
