import type { TimeWindow } from '../solver/problem.ts';
import { presentDay, serves, serviceOf, type Day, type DayJob, type DayPerson } from './day.ts';
import { layOut } from './lay-out.ts';
import type { LeftOutJob } from './left-out.ts';

/** A day in which every crew that could be found has its place (多人同行), and the jobs for which none was. */
export interface CrewedDay {
  /** Crews are in it like visits that are held: who leads, and everybody’s part. */
  day: Day;
  /** By the job that stands in the day: the one it was made of. Parts of those who come along are made of none. */
  made: ReadonlyMap<DayJob, DayJob | null>;
  left: LeftOutJob[];
}

/** A crew begins at a full quarter of an hour: everybody has to remember when. */
const step = 900;
/** By so much a shift is thought longer when it is looked for what would have to give way. */
const overtimeTried = 4 * 3_600;

/** When somebody is not free, with where they are before and after it. */
interface Busy {
  from: number;
  to: number;
  /** Null: a pause, which is taken wherever they are. */
  place: number | null;
}

interface Found {
  begins: number;
  /** Who leads, then those who come along, in the order the work asks for them. */
  people: string[];
}

/**
 * Finds the people for what takes three and more (多人上门编组): the most pressing first, each at the first quarter of an hour at which as many are free as it takes, the least
 * skilled who suffice and the nearest of those. They are put in before anything else is planned, which then goes around them. What takes two the planner finds by itself.
 */
export function placeCrews(day: Day): CrewedDay {
  const wanted = day.jobs.filter((job) => job.technician === null && job.fixed === null && !job.held && !job.elsewhere && job.crew.length > 1)
    .sort((a, b) => a.priority - b.priority || (a.promised?.[1] ?? a.due?.at ?? Infinity) - (b.promised?.[1] ?? b.due?.at ?? Infinity) || (a.id < b.id ? -1 : 1));
  let current = day;
  const made = new Map<DayJob, DayJob | null>();
  const left: LeftOutJob[] = [];
  for (const job of wanted) {
    const within = windowOf(current, job);
    // Late rather than not at all, as everything else is planned.
    const found = findCrew(current, job, { within }) ?? findCrew(current, job, { within: [within[0], Infinity] });
    if (found === null) {
      left.push({ job, reason: 'no_crew', skill: null, relaxations: relaxationsOf(current, job, within) });
      current = { ...current, jobs: current.jobs.filter((one) => one !== job) };
      continue;
    }
    const [placed, ...parts] = partsOf(job, found);
    made.set(placed!, job);
    for (const part of parts) made.set(part, null);
    current = { ...current, jobs: [...current.jobs.map((one) => (one === job ? placed! : one)), ...parts] };
  }
  return { day: current, made, left };
}

/** The job as the one who leads has it, and everybody's part in it, held at its moment. */
function partsOf(job: DayJob, { begins, people: [lead, ...members] }: Found): DayJob[] {
  const held = { planned: begins, lock: { person: true, range: [begins, begins] as const } };
  return [
    { ...job, ...held, technician: lead!, members },
    ...members.map((member): DayJob => ({ ...job, ...held, id: `${job.id} ${member}`, technician: member, members: [], crew: [], skills: [], required: null, preferred: [], banned: [], along: true })),
  ];
}

/** When the work may begin: as promised, while one may enter, and by the deadline. */
function windowOf({ span, now }: Day, { promised, due, service }: DayJob): TimeWindow {
  const last = due === null ? Infinity : due.at - (due.by === 'end' ? service : 0);
  // A moment that is over cannot be kept any more: as soon as can be.
  const until = Math.min(promised?.[1] ?? Infinity, promised === null ? last : Infinity);
  return [Math.max(promised?.[0] ?? span[0], now ?? span[0]), until < (now ?? span[0]) ? Infinity : until];
}

function findCrew(day: Day, job: DayJob, { within, overtime = 0, latest = false }: { within: TimeWindow; overtime?: number; latest?: boolean }): Found | null {
  const shifts = day.people.flatMap(({ shift }) => (shift === null ? [] : [shift]));
  if (shifts.length === 0) return null;
  const busy = new Map(day.people.map((person) => [person.id, busyOf(day, person)]));
  const first = Math.max(within[0], Math.min(...shifts.map(([from]) => from)));
  const last = Math.min(within[1], Math.max(...shifts.map(([, to]) => to)) + overtime - job.service);
  // What is promised from an odd minute on may begin at that minute as well.
  const moments = new Set([first]);
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) moments.add(at);
  for (const begins of latest ? [...moments].reverse() : moments) {
    if (begins > last || (job.access && !job.access.some(([from, to]) => begins >= from && begins <= to))) continue;
    const free = day.people.filter((person) => isFree(day, person, job, begins, busy.get(person.id)!, overtime));
    if (free.length <= job.crew.length) continue;
    const people = fill(rolesOf(day, job, free, begins, busy));
    if (people !== null && overtime === 0 && !isKept(day, job, { begins, people })) continue;
    if (people !== null) return { begins, people };
  }
  return null;
}

/** Whether all of them begin just then, and nothing else of theirs begins later for it: a day that is late already comes out in an order of its own. */
function isKept(day: Day, job: DayJob, found: Found): boolean {
  const parts = partsOf(job, found);
  const withCrew = { ...day, jobs: [...day.jobs.filter((one) => one !== job), ...parts] };
  return day.people.filter(({ id }) => found.people.includes(id)).every((person) => {
    const begun = new Map(layOut(day, person, presentDay(day, person.id)).stops.map(({ job: own, begins }) => [own, begins]));
    return layOut(withCrew, person, presentDay(withCrew, person.id)).stops.every(({ job: own, begins }) => begins <= (parts.includes(own) ? found.begins : begun.get(own)!));
  });
}

