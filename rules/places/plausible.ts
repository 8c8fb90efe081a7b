import { distanceInMetres, type Point } from './distance.ts';

/** What is wrong with coordinates (坐标检查): none of this world, or latitude and longitude in each other's place. */
export type PointFault = 'impossible' | 'swapped';

const near = 100_000;
const farAway = 1_000_000;

/**
 * Whether coordinates can be meant (坐标是否可信). Where it is known about where they should be, those that fit only the other way round are told as
 * swapped; what is merely far away is none of this rule's business. Coordinates in another system (GCJ-02) lie some hundred metres off, and
 * cannot be told from others: whoever sends them says so.
 *
 * @param expected about where they should be; null when nobody knows
 * @returns null when nothing speaks against them
 */
export function faultOfPoint({ lat, lng }: Point, expected: Point | null): PointFault | null {
  if (!Number.isFinite(lat) || !Number.isFinite(lng) || Math.abs(lng) > 180) return 'impossible';
  if (Math.abs(lat) > 90) return Math.abs(lat) <= 180 && Math.abs(lng) <= 90 ? 'swapped' : 'impossible';
  // Where no receiver ever is, and many a program that has no position.
  if (lat === 0 && lng === 0) return 'impossible';
  if (expected === null || Math.abs(lng) > 90) return null;
  return distanceInMetres({ lat, lng }, expected) > farAway && distanceInMetres({ lat: lng, lng: lat }, expected) < near ? 'swapped' : null;
}
