import { beginningsIn, openingsOn } from '../../../../rules/places/access.ts';
import { dispatchLimits, type StartSource } from '../../../../contract/dispatch.ts';
import type { TravelSource } from '../../../../contract/travel.ts';
import { dayNumber, dayText } from '../../../../rules/calendar/calendar.ts';
import type { Day, DayBreak, DayJob, DayPerson } from '../../../../rules/day-plan/day.ts';
import { travelOf, type TravelData } from '../../../../rules/day-plan/travel.ts';
import type { Point } from '../../../../rules/places/distance.ts';
import { spanOfDays, type Interval } from '../../../../rules/shifts/shifts.ts';
import { isVisitOver, type VisitStatus } from '../../../../rules/ticket/visit-lifecycle.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import type { Configuration } from '../../organization/configuration.ts';
import { breakSlack, rosterOfDay, type DayCandidate } from '../day-roster.ts';
import { liveRoster } from '../live-roster.ts';
import { travelDataOf, type Pair } from '../../travel/times.ts';
import { minutesOf, visitNeedsOf, type NamedNeeds } from '../visit-needs.ts';
import { awayOn, dayTickets, dueOf, visitsOn, type DayTicketRow, type DayVisitRow, type Due } from './rows.ts';
import type { ScopedTechnician } from './scope.ts';

/** Somebody of a day, with what their board shows beside what is reckoned with. */
export interface ReadPerson extends ScopedTechnician {
  shifts: readonly Interval[];
  shiftsKnown: boolean;
  /** When they can be called out beside that. */
  onCall: readonly Interval[];
  absences: readonly { from: Date; to: Date }[];
  home: Point | null;
  start: Point;
  startsFrom: StartSource;
  skills: Readonly<Record<string, number>>;
}

/** What a job is, beside what is reckoned with. */
export interface ReadJob {
  visit: DayVisitRow | null;
  ticket: DayTicketRow;
  needs: NamedNeeds;
  due: Due | null;
}

/** A day as it lies in the records (当天数据), and as the rules take it. */
export interface ReadDay {
  date: string;
  timeZone: string;
  /** Milliseconds. */
  span: Interval;
  day: Day;
  travel: TravelData;
  travelSource: TravelSource;
  people: ReadonlyMap<string, ReadPerson>;
  jobs: ReadonlyMap<string, ReadJob>;
}

/** Whoever has been on site longer than it takes is thought to need a moment still, in milliseconds. */
const shortestRest = 10 * 60_000;

/** The local day's beginning and end, in milliseconds. */
export const spanOf = (timeZone: string, date: string): Interval => spanOfDays(timeZone, date, dayText(dayNumber(date) + 1));

/** Seconds of a day as a moment. */
export const momentOf = ({ span }: Pick<ReadDay, 'span'>, seconds: number): Date => new Date(span.from + Math.round(seconds) * 1_000);
/** A moment as seconds of a day. */
export const secondsOf = ({ span }: Pick<ReadDay, 'span'>, moment: Date): number => Math.round((moment.getTime() - span.from) / 1_000);

/**
 * Reads somebody's day, or that of many: who is at work, what they have to do, and tickets that are to be planned with it.
 *
 * @param ticketIds tickets without a visit
 * @param visitIds visits that come to this day, whichever they are on
 * @param ways of which ways it is looked up how long they are: between any two places, or for whoever only shows the day, those that one and the same person may go
 */
