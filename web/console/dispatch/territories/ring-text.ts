import { positionsOf, shapeOfGeoJson, type Polygon, type Ring, type Shape } from '../../../../rules/places/territory.ts';

/** A ring as text (顶点列表): a position a line, latitude before longitude as people say it. */
export const ringText = (ring: Ring): string => ring.map(([lng, lat]) => `${lat}, ${lng}`).join('\n');

/** A ring from such lines; the number of the first line that is none. */
export function readRing(text: string): { ring: Ring } | { line: number } {
  const ring: (readonly [number, number])[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [lat, lng, ...more] = line.trim().split(/[\s,，]+/u).map(Number);
    if (lat === undefined || lng === undefined || more.length > 0 || !(Math.abs(lat) <= 90) || !(Math.abs(lng) <= 180)) return { line: index + 1 };
    ring.push([lng, lat]);
  }
  return { ring };
}

/** Rings as they are edited: the first position is not said again at the end. */
export const opened = (shape: Shape): Shape => shape.map((polygon) => polygon.map((ring) => (ring.length > 1 && ring[0]![0] === ring.at(-1)![0] && ring[0]![1] === ring.at(-1)![1] ? ring.slice(0, -1) : ring)));

/** The area in a text of GeoJSON; null where there is none. */
export function readGeoJson(text: string): Shape | null {
  try {
    const shape = shapeOfGeoJson(JSON.parse(text));
    return shape === null || positionsOf(shape) === 0 ? null : opened(shape);
  } catch {
    return null;
  }
}

/** The same area with one ring changed; without the ring, where nothing is left of it. */
export const withRing = (shape: Shape, at: { polygon: number; ring: number }, ring: Ring): Shape =>
  shape.map((polygon, place): Polygon => (place === at.polygon ? polygon.map((one, index) => (index === at.ring ? ring : one)) : polygon));

/** The area without a ring; without the outer one of a polygon, the holes in it go as well. */
export const withoutRing = (shape: Shape, at: { polygon: number; ring: number }): Shape =>
  shape.flatMap((polygon, place) => (place !== at.polygon ? [polygon] : at.ring === 0 ? [] : [polygon.filter((_, index) => index !== at.ring)]));
