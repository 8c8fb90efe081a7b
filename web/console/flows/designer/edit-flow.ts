import { flowLimits, idPattern, type BoundaryTimer, type FlowDefinition, type FlowEdge, type FlowNode, type Point } from '../../../../rules/workflow/definition.ts';
import { boxOf, nodeSize } from '../../../../rules/workflow/bpmn/sizes.ts';
import { layOut, toGrid } from './layout.ts';
import { isGateway, newNode, type PaletteItem } from './node-kinds.ts';

/**
 * What one can do with a flow on the canvas (编辑命令): each takes a definition and gives another; the one given is never changed.
 * A command that can't be carried out gives back the very definition.
 */

/** Boundary timers of a node; none where its kind carries none. */
export function timersOf(node: FlowNode): readonly BoundaryTimer[] {
  return 'timers' in node ? (node.timers ?? []) : [];
}

/** The node an edge leaves from: its own, or the one its timer sits on. */
export function hostOf(definition: FlowDefinition, source: string): FlowNode | undefined {
  return definition.nodes.find((node) => node.id === source || timersOf(node).some((timer) => timer.id === source));
}

/** Every id of a definition: nodes, timers and edges share one space. */
function idsOf(definition: FlowDefinition): Set<string> {
  return new Set([...definition.nodes.flatMap((node) => [node.id, ...timersOf(node).map(({ id }) => id)]), ...definition.edges.map(({ id }) => id)]);
}

/** An id nothing else has: `task_2`. */
export function freshId(definition: FlowDefinition, word: string, also: ReadonlySet<string> = new Set()): string {
  const taken = idsOf(definition);
  for (let number = 1; ; number += 1) {
    const id = `${word}_${number}`;
    if (!taken.has(id) && !also.has(id)) return id;
  }
}

const withNodes = (definition: FlowDefinition, nodes: FlowNode[]): FlowDefinition => ({ ...definition, nodes });

/** Changes one node; what is set to undefined is taken out. */
export function changeNode(definition: FlowDefinition, id: string, patch: Readonly<Record<string, unknown>>): FlowDefinition {
  return withNodes(definition, definition.nodes.map((node) => (node.id === id ? (compact({ ...node, ...patch }) as unknown as FlowNode) : node)));
}

/**
 * Changes one edge. At most one edge of a source is its default; of two ways out of an exclusive gateway, the one without a condition
 * becomes the default (默认分支) once the other has got one.
 */
export function changeEdge(definition: FlowDefinition, id: string, patch: Readonly<Record<string, unknown>>): FlowDefinition {
  const changed = definition.edges.find((edge) => edge.id === id);
  if (changed === undefined) return definition;
  const left = changed.condition === undefined && patch['condition'] !== undefined ? leftOver(definition, changed) : undefined;
  return {
    ...definition,
    edges: definition.edges.map((edge) => {
      if (edge.id === id) return compact({ ...edge, ...patch }) as unknown as FlowEdge;
      if (edge === left) return { ...edge, isDefault: true };
      return patch['isDefault'] === true && edge.from === changed.from && edge.isDefault === true ? (compact({ ...edge, isDefault: undefined }) as unknown as FlowEdge) : edge;
    }),
  };
}

/** The other one of two ways out of an exclusive gateway, where nothing is said of it and there is no default yet. */
function leftOver(definition: FlowDefinition, { id, from }: FlowEdge): FlowEdge | undefined {
  if (definition.nodes.find((node) => node.id === from)?.kind !== 'exclusive') return undefined;
  const others = definition.edges.filter((edge) => edge.from === from && edge.id !== id);
  const [other] = others;
  return others.length === 1 && other!.condition === undefined && other!.outcome === undefined ? other : undefined;
}

function compact(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}

/** Whether an arrow may be drawn from here to there. */
export function mayConnect(definition: FlowDefinition, from: string, to: string): boolean {
  const [host, target] = [hostOf(definition, from), definition.nodes.find((node) => node.id === to)];
  if (host === undefined || target === undefined || target.kind === 'start' || host.kind === 'end' || host.kind === 'terminate') return false;
  if (host.id === to && host.kind !== 'task' && host.kind !== 'approval' && host.kind !== 'onsite_task') return false;
  return definition.edges.length < flowLimits.edges && !definition.edges.some((edge) => edge.from === from && edge.to === to);
}

