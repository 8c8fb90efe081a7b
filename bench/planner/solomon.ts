import type { PlanProblem } from '../../rules/solver/problem.ts';

/** What leaving out a stop costs in instances where none may be left out. */
const mustBeVisited = 1e7;
const scale = 10;

/**
 * Reads an instance in the form of Solomon's and Homberger's sets (VRPTW). Lengths as in the DIMACS challenge: Euclidean,
 * cut to one decimal; costs are tenths.
 */
export function readSolomon(text: string): PlanProblem {
  const lines = text.split(/\r?\n/);
  const [vehicles, capacity] = lines[lines.findIndex((line) => line.includes('CAPACITY')) + 1]!.trim().split(/\s+/).map(Number) as [number, number];
  const rows = lines.map((line) => line.trim().split(/\s+/).map(Number)).filter((row) => row.length === 7 && row.every(Number.isFinite));
  const places = rows.length;
  const durations = new Float64Array(places * places);
  rows.forEach((a, from) => rows.forEach((b, to) => (durations[from * places + to] = Math.trunc(Math.hypot(a[1]! - b[1]!, a[2]! - b[2]!) * scale))));
  const depot = rows[0]!;
  return {
    places, durations,
    visits: rows.slice(1).map((row, index) => ({ place: index + 1, service: row[6]! * scale, windows: [[row[4]! * scale, row[5]! * scale]], demand: [row[3]!], penalty: mustBeVisited })),
    technicians: Array.from({ length: vehicles }, () => ({ shifts: [{ start: 0, end: 0, window: [depot[4]! * scale, depot[5]! * scale], capacity: [capacity] }] })),
  };
}
