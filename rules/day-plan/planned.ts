import { checkPlan, type PlanFault } from '../solver/check-plan.ts';
import { explain, explainBriefly, type LeftOut } from '../solver/explain.ts';
import type { Plan } from '../solver/problem.ts';
import { replan } from '../solver/replan.ts';
import { solve } from '../solver/solve.ts';
import { placeCrews, type CrewedDay } from './crews.ts';
import { presentDay, type Day, type DayJob, type Placed } from './day.ts';
import type { LeftOutJob } from './left-out.ts';
import { addFigures, figuresOf, layOut, type Figures, type LaidDay, type LaidStop } from './lay-out.ts';
import { currentPlan, problemOf, type DayProblem, type DayQuestion } from './problem.ts';

/** How a day is planned (排程请求): how long is searched, and whether it is planned anew after an event, with few changes. */
export interface Planning extends DayQuestion {
  milliseconds: number;
  now: () => number;
  anew: boolean;
  /** Instead of time: for tests, which want the same plan each time. */
  rounds?: number;
}

/** One job as it stood and as it would be (计划明细). */
export interface PlannedJob {
  job: DayJob;
  before: { person: string; begins: number; ends: number } | null;
  /** Null: it stays out of the plan. */
  after: { person: string; members: string[]; begins: number; ends: number; from: number; travel: number; metres: number; late: number } | null;
  change: 'new' | 'person' | 'time' | 'kept' | 'removed';
}

export interface Planned {
  jobs: PlannedJob[];
  leftOut: LeftOutJob[];
  before: Figures;
  after: Figures;
  moved: number;
  bookings: number;
  faults: PlanFault[];
  digest: string;
}

/** Of one kind the nearest is told; so many kinds. */
const mostRelaxations = 4;
/** Of the others only the rule that blocks them is told: what would have to give way takes some milliseconds each. */
const explainedAtMost = 200;
/** Beginning so much earlier or later is another time. */
const sameTime = 900;
/** What is searched after an event: see the planner's own notes. */
const roundsAnew = 300;

/**
 * Plans a day (当日排程). First with every promise and deadline as a limit; what cannot be done within them is then looked for
 * once more as soon as can be, late rather than not at all.
 */
export function planDay(day: Day, planning: Planning): Planned {
  const { keep, relaxed = new Set() } = planning;
  const began = planning.now();
  const share = (part: number) => ({
    seed: 1, now: planning.now, ...(planning.rounds === undefined ? { milliseconds: Math.max(200, planning.milliseconds * part) } : { rounds: Math.max(1, Math.round(planning.rounds * part)) }),
  });
  const crewed = placeCrews(day);
  let question = problemOf(crewed.day, { keep, relaxed });
  const current = currentPlan(question);
  const search = (asked: DayProblem, from: Plan | null, part: number): Plan => {
    // What nobody has after an event is what it has freed, or brought.
    if (planning.anew) return replan(asked.problem, { ...current, unassigned: [] }, { ...share(part), rounds: planning.rounds ?? roundsAnew }).plan;
    return from ? solve(asked.problem, { ...share(part), from, nearby: true, heat: [0.3, 0.01] }) : solve(asked.problem, { ...share(part), from: current });
  };
  let plan = search(question, null, 0.75);
  const bound = plan.unassigned.map((index) => question.jobs[index]!).filter(({ promised, due }) => promised !== null || due !== null);
  if (bound.length > 0) {
    question = problemOf(crewed.day, { keep, relaxed: new Set([...relaxed, ...bound.map(({ id }) => id)]) });
    plan = search(question, plan, Math.max(0.1, 1 - (planning.now() - began) / Math.max(1, planning.milliseconds)));
  }
  return result(day, crewed, question, plan);
}

