import type { Point } from '../places/distance.ts';

/**
 * Who could be sent (派工候选), as data: people with what they already have to do today. Times are seconds from any common
 * origin.
 */
export interface Candidate {
  id: string;
  /** Level by skill. */
  skills: Readonly<Record<string, number>>;
  /** When they work, from the first moment to the last; null for somebody off duty. */
  shift: readonly [from: number, to: number] | null;
  /** When they do not in between (班中空档), in order: pauses, leave, the time between two shifts. */
  breaks?: readonly CandidateBreak[];
  /** Where they are, or will be when the shift begins. */
  start: Point;
  /** Where the day ends; null: where the last visit was. */
  end: Point | null;
  /** Today's visits in order. */
  stops: readonly CandidateStop[];
  /** Tickets in hand, and how many they may have; null without limit. */
  load: number;
  capacity: number | null;
  /** Territories they serve (服务区域); null: wherever it is. */
  territories: readonly string[] | null;
  /** Seconds of work they may yet be given beside what is urgent, where some of their time is kept for that (急单预留); without limit when absent. */
  room?: number;
  /** Hours worked this period over those of the whole team, from 0 to 1 (公平). */
  share: number;
}

export interface CandidateStop {
  point: Point;
  service: number;
  /** When it may begin; what was promised, or the moment it is held at. */
  window: readonly [from: number, to: number];
}

/** A time in which nothing is done; it may begin later by its slack, and is as long then. */
export interface CandidateBreak {
  from: number;
  to: number;
  /** Not longer than the break itself; none when absent. */
  slack?: number;
}

/** How travel is estimated where no map is asked: the straight line, longer by a factor, at a speed (直线距离估算). */
export interface TravelEstimate {
  roadFactor: number;
  metresPerSecond: number;
}

/** What is known better of single ways, in seconds; undefined where nothing is (已知路段). The way back may be another. */
export type KnownWays = (from: Point, to: Point) => number | undefined;

export const usualTravel: TravelEstimate = { roadFactor: 1.3, metresPerSecond: 8 };

const earthRadiusMetres = 6_371_008.8;

/**
 * Candidates as flat arrays. Nodes of candidate i are from[i] to from[i + 1]: the start, the stops, and the end, which is
 * missing where the day ends anywhere. Places are points on the unit sphere times the earth's radius over the speed, so
 * that the length of a chord is seconds; over a hundred kilometres the arc is longer by a hundred-thousandth.
 */
export interface Roster {
  candidates: Candidate[];
  indexOf: ReadonlyMap<string, number>;
  from: Int32Array;
  /** Whether the last node is an end. */
  closed: Uint8Array;
  x: Float64Array;
  y: Float64Array;
  z: Float64Array;
  /** Earliest departure, latest arrival that keeps all that follows, seconds from the node before. */
  departs: Float64Array;
  latest: Float64Array;
  leg: Float64Array;
  /** Latest end of what comes last, where the day ends anywhere. */
  until: Float64Array;
  breaks: (readonly CandidateBreak[])[];
  duty: Uint8Array;
  full: Uint8Array;
  /** What load and share of hours come to as scores. */
  ease: Float64Array;
  fairness: Float64Array;
  /** Level of candidate i in a skill. */
  levels: ReadonlyMap<string, Float64Array>;
  territories: ReadonlyMap<string, Uint8Array>;
  /** Whoever serves no territory in particular. */
  anywhere: Uint8Array;
  /** Seconds of work they may yet be given beside what is urgent; Infinity where nothing is kept back. */
  room: Float64Array;
  scale: number;
  /** Null: all travel is estimated; else the places of all nodes as well. */
  ways: KnownWays | null;
  points: readonly Point[];
}

/** A point on the sphere whose chords are seconds of travel. */
export function onSphere({ lat, lng }: Point, scale: number): readonly [x: number, y: number, z: number] {
  const [phi, lambda] = [(lat * Math.PI) / 180, (lng * Math.PI) / 180];
  return [scale * Math.cos(phi) * Math.cos(lambda), scale * Math.cos(phi) * Math.sin(lambda), scale * Math.sin(phi)];
}

/** Prepares candidates, once for all the visits they are compared for (候选准备). */
export function prepareRoster(candidates: readonly Candidate[], travel: TravelEstimate = usualTravel, ways: KnownWays | null = null): Roster {
  const scale = (earthRadiusMetres * travel.roadFactor) / travel.metresPerSecond;
  const nodes = candidates.reduce((sum, { stops, end }) => sum + 1 + stops.length + (end ? 1 : 0), 0);
  const roster: Roster = {
    candidates: [...candidates], indexOf: new Map(candidates.map(({ id }, index) => [id, index])), from: new Int32Array(candidates.length + 1), closed: new Uint8Array(candidates.length),
    x: new Float64Array(nodes), y: new Float64Array(nodes), z: new Float64Array(nodes), departs: new Float64Array(nodes), latest: new Float64Array(nodes), leg: new Float64Array(nodes),
    until: new Float64Array(candidates.length), breaks: candidates.map(({ breaks }) => breaks ?? noBreaks), duty: new Uint8Array(candidates.length), full: new Uint8Array(candidates.length),
    ease: Float64Array.from(candidates, easeOf), fairness: Float64Array.from(candidates, ({ share }) => 1 - share),
    levels: new Map(), territories: new Map(), anywhere: Uint8Array.from(candidates, ({ territories: served }) => (served === null ? 1 : 0)), room: Float64Array.from(candidates, ({ room }) => room ?? Infinity), scale, ways,
    points: ways === null ? [] : candidates.flatMap(placesOf),
  };
  const levels = new Map<string, Float64Array>();
  const territories = new Map<string, Uint8Array>();
  candidates.forEach((candidate, index) => {
    for (const [skill, level] of Object.entries(candidate.skills)) {
      if (!levels.has(skill)) levels.set(skill, new Float64Array(candidates.length));
      levels.get(skill)![index] = level;
    }
    for (const territory of candidate.territories ?? []) {
      if (!territories.has(territory)) territories.set(territory, new Uint8Array(candidates.length));
      territories.get(territory)![index] = 1;
    }
    putDay(roster, index, candidate);
  });
  return { ...roster, levels, territories };
}

