import type { Point } from '../places/distance.ts';
import { beginOf, leavesAt, onSphere, type Roster } from './roster.ts';

/** What somebody is looked for (派单需求). */
export interface Request {
  point: Point;
  /** Seconds of work, and what it takes single people, by id, where that differs. */
  service: number;
  serviceBy?: Readonly<Record<string, number>>;
  /** When it may begin, in order. */
  windows: readonly (readonly [from: number, to: number])[];
  skills: readonly { skill: string; level: number }[];
  /** Only these, never these, rather these: by id. */
  required?: readonly string[] | undefined;
  banned?: readonly string[];
  preferred?: readonly string[];
  /** Those who know the customer or the asset, how well from 0 to 1 (熟悉度). */
  familiar?: Readonly<Record<string, number>>;
  /** The territories it lies in; where it lies in none, they are no matter. */
  territories?: readonly string[];
  /** Nobody but those who serve one of them (仅限本区域). */
  withinTerritory?: boolean;
  /** May take what is kept for what is urgent (紧急). */
  urgent?: boolean;
}

/** What is weighed (评分项), each from 0 to 1, more is better. */
export const scoreFactors = ['travel', 'promptness', 'skill', 'load', 'territory', 'familiarity', 'preference', 'fairness'] as const;
export type ScoreFactor = (typeof scoreFactors)[number];
/** How much each counts; a team's own. */
export type ScoreWeights = Readonly<Record<ScoreFactor, number>>;
export const usualWeights: ScoreWeights = { travel: 30, promptness: 20, skill: 10, load: 15, territory: 10, familiarity: 5, preference: 5, fairness: 5 };

/** Why somebody cannot be sent at all (硬性原因), the first that applies. */
export const hardReasons = ['off_duty', 'not_required', 'banned', 'territory', 'skill', 'full', 'reserved', 'no_gap'] as const;
export type HardReason = (typeof hardReasons)[number];

export interface Proposed {
  id: string;
  /** From 0 to 100. */
  score: number;
  /** Goes in before this stop of their day; as many as there are stops: at the end. */
  position: number;
  begins: number;
  /** Seconds of travel more than before. */
  travel: number;
  /** Each factor with what it comes to and what it adds to the score (评分表). */
  sheet: { factor: ScoreFactor; value: number; points: number }[];
}

export interface Proposal {
  best: Proposed[];
  /** How many could be sent. */
  eligible: number;
  /** By candidate: 0, or 1 and where in `hardReasons` the reason stands. */
  ruledOut: Uint8Array;
}

/** An hour of travel more is worth nothing; neither is beginning four hours after the earliest moment. */
const [farthest, longestWait] = [3_600, 14_400];

/**
 * The best people for a visit (智能派单), each with the cheapest place in their day: exact, as every place in every day is
 * tried. The promised times of what is there already are kept.
 *
 * @param count how many at most, ten as a rule
 */
export function propose(roster: Roster, request: Request, weights: ScoreWeights = usualWeights, count = 10): Proposal {
  const { candidates, indexOf, duty, full, levels, ease, fairness, room } = roster;
  const people = candidates.length;
  const ruledOut = new Uint8Array(people);
  const flagged = (ids: readonly string[] | undefined): Uint8Array | null => {
    if (!ids) return null;
    const flags = new Uint8Array(people);
    for (const id of ids) if (indexOf.has(id)) flags[indexOf.get(id)!] = 1;
    return flags;
  };
  const [required, banned, preferred] = [flagged(request.required), flagged(request.banned), flagged(request.preferred)];
  const familiar = new Map(Object.entries(request.familiar ?? {}).flatMap(([id, value]) => (indexOf.has(id) ? [[indexOf.get(id)!, value] as const] : [])));
  const demands = request.skills.map(({ skill, level }) => ({ level, of: levels.get(skill) ?? null }));
  const territory = servedBy(roster, request.territories ?? []);
  const within = request.withinTerritory === true ? territory : null;
  const services = servicesOf(roster, request);
  const earliest = request.windows[0]?.[0] ?? -Infinity;
  const whole = scoreFactors.reduce((sum, factor) => sum + weights[factor], 0) || 1;
  const points = Float64Array.from(scoreFactors, (factor) => (weights[factor] * 100) / whole);
  const values = new Float64Array(scoreFactors.length);
  const place = placeFor(roster, request, services);
  const weigh = (index: number, travel: number, begins: number, over: number): void => {
    values[0] = Math.max(0, 1 - travel / farthest);
    values[1] = earliest === -Infinity ? 1 : Math.max(0, 1 - (begins - earliest) / longestWait);
    values[2] = 1 / (1 + over);
    values[3] = ease[index]!;
    values[4] = territory === null ? 1 : territory[index]!;
    values[5] = familiar.size === 0 ? 0 : familiar.get(index) ?? 0;
    values[6] = preferred === null ? 0 : preferred[index]!;
    values[7] = fairness[index]!;
  };
  const best: (Omit<Proposed, 'id' | 'sheet'> & { index: number; over: number })[] = [];
  let eligible = 0;
  for (let index = 0; index < people; index += 1) {
    let over = 0;
    let reason = 0;
    if (duty[index] === 0) reason = 1;
    else if (required && required[index] === 0) reason = 2;
    else if (banned && banned[index] === 1) reason = 3;
    else if (within && within[index] === 0) reason = 4;
    else {
      for (let at = 0; at < demands.length; at += 1) {
        const { level, of } = demands[at]!;
        if (of === null || of[index]! < level) reason = 5;
        else over += of[index]! - level;
      }
      if (reason === 0 && full[index] === 1) reason = 6;
      if (reason === 0 && request.urgent !== true && (services === null ? request.service : services[index]!) > room[index]!) reason = 7;
    }
    if (reason === 0 && !place.find(index)) reason = 8;
    ruledOut[index] = reason;
    if (reason !== 0) continue;
    eligible += 1;
    weigh(index, place.travel, place.begins, over);
    let score = 0;
    for (let at = 0; at < values.length; at += 1) score += values[at]! * points[at]!;
    if (best.length === count && score <= best[count - 1]!.score) continue;
    if (best.length === count) best.pop();
    let at = best.length;
    while (at > 0 && best[at - 1]!.score < score) at -= 1;
    best.splice(at, 0, { index, over, score, position: place.position, begins: place.begins, travel: place.travel });
  }
  return {
    eligible, ruledOut,
    best: best.map(({ index, over, ...rest }): Proposed => {
      weigh(index, rest.travel, rest.begins, over);
      return { id: candidates[index]!.id, ...rest, sheet: scoreFactors.map((factor, row) => ({ factor, value: values[row]!, points: values[row]! * points[row]! })) };
    }),
  };
}