export async function readDay(context: Context, configuration: Configuration, date: string, technicians: readonly ScopedTechnician[], ticketIds: readonly string[] = [], visitIds: readonly string[] = [], ways: 'all' | 'own' = 'all'): Promise<ReadDay> {
  const { timeZone } = configuration.organization;
  const { now } = context;
  const span = spanOf(timeZone, date);
  const isToday = localDay(now, timeZone) === date;
  const [dates, ids] = [{ from: new Date(span.from), to: new Date(span.to) }, technicians.map(({ id }) => id)];
  const live = await liveRoster(context, now, timeZone);
  const own = new Set(ids);
  const few = { ...live, technicians: live.technicians.filter(({ id }) => own.has(id)) };
  const candidates = rosterOfDay(few, date, { from: isToday ? Math.max(span.from, now.getTime()) : span.from, to: span.to }, now, (category) => minutesOf(configuration, category) ?? dispatchLimits.usualServiceMinutes, '', null);
  const [visits, away] = await Promise.all([visitsOn(context, ids, dates, isToday, visitIds), awayOn(context, ids, dates)]);
  const tickets = await dayTickets(context, [...visits.map(({ visit }) => visit.ticket_id), ...ticketIds]);
  const [needs, dues] = await Promise.all([visitNeedsOf(context, configuration, [...tickets.values()]), dueOf(context, [...tickets.keys()])]);

  const places = new Places([...candidates.filter(({ startsFrom }) => startsFrom !== 'unknown').map(({ start }) => start), ...[...needs.values()].flatMap(({ place }) => (place ? [place.point] : []))]);
  const [shifts, calls] = [live.shiftsOn(date), live.onCallOn(date)];
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const homes = new Map(few.technicians.map(({ id, home_lat: lat, home_lng: lng }) => [id, lat === null || lng === null ? null : { lat, lng }]));
  const hasBegun = new Set(visits.flatMap(({ visit, staffId }) => (visit.status === 'scheduled' || visit.status === 'accepted' ? [] : [staffId])));
  const people = new Map(technicians.flatMap((technician): [string, ReadPerson][] => {
    const candidate = byId.get(technician.id);
    // Hired this very moment: the roster knows them when it is next looked at.
    if (!candidate) return [];
    const present = shifts.get(technician.id) ?? [];
    const whole = present.length > 0 && present[0]!.from <= span.from && present.at(-1)!.to >= span.to;
    const home = homes.get(technician.id) ?? null;
    // Whoever has been somewhere today set out from home: where they were last is a stop of their day.
    const start = hasBegun.has(technician.id) && home ? { start: home, startsFrom: 'home' as const } : { start: candidate.start, startsFrom: candidate.startsFrom };
    return [[technician.id, { ...technician, ...start, shifts: present, shiftsKnown: !whole, onCall: calls.get(technician.id) ?? [], absences: away.get(technician.id) ?? [], home, skills: candidate.skills }]];
  }));
  const day = {
    span: [0, (span.to - span.from) / 1_000] as const, now: isToday ? Math.max(0, Math.ceil((now.getTime() - span.from) / 1_000)) : null,
    people: [...people.values()].map((person) => personOf(person, byId.get(person.id)!, span, places)),
  };
  const jobs = new Map<string, ReadJob>();
  const all: DayJob[] = [];
  const read = { span, timeZone, date, isToday };
  for (const { visit, staffId } of visits) {
    const ticket = tickets.get(visit.ticket_id);
    if (!ticket || !people.has(staffId)) continue;
    const job = jobOf(read, ticket, needs.get(ticket.id)!, dues.get(ticket.id) ?? null, places, visit, staffId);
    jobs.set(job.id, { visit, ticket, needs: needs.get(ticket.id)!, due: dues.get(ticket.id) ?? null });
    all.push(job);
  }
  for (const id of new Set(ticketIds)) {
    const ticket = tickets.get(id);
    if (!ticket || jobs.has(id)) continue;
    jobs.set(id, { visit: null, ticket, needs: needs.get(id)!, due: dues.get(id) ?? null });
    all.push(jobOf(read, ticket, needs.get(id)!, dues.get(id) ?? null, places, null, null));
  }
  const { data: travelData, source: travelSource } = await travelDataOf(context, configuration, places.points, date, ways === 'own' ? ownWays(day.people, all) : undefined);
  const travel = travelOf(travelData);
  const made: Day = { ...day, travel, jobs: all };
  const fixed = new Map(made.people.flatMap((person) => fixedOf(made, person, jobs, read, now)));
  return { date, timeZone, span, travel: travelData, travelSource, people, jobs, day: { ...made, jobs: all.map((job) => (fixed.has(job) ? { ...job, fixed: fixed.get(job)! } : job)) } };
}

