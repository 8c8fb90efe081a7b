import type { TimeWindow } from '../solver/problem.ts';
import type { Day, DayBreak, DayJob, DayPerson, Placed } from './day.ts';
import { serviceOf, standsAt } from './day.ts';

/** When something is done, as it comes out (推算时间). */
export interface LaidStop {
  job: DayJob;
  /** Where they were before. */
  from: number;
  /** Travel from there. */
  travel: number;
  metres: number;
  arrives: number;
  begins: number;
  ends: number;
  /** Behind what was promised, or the deadline, whichever is worse; 0 in time. */
  late: number;
}

/** Somebody's day with its times (当日推算). */
export interface LaidDay {
  person: DayPerson;
  stops: LaidStop[];
  breaks: { from: number; to: number; late: boolean }[];
  /** End of the last stop; null without any. */
  returns: number | null;
}

/** What a day comes to, in seconds and metres. */
export interface Figures {
  visits: number;
  travel: number;
  metres: number;
  work: number;
  idle: number;
  overtime: number;
  late: number;
}

const afterAllFixed = ({ stops }: Pick<LaidDay, 'stops'>, shiftFrom: number, now: number | null): number =>
  Math.max(shiftFrom, now ?? -Infinity, ...stops.map(({ ends }) => ends));

/**
 * Reckons when everything would be (排班时间推算): one after the other in the order given, each as early as it can be, pauses
 * where they do least harm. What has happened, or is under way, keeps its times. Nothing is refused here; what is wrong with
 * a day `brokenRules` says. Whoever is off duty is reckoned with the whole day.
 */
export function layOut(day: Day, person: DayPerson, placed: readonly Placed[]): LaidDay {
  // Called out before the shift begins: they set out whenever that takes.
  const called = placed.flatMap(({ job, notBefore }) => (job.urgent && notBefore !== null ? person.onCall.filter(([from, to]) => notBefore >= from && notBefore <= to).map(([from]) => from) : []));
  const shiftFrom = Math.min((person.shift ?? day.span)[0], ...called);
  const done = placed.filter(({ job }) => job.fixed !== null);
  const open = placed.filter(({ job }) => job.fixed === null);
  const laid: LaidDay = { person, stops: [], breaks: [], returns: null };
  let here = person.start;
  for (const { job } of done) {
    const [begins, ends] = job.fixed!;
    laid.stops.push({ job, from: here, travel: day.travel.seconds(here, job.place), metres: day.travel.metres(here, job.place), arrives: begins, begins, ends, late: 0 });
    here = job.place;
  }
  const free = afterAllFixed(laid, shiftFrom, day.now);
  // A pause that should be over by now was taken, or never will be.
  const pauses = person.breaks.filter(({ from, seconds, slack }) => from + slack >= free || from + seconds > free).map((pause) => startedBy(pause, free));
  const positions: number[] = [];
  const run = (at: readonly number[]) => runThrough(day, person, open, { here, free, pauses, at });
  let best = run(positions);
  // Each pause is tried at every place while those before it stand where they do least harm.
  for (let index = 0; index < pauses.length; index += 1) {
    let chosen = -1;
    for (let position = positions[index - 1] ?? 0; position <= open.length; position += 1) {
      const tried = run([...positions, position]);
      if (chosen >= 0 && (tried.harm > best.harm + 1e-6 || (Math.abs(tried.harm - best.harm) <= 1e-6 && tried.begun >= best.begun - 1e-6))) continue;
      [best, chosen] = [tried, position];
    }
    positions.push(chosen);
  }
  laid.stops.push(...best.stops);
  laid.breaks.push(...best.breaks);
  laid.returns = laid.stops.at(-1)?.ends ?? null;
  return laid;
}

/** What is left of a pause that has begun. */
const startedBy = (pause: DayBreak, free: number): DayBreak =>
  (pause.from + pause.slack < free ? { from: free, seconds: pause.from + pause.seconds - free, slack: 0 } : pause);

interface Setting {
  here: number;
  free: number;
  pauses: readonly DayBreak[];
  /** Before which of the open jobs each pause is taken. */
  at: readonly number[];
}