/** Seconds of work of each; null where it takes everybody the same. */
function servicesOf({ candidates, indexOf }: Roster, { service, serviceBy }: Request): Float64Array | null {
  const own = Object.entries(serviceBy ?? {}).filter(([id]) => indexOf.has(id));
  if (own.length === 0) return null;
  const services = new Float64Array(candidates.length).fill(service);
  for (const [id, seconds] of own) services[indexOf.get(id)!] = seconds;
  return services;
}

/** Who serves one of some territories, or wherever it is; null where there is none to serve. */
function servedBy({ territories, anywhere }: Roster, ids: readonly string[]): Uint8Array | null {
  if (ids.length === 0) return null;
  const served = anywhere.slice();
  for (const id of ids) territories.get(id)?.forEach((flag, index) => (served[index]! |= flag));
  return served;
}

/** Why somebody was ruled out; null when they were not, or are not on the roster. */
export function reasonOf({ indexOf }: Roster, { ruledOut }: Proposal, id: string): HardReason | null {
  const index = indexOf.get(id);
  return index === undefined || ruledOut[index] === 0 ? null : hardReasons[ruledOut[index]! - 1]!;
}

/** Looks for the place in somebody's day that costs least travel. */
function placeFor(roster: Roster, { point, service: usual, windows }: Request, services: Float64Array | null): { find: (index: number) => boolean; position: number; begins: number; travel: number } {
  const { from, closed, x, y, z, departs, latest, leg, until, breaks, ways, points } = roster;
  const [px, py, pz] = onSphere(point, roster.scale);
  const starts = Float64Array.from(windows, ([start]) => start);
  const ends = Float64Array.from(windows, ([, end]) => end);
  const closes = windows.length === 0 ? Infinity : ends.reduce((last, end) => Math.max(last, end), -Infinity);
  const found = { find, position: 0, begins: 0, travel: 0 };
  const opens = starts.length === 0 ? -Infinity : starts[0]!;
  const several = starts.length > 1;
  // By the straight line the way back is as long; of what is known of single ways it may be another.
  const secondsTo = (node: number): number => (ways === null ? undefined : ways(points[node]!, point)) ?? chordTo(node);
  const secondsFrom = (node: number): number => (ways === null ? undefined : ways(point, points[node]!)) ?? chordTo(node);
  const chordTo = (node: number): number => {
    const [dx, dy, dz] = [x[node]! - px, y[node]! - py, z[node]! - pz];
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  };
  /** The first moment from one on at which the work may begin. */
  const inWindows = (moment: number): number => {
    if (!several) return moment > closes ? Infinity : Math.max(moment, opens);
    let at = 0;
    while (at < starts.length && moment > ends[at]!) at += 1;
    return at === starts.length ? Infinity : Math.max(moment, starts[at]!);
  };
  /** The same for whoever sets out at one, beside their breaks: what these push on is looked at again. */
  const between = (own: Roster['breaks'][number], leaves: number, there: number, service: number): number => {
    let begins = inWindows(leaves + there);
    for (let again = 0; begins < Infinity && again <= own.length; again += 1) {
      const pushed = beginOf(own, leaves, there, begins, service);
      if (pushed === begins) return begins;
      begins = inWindows(pushed);
    }
    return Infinity;
  };
  function find(index: number): boolean {
    const service = services === null ? usual : services[index]!;
    const own = breaks[index]!;
    const first = from[index]!;
    const last = from[index + 1]! - 1;
    let best = Infinity;
    // Seconds from the node at hand to the visit; below 0 when not reckoned yet.
    let there = -1;
    for (let node = first; node <= last; node += 1) {
      const open = node === last;
      if ((open && closed[index] === 1) || departs[node]! > closes) break;
      const by = open ? until[index]! : latest[node + 1]!;
      if (opens + service > by) {
        there = -1;
        continue;
      }
      if (there < 0) there = secondsTo(node);
      const onward = open ? 0 : secondsFrom(node + 1);
      const begins = own.length === 0 ? inWindows(departs[node]! + there) : between(own, departs[node]!, there, service);
      if (begins === Infinity) {
        // Too late from here; perhaps not from the next one, should it lie nearer.
        there = ways === null ? onward : -1;
        continue;
      }
      const longer = there + onward - (open ? 0 : leg[node + 1]!);
      if (longer < best && (own.length === 0 ? begins + service : leavesAt(own, begins + service)) + onward <= by) {
        best = longer;
        found.position = node - first;
        found.begins = begins;
        found.travel = longer;
      }
      there = ways === null ? onward : -1;
    }
    return best < Infinity;
  }
  return found;
}
