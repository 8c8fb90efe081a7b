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
/** Metres that a position may be inexact by and still say something: that much of a distance it excuses, and beyond it says nothing of where somebody is. */
export const coarseMetres = 1_000;
/** Seconds between positions that are worth keeping. */
export const trackSeconds = 5;

/**
 * Why a check-in wants a word of explanation (签到存疑): `far` away for sure, or `unplaced`, as its position is not exact enough to tell.
 *
 * @param checkIn metres; no distance where it came without a position, or nobody knows where the work is
 */
export function doubtOfCheckIn({ distance, accuracy }: { distance: number | null; accuracy: number | null }): 'far' | 'unplaced' | null {
  if (distance === null) return null;
  if ((accuracy ?? 0) > coarseMetres) return 'unplaced';
  return distance - (accuracy ?? 0) > farCheckInMetres ? 'far' : null;
}

/** Hours after which whoever set out, or is on site, has forgotten to say that it is over. */
export const longestTracked = { travelling: 6, on_site: 12 } as const;
/** Metres from where they checked in beyond which somebody on site has left. */
export const leftMetres = 2_000;

/** Since when a visit is under way, as far as following it goes; milliseconds. */
export interface Followed {
  status: string;
  travelStartedAt: number | null;
  checkedInAt: number | null;
  /** Where the work is, or where they checked in. */
  place: Point | null;
}

/**
 * Why somebody is not followed at a moment, although their visit was not ended (停止定位): it has gone on for longer than work does, or they have left the place. Nobody is
 * followed home because they forgot a tap.
 *
 * @param point null when only the moment is asked about
 */
export function whyNotFollowed(visit: Followed, point: (Point & { accuracy: number }) | null, at: number): 'too_long' | 'left' | null {
  const since = visit.status === 'on_site' ? visit.checkedInAt : visit.travelStartedAt ?? visit.checkedInAt;
  const hours = visit.status === 'on_site' ? longestTracked.on_site : longestTracked.travelling;
  if (since !== null && at - since > hours * 3_600_000) return 'too_long';
  if (visit.status !== 'on_site' || point === null || visit.place === null) return null;
  return distanceInMetres(point, visit.place) - Math.min(point.accuracy, coarseMetres) > leftMetres ? 'left' : null;
}

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
