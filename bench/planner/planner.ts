import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { checkPlan } from '../../rules/solver/check-plan.ts';
import type { Plan, PlanProblem, PlanVisit } from '../../rules/solver/problem.ts';
import { replan } from '../../rules/solver/replan.ts';
import { solve, type Solved } from '../../rules/solver/solve.ts';
import { median, show } from '../figures.ts';
import type { Report } from '../report.ts';
import { penaltyOfPriority, readFieldDay } from './field-day.ts';
import { readSolomon } from './solomon.ts';

/** Seconds of CPU for instances of up to 200 stops, for larger ones, and for days of field service. */
const budgets = { small: [1, 5], large: [10, 60], field: [0, 10] } as const;
const quickBudgets = { small: [1], large: [10], field: [0, 3] } as const;
const largeFrom = 200;
/** Events of each kind that a day is planned anew for. */
const events = 10;
const replanRounds = 300;

interface Instance {
  name: string;
  problem: PlanProblem;
}

/**
 * The planner on instances of a folder, whatever lies deep in it: `.txt` in Solomon's form, `.json` in VROOM's, and best
 * known values as `.csv` with the columns `instance,optimum`. Time is that of the processor, as other work may go on.
 */
export async function measurePlanner({ data, quick }: { data: string; quick: boolean }): Promise<Report> {
  const files = (await readdir(data, { recursive: true })).map((file) => join(data, file)).sort();
  const stops: Instance[] = [];
  const days: Instance[] = [];
  const best = new Map<string, number>();
  for (const file of files) {
    const name = basename(file, extname(file));
    if (file.endsWith('.txt')) stops.push({ name, problem: readSolomon(await readFile(file, 'utf8')) });
    else if (file.endsWith('.json')) days.push({ name, problem: readFieldDay(await readFile(file, 'utf8')) });
    else if (file.endsWith('.csv')) {
      for (const line of (await readFile(file, 'utf8')).trim().split(/\r?\n/).slice(1)) best.set(line.split(',')[0]!, Number(line.split(',')[1]));
    }
  }
  if (stops.length + days.length === 0) throw new Error(`${data} holds no instances: .txt in Solomon's form or .json in VROOM's`);
  const given = quick ? quickBudgets : budgets;
  return [
    ...stopsReport('VRPTW, distance first', stops.filter(({ problem }) => problem.visits.length <= largeFrom), given.small, best),
    ...stopsReport('VRPTW, large', stops.filter(({ problem }) => problem.visits.length > largeFrom), given.large, best),
    ...daysReport(days, given.field),
  ];
}

/** CPU milliseconds of this process. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function timed(problem: PlanProblem, seconds: number): { plan: Solved; cpu: number } {
  const began = spent();
  const plan = solve(problem, seconds === 0 ? { rounds: 0 } : { milliseconds: seconds * 1_000, now: spent });
  const cpu = (spent() - began) / 1_000;
  assertSound(problem, plan);
  return { plan, cpu };
}

function assertSound(problem: PlanProblem, plan: Plan): void {
  const faults = checkPlan(problem, plan);
  if (faults.length > 0) throw new Error(`The plan breaks rules: ${JSON.stringify(faults.slice(0, 5))}`);
}

function stopsReport(title: string, instances: readonly Instance[], seconds: readonly number[], best: ReadonlyMap<string, number>): Report {
  if (instances.length === 0) return [];
  const rows: string[][] = [];
  const gaps = new Map<number, number[]>();
  for (const { name, problem } of instances) {
    for (const budget of seconds) {
      const { plan, cpu } = timed(problem, budget);
      const known = best.get(name);
      const gap = known === undefined ? null : (plan.cost.total / 10 / known - 1) * 100;
      if (gap !== null) gaps.set(budget, [...gaps.get(budget) ?? [], gap]);
      rows.push([name, String(problem.visits.length), `${budget} s`, String(plan.routes.length), (plan.cost.total / 10).toFixed(1), known?.toFixed(1) ?? '–', gap === null ? '–' : `${gap.toFixed(2)} %`, show(cpu), plan.rounds.toLocaleString('en-US')]);
    }
  }
  return [{
    title, columns: ['Instance', 'Stops', 'Given', 'Vehicles', 'Distance', 'Best known', 'Gap', 'CPU s', 'Rounds'], rows,
    remarks: [...gaps].map(([budget, all]) => `${budget} s: mean gap ${(all.reduce((sum, gap) => sum + gap, 0) / all.length).toFixed(3)} % over ${all.length} instances, the largest ${Math.max(...all).toFixed(2)} %.`),
  }];
}

function daysReport(instances: readonly Instance[], seconds: readonly number[]): Report {
  if (instances.length === 0) return [];
  const rows: string[][] = [];
  const anew: string[][] = [];
  for (const { name, problem } of instances) {
    let last: Solved | null = null;
    for (const budget of seconds) {
      const { plan, cpu } = timed(problem, budget);
      last = plan;
      rows.push([name, budget === 0 ? 'first plan' : `${budget} s`, String(plan.routes.length), show(plan.cost.travel), String(plan.unassigned.length), show(plan.cost.penalty / penaltyOfPriority), show(cpu), plan.rounds.toLocaleString('en-US')]);
    }
    for (const kind of ['something urgent', 'somebody ill'] as const) anew.push([name, kind, ...eventsOf(problem, last!, kind)]);
  }
  return [
    { title: 'Days of field service', columns: ['Day', 'Given', 'Technicians', 'Travel s', 'Left out', 'Priority lost', 'CPU s', 'Rounds'], rows, remarks: ['Every plan was checked by an independent checker.'] },
    {
      title: 'Planned anew after one event', columns: ['Day', 'Event', 'CPU ms', 'Slowest', 'Moved', 'Most moved', 'Left out more'], rows: anew,
      remarks: [`${events} events each, median; ${replanRounds} rounds. Moved: bookings with somebody else, more than 15 minutes off or dropped, beside those of who is ill, as a share of all.`],
    },
  ];
}

/** Plans a day anew for events spread over it. */
function eventsOf(problem: PlanProblem, current: Plan, kind: 'something urgent' | 'somebody ill'): string[] {
  const times: number[] = [];
  const moves: number[] = [];
  const lost: number[] = [];
  const bookings = current.routes.reduce((sum, { stops }) => sum + stops.length, 0);
  for (let index = 0; index < events; index += 1) {
    const theirs = new Set<number>();
    let changed: PlanProblem;
    if (kind === 'somebody ill') {
      const ill = current.routes[Math.floor((index * current.routes.length) / events)]!;
      for (const stop of ill.stops) theirs.add(stop.index);
      changed = { ...problem, technicians: problem.technicians.map((one, at) => (at === ill.technician ? { ...one, shifts: [] } : one)) };
    } else {
      const like = problem.visits[Math.floor((index * problem.visits.length) / events)]!;
      const urgent: PlanVisit = { ...like, windows: [[36_000, 57_600]], penalty: 90 * penaltyOfPriority };
      changed = { ...problem, visits: [...problem.visits, urgent] };
    }
    const began = spent();
    const { plan, moved } = replan(changed, current, { rounds: replanRounds });
    times.push(spent() - began);
    assertSound(changed, plan);
    moves.push((moved.filter((visit) => !theirs.has(visit)).length / bookings) * 100);
    lost.push(plan.unassigned.length - current.unassigned.length);
  }
  return [show(median(times)), show(Math.max(...times)), `${median(moves).toFixed(2)} %`, `${Math.max(...moves).toFixed(2)} %`, show(median(lost))];
}