/** The ways between the places of each person's day (本人路段), from where they set out. */
function ownWays(people: readonly DayPerson[], jobs: readonly DayJob[]): Pair[] {
  const byPerson = Map.groupBy(jobs, ({ technician }) => technician);
  return people.flatMap(({ id, start }) => {
    const own = [...new Set([start, ...(byPerson.get(id) ?? []).map(({ place }) => place)])].filter((place) => place !== 0);
    return own.flatMap((from) => own.flatMap((to): Pair[] => (from === to ? [] : [[from, to]])));
  });
}

/** Points with a number each; the middle of all where nobody knows. */
class Places {
  readonly points: Point[];
  readonly #numbers = new Map<string, number>();

  constructor(known: readonly Point[]) {
    const count = Math.max(1, known.length);
    this.points = [{ lat: known.reduce((sum, { lat }) => sum + lat, 0) / count, lng: known.reduce((sum, { lng }) => sum + lng, 0) / count }];
  }

  numberOf(point: Point | null): number {
    if (!point) return 0;
    const key = `${point.lat} ${point.lng}`;
    if (!this.#numbers.has(key)) this.#numbers.set(key, this.points.push(point) - 1);
    return this.#numbers.get(key)!;
  }
}

function personOf({ id, shifts, onCall, absences, startsFrom, start, skills }: ReadPerson, candidate: DayCandidate, span: Interval, places: Places): DayPerson {
  const seconds = (moment: number) => Math.round((moment - span.from) / 1_000);
  const breaks = shifts.slice(1).map(({ from }, index): DayBreak => {
    const begins = shifts[index]!.to;
    const isAway = absences.some((absence) => absence.from.getTime() < from && absence.to.getTime() > begins);
    return { from: seconds(begins), seconds: (from - begins) / 1_000, slack: breakSlack(begins, from, isAway) / 1_000 };
  });
  return {
    id, skills, breaks, onCall: onCall.map(({ from, to }) => [seconds(from), seconds(to)] as const), start: places.numberOf(startsFrom === 'unknown' ? null : start), most: candidate.capacity, territories: candidate.territories,
    room: candidate.roomOfDay,
    shift: shifts.length === 0 ? null : [seconds(shifts[0]!.from), seconds(shifts.at(-1)!.to)],
  };
}

/** When the work may begin while its place is open (现场开放时间), in seconds of the day. */
function accessIn(read: Pick<ReadDay, 'span' | 'timeZone' | 'date'>, { access, minutes }: NamedNeeds): DayJob['access'] {
  const openings = openingsOn(access, read.timeZone, dayNumber(read.date));
  return openings && beginningsIn(read.span, openings, minutes * 60_000).map(({ from, to }) => [(from - read.span.from) / 1_000, (to - read.span.from) / 1_000] as const);
}

function jobOf(read: Pick<ReadDay, 'span' | 'timeZone' | 'date'> & { isToday: boolean }, ticket: DayTicketRow, needs: NamedNeeds, due: Due | null, places: Places, visit: DayVisitRow | null, staffId: string | null): DayJob {
  const seconds = (moment: Date | null): number | null => (moment === null ? null : secondsOf(read, moment));
  const [from, until] = visit ? [seconds(visit.window_start), seconds(visit.window_end)] : [seconds(needs.promised?.from ?? null), seconds(needs.promised?.to ?? null)];
  const along = visit !== null && staffId !== visit.technician_id;
  const [lockedFrom, lockedUntil] = visit ? [seconds(visit.locked_from), seconds(visit.locked_until)] : [null, null];
  const service = needs.minutes * 60;
  const [arrival, resolution] = [seconds(due?.arrival ?? null), seconds(due?.resolution ?? null)];
  const elsewhere = visit !== null && !isOn(read, visit);
  const isSooner = arrival !== null && (resolution === null || arrival <= resolution - service);
  return {
    id: along ? `${visit.id} ${staffId}` : visit?.id ?? ticket.id, visitId: visit?.id ?? null, ticketId: ticket.id, place: places.numberOf(needs.place?.point ?? null), placeKnown: needs.place !== null,
    service, serviceBy: Object.fromEntries(Object.entries(needs.minutesBy).map(([person, minutes]) => [person, minutes * 60])), access: accessIn(read, needs), promised: from === null && until === null ? null : [from ?? 0, Math.max(until ?? Infinity, from ?? 0)],
    due: isSooner ? { at: arrival, by: 'begin' } : resolution === null ? null : { at: resolution, by: 'end' },
    skills: needs.skills.map(({ skillId, level }) => ({ skill: skillId, level })), crew: needs.crew.map((one) => ({ skills: one.skills.map(({ skillId, level }) => ({ skill: skillId, level })) })),
    required: needs.wishes.required?.map((wish) => wish.staffId) ?? null, preferred: needs.wishes.preferred.map((wish) => wish.staffId), banned: needs.wishes.banned.map((wish) => wish.staffId),
    members: visit?.member_ids ?? [], territories: needs.territories, withinTerritory: needs.withinTerritory, priority: ticket.priority, urgent: needs.urgent, technician: staffId, accepted: visit?.status === 'accepted',
    planned: elsewhere ? null : seconds(visit?.planned_start ?? null) ?? (along ? from : null),
    lock: visit && (visit.person_locked || lockedFrom !== null) ? { person: visit.person_locked, range: lockedFrom === null ? null : [lockedFrom, lockedUntil!] } : null,
    fixed: visit && isVisitOver(visit.status as VisitStatus) ? over(visit) : null,
    held: !ticket.readable || !ticket.assignable || (visit?.several ?? false), along, elsewhere,
  };

  function over({ checked_in_at: came, completed_at: done, obstacle_at: obstacle }: DayVisitRow): readonly [number, number] {
    const ends = seconds(done ?? obstacle)!;
    return [Math.min(came ? seconds(came)! : ends, ends), ends];
  }
}

/** Whether a visit lies on the day: of today also what is under way or over, what should have been before, and what nobody has given a time. */
function isOn({ span, isToday }: { span: Interval; isToday: boolean }, { status, planned_start: planned, window_start: window, locked_from: locked }: DayVisitRow): boolean {
  if (isVisitOver(status as VisitStatus)) return true;
  const at = (planned ?? window ?? locked)?.getTime() ?? null;
  return (at !== null && at >= span.from && at < span.to) || (isToday && (at === null || at < span.from || status === 'travelling' || status === 'on_site'));
}

/** When what is under way began, or will, and when it should be done: one after the other. */
function fixedOf(day: Day, person: DayPerson, jobs: ReadonlyMap<string, ReadJob>, read: Pick<ReadDay, 'span'>, now: Date): [DayJob, readonly [number, number]][] {
  const own = day.jobs.filter(({ technician }) => technician === person.id);
  const visitOf = (job: DayJob) => jobs.get(job.id)!.visit!;
  const present = secondsOf(read, now);
  let here = own.filter(({ fixed }) => fixed !== null).sort((a, b) => a.fixed![1] - b.fixed![1]).at(-1)?.place ?? person.start;
  let at = present;
  const found: [DayJob, readonly [number, number]][] = [];
  for (const job of own.filter((one) => visitOf(one).status === 'on_site')) {
    // Whoever has been there since another day is there from the beginning of this one.
    const begins = Math.max(0, Math.min(present, secondsOf(read, visitOf(job).checked_in_at ?? now)));
    const ends = Math.max(begins + job.service, present + shortestRest / 1_000);
    found.push([job, [begins, ends]]);
    [here, at] = [job.place, Math.max(at, ends)];
  }
  for (const job of own.filter((one) => visitOf(one).status === 'travelling')) {
    const begins = Math.max(at, (visitOf(job).travel_started_at ? secondsOf(read, visitOf(job).travel_started_at!) : present) + day.travel.seconds(here, job.place));
    found.push([job, [begins, begins + job.service]]);
    [here, at] = [job.place, begins + job.service];
  }
  return found;
}