/** Draws an arrow (连线). Out of an approval, the first says what follows consent, the second what follows a refusal. */
export function connect(definition: FlowDefinition, from: string, to: string): FlowDefinition {
  if (!mayConnect(definition, from, to)) return definition;
  return { ...definition, edges: [...definition.edges, { id: freshId(definition, 'edge'), from, to, ...usualOutcome(definition, from) }] };
}

function usualOutcome(definition: FlowDefinition, from: string): Partial<FlowEdge> {
  const node = definition.nodes.find((one) => one.id === from);
  if (node === undefined) return {};
  const said = new Set(definition.edges.filter((edge) => edge.from === from).map((edge) => edge.outcome));
  const outcomes = node.kind === 'approval' ? ['approved', ...(node.whenRejected === undefined ? ['rejected'] : [])] : 'outcomes' in node ? (node.outcomes ?? []).map(({ key }) => key) : [];
  const outcome = outcomes.find((one) => !said.has(one));
  return outcome === undefined ? {} : { outcome };
}

/** Lets an arrow lead elsewhere; what it says stays. */
export function reconnect(definition: FlowDefinition, id: string, from: string, to: string): FlowDefinition {
  const without = { ...definition, edges: definition.edges.filter((edge) => edge.id !== id) };
  if (!mayConnect(without, from, to)) return definition;
  return { ...definition, edges: definition.edges.map((edge) => (edge.id === id ? { ...edge, from, to, points: undefined } : edge)).map((edge) => compact({ ...edge }) as unknown as FlowEdge) };
}

/** Moves the arrow of a branch forward or back among those of the same node: conditions are looked at in this order. */
export function moveEdge(definition: FlowDefinition, id: string, by: -1 | 1): FlowDefinition {
  const edge = definition.edges.find((one) => one.id === id);
  const siblings = definition.edges.filter((one) => one.from === edge?.from);
  const other = edge === undefined ? undefined : siblings[siblings.indexOf(edge) + by];
  if (edge === undefined || other === undefined) return definition;
  return { ...definition, edges: definition.edges.map((one) => (one === edge ? other : one === other ? edge : one)) };
}

/** Puts a node somewhere on the canvas, its centre at the point (放置). */
export function placeNode(definition: FlowDefinition, item: PaletteItem, centre: Point): { definition: FlowDefinition; id: string } | null {
  if (definition.nodes.length >= flowLimits.nodes) return null;
  const node = newNode(item, freshId(definition, item));
  const size = nodeSize(node.kind);
  const box = { x: toGrid(centre.x - size.width / 2), y: toGrid(centre.y - size.height / 2) };
  return { definition: withNodes(definition, [...definition.nodes, { ...node, box }]), id: node.id };
}

