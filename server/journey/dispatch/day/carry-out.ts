import type { DayJob, DayLock } from '../../../../rules/day-plan/day.ts';
import { timesToStore, type LaidDay, type LaidStop } from '../../../../rules/day-plan/lay-out.ts';
import { isMovable } from '../../../../rules/day-plan/day.ts';
import type { Context } from '../../../platform/context.ts';
import type { LinkedFact } from '../../../platform/facts/fact.ts';
import type { FormerVisit } from '../../../records/dispatch/day/rows.ts';
import { momentOf, type ReadDay } from '../../../records/dispatch/day/read-day.ts';
import { assignTicket, type Assignment } from '../../../records/ticket/assign.ts';
import { tellOnTicket, type Writing } from '../../../records/ticket/change.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { writeAssigned, type HeldTicket } from '../../../records/ticket/write-assigned.ts';
import { planVisit, type VisitPlan } from '../../../records/visit/schedule.ts';

/** What is to be written of days that were reckoned (落实安排). */
export interface Carried {
  read: ReadDay;
  days: Iterable<LaidDay>;
  /** Locked; what is not among them is left alone. */
  tickets: ReadonlyMap<string, TicketRow>;
  /** Ids of jobs that were given another time, and of those that were put in order: of the others the time stays as it was planned. */
  timed: ReadonlySet<string>;
  ordered: ReadonlySet<string>;
  /** The visit that was called off which is arranged anew as it was (恢复上门). */
  formerOf?: (job: DayJob) => FormerVisit | undefined;
  /** How wide a window is told to customers who have none; null: none is. */
  promiseMinutes: number | null;
  /** Why the rules are broken for a job, and which. */
  overrideOf?: (job: DayJob, personId: string) => Assignment['override'];
  /** Whose promised window moves along, as somebody said why. */
  moves?: (job: DayJob) => boolean;
  /** Who comes along, where that was planned as well. */
  membersOf?: (job: DayJob) => readonly string[] | undefined;
}

const quarter = 900_000;
/** So many tickets go through the same steps at once: what is asked and written at a step is one statement for all of them. */
const together = 250;

/**
 * Writes days as they were reckoned: what is new, with somebody else or promised anew is assigned like by hand, with a visit; what only begins
 * at another time, or is held otherwise, keeps its visit. Nothing is written of what stays as it is.
 *
 * @returns the tickets that changed
 */
export async function carryOut(context: Context, { read, days, tickets, promiseMinutes, timed, ordered, formerOf = () => undefined, overrideOf = () => undefined, moves = () => false, membersOf = () => undefined }: Carried): Promise<Set<string>> {
  const changed = new Set<string>();
  const all = [...days].flatMap((laid) => {
    const stored = timesToStore(laid, timed, ordered);
    return laid.stops.map((stop) => ({ person: laid.person, stop, isStored: stored.has(stop.job.id) }));
  });
  for (let start = 0; start < all.length; start += together) {
    const held = await Promise.all(all.slice(start, start + together).map(write));
    await writeAssigned(context, held.filter((one) => one !== null));
  }
  return changed;

  async function write({ person, stop, isStored }: { person: LaidDay['person']; stop: LaidStop; isStored: boolean }): Promise<HeldTicket | null> {
    const { job } = stop;
    const ticket = tickets.get(job.ticketId);
    const known = read.jobs.get(job.id)!;
    if (!ticket || !isMovable(job)) return null;
    const had = known.visit;
    const promiseMoves = job.promised !== null && moves(job);
    const override = overrideOf(job, person.id);
    const stays = had?.technician_id === person.id && !promiseMoves;
    const plan = { ...planOf(read, stop, override?.rules.some((rule) => rule === 'time_locked' || rule === 'range_locked') ?? false), ...(stays && !isStored ? { planned_start: had.planned_start, planned_end: had.planned_end } : {}) };
    const facts: LinkedFact[] = [];
    const holding: Context & Writing = { ...context, holdRow: true, heldFacts: facts };
    let after: TicketRow;
    if (stays) {
      if (isSame(plan, had)) return null;
      await planVisit(context, had.id, plan);
      after = await tellOnTicket(holding, ticket, {
        kind: 'visit.planned', subjectId: had.id,
        data: { technicianId: person.id, memberIds: job.members, plannedStart: plan.planned_start, plannedEnd: plan.planned_end, plannedBefore: had.planned_start, locked: lockWords(plan), ...(override ? { override } : {}) },
      });
    } else {
      const window = windowOf(stop, promiseMoves);
      after = await assignTicket(holding, ticket, {
        assigneeId: person.id, note: (had ?? formerOf(job))?.note ?? undefined, override,
        visit: { windowStart: window?.from.toISOString(), windowEnd: window?.to?.toISOString(), plan, members: (membersOf(job) ?? job.members).filter((id) => id !== person.id) },
      });
    }
    changed.add(ticket.id);
    return { before: ticket, after, facts };
  }

  /** What the customer is told: what they were told before, unless somebody has said why not; else a window from the quarter of an hour it begins in. */
  function windowOf({ job, begins }: LaidStop, promiseMoves: boolean): { from: Date; to: Date | null } | null {
    const had = read.jobs.get(job.id)!.visit ?? formerOf(job);
    const from = new Date(Math.floor(momentOf(read, begins).getTime() / quarter) * quarter);
    if (had?.window_start && !promiseMoves) return { from: had.window_start, to: had.window_end };
    if (had?.window_start && had.window_end) return { from, to: new Date(from.getTime() + had.window_end.getTime() - had.window_start.getTime()) };
    if (had?.window_start) return { from, to: null };
    // Promised before anybody was sent: the visit is arranged for that, unless somebody has said why not.
    if (!had && job.promised) return promiseMoves ? { from, to: new Date(from.getTime() + (job.promised[1] - job.promised[0]) * 1_000) } : null;
    return promiseMinutes === null ? null : { from, to: new Date(from.getTime() + promiseMinutes * 60_000) };
  }
}

/** `holdMoves`: somebody has said why it does not begin when it was held; it is held as long at its new time. */
function planOf(read: Pick<ReadDay, 'span'>, { job, begins, ends }: LaidStop, holdMoves: boolean): VisitPlan {
  const held: DayLock = job.lock ?? { person: false, range: null };
  const lock: DayLock = holdMoves && held.range ? { ...held, range: [begins, begins + held.range[1] - held.range[0]] } : held;
  const at = (seconds: number | undefined) => (seconds === undefined ? null : momentOf(read, seconds));
  return { planned_start: momentOf(read, begins), planned_end: momentOf(read, ends), person_locked: lock.person, locked_from: at(lock.range?.[0]), locked_until: at(lock.range?.[1]) };
}

const isSame = (plan: VisitPlan, had: Pick<VisitPlan, 'planned_start' | 'person_locked' | 'locked_from' | 'locked_until'>): boolean =>
  plan.planned_start?.getTime() === had.planned_start?.getTime() && plan.person_locked === had.person_locked && plan.locked_from?.getTime() === had.locked_from?.getTime() && plan.locked_until?.getTime() === had.locked_until?.getTime();

const lockWords = ({ person_locked: person, locked_from: from, locked_until: until }: VisitPlan) => (person || from ? { person, from, until } : null);
