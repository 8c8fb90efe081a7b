import type { StartSource } from '../../../contract/dispatch.ts';
import type { Point } from '../../../rules/places/distance.ts';
import type { Candidate, CandidateBreak, CandidateStop } from '../../../rules/routing/roster.ts';
import type { Interval } from '../../../rules/shifts/shifts.ts';
import type { LiveRoster, LiveVisit, PastRow, TechnicianRow } from './live-roster.ts';

/** Somebody of a day (当天候选人), with what a reader of the proposal wants to know beside what is reckoned with. */
export interface DayCandidate extends Candidate {
  name: string;
  startsFrom: StartSource;
  /** Seconds of work that is not urgent they may do in the whole of that day; null where nothing is kept back (应急预留). */
  roomOfDay: number | null;
  /** In the order of `stops`. */
  visits: readonly { ticketId: string; number: string }[];
}

const halfADay = 43_200_000;
const shortestRest = 10 * 60;

/**
 * Everybody who could be sent on a day, with what they have to do already (当天花名册): times in seconds since 1970.
 *
 * @param day the local day whose shifts count
 * @param span the day, or what is left of it
 * @param minutesOf how long the work of a category takes
 * @param except a ticket whose visits do not count, as it is the one to be given out
 * @param calledOut whoever is on call counts as at work then
 * @param place where it is: where people are thought to set out from when nothing is known of anybody
 */
export function rosterOfDay(live: LiveRoster, day: string, span: Interval, now: Date, minutesOf: (categoryId: string | null) => number, except: string, place: Point | null, calledOut = false): DayCandidate[] {
  const shifts = live.shiftsOn(day);
  const calls = calledOut ? live.onCallOn(day) : new Map<string, readonly Interval[]>();
  // A day that has begun and is not over.
  const isToday = span.from <= now.getTime() && now.getTime() < span.to;
  let most = 1;
  for (const { minutes } of live.past.values()) if (minutes > most) most = minutes;
  const starts = live.technicians.map((row) => startOf(row, live.past.get(row.id), span, now));
  const middle = middleOf(starts.flatMap((start) => (start ? [start.point] : []))) ?? place ?? { lat: 0, lng: 0 };
  return live.technicians.map((row, index) => {
    const start = starts[index];
    const pieces = shifts.get(row.id)!;
    const called = calls.get(row.id);
    const present = (called ? joined([...pieces, ...called]) : pieces).filter((shift) => shift.to > span.from);
    const own = (live.visits.get(row.id) ?? []).filter((visit) => visit.ticketId !== except && isOn(visit, span, isToday)).sort((a, b) => rankOf(a) - rankOf(b));
    const roomOfDay = pieces.length === 0 || row.reserve_percent === 0 ? null : (pieces.reduce((sum, { from, to }) => sum + to - from, 0) / 1_000) * (1 - row.reserve_percent / 100);
    const past = live.past.get(row.id);
    return {
      id: row.id, name: row.name, skills: row.skills ?? {}, roomOfDay,
      shift: present.length === 0 ? null : [Math.max(present[0]!.from, span.from) / 1_000, present.at(-1)!.to / 1_000],
      breaks: present.slice(1).map(({ from }, gap) => breakBetween(present[gap]!.to, from, row.id, live)),
      start: start?.point ?? middle, startsFrom: start?.source ?? 'unknown', end: null,
      stops: own.map((visit) => stopOf(visit, minutesOf(visit.categoryId), start?.point ?? middle, now)),
      visits: own,
      ...(roomOfDay === null ? {} : { room: roomOfDay - (isToday ? past?.ordinary_seconds ?? 0 : 0) - own.reduce((sum, visit) => sum + (visit.urgent ? 0 : wholeOf(visit, minutesOf(visit.categoryId) * 60, now)), 0) }),
      load: own.length, capacity: null, territories: row.territory_ids.length === 0 ? null : row.territory_ids, share: (past?.minutes ?? 0) / most,
    };
  });
}

/** Stretches in order, those that touch or overlap as one. */
function joined(stretches: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

/** Of today whatever is not over and does not begin later, as the board has it (当天未完上门); of another day what its window touches. */
const isOn = (visit: LiveVisit, { from, to }: Interval, isToday: boolean): boolean =>
  visit.from === null || (isToday && (visit.onSiteSince !== null || visit.travelling)) || (visit.from < to && (isToday || (visit.until ?? visit.from) >= from));

/** What is being done comes first, then what somebody is on the way to. */
const rankOf = ({ onSiteSince, travelling }: LiveVisit): number => (onSiteSince !== null ? 0 : travelling ? 1 : 2);

/** A pause of up to two hours may begin half an hour later; being away may not (休息与请假). */
export const breakSlack = (from: number, to: number, isAway: boolean): number => (isAway || to - from > longestPause ? 0 : Math.min(latestPause, to - from));
const [longestPause, latestPause] = [7_200_000, 1_800_000];

function breakBetween(from: number, to: number, id: string, { away }: LiveRoster): CandidateBreak {
  const isAway = (away.get(id) ?? []).some((gone) => gone.from < to && gone.to > from);
  return { from: from / 1_000, to: to / 1_000, slack: breakSlack(from, to, isAway) / 1_000 };
}

/** Seconds of work in all, of which some may be done. */
function wholeOf({ onSiteSince }: LiveVisit, service: number, now: Date): number {
  return onSiteSince === null ? service : Math.max(service, (now.getTime() - (onSiteSince || now.getTime())) / 1_000 + shortestRest);
}

function stopOf(visit: LiveVisit, minutes: number, start: Point, now: Date): CandidateStop {
  const point = visit.point ?? start;
  const service = minutes * 60;
  const at = now.getTime() / 1_000;
  if (visit.onSiteSince !== null) return { point, service: Math.max(shortestRest, service - (at - (visit.onSiteSince || now.getTime()) / 1_000)), window: [at, at + 60] };
  // They go nowhere else before.
  if (visit.travelling) return { point, service, window: [at, at] };
  // What is late already cannot be kept any more; it is not made later still.
  return { point, service, window: [visit.from === null ? at : visit.from / 1_000, visit.until !== null ? Math.max(visit.until / 1_000, at) : visit.from !== null && visit.from / 1_000 < at ? at : Infinity] };
}

function startOf({ home_lat, home_lng }: TechnicianRow, past: PastRow | undefined, span: Interval, now: Date): { point: Point; source: StartSource } | null {
  const point = (lat: number | null, lng: number | null, source: StartSource) => (lat === null || lng === null ? null : { point: { lat, lng }, source });
  // Of a day that is not yet, nobody has been anywhere.
  const here = past && past.last_at.getTime() > now.getTime() - halfADay && span.from <= now.getTime() ? point(past.last_lat, past.last_lng, 'check_in') : null;
  return here ?? point(home_lat, home_lng, 'home') ?? (past ? point(past.middle_lat, past.middle_lng, 'recent_work') : null);
}

function middleOf(points: readonly Point[]): Point | null {
  if (points.length === 0) return null;
  const sum = points.reduce((before, { lat, lng }) => ({ lat: before.lat + lat, lng: before.lng + lng }), { lat: 0, lng: 0 });
  return { lat: sum.lat / points.length, lng: sum.lng / points.length };
}
