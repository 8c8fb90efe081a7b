import type { Point } from '../places/distance.ts';

/**
 * Zones and cells are squares of a grid over WGS-84 degrees, as the house keeps its coordinates: what is asked in another system is converted on the
 * way out. A square's number counts row by row from the south-west, so that it fits where numbers are exact.
 */
function squareOf({ lat, lng }: Point, perDegree: number): number {
  const row = Math.min(Math.floor((lat + 90) * perDegree), 180 * perDegree - 1);
  const column = Math.min(Math.floor((lng + 180) * perDegree), 360 * perDegree - 1);
  return row * 360 * perDegree + column;
}

const zonesADegree = 80;
/** A zone (交通小区) is 1/80 of a degree: 1.4 km from south to north, from west to east 1.3 km in Guangzhou, 1.2 in Shanghai, 1.1 in Beijing. Fits 32 bits. */
export const zoneOf = (point: Point): number => squareOf(point, zonesADegree);

const cellsADegree = 2_000;
/** A cell (坐标格) is 1/2000 of a degree, some 50 m: what was asked for one point of it holds for all. */
export const cellOf = (point: Point): number => squareOf(point, cellsADegree);

/** What kind of traffic there is (路况时段): at night, in the rush of a working day, and else. */
export const bands = { night: 0, rush: 1, day: 2 } as const;
export type Band = (typeof bands)[keyof typeof bands];

/** The kind of traffic at an hour of the organization's clock. */
export function bandOf(hour: number, workday: boolean): Band {
  if (hour < 6 || hour >= 22) return bands.night;
  return workday && (hour === 7 || hour === 8 || hour === 17 || hour === 18) ? bands.rush : bands.day;
}
