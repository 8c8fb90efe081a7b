import { distanceInMetres, type Point } from '../places/distance.ts';
import type { TravelEstimate } from '../routing/roster.ts';
import type { LearnedWay } from './learn.ts';
import { referenceSeconds } from './observe.ts';

/** Who is asked for ways (路径服务). */
export const routers = ['osrm', 'amap'] as const;
export type Router = (typeof routers)[number];

/** Where a figure comes from (车程依据): a router and when it was asked, in milliseconds; so many journeys it was learned from; or the straight line with a factor. */
export type Origin =
  | { source: Router; askedAt: number }
  | { source: 'learned'; count: number }
  | { source: 'straight_line'; roadFactor: number };

/** How long and how far it is (车程): whole seconds and metres, so that sums of them are exact. */
export interface Figure {
  seconds: number;
  metres: number;
  origin: Origin;
}

/** What a router answered: null where it knows no road. */
export interface RouterLeg {
  seconds: number | null;
  /** Null where it does not tell. */
  metres: number | null;
  askedAt: number;
}

/**
 * How far and how long it is from a place to another (车程取数): what the router said, else what was learned, else the straight line with a factor for
 * roads, at a speed.
 */
export function figureOf(from: Point, to: Point, { roadFactor, metresPerSecond }: TravelEstimate, known: { router?: Router; leg?: RouterLeg | undefined; way?: LearnedWay | undefined } = {}): Figure {
  const metres = Math.round(distanceInMetres(from, to) * roadFactor);
  const { router, leg, way } = known;
  if (router && leg && leg.seconds !== null) return { seconds: Math.round(leg.seconds), metres: leg.metres === null ? metres : Math.round(leg.metres), origin: { source: router, askedAt: leg.askedAt } };
  if (way) return { seconds: Math.round(referenceSeconds(from, to) * way.ratio), metres, origin: { source: 'learned', count: way.count } };
  return { seconds: Math.round(metres / metresPerSecond), metres, origin: { source: 'straight_line', roadFactor } };
}