/** Where a day leads, in order. */
const placesOf = ({ start, stops, end }: Candidate): Point[] => [start, ...stops.map(({ point }) => point), ...(end ? [end] : [])];

const easeOf = ({ load, capacity }: Candidate): number => (capacity ? Math.max(0, 1 - load / capacity) : 1 / (1 + load));
const perNode = ['x', 'y', 'z', 'departs', 'latest', 'leg'] as const;

/** Puts another day in the place of somebody's (改动一人当天): what they have to do, how much, and what room that leaves. All else about them has to be as it was. */
export function changeDay(roster: Roster, index: number, candidate: Candidate): void {
  const { from, candidates } = roster;
  const [next, total] = [from[index + 1]!, from[candidates.length]!];
  const places = placesOf(candidate);
  const more = from[index]! + places.length - next;
  for (const name of perNode) {
    if (total + more > roster[name].length) {
      const larger = new Float64Array(Math.ceil((total + more) * 1.25) + 16);
      larger.set(roster[name]);
      roster[name] = larger;
    }
    roster[name].copyWithin(next + more, next, total);
  }
  if (roster.ways !== null) roster.points = roster.points.toSpliced(from[index]!, next - from[index]!, ...places);
  for (let other = index + 1; other <= candidates.length; other += 1) from[other]! += more;
  candidates[index] = candidate;
  roster.ease[index] = easeOf(candidate);
  roster.room[index] = candidate.room ?? Infinity;
  putDay(roster, index, candidate);
}

function putDay(roster: Roster, index: number, candidate: Candidate): void {
  const { shift, breaks = noBreaks, end, stops, load, capacity } = candidate;
  const { x, y, z, departs, latest, leg, from, scale } = roster;
  const [begin, until] = shift ?? [0, -1];
  const points = placesOf(candidate);
  const first = from[index]!;
  points.forEach((point, at) => ([x[first + at], y[first + at], z[first + at]] = onSphere(point, scale)));
  const last = first + points.length - 1;
  from[index + 1] = last + 1;
  roster.closed[index] = end ? 1 : 0;
  roster.until[index] = until;
  roster.duty[index] = shift ? 1 : 0;
  roster.full[index] = capacity !== null && load >= capacity ? 1 : 0;
  departs[first] = begin;
  for (let node = first + 1; node <= last; node += 1) {
    const seconds = roster.ways?.(points[node - first - 1]!, points[node - first]!) ?? Math.hypot(x[node]! - x[node - 1]!, y[node]! - y[node - 1]!, z[node]! - z[node - 1]!);
    leg[node] = seconds;
    const stop = stops[node - first - 1];
    const begins = beginOf(breaks, departs[node - 1]!, seconds, stop?.window[0] ?? -Infinity, stop?.service ?? 0);
    departs[node] = leavesAt(breaks, begins + (stop?.service ?? 0));
  }
  for (let node = last; node > first; node -= 1) {
    const stop = stops[node - first - 1];
    const by = node === last ? until : latest[node + 1]! - leg[node + 1]!;
    latest[node] = stop ? latestBegin(breaks, Math.min(stop.window[1], by - stop.service), by, stop.service) : by;
  }
}

const noBreaks: readonly CandidateBreak[] = [];

/**
 * When work begins (开工时刻) for whoever sets out at a moment and is so long on the way: not before its window, and not so that it would be broken off; what does not
 * fit in before a break is set out for after it.
 */
export function beginOf(breaks: readonly CandidateBreak[], departs: number, travel: number, opens: number, service: number): number {
  let begins = Math.max(departs + travel, opens);
  for (const { from, to, slack = 0 } of breaks) {
    if (to <= departs) continue;
    if (begins + service <= from + slack) break;
    begins = Math.max(to + travel, begins);
  }
  return begins;
}

/** When somebody goes on who is done at a moment (离开时刻): what went on into a break has them take it then. */
export function leavesAt(breaks: readonly CandidateBreak[], ends: number): number {
  for (const { from, to, slack = 0 } of breaks) if (ends > from && ends <= from + slack) return ends + to - from;
  return ends;
}

/** By when work has to begin at the latest, so that it is not broken off and they can leave by a moment. */
function latestBegin(breaks: readonly CandidateBreak[], at: number, leaves: number, service: number): number {
  let latest = at;
  for (const { from, to, slack = 0 } of breaks.toReversed()) {
    if (latest >= to) break;
    if (latest + service > from) latest = Math.min(latest, (leaves >= to + slack ? from + slack : from) - service);
  }
  return latest;
}
