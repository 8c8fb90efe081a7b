import { distanceInMetres, type Point } from '../places/distance.ts';

/** What observations are compared with (参照估算): always the same, so that they stay comparable whatever is entered in the settings. */
export const reference = { roadFactor: 1.3, metresPerSecond: 8 } as const;

/** Seconds a way is thought to take by the reference. */
export const referenceSeconds = (from: Point, to: Point): number => (distanceInMetres(from, to) * reference.roadFactor) / reference.metresPerSecond;

/** When and where somebody set out, and arrived, as their phone told it; moments in milliseconds. */
export interface Journey {
  /** Null: no receiver said where. */
  from: Point | null;
  to: Point | null;
  /** In metres; null where it was not told. */
  accuracy: number | null;
  /** From the place of the work to where the arrival was told, in metres; null where one of the two is not known. */
  distance: number | null;
  departedAt: number;
  arrivedAt: number;
  /** When each was received: a phone without network tells later, by its own clock. */
  departureToldAt: number;
  arrivalToldAt: number;
}

/** Why nothing is learned from a journey (不采信原因), the first that applies. */
export const journeyFaults = ['no_position', 'elsewhere', 'clock', 'too_near', 'too_fast', 'too_slow'] as const;
export type JourneyFault = (typeof journeyFaults)[number];

const [poorAccuracy, arrivalRadius, leastMetres] = [500, 1_000, 300];
const fastest = 150_000 / 3_600;
/** Slower than so many times the reference: somebody had lunch. What is said of short ways rounds to minutes. */
const [slowest, grace] = [4, 600];
/** Told at once it has the clock of the office, told later that of the phone. */
const [atOnce, later] = [60_000, 600_000];

/** Whether a journey says how long the way takes (行程采信); null when nothing speaks against it. */
export function faultOfJourney(journey: Journey): JourneyFault | null {
  const { from, to, accuracy, distance, departedAt, arrivedAt } = journey;
  if (from === null || to === null || (accuracy !== null && accuracy > poorAccuracy)) return 'no_position';
  if (distance !== null && distance > arrivalRadius) return 'elsewhere';
  const lags = [journey.departureToldAt - departedAt, journey.arrivalToldAt - arrivedAt];
  if (arrivedAt <= departedAt || Math.min(...lags) < -atOnce || (Math.min(...lags) < atOnce && Math.max(...lags) > later)) return 'clock';
  const metres = distanceInMetres(from, to);
  // Within the error of the receiver, and of finding a place to park.
  if (metres < leastMetres) return 'too_near';
  const seconds = (arrivedAt - departedAt) / 1_000;
  if (metres / seconds > fastest) return 'too_fast';
  return seconds > Math.max(grace, slowest * referenceSeconds(from, to)) ? 'too_slow' : null;
}
