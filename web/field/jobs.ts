import type { Visit } from '../../contract/visit.ts';
import { priorities } from '../../rules/ticket/lifecycle.ts';
import { isVisitOver, openVisitActions, visitLifecycle, type VisitAction, type VisitStatus } from '../../rules/ticket/visit-lifecycle.ts';
import type { Command } from './data/database.ts';

/** A visit as the technician sees it: the server's word with the steps taken on this phone laid over it (任务). */
export interface Job {
  visit: Visit;
  /** Steps taken here that the server has not answered, in order. */
  pending: Command[];
  /** The first of them that the server refused; what follows it waits for a decision. */
  refused: Command | null;
}

/** Whether nothing is left to do on a job. */
export function isOver({ visit }: Job): boolean {
  return isVisitOver(visit.status);
}

/** When a job that is over ended, as well as that is known. */
export function endOf({ visit }: Job): string {
  return visit.completedAt ?? visit.obstacle?.at ?? visit.checkedInAt ?? visit.windowStart ?? visit.ticket.createdAt;
}

/** A visit after one step, as the server is going to see it. A step that is not open leaves the visit as it is. */
function applyStep(visit: Visit, command: Command): Visit {
  const rule = visitLifecycle[command.action];
  if (!rule.from.includes(visit.status)) return visit;
  const status = rule.to ?? visit.status;
  const next: Visit = { ...visit, status, actions: openVisitActions(status) };
  if (command.action === 'accept') next.acceptedAt = command.at;
  if (command.action === 'start_travel') next.travelStartedAt = command.at;
  if (command.action === 'check_in') next.checkedInAt = command.at;
  if (command.action === 'check_items') {
    const ticked = new Map(command.body.items?.map(({ id, done }) => [id, done]));
    next.checklist = visit.checklist.map((item) => {
      const done = ticked.get(item.id);
      return done === undefined || done === (item.done !== null) ? item : { ...item, done: done ? { at: command.at, by: null } : null };
    });
  }
  if (command.action === 'log_work' || command.action === 'complete') next.workSummary = command.body.workSummary ?? visit.workSummary;
  if (command.action === 'complete') {
    next.completedAt = command.at;
    next.parts = command.body.parts ?? [];
    next.signedBy = command.body.signedBy ?? null;
  }
  if (command.action === 'report_obstacle' && command.body.obstacle !== undefined) {
    next.obstacle = { kind: command.body.obstacle, note: command.body.note ?? null, at: command.at };
  }
  return next;
}

/**
 * Lays the unanswered steps over the server's visit, so that a step shows as done the moment it is taken.
 *
 * @param commands all unanswered steps of this phone, in order; those of other visits are passed over
 */
export function project(visit: Visit, commands: readonly Command[]): Job {
  const pending = commands.filter((command) => command.visitId === visit.id);
  const refused = pending.find((command) => command.state === 'refused') ?? null;
  let shown = visit;
  for (const command of pending) {
    // A refused step did not happen, and neither did what was built on it.
    if (command.state === 'refused') break;
    shown = applyStep(shown, command);
  }
  return { visit: shown, pending, refused };
}

/** What becomes of a step somebody wants to take: `already` is the second tap on one that waits to be sent. */
export type StepVerdict = 'open' | 'already' | 'notOpen';

/** Whether a step may be taken on a job as it stands on this phone (能否操作). */
export function judgeStep(job: Job, action: VisitAction): StepVerdict {
  if (job.refused === null && job.visit.actions.includes(action)) return 'open';
  return job.pending.some((command) => command.action === action && command.state === 'waiting') ? 'already' : 'notOpen';
}

const running: readonly VisitStatus[] = ['on_site', 'travelling'];

function rank(visit: Visit, tomorrow: string): number {
  const at = running.indexOf(visit.status);
  if (at >= 0) return at;
  if (visit.ticket.priority === 'urgent') return 2;
  // What was promised for another day comes after what may be done at any time.
  const promised = visit.plannedStart ?? visit.windowStart ?? visit.windowEnd;
  return promised === null ? 4 : promised < tomorrow ? 3 : 5;
}

/**
 * The order of the day (任务顺序): what is being done, what is urgent, what is planned or promised for today by when it
 * begins, what has no window by priority and age, and last what is promised for another day.
 *
 * @param tomorrow when the next day begins; RFC 3339, UTC
 */
export function compareJobs(one: Job, other: Job, tomorrow: string): number {
  const [a, b] = [one.visit, other.visit];
  const ranks = rank(a, tomorrow) - rank(b, tomorrow);
  if (ranks !== 0) return ranks;
  // Planned within its window, where a day was planned.
  const windows = (a.plannedStart ?? a.windowStart ?? '9').localeCompare(b.plannedStart ?? b.windowStart ?? '9');
  if (windows !== 0) return windows;
  const byPriority = priorities.indexOf(a.ticket.priority ?? 'low') - priorities.indexOf(b.ticket.priority ?? 'low');
  if (byPriority !== 0) return byPriority;
  return a.ticket.createdAt.localeCompare(b.ticket.createdAt);
}

/** The step that carries a visit on (下一步); null when nothing is left to do. */
export function nextStep(visit: Visit): VisitAction | null {
  const steps: Partial<Record<VisitStatus, VisitAction>> = {
    scheduled: 'accept',
    accepted: 'start_travel',
    travelling: 'check_in',
    on_site: 'complete',
  };
  const step = steps[visit.status];
  return step !== undefined && visit.actions.includes(step) ? step : null;
}