function runThrough(day: Day, person: DayPerson, open: readonly Placed[], { here: from, free, pauses, at }: Setting): Pick<LaidDay, 'stops' | 'breaks'> & { harm: number; begun: number } {
  const until = (person.shift ?? day.span)[1];
  const stops: LaidStop[] = [];
  const breaks: LaidDay['breaks'] = [];
  let [here, now, harm, begun] = [from, free, 0, 0];
  for (let index = 0; index <= open.length; index += 1) {
    pauses.forEach((pause, which) => {
      if (at[which] !== index) return;
      const begins = Math.max(now, pause.from);
      const tooLate = Math.max(0, begins - pause.from - pause.slack);
      breaks.push({ from: begins, to: begins + pause.seconds, late: tooLate > 1 });
      harm += tooLate;
      now = begins + pause.seconds;
    });
    const next = open[index];
    if (!next) break;
    const { job, notBefore } = next;
    const travel = day.travel.seconds(here, job.place);
    const arrives = now + travel;
    const begins = firstMoment(job, Math.max(arrives, notBefore ?? -Infinity, waitedFor(day, job.promised), waitedFor(day, job.lock?.range ?? null)));
    now = begins + serviceOf(job, person.id);
    harm += Math.max(0, begins - Math.min(job.promised?.[1] ?? Infinity, job.lock?.range?.[1] ?? Infinity)) + Math.max(0, now - until);
    begun += begins;
    stops.push({ job, from: here, travel, metres: day.travel.metres(here, job.place), arrives, begins, ends: now, late: latenessOf(job, begins, now) });
    here = job.place;
  }
  return { stops, breaks, harm, begun };
}

/** Until when nobody begins: what is promised or held for a later day is not waited for, it is broken. */
const waitedFor = ({ span }: Pick<Day, 'span'>, window: TimeWindow | null): number => (window === null || window[0] >= span[1] ? -Infinity : window[0]);

/** The first moment from one on at which one may enter; that moment itself where there is none any more. */
function firstMoment({ access }: DayJob, from: number): number {
  const first = (access ?? []).reduce((earliest, [start, end]) => (end >= from ? Math.min(earliest, Math.max(start, from)) : earliest), Infinity);
  return first === Infinity ? from : first;
}

/** By how much it is behind what was promised, or its deadline. */
export function latenessOf({ promised, due }: DayJob, begins: number, ends: number): number {
  const late = Math.max(0, begins - (promised?.[1] ?? Infinity), due ? (due.by === 'begin' ? begins : ends) - due.at : -Infinity);
  // A rounding error is no lateness.
  return late > 1 ? late : 0;
}

/**
 * Of which jobs of a day the time that was reckoned is their planned one from now on (写入计划时间): of what was given another, and of what would
 * otherwise be read before what it was put behind. That somebody runs late is shown and not stored: they may catch up.
 *
 * @param timed ids of what was given another time
 * @param ordered ids of what was put in order, those of `timed` among them
 */
export function timesToStore({ person, stops }: LaidDay, timed: ReadonlySet<string>, ordered: ReadonlySet<string>): Set<string> {
  const stored = new Set<string>();
  let last = -Infinity;
  for (const { job, begins } of stops) {
    if (job.fixed !== null) continue;
    const own = standsAt(job);
    if (timed.has(job.id) || job.technician !== person.id || own <= last || (own === Infinity && ordered.has(job.id))) {
      stored.add(job.id);
      last = Math.max(last, begins);
    } else if (ordered.has(job.id)) last = Math.max(last, own);
  }
  return stored;
}

/** What a day comes to (当天合计). */
export function figuresOf({ person, stops, breaks }: LaidDay): Figures {
  const sum = (of: (stop: LaidStop) => number) => stops.reduce((total, stop) => total + of(stop), 0);
  // What began on an earlier day counts from midnight on, which is second 0.
  const [travel, work] = [sum((stop) => stop.travel), sum((stop) => Math.max(0, stop.ends - Math.max(0, stop.begins)))];
  const [from, to] = person.shift ?? [0, 0];
  const overtime = person.shift ? Math.max(0, (stops.at(-1)?.ends ?? 0) - to) : 0;
  const rest = breaks.reduce((total, pause) => total + pause.to - pause.from, 0);
  return {
    visits: stops.length, travel, metres: sum((stop) => stop.metres), work, overtime, late: stops.filter(({ late }) => late > 0).length,
    idle: person.shift ? Math.max(0, to - from + overtime - travel - work - rest) : 0,
  };
}

/** Several of them together. */
export function addFigures(all: readonly Figures[]): Figures {
  const total: Figures = { visits: 0, travel: 0, metres: 0, work: 0, idle: 0, overtime: 0, late: 0 };
  for (const figures of all) for (const key of Object.keys(total) as (keyof Figures)[]) total[key] += figures[key];
  return total;
}
