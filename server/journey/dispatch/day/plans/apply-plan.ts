import { ApplyDayPlan, DayPlan, type PlanOutcome } from '../../../../../contract/day-plan.ts';
import { Closed, Id } from '../../../../../contract/common.ts';
import { brokenRules, dayRules, newlyBroken } from '../../../../../rules/day-plan/broken-rules.ts';
import { isMovable, presentDay, type DayJob, type Placed } from '../../../../../rules/day-plan/day.ts';
import { layOut, type LaidDay } from '../../../../../rules/day-plan/lay-out.ts';
import { dayNumber } from '../../../../../rules/calendar/calendar.ts';
import { localDay } from '../../../../platform/clock/clock.ts';
import { build } from '../../../../platform/db/database.ts';
import { Refusal } from '../../../../platform/errors/refusal.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { useCase } from '../../../../platform/http/use-case.ts';
import { findPlan, type StoredItem } from '../../../../records/dispatch/day/plan-rows.ts';
import { readDay, secondsOf, type ReadDay } from '../../../../records/dispatch/day/read-day.ts';
import { dayTickets, lockForPlanning, withVisit } from '../../../../records/dispatch/day/rows.ts';
import { dispatchScope, techniciansIn } from '../../../../records/dispatch/day/scope.ts';
import { lockDaysOf } from '../../../../records/dispatch/lock-days.ts';
import { configurationOf } from '../../../../records/organization/configuration.ts';
import { carryOut } from '../carry-out.ts';
import { isVisible, viewPlan } from './view-plan.ts';

/**
 * Applies a plan (应用排程): every ticket is looked at again behind its lock. What has changed since it was planned is told, one by one, and left
 * alone; everything else is assigned and scheduled as by hand, in one transaction. No promised window is moved. Applied again, it answers what came of it.
 *
 * @throws Refusal plan_not_ready, plan_over
 */
