import { distanceInMetres, type Point } from './distance.ts';

/** Where a phone was at a moment; `at` in milliseconds, `accuracy` in metres. */
export interface TrackPoint extends Point {
  at: number;
  accuracy: number;
}

/** Metres from the place of a visit within which somebody is almost there (到达区域). */
export const nearMetres = 500;
/** Metres beyond which a check-in needs a word of explanation. */
export const farCheckInMetres = 1_000;
/** Seconds between positions that are worth keeping. */
export const trackSeconds = 5;

/**
 * The points of a batch that are worth keeping (轨迹抽稀), oldest first: none from before the visit or from the future, as clocks of phones are wrong,
 * none twice, and no two closer in time than it takes to get anywhere.
 *
 * @param bounds milliseconds
 */
export function thinTrack(points: readonly TrackPoint[], bounds: { from: number; to: number }): TrackPoint[] {
  const kept: TrackPoint[] = [];
  for (const point of points.toSorted((a, b) => a.at - b.at)) {
    if (point.at < bounds.from || point.at > bounds.to) continue;
    const last = kept.at(-1);
    if (last && point.at - last.at < trackSeconds * 1_000) continue;
    kept.push(point);
  }
  return kept;
}

/** Whether any of these points says that somebody is almost at a place, not counting points that say hardly anything. */
export function comesNear(points: readonly TrackPoint[], place: Point, metres: number = nearMetres): boolean {
  return points.some((point) => point.accuracy <= metres && distanceInMetres(point, place) <= metres);
}

/** How far somebody still has to go, and for about how long (预计到达): the straight line, longer by a factor, at a speed. Metres, rounded to a hundred; minutes, at least one. */
export function reckonArrival(from: Point, to: Point, travel: { roadFactor: number; metresPerSecond: number }): { metres: number; minutes: number } {
  const metres = distanceInMetres(from, to) * travel.roadFactor;
  return { metres: Math.max(100, Math.round(metres / 100) * 100), minutes: Math.max(1, Math.round(metres / travel.metresPerSecond / 60)) };
}
