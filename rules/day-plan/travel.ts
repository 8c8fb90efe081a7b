import type { Point } from '../places/distance.ts';
import { usualTravel, type TravelEstimate } from '../routing/roster.ts';
import { figureOf, type Figure, type Origin } from '../travel/figure.ts';
import type { Travel } from './day.ts';

/** How long and how far a way is, and who says so (路段). */
export type Way = Figure;

/** Travel as plain data, so that it can be sent to another thread (路程数据): points to estimate from, and what is known better of single ways. */
export interface TravelData {
  points: readonly Point[];
  /** By the number of the first place times how many there are, plus that of the second. */
  known?: ReadonlyMap<number, Way>;
  /** Of all others; the usual when absent. */
  estimate?: TravelEstimate;
}

/** Travel between points, in whole seconds and metres, so that sums of them are exact: what is known of a way, else the straight line with a factor for roads. */
export function travelOf({ points, known, estimate = usualTravel }: TravelData): Required<Travel> {
  const way = (from: number, to: number): Way => known?.get(from * points.length + to) ?? figureOf(points[from]!, points[to]!, estimate);
  return {
    seconds: (from, to) => (from === to ? 0 : way(from, to).seconds),
    metres: (from, to) => (from === to ? 0 : way(from, to).metres),
    origin: (from, to): Origin | null => (from === to ? null : way(from, to).origin),
  };
}
