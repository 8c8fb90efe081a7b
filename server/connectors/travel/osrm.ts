import type { Point } from '../../../rules/places/distance.ts';
import { askJson, inDegrees, RouterFailure, type AnsweredLeg, type RouterTools, type TravelRouter } from './router.ts';

/** As `osrm-routed` is started without `--max-table-size`: so many coordinates at once. */
const most = 50;
/** A place farther from any road is none that was meant: what it answers for it is of another place. */
const farthestFromRoad = 1_000;

/**
 * A router that speaks the protocol of OSRM (开源路径服务, `table` service, version 1): OSRM itself, or whatever answers like it.
 * GET {base}/table/v1/{profile}/{lng},{lat};…?sources=0;1&destinations=2;3&annotations=duration,distance
 *
 * @param baseUrl without a slash in the end
 * @param profile what the server was prepared for; `driving` as a rule
 */
export function osrmRouter({ baseUrl, profile }: { baseUrl: string; profile: string }, tools: RouterTools): TravelRouter {
  async function ask(from: readonly Point[], to: readonly Point[]): Promise<AnsweredLeg[][]> {
    const numbers = (start: number, count: number) => Array.from({ length: count }, (_, index) => start + index).join(';');
    const url = `${baseUrl}/table/v1/${encodeURIComponent(profile)}/${[...from, ...to].map(inDegrees).join(';')}?sources=${numbers(0, from.length)}&destinations=${numbers(from.length, to.length)}&annotations=duration,distance`;
    const answered = await askJson(url, (answer, status) => readTable(answer, status, from.length, to.length), tools);
    if (answered !== 'no_segment') return answered;
    // One place that lies on no road spoils the question for all others: they are asked by halves.
    if (from.length === 1 && to.length === 1) return [[{ seconds: null, metres: null }]];
    if (from.length >= to.length) {
      const middle = Math.ceil(from.length / 2);
      return [...await ask(from.slice(0, middle), to), ...await ask(from.slice(middle), to)];
    }
    const middle = Math.ceil(to.length / 2);
    const [left, right] = [await ask(from, to.slice(0, middle)), await ask(from, to.slice(middle))];
    return left.map((row, index) => [...row, ...right[index]!]);
  }
  return { most: { from: most, to: most }, pause: 0, knowsTraffic: false, ask };
}

interface Table {
  code?: unknown;
  message?: unknown;
  durations?: unknown;
  distances?: unknown;
  sources?: unknown;
  destinations?: unknown;
}

function readTable(answer: unknown, status: number, rows: number, columns: number): AnsweredLeg[][] | 'no_segment' {
  const table = (typeof answer === 'object' && answer !== null ? answer : {}) as Table;
  switch (table.code) {
    case 'Ok': break;
    case 'NoSegment': return 'no_segment';
    case 'NoTable': return Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ seconds: null, metres: null })));
    case 'TooBig': throw new RouterFailure('too_big', 'the server takes fewer coordinates at once: start it with --max-table-size 100 or more');
    default:
      if (typeof table.code !== 'string') throw new RouterFailure(status === 200 ? 'malformed' : 'refused', status === 200 ? 'it answered something else than a table' : `HTTP ${status}`);
      throw new RouterFailure('refused', `${table.code}: ${typeof table.message === 'string' ? table.message : ''}`);
  }
  const durations = matrix(table.durations, rows, columns);
  // Servers before 5.18 know no distances.
  const distances = table.distances === undefined ? null : matrix(table.distances, rows, columns);
  const [from, to] = [snapped(table.sources, rows), snapped(table.destinations, columns)];
  return durations.map((row, at) => row.map((seconds, column) => (seconds === null || from[at]! > farthestFromRoad || to[column]! > farthestFromRoad ? { seconds: null, metres: null } : { seconds, metres: distances?.[at]?.[column] ?? null })));
}

function matrix(value: unknown, rows: number, columns: number): (number | null)[][] {
  const isLeg = (one: unknown): one is number | null => one === null || (typeof one === 'number' && Number.isFinite(one) && one >= 0);
  if (!Array.isArray(value) || value.length !== rows || !value.every((row: unknown) => Array.isArray(row) && row.length === columns && row.every(isLeg))) throw new RouterFailure('malformed', 'its table is of another size, or holds what is no time');
  return value as (number | null)[][];
}

/** How far each place lies from the road it was put on, in metres; 0 where that is not told. */
function snapped(waypoints: unknown, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const distance = Array.isArray(waypoints) ? (waypoints[index] as { distance?: unknown } | null | undefined)?.distance : undefined;
    return typeof distance === 'number' && distance >= 0 ? distance : 0;
  });
}
