import { schedule } from '../solver/schedule.ts';
import type { DraftRoute, DraftStop, Plan, PlanDraft, PlanLock, PlanProblem, PlanShift, PlanTechnician, PlanVisit, TimeWindow } from '../solver/problem.ts';
import { isMovable, presentDay, serves, suits, type Day, type DayJob, type DayPerson } from './day.ts';
import { layOut, type LaidDay } from './lay-out.ts';

/** What the planner leaves as it is (保持不变): promised windows always; also who comes; also when. */
export type Keep = 'promises' | 'people' | 'everything';

export interface DayQuestion {
  keep: Keep;
  /** Jobs whose promised window or deadline nobody can keep: as soon as can be, for these (超时也要上门). */
  relaxed?: ReadonlySet<string>;
}

/** A day as the planner takes it, with what its numbers mean (排程输入). */
export interface DayProblem {
  problem: PlanProblem;
  /** By index of a visit. */
  jobs: readonly DayJob[];
  /** By index of a technician; each has one shift or none. */
  people: readonly DayPerson[];
  /** As things stand. */
  current: PlanDraft;
}

/** What leaving out is worth, in seconds of travel: what has been planned stays in before anything new comes in, and what may not be moved before all else. */
const penalties = { held: 100_000_000, planned: 1_000_000, urgent: 300_000, byPriority: [300_000, 80_000, 30_000, 15_000], dueFactor: 2 } as const;
/** What it is worth that the same person comes, who has accepted or not, and about when it was planned, within a quarter of an hour. */
const changes = { accepted: 3_600, person: 1_200, begin: 300, tolerance: 900, notPreferred: 1_200 } as const;
const overskill = 60;

/**
 * A day as a problem for the planner (当日排程问题): what is under way has its people set out from there; what may not be
 * moved is locked as it stands; a promised window is a window nobody leaves. Crews of three and more are in the day already (`crews.ts`).
 */