/** Puts a node into an arrow (插入): what it says stays with its first half, and all that lies below makes room. */
export function insertNode(definition: FlowDefinition, item: PaletteItem, edgeId: string): { definition: FlowDefinition; id: string } | null {
  const edge = definition.edges.find((one) => one.id === edgeId);
  const target = definition.nodes.find((node) => node.id === edge?.to);
  const below = target === undefined ? null : boxOf(target);
  const host = edge === undefined ? undefined : hostOf(definition, edge.from);
  if (edge === undefined || below === null || item === 'start' || host === undefined) return null;
  const above = boxOf(host);
  const leadsBack = above !== null && below.y <= above.y;
  const centre = leadsBack ? { x: (above.x + below.x + below.width) / 2 + 280, y: (above.y + below.y + below.height) / 2 } : { x: below.x + below.width / 2, y: below.y };
  const placed = placeNode(definition, item, centre);
  if (placed === null) return null;
  const made = placed.definition.nodes.at(-1)!;
  const box = boxOf(made)!;
  const isLast = item === 'end' || item === 'terminate';
  const gap = 72;
  const top = leadsBack ? box.y : Math.max(toGrid(above === null ? below.y : above.y + above.height + gap), toGrid(below.y - gap - box.height));
  const room = leadsBack || isLast ? 0 : Math.max(0, top + box.height + gap - below.y);
  const nodes = placed.definition.nodes.map((node): FlowNode => {
    // In one line with what follows, also where that does not stand on the grid.
    if (node.id === made.id) return { ...node, box: { ...node.box!, ...(leadsBack ? {} : { x: Math.round(below.x + (below.width - box.width) / 2) }), y: top } };
    return room > 0 && node.box !== undefined && node.box.y >= below.y ? { ...node, box: { ...node.box, y: toGrid(node.box.y + room) } } : node;
  });
  const edges = placed.definition.edges.map((one) => (one.id === edgeId ? (compact({ ...one, to: made.id, points: undefined }) as unknown as FlowEdge) : one));
  const joined = { ...placed.definition, nodes, edges };
  return { definition: isLast ? joined : { ...joined, edges: [...edges, { id: freshId(joined, 'edge'), from: made.id, to: edge.to }] }, id: made.id };
}

/**
 * Puts a node after another (追加): into the only way on, where there is one and nothing tells ways apart; else below it, beside whatever
 * follows already, with an arrow to it. A second way out of a task would be taken beside the first, which nobody means who adds a step.
 */
export function appendNode(definition: FlowDefinition, item: PaletteItem, source: string): { definition: FlowDefinition; id: string } | null {
  const only = onlyWayOn(definition, source);
  if (only !== null && item !== 'end' && item !== 'terminate') return insertNode(definition, item, only.id);
  const host = hostOf(definition, source);
  const box = host === undefined ? null : boxOf(host);
  if (host === undefined || box === null || item === 'start' || host.kind === 'end' || host.kind === 'terminate') return null;
  const following = definition.edges.filter((edge) => hostOf(definition, edge.from)?.id === host.id).flatMap((edge) => definition.nodes.filter((node) => node.id === edge.to)).flatMap((node) => boxOf(node) ?? []).filter(({ y }) => y > box.y);
  const right = Math.max(...following.map((one) => one.x + one.width));
  const width = nodeSize(newNode(item, 'x').kind).width;
  const centre = { x: following.length === 0 ? box.x + box.width / 2 : right + 48 + width / 2, y: box.y + box.height + 72 + nodeSize(newNode(item, 'x').kind).height / 2 };
  const place = freePlace(definition, centre, width);
  const placed = placeNode(definition, item, place);
  if (placed === null) return null;
  const straight = following.length === 0 && place.x === centre.x ? moveNodes(placed.definition, new Map([[placed.id, { x: centre.x - width / 2, y: placed.definition.nodes.at(-1)!.box!.y }]])) : placed.definition;
  return { definition: connect(straight, source, placed.id), id: placed.id };
}

/** The one arrow out of a step, where a second one would say nothing else. */
function onlyWayOn(definition: FlowDefinition, source: string): FlowEdge | null {
  const host = definition.nodes.find(({ id }) => id === source);
  const ways = definition.edges.filter(({ from }) => from === source);
  return host === undefined || isGateway(host.kind) || ways.length !== 1 || usualOutcome(definition, source).outcome !== undefined ? null : ways[0]!;
}

/** The nearest place to the right where nothing stands. */
function freePlace(definition: FlowDefinition, centre: Point, width: number): Point {
  const boxes = definition.nodes.flatMap((node) => boxOf(node) ?? []);
  let { x } = centre;
  for (let tries = 0; tries < 50; tries += 1) {
    const inTheWay = boxes.find((box) => Math.abs(box.x + box.width / 2 - x) < (box.width + width) / 2 + 16 && Math.abs(box.y + box.height / 2 - centre.y) < box.height / 2 + 40);
    if (inTheWay === undefined) break;
    x = inTheWay.x + inTheWay.width + 32 + width / 2;
  }
  return { x, y: centre.y };
}

