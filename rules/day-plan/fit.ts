import { brokenByReleasing, brokenRules, dayRules, newlyBroken, type Broken } from './broken-rules.ts';
import { presentDay, type Day, type DayJob, type DayPerson, type Placed } from './day.ts';
import { layOut, type LaidDay } from './lay-out.ts';

/** Where a plan has a job (排入): with whom, when, and who comes along; null: it is given back. */
export interface Put {
  job: DayJob;
  to: { person: string; begins: number; members: readonly string[] } | null;
}

export interface Fitted {
  /** By person. */
  days: ReadonlyMap<string, LaidDay>;
  dropped: Put[];
}

/** Two who do a job together begin at one moment; a rounding error parts nobody. */
const together = 60;

/** Those who come along only by this plan. */
const joining = ({ job, to }: Put): readonly string[] => to?.members.filter((id) => id !== to.person && !job.members.includes(id)) ?? [];

/**
 * Puts a plan into days as they are now (排入当天). What would break a hard rule there that was not broken before is taken out again, until nothing does; who comes along
 * has the visit in their day as well.
 *
 * @param allowed what is broken all the same, as the plan said so and somebody has given a reason
 */
export function fit(day: Day, puts: readonly Put[], allowed: (put: Put, broken: Broken) => boolean = () => false): Fitted {
  const working = open(day, puts);
  const dropped: Put[] = [];
  for (;;) {
    const found = working.offences().find(([put, broken]) => !allowed(put, broken));
    if (!found) return { days: working.days, dropped };
    dropped.push(found[0]);
    working.drop(found[0]);
  }
}

/** Which hard rules each part of a plan breaks that were not broken before (计划违反的规则), by the job's id: what applying it takes a reason for. */
export function brokenByPlan(day: Day, puts: readonly Put[]): Map<string, Broken[]> {
  return new Map([...Map.groupBy(open(day, puts).offences(), ([{ job }]) => job.id)].map(([id, found]) => [id, found.map(([, broken]) => broken)]));
}

function open(day: Day, puts: readonly Put[]) {
  const put = new Map(puts.map((one) => [one.job.id, one]));
  const people = new Map(day.people.map((person) => [person.id, person]));
  const was = day.people.flatMap((person) => brokenRules(layOut(day, person, presentDay(day, person.id))));
  const days = new Map<string, LaidDay>();
  const broken = new Map<string, Broken[]>();
  const lay = (person: DayPerson): void => {
    const laid = layOut(day, person, placedFor(day, person.id, put));
    days.set(person.id, laid);
    broken.set(person.id, brokenRules(laid));
  };
  day.people.forEach(lay);
  return { days, offences, drop };

  /** Of what is put in, what breaks a rule: itself, or as the last that came into a day which bears no more. */
  function offences(): [Put, Broken][] {
    const released = [...put.values()].flatMap((one): [Put, Broken][] => (one.to === null && one.job.technician !== null && people.has(one.job.technician) ? brokenByReleasing(people.get(one.job.technician)!, one.job, day.now).map((found) => [one, found]) : []));
    const parted = [...put.values()].flatMap((one): [Put, Broken][] => {
      if (one.to === null || joining(one).length === 0) return [];
      const stop = days.get(one.to.person)?.stops.find(({ job }) => job.id === one.job.id);
      return stop && stop.begins > one.to.begins + together ? [[one, { rule: 'time_locked', person: people.get(one.to.person)!, job: one.job, by: stop.begins - one.to.begins }]] : [];
    });
    const fresh = [...newlyBroken(was, [...broken.values()].flat())].flatMap((one): [Put, Broken][] => {
      const offender = dayRules[one.rule].hard ? offenderOf(one) : undefined;
      return offender ? [[offender, one]] : [];
    });
    return [...released, ...parted, ...fresh];
  }

  function offenderOf({ job, person }: Broken): Put | undefined {
    const own = job && [...put.values()].find((one) => one.job.id === job.id || (job.along && one.to !== null && idAlong(one.job, person.id) === job.id && joining(one).includes(person.id)));
    if (own) return own;
    const comers = [...put.values()].filter((one) => one.to !== null && ((one.to.person === person.id && one.job.technician !== person.id) || joining(one).includes(person.id)));
    return comers.sort((a, b) => b.to!.begins - a.to!.begins)[0];
  }

  function drop(one: Put): void {
    put.delete(one.job.id);
    for (const id of new Set([one.job.technician, one.to?.person, ...one.to?.members ?? [], ...one.job.members])) if (id && people.has(id)) lay(people.get(id)!);
  }
}

const idAlong = (job: DayJob, personId: string): string => `${job.id} ${personId}`;

/** Somebody's day with what is put into it, by its time. */
function placedFor(day: Day, personId: string, put: ReadonlyMap<string, Put>): Placed[] {
  // Whoever was to come along to what is given back stays as well.
  const gone = new Set([...put.values()].flatMap(({ job, to }) => (to === null && job.visitId !== null ? [job.visitId] : [])));
  const staying = presentDay(day, personId).filter(({ job }) => !put.has(job.id) && !(job.along && gone.has(job.visitId!)));
  const coming = [...put.values()].flatMap((one): Placed[] => {
    const { job, to } = one;
    if (to?.person === personId) return [{ job, notBefore: to.begins }];
    if (to === null || !joining(one).includes(personId)) return [];
    return [{ job: { ...job, id: idAlong(job, personId), technician: personId, along: true, planned: to.begins, lock: { person: true, range: [to.begins, to.begins] } }, notBefore: to.begins }];
  });
  const moment = ({ job, notBefore }: Placed) => notBefore ?? job.lock?.range?.[0] ?? job.promised?.[0] ?? Infinity;
  const rest = [...staying.filter(({ job }) => job.fixed === null), ...coming];
  return [...staying.filter(({ job }) => job.fixed !== null), ...rest.sort((a, b) => (moment(a) === moment(b) ? 0 : moment(a) - moment(b)))];
}