export function problemOf(day: Day, { keep, relaxed = new Set() }: DayQuestion): DayProblem {
  const { people, travel } = day;
  const indexOf = new Map(people.map(({ id }, index) => [id, index]));
  const laid = new Map(people.map((person) => [person.id, layOut(day, person, presentDay(day, person.id))]));
  const begins = new Map([...laid.values()].flatMap(({ stops }) => stops.filter(({ job }) => job.fixed === null).map(({ job, begins: at }) => [job, at] as const)));
  const jobs = day.jobs.filter(({ fixed, technician, elsewhere }) => fixed === null && !elsewhere && (technician === null || indexOf.has(technician)));

  const placeOf = new Map<number, number>();
  const numberOf = (place: number): number => {
    if (!placeOf.has(place)) placeOf.set(place, placeOf.size);
    return placeOf.get(place)!;
  };
  const ids = new Set(jobs.flatMap(({ skills, crew }) => [...skills, ...crew.flatMap((one) => one.skills)].map(({ skill }) => skill)));
  const technicians = people.map((person): PlanTechnician => ({
    skills: Object.fromEntries(Object.entries(person.skills).filter(([skill]) => ids.has(skill))), shifts: shiftsOf(day, person, laid.get(person.id)!, numberOf),
  }));
  const visits = jobs.map((job) => visitOf(job));
  const places = [...placeOf.keys()];
  const durations = new Float64Array(places.length * places.length);
  places.forEach((from, row) => places.forEach((to, column) => (durations[row * places.length + column] = travel.seconds(from, to))));
  const problem: PlanProblem = { places: places.length, durations, skills: [...ids], visits, technicians, weights: { overskill } };
  const visitIndex = new Map(jobs.map((job, index) => [job, index]));
  const routes = people.flatMap((person, technician): DraftRoute[] => {
    const { stops, breaks } = laid.get(person.id)!;
    const shift = technicians[technician]!.shifts[0];
    if (!shift) return [];
    const all: { at: number; stop: DraftStop }[] = [
      ...stops.filter(({ job }) => job.fixed === null).map((stop) => ({ at: stop.begins, stop: { kind: 'visit' as const, index: visitIndex.get(stop.job)!, begins: stop.begins } })),
      ...breaks.slice(0, shift.breaks?.length ?? 0).map(({ from }, index) => ({ at: from, stop: { kind: 'break' as const, index } })),
    ];
    return stops.some(({ job }) => job.fixed === null) ? [{ technician, shift: 0, stops: all.sort((a, b) => a.at - b.at).map(({ stop }) => stop) }] : [];
  });
  return { problem, jobs, people, current: { routes } };

  function visitOf(job: DayJob): PlanVisit {
    const who = job.technician === null ? undefined : indexOf.get(job.technician)!;
    const at = begins.get(job);
    const stays = !isMovable(job) || job.members.length > 0;
    const lock = lockOf(job, who, stays);
    const several = (list: readonly string[]): number[] => list.flatMap((id) => indexOf.get(id) ?? []);
    const rank = penalties.byPriority[job.priority - 1] ?? penalties.byPriority[3];
    const urgent = job.due !== null && job.due.at < day.span[1];
    const crew = job.technician === null ? job.crew[0] : undefined;
    const held = stays || keep === 'everything';
    const windows = held && at !== undefined ? [[at, at] as const] : windowsOf(job, at);
    return {
      place: numberOf(job.place), service: job.service, ...(windows ? { windows } : {}),
      serviceBy: Object.entries(job.serviceBy).flatMap(([id, seconds]) => (indexOf.has(id) ? [[indexOf.get(id)!, seconds] as const] : [])),
      penalty: job.technician === null ? rank * (urgent ? penalties.dueFactor : 1) : stays ? penalties.held : penalties.planned,
      ...(stays || lock?.technician !== undefined ? {} : {
        ...(sentAgainstRules(job, who) ? { required: people.flatMap((person, index) => (index === who || suits(person, job) ? [index] : [])) } : { skills: job.skills.map(({ skill, level }) => ({ skill, level })), ...requiredOf(job), banned: several(job.banned) }),
        ...(job.preferred.length > 0 ? { preferred: several(job.preferred), notPreferredCost: changes.notPreferred } : {}),
      }),
      // Of what is kept free only what is urgent takes nothing.
      demand: [job.urgent ? 0 : job.service],
      ...(crew ? { second: { skills: crew.skills, banned: several(job.banned) } } : {}),
      ...(lock ? { lock } : {}),
      ...(who !== undefined && at !== undefined ? { promised: { technician: who, technicianCost: job.accepted ? changes.accepted : changes.person, begin: at, tolerance: changes.tolerance, beginCost: changes.begin } } : {}),
    };
  }

  /** Whom somebody has sent against the rules stays one of those who may come, as long as they are at work. */
  function sentAgainstRules(job: DayJob, who: number | undefined): boolean {
    return who !== undefined && people[who]!.shift !== null && !suits(people[who]!, job);
  }

  /** Those asked for, of those who serve where it is. */
  function requiredOf(job: DayJob): { required?: number[] } {
    if (job.required === null && people.every((person) => serves(person, job))) return {};
    return { required: people.flatMap((person, index) => (serves(person, job) && (job.required === null || job.required.includes(person.id)) ? [index] : [])) };
  }

  function over(until: number): boolean {
    return day.now !== null && until < day.now;
  }

  function lockOf(job: DayJob, who: number | undefined, stays: boolean): PlanLock | null {
    const person = who !== undefined && (stays || keep !== 'promises' || job.lock?.person);
    // A moment that is over holds nothing any more.
    const range = stays || keep === 'everything' || over(job.lock?.range?.[1] ?? Infinity) ? null : job.lock?.range ?? null;
    const lock: PlanLock = { ...(person ? { technician: who } : {}), ...(range ? (range[0] === range[1] ? { begin: range[0] } : { range }) : {}) };
    return Object.keys(lock).length > 0 ? lock : null;
  }

  /** Promised, when one may enter, and the deadline of what nobody has promised a window for. */
  function windowsOf({ id, access, promised, due, service, lock }: DayJob, at: number | undefined): TimeWindow[] | null {
    const late = relaxed.has(id);
    // What cannot be kept any more is done as soon as can be.
    const hopeless = (until: number) => late || over(until);
    const from = promised?.[0] ?? -Infinity;
    const to = promised ? (hopeless(promised[1]) ? Infinity : promised[1]) : due && at === undefined ? untilDue() : Infinity;
    if (from === -Infinity && to === Infinity && !access) return null;
    const all: readonly TimeWindow[] = access ?? [[day.span[0] - 86_400, day.span[1] + 86_400]];
    const left = all.map(([start, end]): TimeWindow => [Math.max(start, from), Math.min(end, to)]).filter(([start, end]) => start <= end);
    // Promised for a time at which nobody may enter: the promise counts, and somebody has to open.
    return left.length > 0 ? left : [[Math.max(from, day.span[0]), Math.min(to, day.span[1])]];

    function untilDue(): number {
      const last = due!.at - (due!.by === 'end' ? service : 0);
      return hopeless(last) || last < day.span[0] || lock?.range ? Infinity : last;
    }
  }
}

function shiftsOf(day: Day, person: DayPerson, laid: LaidDay, numberOf: (place: number) => number): PlanShift[] {
  if (person.shift === null) return [];
  const fixed = laid.stops.filter(({ job }) => job.fixed !== null);
  const from = Math.max(person.shift[0], day.now ?? -Infinity, ...fixed.map(({ ends }) => ends));
  if (from >= person.shift[1]) return [];
  const until = person.shift[1];
  const breaks = person.breaks.filter(({ from: at, seconds, slack }) => at + slack >= from && at + seconds <= until)
    .map(({ from: at, seconds, slack }) => ({ windows: [[Math.max(at, from), Math.max(at, from, Math.min(at + slack, until - seconds))] as const], duration: seconds }));
  const ordinary = fixed.filter(({ job }) => !job.urgent).reduce((sum, { begins, ends }) => sum + ends - begins, 0);
  return [{
    start: numberOf(fixed.at(-1)?.job.place ?? person.start), end: null, window: [from, until], breaks,
    ...(person.room === null ? {} : { capacity: [Math.max(0, person.room - ordinary)] }), ...(person.most === null ? {} : { mostVisits: Math.max(0, person.most - fixed.length) }),
  }];
}

/** The plan as things stand, for planning anew from it. */
export const currentPlan = ({ problem, current }: DayProblem): Plan => schedule(problem, current);
