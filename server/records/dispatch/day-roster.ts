import type { StartSource } from '../../../contract/dispatch.ts';
import type { Point } from '../../../rules/places/distance.ts';
import type { Candidate, CandidateStop } from '../../../rules/routing/roster.ts';
import type { Interval } from '../../../rules/shifts/shifts.ts';
import type { LiveRoster, LiveVisit, PastRow, TechnicianRow } from './live-roster.ts';

/** Somebody of a day (当天候选人), with what a reader of the proposal wants to know beside what is reckoned with. */
export interface DayCandidate extends Candidate {
  name: string;
  startsFrom: StartSource;
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
 * @param place where it is: where people are thought to set out from when nothing is known of anybody
 */
export function rosterOfDay(live: LiveRoster, day: string, span: Interval, now: Date, minutesOf: (categoryId: string | null) => number, except: string, place: Point | null): DayCandidate[] {
  const shifts = live.shiftsOn(day);
  let most = 1;
  for (const { minutes } of live.past.values()) if (minutes > most) most = minutes;
  const starts = live.technicians.map((row) => startOf(row, live.past.get(row.id), span, now));
  const middle = middleOf(starts.flatMap((start) => (start ? [start.point] : []))) ?? place ?? { lat: 0, lng: 0 };
  return live.technicians.map((row, index) => {
    const start = starts[index];
    const present = shifts.get(row.id)!.filter((shift) => shift.to > span.from);
    const own = (live.visits.get(row.id) ?? []).filter((visit) => visit.ticketId !== except && isOn(visit, span));
    return {
      id: row.id, name: row.name, skills: row.skills ?? {},
      shift: present.length === 0 ? null : [Math.max(present[0]!.from, span.from) / 1_000, present.at(-1)!.to / 1_000],
      start: start?.point ?? middle, startsFrom: start?.source ?? 'unknown', end: null,
      stops: own.map((visit) => stopOf(visit, minutesOf(visit.categoryId), start?.point ?? middle, now)),
      visits: own,
      load: own.length, capacity: null, territories: row.territory_ids.length === 0 ? null : row.territory_ids, reserve: row.reserve_percent / 100, share: (live.past.get(row.id)?.minutes ?? 0) / most,
    };
  });
}

const isOn = (visit: LiveVisit, { from, to }: Interval): boolean => visit.from === null || (visit.from < to && (visit.until ?? visit.from) >= from);

function stopOf(visit: LiveVisit, minutes: number, start: Point, now: Date): CandidateStop {
  const point = visit.point ?? start;
  const service = minutes * 60;
  const at = now.getTime() / 1_000;
  if (visit.onSiteSince !== null) return { point, service: Math.max(shortestRest, service - (at - (visit.onSiteSince || now.getTime()) / 1_000)), window: [at, at + 60] };
  // What is late already cannot be kept any more; it is not made later still.
  return { point, service, window: [visit.from === null ? at : visit.from / 1_000, visit.until === null ? Infinity : Math.max(visit.until / 1_000, at)] };
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