function busyOf(day: Day, person: DayPerson): Busy[] {
  const { stops, breaks } = layOut(day, person, presentDay(day, person.id));
  return [...stops.map(({ begins, ends, job }): Busy => ({ from: begins, to: ends, place: job.place })), ...breaks.map(({ from, to }): Busy => ({ from, to, place: null }))].sort((a, b) => a.from - b.from);
}

/** Where they come from to be somewhere at a moment, and from when on they may set out. */
function before(person: DayPerson, busy: readonly Busy[], begins: number): { place: number; free: number } {
  const earlier = busy.filter(({ from }) => from < begins);
  return { place: earlier.findLast(({ place }) => place !== null)?.place ?? person.start, free: Math.max(person.shift?.[0] ?? 0, ...earlier.map(({ to }) => to)) };
}

function isFree(day: Day, person: DayPerson, job: DayJob, begins: number, busy: readonly Busy[], overtime: number): boolean {
  if (person.shift === null || job.banned.includes(person.id) || !serves(person, job)) return false;
  const ends = begins + serviceOf(job, person.id);
  const { place, free } = before(person, busy, begins);
  if (Math.max(free, day.now ?? -Infinity) + day.travel.seconds(place, job.place) > begins || ends > person.shift[1] + overtime) return false;
  // The next thing they have, a pause included, is still reached in time.
  const later = busy.filter(({ from }) => from >= begins);
  if (later.some(({ from, place: next }) => ends + (next === null ? 0 : day.travel.seconds(job.place, next)) > from)) return false;
  const done = busy.filter(({ place: at }) => at !== null);
  if (person.most !== null && done.length >= person.most) return false;
  return job.urgent || person.room === null || done.reduce((sum, { from, to }) => sum + to - from, 0) + job.service <= person.room;
}

/** Who of them could be what, the best first: for the lead, then for each who comes along. */
function rolesOf(day: Day, job: DayJob, free: readonly DayPerson[], begins: number, busy: ReadonlyMap<string, readonly Busy[]>): string[][] {
  const travel = new Map(free.map((person) => [person.id, day.travel.seconds(before(person, busy.get(person.id)!, begins).place, job.place)]));
  const above = ({ skills }: DayPerson, needed: DayJob['skills']) => Object.entries(skills).reduce((sum, [skill, level]) => sum + Math.max(0, level - (needed.find((one) => one.skill === skill)?.level ?? 0)), 0);
  const able = (needed: DayJob['skills'], people: readonly DayPerson[], liked: readonly string[]) => people.filter(({ skills }) => needed.every(({ skill, level }) => (skills[skill] ?? 0) >= level))
    .sort((a, b) => Number(liked.includes(b.id)) - Number(liked.includes(a.id)) || above(a, needed) - above(b, needed) || travel.get(a.id)! - travel.get(b.id)! || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  const leads = free.filter(({ id }) => job.required === null || job.required.includes(id));
  return [able(job.skills, leads, job.preferred), ...job.crew.map(({ skills }) => able(skills, free, job.preferred))];
}

/**
 * One for each role, nobody twice; the first of each where that is possible. Of as many as there are roles one is always left for a role that has so many to choose from, so
 * that no more are looked at.
 */
function fill(roles: readonly (readonly string[])[]): string[] | null {
  const order = roles.map((_, index) => index).sort((a, b) => roles[a]!.length - roles[b]!.length || a - b);
  const chosen = new Map<number, string>();
  const taken = new Set<string>();
  const next = (at: number): boolean => {
    const role = order[at];
    if (role === undefined) return true;
    for (const id of roles[role]!.slice(0, roles.length)) {
      if (taken.has(id)) continue;
      taken.add(id);
      chosen.set(role, id);
      if (next(at + 1)) return true;
      taken.delete(id);
    }
    return false;
  };
  return next(0) ? roles.map((_, index) => chosen.get(index)!) : null;
}

/** What would have to give way for a crew to be found (放宽方案): its time, the end of the shifts, or its number. */
function relaxationsOf(day: Day, job: DayJob, within: TimeWindow): LeftOutJob['relaxations'] {
  const found: LeftOutJob['relaxations'] = [];
  const sooner = findCrew(day, { ...job, access: null, promised: null }, { within: [day.now ?? day.span[0], within[0] - step], latest: true });
  if (sooner !== null) found.push({ kind: 'window', person: sooner.people[0]!, skill: null, seconds: sooner.begins - within[0] });
  const longer = findCrew(day, job, { within: [within[0], Infinity], overtime: overtimeTried });
  if (longer !== null) {
    const [last] = longer.people.map((id) => ({ id, by: longer.begins + serviceOf(job, id) - day.people.find((person) => person.id === id)!.shift![1] })).sort((a, b) => b.by - a.by);
    found.push({ kind: 'overtime', person: last!.id, skill: null, seconds: last!.by });
  }
  const alone = found.length > 0 ? null : findCrew(day, { ...job, crew: [] }, { within: [within[0], Infinity] });
  if (alone !== null) found.push({ kind: 'second', person: alone.people[0]!, skill: null, seconds: null });
  return found;
}
