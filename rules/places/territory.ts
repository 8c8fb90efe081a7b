import type { Point } from './distance.ts';

/** A closed line of positions (环), as GeoJSON has it: longitude before latitude, in WGS-84 degrees; the first may be said again at the end. */
export type Ring = readonly (readonly [lng: number, lat: number])[];
/** An outer ring and the holes in it. */
export type Polygon = readonly Ring[];
/** The area of a territory (服务区域范围): the coordinates of a GeoJSON MultiPolygon (RFC 7946, 3.1.7). It does not cross the antimeridian. */
export type Shape = readonly Polygon[];

/** Whether a point lies in an area (是否在区域内); what lies on an edge, of a hole as well, lies in it. */
export function isInside(shape: Shape, { lat, lng }: Point): boolean {
  return shape.some(([outer, ...holes]) => {
    if (outer === undefined || side(outer, lng, lat) === 'outside') return false;
    return holes.every((hole) => side(hole, lng, lat) !== 'inside');
  });
}

/** By the parity of the edges that a ray to the east crosses; each edge owns its lower end, so that a corner is counted once. */
function side(ring: Ring, lng: number, lat: number): 'inside' | 'outside' | 'edge' {
  let inside = false;
  let [x0, y0] = ring.at(-1)!;
  for (const [x1, y1] of ring) {
    const across = (x1 - x0) * (lat - y0) - (lng - x0) * (y1 - y0);
    if (across === 0 && Math.min(x0, x1) <= lng && lng <= Math.max(x0, x1) && Math.min(y0, y1) <= lat && lat <= Math.max(y0, y1)) return 'edge';
    if (y0 > lat !== y1 > lat && across > 0 === y1 > y0) inside = !inside;
    [x0, y0] = [x1, y1];
  }
  return inside ? 'inside' : 'outside';
}

/** Square degrees, as if the earth were flat (区域大小): for telling which of several areas is the smaller. */
export function extentOf(shape: Shape): number {
  return shape.reduce((sum, [outer, ...holes]) => sum + (outer ? Math.abs(turn(outer)) : 0) - holes.reduce((holed, hole) => holed + Math.abs(turn(hole)), 0), 0);
}

/** Half the sum of the cross products: above 0 for counterclockwise rings (shoelace formula). */
function turn(ring: Ring): number {
  let sum = 0;
  let [x0, y0] = ring.at(-1)!;
  for (const [x1, y1] of ring) {
    sum += x0 * y1 - x1 * y0;
    [x0, y0] = [x1, y1];
  }
  return sum / 2;
}

/** What is wrong with an area (区域问题): and where. */
export interface ShapeFault {
  polygon: number;
  ring: number;
  fault: 'too_few' | 'out_of_range' | 'crosses_itself' | 'no_area' | 'hole_outside';
}

/** What is wrong with an area (区域检查), the first thing of each ring; nothing: it may be used. */
export function faultsOfShape(shape: Shape): ShapeFault[] {
  return shape.flatMap((polygon, place) => polygon.flatMap((ring, index): ShapeFault[] => {
    const fault = faultOf(ring) ?? (index > 0 && polygon[0] !== undefined && faultOf(polygon[0]) === null && ring.some(([lng, lat]) => side(polygon[0]!, lng, lat) === 'outside') ? 'hole_outside' : null);
    return fault === null ? [] : [{ polygon: place, ring: index, fault }];
  }));
}

function faultOf(given: Ring): ShapeFault['fault'] | null {
  const ring = open(given);
  if (ring.length < 3) return 'too_few';
  if (ring.some(([lng, lat]) => !(Math.abs(lng) <= 180 && Math.abs(lat) <= 90))) return 'out_of_range';
  if (turn(ring) === 0) return 'no_area';
  for (let one = 0; one < ring.length; one += 1) {
    for (let other = one + 1; other < ring.length; other += 1) if (meet(ring, one, other)) return 'crosses_itself';
  }
  return null;
}

/** Without the last position where it says the first again. */
const open = (ring: Ring): Ring => (ring.length > 1 && ring[0]![0] === ring.at(-1)![0] && ring[0]![1] === ring.at(-1)![1] ? ring.slice(0, -1) : ring);

/** Whether two edges of a ring meet elsewhere than where one follows the other. */
function meet(ring: Ring, one: number, other: number): boolean {
  const at = (index: number) => ring[index % ring.length]!;
  const [a, b, c, d] = [at(one), at(one + 1), at(other), at(other + 1)];
  const way = ([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number], [x, y]: readonly [number, number]) => Math.sign((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0));
  const between = ([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number], [x, y]: readonly [number, number]) => Math.min(x0, x1) <= x && x <= Math.max(x0, x1) && Math.min(y0, y1) <= y && y <= Math.max(y0, y1);
  const [toC, toD, toA, toB] = [way(a, b, c), way(a, b, d), way(c, d, a), way(c, d, b)];
  // Neighbours share a corner; they meet again where one runs back over the other.
  if (other === one + 1) return toD === 0 && between(a, b, d);
  if (one === 0 && other === ring.length - 1) return toC === 0 && between(a, b, c);
  if (toC * toD < 0 && toA * toB < 0) return true;
  return (toC === 0 && between(a, b, c)) || (toD === 0 && between(a, b, d)) || (toA === 0 && between(c, d, a)) || (toB === 0 && between(c, d, b));
}

/** How many positions an area has. */
export const positionsOf = (shape: Shape): number => shape.reduce((sum, polygon) => sum + polygon.reduce((own, ring) => own + ring.length, 0), 0);

/** With every ring closed, its first position said again at the end. */
export const closed = (shape: Shape): Shape => shape.map((polygon) => polygon.map((ring) => [...open(ring), ...open(ring).slice(0, 1)]));

/** The polygons of whatever GeoJSON holds (导入 GeoJSON): a geometry, a feature, or a collection of them; null for what is none or holds none. */
export function shapeOfGeoJson(value: unknown): Shape | null {
  const polygons = polygonsOf(value);
  return polygons === null || polygons.length === 0 ? null : polygons;
}

function polygonsOf(value: unknown, depth = 0): Polygon[] | null {
  if (typeof value !== 'object' || value === null || depth > 4) return null;
  const { type, coordinates, geometry, geometries, features } = value as Record<string, unknown>;
  if (type === 'Feature') return polygonsOf(geometry, depth + 1);
  if (type === 'FeatureCollection' || type === 'GeometryCollection') {
    const members = type === 'FeatureCollection' ? features : geometries;
    if (!Array.isArray(members)) return null;
    return members.flatMap((member) => polygonsOf(member, depth + 1) ?? []);
  }
  const polygons = type === 'Polygon' ? [coordinates] : type === 'MultiPolygon' ? coordinates : null;
  return Array.isArray(polygons) && polygons.every((polygon) => Array.isArray(polygon) && polygon.every((ring) => Array.isArray(ring) && ring.every(isPosition)))
    ? (polygons as number[][][][]).map((polygon) => polygon.map((ring) => ring.map(([lng, lat]) => [lng!, lat!] as const))) : null;
}

// A height may stand third.
const isPosition = (value: unknown): boolean => Array.isArray(value) && value.length >= 2 && value.slice(0, 2).every((number) => typeof number === 'number' && Number.isFinite(number));
