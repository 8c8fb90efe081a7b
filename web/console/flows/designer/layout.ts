import { Graph, layout as place } from '@dagrejs/dagre';

/** What is laid out: boxes with their sizes in points, and the arrows between them. */
export interface Box { id: string; width: number; height: number }
export interface Arrow { id: string; from: string; to: string }
/** The upper left corner of each box. */
export type Places = ReadonlyMap<string, { x: number; y: number }>;

/** Everything stands on a grid of so many points. */
export const grid = 8;
export const toGrid = (value: number): number => Math.round(value / grid) * grid;

/**
 * The arrows that lead back (回退连线), found by going through the flow in depth from where it begins: without them there is
 * no circle. Ways that are met first count as forward, in the order of the arrows.
 */
export function backwardArrows(boxes: readonly Box[], arrows: readonly Arrow[]): ReadonlySet<string> {
  const outgoing = new Map<string, Arrow[]>(boxes.map(({ id }) => [id, []]));
  const entered = new Set<string>();
  for (const arrow of arrows) {
    outgoing.get(arrow.from)?.push(arrow);
    if (arrow.from !== arrow.to) entered.add(arrow.to);
  }
  const backward = new Set<string>();
  const state = new Map<string, 'open' | 'done'>();
  // Own stack: a flow of thousands of steps in a row must not exhaust that of the program.
  const roots = [...boxes.filter(({ id }) => !entered.has(id)), ...boxes];
  for (const root of roots) {
    if (state.has(root.id)) continue;
    const way = [{ id: root.id, next: 0 }];
    state.set(root.id, 'open');
    while (way.length > 0) {
      const here = way.at(-1)!;
      const arrow = outgoing.get(here.id)?.[here.next];
      if (arrow === undefined) {
        state.set(here.id, 'done');
        way.pop();
        continue;
      }
      here.next += 1;
      if (!outgoing.has(arrow.to)) continue;
      const there = state.get(arrow.to);
      if (there === 'open') backward.add(arrow.id);
      else if (there === undefined) {
        state.set(arrow.to, 'open');
        way.push({ id: arrow.to, next: 0 });
      }
    }
  }
  return backward;
}

/**
 * Lays a flow out from top to bottom (自动布局): in layers, branches in the order of their arrows unless another order crosses
 * fewer of them. The same flow is always laid out the same.
 */
export function layOut(boxes: readonly Box[], arrows: readonly Arrow[]): Places {
  const known = new Set(boxes.map(({ id }) => id));
  const backward = backwardArrows(boxes, arrows);
  // What leads back has no say in where things stand.
  const forward = arrows.filter(({ id, from, to }) => known.has(from) && known.has(to) && !backward.has(id));
  const inOrder = run(boxes, forward, true);
  const untangled = run(boxes, forward, false);
  const centres = crossings(forward, untangled) < crossings(forward, inOrder) ? untangled : inOrder;
  return new Map(boxes.map(({ id, width, height }) => {
    const { x, y } = centres.get(id)!;
    return [id, { x: toGrid(x) - Math.round(width / 2), y: toGrid(y - height / 2) }];
  }));
}

type Centres = ReadonlyMap<string, { x: number; y: number }>;

function run(boxes: readonly Box[], forward: readonly Arrow[], keepOrder: boolean): Centres {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 48, ranksep: 72, edgesep: 24, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { id, from, to } of forward) graph.setEdge(from, to, { weight: 2, minlen: 1 }, id);
  place(graph, { disableOptimalOrderHeuristic: keepOrder });
  return new Map(boxes.map(({ id }) => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return [id, { x, y }];
  }));
}

/** How many pairs of arrows cross, drawn as straight lines from centre to centre. */
function crossings(arrows: readonly Arrow[], centres: Centres): number {
  // Beyond so many it is a thicket whichever way it is drawn.
  const lines = arrows.slice(0, 400).map(({ from, to }) => [centres.get(from)!, centres.get(to)!] as const);
  let found = 0;
  for (const [index, [a, b]] of lines.entries()) {
    for (const [c, d] of lines.slice(index + 1)) {
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) found += 1;
    }
  }
  return found;
}

function turn(a: { x: number; y: number }, b: { x: number; y: number }, c: { x: number; y: number }): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}
