import type { TimeWindow } from '../solver/problem.ts';
import type { Origin } from '../travel/figure.ts';

/**
 * A day of work as data (当天安排): people, what each of them has to do, and how far it is from place to place. Times are
 * seconds from any common origin; places are numbers that `travel` knows.
 */
export interface Day {
  /** The day itself. */
  span: TimeWindow;
  /** The present moment, while the day lasts; before it begins anything may still be planned. */
  now: number | null;
  people: readonly DayPerson[];
  jobs: readonly DayJob[];
  travel: Travel;
}

/** How long and how far it is from a place to another (路程), and who says so. */
export interface Travel {
  seconds(from: number, to: number): number;
  metres(from: number, to: number): number;
  /** Null: there is no way to go. */
  origin?(from: number, to: number): Origin | null;
}

export interface DayPerson {
  id: string;
  /** Level by skill. */
  skills: Readonly<Record<string, number>>;
  /** Null: not at work that day. */
  shift: TimeWindow | null;
  /** When they can be called out beside that, for what is urgent (待命). */
  onCall: readonly TimeWindow[];
  breaks: readonly DayBreak[];
  /** Where they set out from. */
  start: number;
  /** Seconds of work that is not urgent they may be given, where some of the day is kept free; null without limit (应急预留). */
  room: number | null;
  /** Visits at most; null without limit. */
  most: number | null;
  /** Areas they serve; null: wherever it is. */
  territories: readonly string[] | null;
}

/** A pause (休息), or time away: so long, beginning within. */
export interface DayBreak {
  from: number;
  seconds: number;
  /** By how much later it may begin. */
  slack: number;
}

/** What has to be done on site: a visit, or a ticket that has none yet (待办上门). */
export interface DayJob {
  /** Of the visit, else of the ticket. */
  id: string;
  visitId: string | null;
  ticketId: string;
  place: number;
  placeKnown: boolean;
  /** Seconds of work, and what it takes single people where that differs. */
  service: number;
  serviceBy: Readonly<Record<string, number>>;
  /** When one may enter (现场开放时间); null: at any time. */
  access: readonly TimeWindow[] | null;
  /** The window that was told to the customer: the work begins within. */
  promised: TimeWindow | null;
  /** By when the work has to have begun, or to be done. */
  due: { at: number; by: 'begin' | 'end' } | null;
  skills: readonly { skill: string; level: number }[];
  required: readonly string[] | null;
  preferred: readonly string[];
  banned: readonly string[];
  /** What each further person has to know (同行要求), and who comes along already. */
  crew: readonly { skills: readonly { skill: string; level: number }[] }[];
  members: readonly string[];
  /** The areas it lies in, and whether nobody from outside of them may come (服务区域). */
  territories: readonly string[];
  withinTerritory: boolean;
  /** From 1, urgent, to 4, low. */
  priority: number;
  /** May take what is kept free for what is urgent. */
  urgent: boolean;
  /** Who has it; null: nobody yet. */
  technician: string | null;
  accepted: boolean;
  planned: number | null;
  lock: DayLock | null;
  /** When it was, or is: under way or over. */
  fixed: TimeWindow | null;
  /** Stays where it is whatever is planned: it is not the caller's, or not theirs alone. */
  held: boolean;
  /** This is somebody's part in a visit that another one leads. */
  along: boolean;
  /** It is planned on another day, and is to come to this one (改期): nobody's day has it yet. */
  elsewhere: boolean;
}

/** What of it must not be changed (锁定): who comes, and when it begins, a moment or a range. */
export interface DayLock {
  person: boolean;
  range: TimeWindow | null;
}

/** What somebody is to do, in order; not before a moment, where that was said. */
export interface Placed {
  job: DayJob;
  notBefore: number | null;
}

/** Seconds it takes somebody. */
export const serviceOf = ({ service, serviceBy }: DayJob, personId: string): number => serviceBy[personId] ?? service;

/** Whether somebody serves where it is, or where that is no matter. */
export const serves = ({ territories }: DayPerson, job: DayJob): boolean => !job.withinTerritory || job.territories.length === 0 || territories === null || job.territories.some((id) => territories.includes(id));

/** Whether somebody may do it by the rules about people (人员合适): what they know, who is asked for or refused, and where it is. */
export const suits = (person: DayPerson, job: DayJob): boolean =>
  job.skills.every(({ skill, level }) => (person.skills[skill] ?? 0) >= level) && (job.required?.includes(person.id) ?? true) && !job.banned.includes(person.id) && serves(person, job);

/** Whether it can be given to somebody else or another time. */
export const isMovable = (job: DayJob): boolean => job.fixed === null && !job.held && !job.along;

/** The moment by which it has its place in somebody's day (排序时刻); Infinity where nothing says when. */
export const standsAt = (job: DayJob): number => job.fixed?.[0] ?? job.planned ?? job.lock?.range?.[0] ?? job.promised?.[0] ?? Infinity;

/** What somebody has to do as things stand (当前顺序): what happened, then by planned time, else by what was promised. */
export function presentDay(day: Day, personId: string): Placed[] {
  return day.jobs.filter(({ technician, elsewhere }) => technician === personId && !elsewhere)
    .sort((a, b) => Number(b.fixed !== null) - Number(a.fixed !== null) || (standsAt(a) === standsAt(b) ? 0 : standsAt(a) - standsAt(b)) || (a.id < b.id ? -1 : 1))
    .map((job) => ({ job, notBefore: job.planned }));
}