/** Takes nodes, timers and edges out, with all the arrows that hang on them. Around a single step with one way on, whatever led to it goes on to what followed. */
export function remove(definition: FlowDefinition, ids: ReadonlySet<string>): FlowDefinition {
  if (ids.size === 0) return definition;
  const gone = new Set(ids);
  for (const node of definition.nodes) if (ids.has(node.id)) for (const timer of timersOf(node)) gone.add(timer.id);
  const nodes = definition.nodes.filter((node) => !gone.has(node.id)).map((node) => {
    const timers = timersOf(node);
    const kept = timers.filter(({ id }) => !gone.has(id));
    return kept.length === timers.length ? node : (compact({ ...node, timers: kept.length === 0 ? undefined : kept }) as unknown as FlowNode);
  });
  const edges = definition.edges.filter((edge) => !gone.has(edge.id) && !gone.has(edge.from) && !gone.has(edge.to));
  const [only] = ids;
  const into = new Set(definition.edges.filter((edge) => edge.to === only && edge.from !== only && !gone.has(edge.from)));
  const out = definition.edges.filter((edge) => edge.from === only && edge.to !== only);
  const left = { ...definition, nodes, edges };
  if (ids.size !== 1 || into.size === 0 || out.length !== 1 || gone.has(out[0]!.to)) return left;
  // Where each stood among its siblings, for their order means something.
  return definition.edges.reduce((closed, edge) => {
    if (edges.includes(edge)) return { ...closed, edges: [...closed.edges, edge] };
    if (!into.has(edge) || !mayConnect({ ...left, edges: [...edges, ...closed.edges] }, edge.from, out[0]!.to)) return closed;
    return { ...closed, edges: [...closed.edges, compact({ ...edge, to: out[0]!.to, points: undefined }) as unknown as FlowEdge] };
  }, { ...left, edges: [] as FlowEdge[] });
}

/** Moves nodes to where they were dragged. */
export function moveNodes(definition: FlowDefinition, places: ReadonlyMap<string, Point>): FlowDefinition {
  const moves = (node: FlowNode): boolean => {
    const place = places.get(node.id);
    return place !== undefined && (node.box?.x !== Math.round(place.x) || node.box.y !== Math.round(place.y));
  };
  if (!definition.nodes.some(moves)) return definition;
  return withNodes(definition, definition.nodes.map((node) => (moves(node) ? { ...node, box: { ...node.box, x: within(places.get(node.id)!.x), y: within(places.get(node.id)!.y) } } : node)));
}

const within = (value: number): number => Math.round(Math.min(flowLimits.coordinate, Math.max(-flowLimits.coordinate, value)));

/** Lays the whole flow out anew (自动布局). A gateway takes the room of its name with it, on both sides, to stand in the middle. */
export function arrange(definition: FlowDefinition): FlowDefinition {
  const sizes = new Map(definition.nodes.map((node) => [node.id, { ...nodeSize(node.kind), ...(node.box?.width === undefined ? {} : { width: node.box.width }), ...(node.box?.height === undefined ? {} : { height: node.box.height }) }]));
  const boxes = definition.nodes.map((node) => {
    const { width, height } = sizes.get(node.id)!;
    return { id: node.id, width: isGateway(node.kind) ? width + 2 * Math.min(160, node.name.zh.length * 13) : width, height };
  });
  const places = new Map([...layOut(boxes, definition.edges.map((edge) => ({ id: edge.id, from: hostOf(definition, edge.from)?.id ?? edge.from, to: edge.to })))]
    .map(([id, { x, y }], index) => [id, { x: x + Math.round((boxes[index]!.width - sizes.get(id)!.width) / 2), y }] as const));
  return moveNodes({ ...definition, edges: definition.edges.map((edge) => (edge.points === undefined ? edge : (compact({ ...edge, points: undefined }) as unknown as FlowEdge))) }, places);
}

/** A flow that can be drawn: laid out when anything in it has no place yet. */
export function placed(definition: FlowDefinition): FlowDefinition {
  return definition.nodes.every((node) => node.box !== undefined) ? definition : arrange(definition);
}

/** A part of a flow, as it is copied: nodes with the arrows between them. */
export interface Fragment { nodes: FlowNode[]; edges: FlowEdge[] }

