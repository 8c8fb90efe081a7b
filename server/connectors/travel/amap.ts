import gcoordModule from 'gcoord';
import type { Point } from '../../../rules/places/distance.ts';
import type { RouterProblem } from '../../../contract/travel.ts';
import { askJson, inDegrees, RouterFailure, type AnsweredLeg, type RouterTools, type TravelRouter } from './router.ts';

// Its type declarations describe the build for bundlers; what Node loads is one object.
const gcoord = gcoordModule as unknown as { transform(position: [number, number], from: string, to: string): [number, number]; WGS84: string; GCJ02: string };

export const amapBaseUrl = 'https://restapi.amap.com';
/** Origins of one question, by its documentation. */
const most = 100;
/** A personal key may ask three times a second. */
const pause = 350;

/** What its error codes (infocode) mean to us; others that begin with 1 are the key's, with 2 the question's, with 3 its engine's. */
const problems: Readonly<Record<string, RouterProblem>> = {
  10003: 'quota', 10010: 'quota', 10029: 'quota', 10044: 'quota', 10045: 'quota', 40000: 'quota', 40003: 'quota',
  10004: 'busy', 10014: 'busy', 10015: 'busy', 10016: 'busy', 10017: 'busy', 10019: 'busy', 10020: 'busy', 10021: 'busy', 20003: 'busy',
  40002: 'key',
};

const problemOf = (infocode: string): RouterProblem => problems[infocode] ?? (infocode.startsWith('1') ? 'key' : infocode.startsWith('3') ? 'busy' : 'refused');

/**
 * 高德地图 距离测量 (Web service, version 3, by car): from up to 100 places to one, by the traffic of the moment. It takes GCJ-02, and its
 * key in the address; so addresses never reach a message or a log.
 * GET {base}/v3/distance?origins={lng},{lat}|…&destination={lng},{lat}&type=1&key=…
 */
export function amapRouter({ baseUrl, key }: { baseUrl: string; key: string }, tools: RouterTools): TravelRouter {
  async function askFor(from: readonly Point[], to: Point): Promise<AnsweredLeg[]> {
    const query = new URLSearchParams({ origins: from.map(inChina).join('|'), destination: inChina(to), type: '1', output: 'JSON', key });
    return askJson(`${baseUrl}/v3/distance?${query.toString()}`, (answer) => readResults(answer, from.length), tools);
  }
  return {
    most: { from: most, to: 1 }, pause, knowsTraffic: true,
    async ask(from, to) {
      const columns: AnsweredLeg[][] = [];
      for (const one of to) columns.push(await askFor(from, one));
      return from.map((_, row) => columns.map((column) => column[row]!));
    },
  };
}

/** In the coordinates that maps of China have to use; outside of China those are the same. */
function inChina({ lat, lng }: Point): string {
  const [x, y] = gcoord.transform([lng, lat], gcoord.WGS84, gcoord.GCJ02);
  return inDegrees({ lat: y, lng: x });
}

function readResults(answer: unknown, origins: number): AnsweredLeg[] {
  const said = (typeof answer === 'object' && answer !== null ? answer : {}) as { status?: unknown; info?: unknown; infocode?: unknown; results?: unknown };
  if (String(said.status) === '0') {
    const infocode = typeof said.infocode === 'string' || typeof said.infocode === 'number' ? String(said.infocode) : '';
    throw new RouterFailure(problemOf(infocode), `${infocode} ${typeof said.info === 'string' ? said.info : ''}`.trim());
  }
  if (String(said.status) !== '1' || !Array.isArray(said.results)) throw new RouterFailure('malformed', 'it answered something else than distances');
  const legs: (AnsweredLeg | undefined)[] = Array.from({ length: origins }, () => undefined);
  for (const one of said.results as unknown[]) {
    const { origin_id: id, distance, duration, code, info } = (typeof one === 'object' && one !== null ? one : {}) as Record<string, unknown>;
    const at = number(id);
    if (at === null || at < 1 || at > origins || legs[at - 1] !== undefined) throw new RouterFailure('malformed', 'it answered for a place it was not asked for');
    // 1: no road between them, 2: no road near, 3: outside of China; of anything else it says that it does not know.
    const isUnknown = (code !== undefined && code !== 0 && code !== '0') || (info !== undefined && info !== '' && info !== 'OK');
    legs[at - 1] = isUnknown ? { seconds: null, metres: null } : { seconds: needed(duration), metres: needed(distance) };
  }
  if (legs.includes(undefined)) throw new RouterFailure('malformed', 'it answered for fewer places than it was asked for');
  return legs as AnsweredLeg[];
}

/** Its numbers are texts. */
function number(value: unknown): number | null {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value))) return null;
  return Number.isFinite(Number(value)) && Number(value) >= 0 ? Number(value) : null;
}

function needed(value: unknown): number {
  const found = number(value);
  if (found === null) throw new RouterFailure('malformed', 'it answered what is no number');
  return found;
}
