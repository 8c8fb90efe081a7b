import { distanceInMetres, type Point } from '../places/distance.ts';
import { usualTravel, type TravelEstimate } from '../routing/roster.ts';
import type { Travel } from './day.ts';

/** Travel as plain data, so that it can be sent to another thread (路程数据): points to estimate from, or a table that was looked up. */
export type TravelData = { points: readonly Point[]; table?: never } | { points: readonly Point[]; table: { seconds: Float64Array; metres: Float64Array } };

/**
 * Travel between points, in whole seconds and metres, so that sums of them are exact: from the table where there is one, else by the
 * straight line with a factor for roads.
 */
export function travelOf({ points, table }: TravelData, { roadFactor, metresPerSecond }: TravelEstimate = usualTravel): Travel {
  if (table) {
    const at = (values: Float64Array) => (from: number, to: number) => (from === to ? 0 : Math.round(values[from * points.length + to]!));
    return { seconds: at(table.seconds), metres: at(table.metres) };
  }
  const metres = (from: number, to: number): number => (from === to ? 0 : Math.round(distanceInMetres(points[from]!, points[to]!) * roadFactor));
  return { metres, seconds: (from, to) => Math.round(metres(from, to) / metresPerSecond) };
}