/** What is copied of a selection (复制): nodes, with the arrows that lie between them. */
export function fragmentOf(definition: FlowDefinition, ids: ReadonlySet<string>): Fragment {
  const nodes = definition.nodes.filter((node) => ids.has(node.id));
  const inside = new Set(nodes.flatMap((node) => [node.id, ...timersOf(node).map(({ id }) => id)]));
  return { nodes, edges: definition.edges.filter((edge) => inside.has(edge.from) && inside.has(edge.to)) };
}

/**
 * Puts a fragment in (粘贴), under new ids, moved by so much. A second start is left out; references to steps that come along follow
 * them.
 */
export function paste(definition: FlowDefinition, fragment: Fragment, by: Point): { definition: FlowDefinition; ids: string[] } | null {
  const nodes = fragment.nodes.filter((node) => node.kind !== 'start' || !definition.nodes.some((one) => one.kind === 'start'));
  if (nodes.length === 0 || definition.nodes.length + nodes.length > flowLimits.nodes) return null;
  const names = new Map<string, string>();
  const made = new Set<string>();
  const rename = (id: string, word: string): void => {
    const fresh = freshId(definition, word.replace(/_\d+$/, ''), made);
    made.add(fresh);
    names.set(id, fresh);
  };
  for (const node of nodes) {
    rename(node.id, node.id);
    for (const timer of timersOf(node)) rename(timer.id, timer.id);
  }
  const edges = fragment.edges.filter((edge) => names.has(edge.from) && names.has(edge.to));
  for (const edge of edges) rename(edge.id, 'edge');
  const follow = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(follow);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'node' && typeof one === 'string' ? (names.get(one) ?? one) : follow(one)]));
  };
  const copies = nodes.map((node): FlowNode => {
    const copy = follow(node) as FlowNode;
    const timers = timersOf(node).map((timer) => ({ ...timer, id: names.get(timer.id)! }));
    const box = node.box === undefined ? undefined : { ...node.box, x: toGrid(node.box.x + by.x), y: toGrid(node.box.y + by.y) };
    return compact({ ...copy, id: names.get(node.id), box, ...(timers.length === 0 ? {} : { timers }) }) as unknown as FlowNode;
  });
  const arrows = edges.map((edge) => compact({ ...edge, id: names.get(edge.id), from: names.get(edge.from), to: names.get(edge.to), points: undefined }) as unknown as FlowEdge);
  return { definition: { ...definition, nodes: [...definition.nodes, ...copies], edges: [...definition.edges, ...arrows] }, ids: copies.map(({ id }) => id) };
}

/** Whether a text from the clipboard is a fragment. */
export function readFragment(text: string): Fragment | null {
  try {
    const value = JSON.parse(text) as { flow?: Partial<Fragment> };
    const { nodes, edges } = value.flow ?? {};
    const named = (one: { id?: unknown }): boolean => typeof one === 'object' && one !== null && typeof one.id === 'string' && idPattern.test(one.id);
    return Array.isArray(nodes) && Array.isArray(edges) && nodes.length <= flowLimits.nodes && nodes.every((node) => named(node) && typeof node.kind === 'string' && typeof node.name?.zh === 'string') && edges.every(named) ? { nodes, edges } : null;
  } catch {
    return null;
  }
}

/** The nodes in the order one reads them (大纲顺序): along the arrows from the start, branch by branch; what hangs loose comes last. */
export function readingOrder(definition: FlowDefinition): readonly FlowNode[] {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const outgoing = Map.groupBy(definition.edges, (edge) => hostOf(definition, edge.from)?.id ?? edge.from);
  const seen = new Set<FlowNode>();
  const roots = [...definition.nodes.filter((node) => node.kind === 'start'), ...definition.nodes];
  for (const root of roots) {
    const waiting = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      for (const edge of (outgoing.get(node.id) ?? []).toReversed()) {
        const next = byId.get(edge.to);
        if (next !== undefined && !seen.has(next)) waiting.push(next);
      }
    }
  }
  return [...seen];
}
