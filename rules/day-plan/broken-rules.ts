import { serves, type DayJob, type DayPerson } from './day.ts';
import type { LaidDay, LaidStop } from './lay-out.ts';

/**
 * Rules that somebody's day may break (违反的规则), in words. What is hard takes a reason to be saved all the same; the others
 * are told, and nothing more.
 */
export const dayRules = {
  promise: { zh: '不在承诺给客户的时段内', en: 'Outside of the window promised to the customer', hard: true },
  off_duty: { zh: '这天不上班', en: 'Not at work that day', hard: true },
  overtime: { zh: '超出下班时间', en: 'Goes on beyond the end of the shift', hard: true },
  break_missed: { zh: '没有休息时间', en: 'Leaves no time for a break', hard: true },
  skill: { zh: '技能不够', en: 'Lacks a skill', hard: true },
  not_required: { zh: '不在指定人员之列', en: 'Not one of the people asked for', hard: true },
  banned: { zh: '客户不接受', en: 'Not accepted by the customer', hard: true },
  territory: { zh: '不是本区域的人员', en: 'Does not serve that area', hard: true },
  access_hours: { zh: '现场不开放', en: 'Outside of the hours of the site', hard: true },
  person_locked: { zh: '人员已锁定', en: 'Held with somebody else', hard: true },
  time_locked: { zh: '时间已锁定', en: 'Held at another time', hard: true },
  range_locked: { zh: '时间范围已锁定', en: 'Held within other times', hard: true },
  capacity: { zh: '占用了应急预留', en: 'Takes what is kept free for emergencies', hard: true },
  most_visits: { zh: '上门次数已满', en: 'More visits than they may have', hard: true },
  released_held: { zh: '已锁定，不应退回', en: 'Held: not to be given back', hard: true },
  released_promised: { zh: '已承诺客户，不应退回', en: 'Promised to the customer: not to be given back', hard: true },
  second_missing: { zh: '缺少同行人员', en: 'Somebody has to come along', hard: false },
  deadline: { zh: '赶不上时限', en: 'Later than its deadline', hard: false },
  place_unknown: { zh: '没有位置，路程只是估计', en: 'Its place is not known: travel is a guess', hard: false },
} as const satisfies Record<string, { zh: string; en: string; hard: boolean }>;
export type DayRule = keyof typeof dayRules;

export interface Broken {
  rule: DayRule;
  person: DayPerson;
  /** Null: it is about the day rather than about one stop. */
  job: DayJob | null;
  /** By how many seconds, of what is about time. */
  by: number;
  /** The skill that is lacking, with the level that is needed and the one there is. */
  skill?: { skill: string; level: number; has: number };
  /** How many people are lacking, of those who come along. */
  missing?: number;
}

/** Which rules somebody's day breaks (规则校验). What has happened, or is under way, breaks none any more. */
export function brokenRules(laid: LaidDay): Broken[] {
  const { person, stops, breaks } = laid;
  const broken: Broken[] = [];
  const open = stops.filter(({ job }) => job.fixed === null);
  for (const stop of open) {
    const { job } = stop;
    const tell = (rule: DayRule, more: Partial<Pick<Broken, 'skill' | 'by' | 'missing'>> = {}) => void broken.push({ rule, person, job, by: 0, ...more });
    for (const [rule, by] of timeRules(person, stop)) tell(rule, { by });
    if (job.along) continue;
    if (job.required && !job.required.includes(person.id)) tell('not_required');
    if (job.banned.includes(person.id)) tell('banned');
    if (!serves(person, job)) tell('territory');
    if (job.lock?.person && job.technician !== null && job.technician !== person.id) tell('person_locked');
    for (const { skill, level } of job.skills) if ((person.skills[skill] ?? 0) < level) tell('skill', { skill: { skill, level, has: person.skills[skill] ?? 0 } });
    if (job.members.length < job.crew.length) tell('second_missing', { missing: job.crew.length - job.members.length });
    if (!job.placeKnown) tell('place_unknown');
  }
  if (open.length > 0 && breaks.some(({ late }) => late)) broken.push({ rule: 'break_missed', person, job: null, by: 0 });
  const ordinary = stops.filter(({ job }) => !job.urgent).reduce((sum, { begins, ends }) => sum + ends - begins, 0);
  if (person.room !== null && open.length > 0 && ordinary > person.room + 1) broken.push({ rule: 'capacity', person, job: null, by: ordinary - person.room });
  if (person.most !== null && open.length > 0 && stops.length > person.most) broken.push({ rule: 'most_visits', person, job: null, by: 0 });
  return broken;
}

/** Which rules giving a visit back breaks (退回违反的规则): somebody has held it, or a customer waits for it. What is over binds nobody. */
export function brokenByReleasing(person: DayPerson, job: DayJob, now: number | null): Broken[] {
  const present = now ?? -Infinity;
  const rules: DayRule[] = [];
  if (job.lock && (job.lock.person || (job.lock.range?.[1] ?? -Infinity) >= present)) rules.push('released_held');
  if (job.promised && job.promised[1] >= present) rules.push('released_promised');
  return rules.map((rule) => ({ rule, person, job, by: 0 }));
}

function timeRules(person: DayPerson, { job, begins, ends }: LaidStop): [DayRule, number][] {
  const outside = ([from, to]: readonly [number, number]) => Math.max(from - begins, begins - to);
  const { promised, lock, access, due, urgent } = job;
  const found: [DayRule, number][] = [];
  // A rounding error breaks nothing.
  const tell = (rule: DayRule, by: number) => void (by > 1 && found.push([rule, by]));
  // Whoever is on call comes for what is urgent.
  const called = urgent && person.onCall.some(([from, to]) => begins >= from && begins <= to);
  if (!called && person.shift === null) found.push(['off_duty', 0]);
  else if (!called && person.shift) tell('overtime', Math.max(ends - person.shift[1], person.shift[0] - begins));
  if (promised) tell('promise', outside(promised));
  if (access) tell('access_hours', Math.min(...access.map(outside)));
  if (lock?.range) tell(lock.range[0] === lock.range[1] ? 'time_locked' : 'range_locked', outside(lock.range));
  if (due) tell('deadline', (due.by === 'begin' ? begins : ends) - due.at);
  return found;
}

// What is about the visit is as true of one person as of another.
const ofJob: ReadonlySet<DayRule> = new Set(['promise', 'access_hours', 'time_locked', 'range_locked', 'deadline', 'second_missing', 'place_unknown']);
const keyOf = ({ rule, person, job, skill }: Broken): string => [rule, ofJob.has(rule) ? '' : person.id, job?.id ?? '', skill?.skill ?? ''].join(' ');
/** So much worse is broken anew, in seconds. */
const worse = 900;

/** Which of them are not broken as things stand, or by much less (新违反). */
export function newlyBroken(before: readonly Broken[], after: readonly Broken[]): ReadonlySet<Broken> {
  const known = new Map(before.map((one) => [keyOf(one), one.by]));
  return new Set(after.filter((one) => one.by > (known.get(keyOf(one)) ?? -Infinity) + worse));
}