function result(day: Day, { made, left }: CrewedDay, question: DayProblem, plan: Plan): Planned {
  const { problem, jobs, people } = question;
  const before = new Map(people.map((person) => [person.id, layOut(day, person, presentDay(day, person.id))]));
  const membersOf = new Map(plan.routes.flatMap(({ technician, stops }) => stops.filter(({ kind }) => kind === 'second').map(({ index }) => [index, people[technician]!.id] as const)));
  const after = new Map(people.map((person): [string, LaidDay] => {
    const route = plan.routes.find(({ technician }) => people[technician] === person);
    const placed: Placed[] = (route?.stops ?? []).flatMap(({ kind, index, begins }) => (kind === 'break' ? [] : [{ job: jobs[index]!, notBefore: begins }]));
    return [person.id, layOut(day, person, [...presentDay(day, person.id).filter(({ job }) => job.fixed !== null), ...placed])];
  }));
  const stood = stopsOf(before);
  const leads = new Map(plan.routes.flatMap(({ technician, stops }) => stops.filter(({ kind }) => kind === 'visit').map(({ index }) => [index, people[technician]!.id] as const)));
  // Where somebody's part in it does not fit after all, nobody of the crew comes.
  const broken = new Set(plan.unassigned.flatMap((index) => (made.has(jobs[index]!) ? [jobs[index]!.ticketId] : [])));
  const planned = jobs.flatMap((asked, index): PlannedJob[] => {
    const job = made.has(asked) ? made.get(asked)! : asked;
    // Somebody's part in what a crew does stands with the one who leads.
    if (job === null || (made.has(asked) && broken.has(asked.ticketId))) return [];
    const was = stood.get(`${job.technician} ${job.id}`);
    const lead = leads.get(index);
    const stop = lead === undefined ? undefined : after.get(lead)!.stops.find((one) => one.job === asked);
    const member = membersOf.get(index);
    return [{
      job, before: was ? { person: job.technician!, begins: was.begins, ends: was.ends } : null,
      after: stop ? { person: lead!, members: member === undefined ? [...asked.members] : [member], begins: stop.begins, ends: stop.ends, from: stop.from, travel: stop.travel, metres: stop.metres, late: stop.late } : null,
      change: changeOf(job, was, lead, stop),
    }];
  });
  const booked = planned.filter(({ job }) => job.technician !== null && !job.along);
  return {
    jobs: planned, leftOut: [
      ...leftOutOf(question, plan).filter(({ job }) => !made.has(job)), ...left,
      ...[...made.values()].flatMap((own): LeftOutJob[] => (own !== null && broken.has(own.ticketId) ? [{ job: own, reason: 'no_crew', skill: null, relaxations: [] }] : [])),
    ],
    before: addFigures([...before.values()].map(figuresOf)), after: addFigures([...after.values()].map(figuresOf)),
    moved: booked.filter(({ change }) => change !== 'kept').length, bookings: booked.length,
    faults: checkPlan(problem, plan), digest: digestOf(question),
  };
}

const stopsOf = (laid: ReadonlyMap<string, LaidDay>): Map<string, LaidStop> => new Map([...laid].flatMap(([person, { stops }]) => stops.map((stop) => [`${person} ${stop.job.id}`, stop] as const)));

function changeOf(job: DayJob, was: LaidStop | undefined, lead: string | undefined, stop: LaidStop | undefined): PlannedJob['change'] {
  if (!stop) return 'removed';
  if (!was) return 'new';
  if (job.technician !== lead) return 'person';
  return Math.abs(stop.begins - was.begins) > sameTime ? 'time' : 'kept';
}

function leftOutOf({ problem, jobs, people }: DayProblem, plan: Plan): LeftOutJob[] {
  const pressing = [...plan.unassigned].sort((a, b) => jobs[a]!.priority - jobs[b]!.priority || a - b);
  const told: LeftOut[] = [...explain(problem, plan, pressing.slice(0, explainedAtMost)), ...explainBriefly(problem, plan, pressing.slice(explainedAtMost))];
  return told.map(({ visit, reason, skill, relaxations }) => ({
    job: jobs[visit]!, reason, skill: skill ?? null,
    relaxations: relaxations.slice(0, mostRelaxations).map((one) => ({
      kind: one.kind, person: people[one.technician]!.id, skill: one.kind === 'skill' ? one.skill : null,
      seconds: one.kind === 'window' ? one.later || -one.earlier : one.kind === 'overtime' ? one.seconds : one.kind === 'capacity' ? one.amount : null,
    })),
  }));
}

/** What two problems that are the same have in common (FNV-1a, two of them): to tell later whether a plan was made of the same. */
function digestOf({ problem, jobs, people }: DayProblem): string {
  const text = JSON.stringify([problem.visits, problem.technicians, problem.weights, jobs.map(({ id }) => id), people.map(({ id }) => id)]);
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(index), 0x01000193);
  }
  const { durations } = problem;
  for (let index = 0; index < durations.length; index += 1) {
    one = Math.imul(one ^ durations[index]!, 0x01000193);
    other = Math.imul(other ^ durations[index]!, 0x01000193);
  }
  return [one, other].map((value) => (value >>> 0).toString(16).padStart(8, '0')).join('');
}