export const applyDayPlan = useCase({
  summary: 'Apply a plan of a day',
  params: Closed({ id: Id }),
  body: ApplyDayPlan,
  answer: DayPlan,
  async run(context, { params, body }) {
    const { tenantId, transaction, now } = context;
    const configuration = await configurationOf(context);
    const row = await findPlan(context, params.id, true);
    if (!row || !isVisible(context, configuration, row)) throw new Refusal('not_found');
    if (row.state === 'applied') return viewPlan(context, configuration, row);
    if (row.state === 'waiting' || row.state === 'running') throw new Refusal('plan_not_ready');
    if (row.state !== 'ready' || !row.result) throw new Refusal('plan_over');
    const { items } = row.result;
    const chosen = body.ticketIds && new Set(body.ticketIds);
    const outcomes = new Map<string, PlanOutcome>();
    const open = items.filter((item) => item.after !== null && (!chosen || chosen.has(item.ticketId)));
    for (const item of items) if (item.after !== null && chosen && !chosen.has(item.ticketId)) outcomes.set(item.ticketId, 'left');

    if (dayNumber(row.day) < dayNumber(localDay(now, configuration.organization.timeZone))) {
      for (const { ticketId } of open) outcomes.set(ticketId, 'time_over');
    } else {
      const ids = [...new Set(open.flatMap(({ before, after }) => [...before ? [before.technicianId] : [], after!.technicianId]))];
      const { technicians } = await techniciansIn(context, dispatchScope(context, configuration), { ids });
      const unplanned = open.flatMap(({ ticketId, visitId }) => (visitId === null ? [ticketId] : []));
      // Looked at once to know what to lock, and again behind the locks.
      const first = await readDay(context, configuration, row.day, technicians, unplanned);
      const tickets = await lockForPlanning(context, [...open.map(({ ticketId }) => ticketId), ...first.day.jobs.filter(({ fixed, along }) => fixed === null && !along).map(({ ticketId }) => ticketId)]);
      await lockDaysOf(context, [...ids, ...open.flatMap(({ after }) => after!.memberIds)], [row.day]);
      const read = await readDay(context, configuration, row.day, technicians, unplanned);
      const facing = { read, seen: await dayTickets(context, open.map(({ ticketId }) => ticketId)), taken: await withVisit(context, unplanned) };
      const accepted = new Map<string, { item: StoredItem; job: DayJob }>();
      for (const item of open) {
        const found = lookAgain(facing, item);
        if (typeof found === 'string') outcomes.set(item.ticketId, found);
        else accepted.set(found.id, { item, job: found });
      }
      const days = fit(read, accepted, (ticketId) => outcomes.set(ticketId, 'no_room'));
      const changed = await carryOut(context, {
        read, days, tickets, promiseMinutes: row.request.promiseMinutes, membersOf: (job) => accepted.get(job.id)?.item.after?.memberIds,
      });
      for (const { item } of accepted.values()) outcomes.set(item.ticketId, changed.has(item.ticketId) ? 'applied' : 'unchanged');
    }
    const kept = Object.fromEntries(outcomes);
    await transaction.run(build.updateTable('day_plan').set((update) => ({ state: 'applied', outcomes: JSON.stringify(kept), ended_at: now, ended_by_name: context.actor.name, version: update('version', '+', 1) })).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    await recordFact(transaction, {
      kind: 'dispatch.plan_applied', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id,
      data: { date: row.day, applied: [...outcomes.values()].filter((outcome) => outcome === 'applied').length, leftAlone: [...outcomes.values()].filter((outcome) => !['applied', 'unchanged', 'left'].includes(outcome)).length },
    });
    return viewPlan(context, configuration, { ...row, state: 'applied', outcomes: kept, ended_at: now, ended_by_name: context.actor.name, version: row.version + 1 });
  },
});

/** The job of an item as it stands now, or why it is left alone. */
function lookAgain({ read, seen, taken }: { read: ReadDay; seen: Awaited<ReturnType<typeof dayTickets>>; taken: ReadonlySet<string> }, item: StoredItem): DayJob | PlanOutcome {
  const ticket = seen.get(item.ticketId);
  if (!ticket?.readable || !ticket.assignable) return 'not_permitted';
  if (ticket.merged_into !== null || ['resolved', 'closed', 'cancelled'].includes(ticket.status)) return 'ended';
  const job = read.day.jobs.find(({ id }) => id === (item.visitId ?? item.ticketId));
  const known = job && read.jobs.get(job.id);
  if (item.visitId === null && (taken.has(item.ticketId) || ticket.assignee_id !== null)) return 'taken';
  // Called off, planned for another day, or with somebody out of sight.
  if (!job || !known) return 'changed';
  if (known.visit && job.fixed) return 'begun';
  if (ticket.version !== item.ticketVersion || (known.visit && known.visit.version !== item.visitVersion)) return 'changed';
  if (!isMovable(job)) return 'changed';
  const person = read.day.people.find(({ id }) => id === item.after!.technicianId);
  return person?.shift ? job : 'person_unavailable';
}

/**
 * Days with what was accepted put in by its planned time. What would break a hard rule there, as somebody's day has changed meanwhile, is taken out again, until nothing does.
 */
function fit(read: ReadDay, accepted: Map<string, { item: StoredItem; job: DayJob }>, drop: (ticketId: string) => void): LaidDay[] {
  const { day } = read;
  const before = day.people.map((person) => layOut(day, person, presentDay(day, person.id)));
  const was = before.flatMap(brokenRules);
  for (;;) {
    const days = day.people.map((person) => layOut(day, person, placedFor(read, person.id, accepted)));
    const broken = [...newlyBroken(was, days.flatMap(brokenRules))].find(({ rule, job, person }) => dayRules[rule].hard && offender(job, person.id) !== undefined);
    if (!broken) return days;
    const out = offender(broken.job, broken.person.id)!;
    accepted.delete(out);
    drop(read.jobs.get(out)!.ticket.id);
  }

  /** Itself, if it was put in; else what came into that day last. */
  function offender(job: DayJob | null, personId: string): string | undefined {
    if (job && accepted.has(job.id)) return job.id;
    const comers = [...accepted.values()].filter(({ item, job: own }) => item.after!.technicianId === personId && own.technician !== personId);
    return comers.sort((a, b) => (a.item.after!.startsAt < b.item.after!.startsAt ? 1 : -1))[0]?.job.id;
  }
}

function placedFor(read: ReadDay, personId: string, accepted: ReadonlyMap<string, { item: StoredItem; job: DayJob }>): Placed[] {
  const staying = presentDay(read.day, personId).filter(({ job }) => !accepted.has(job.id));
  const coming = [...accepted.values()].filter(({ item }) => item.after!.technicianId === personId).map(({ item, job }): Placed => ({ job, notBefore: secondsOf(read, new Date(item.after!.startsAt)) }));
  const moment = ({ job, notBefore }: Placed) => notBefore ?? job.lock?.range?.[0] ?? job.promised?.[0] ?? Infinity;
  const fixed = staying.filter(({ job }) => job.fixed !== null);
  const all = [...staying.filter(({ job }) => job.fixed === null), ...coming];
  return [...fixed, ...all.sort((a, b) => (moment(a) === moment(b) ? 0 : moment(a) - moment(b)))];
}
