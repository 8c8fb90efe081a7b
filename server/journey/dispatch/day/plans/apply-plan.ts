import { ApplyDayPlan, DayPlan, type PlanOutcome } from '../../../../../contract/day-plan.ts';
import { Closed, Id } from '../../../../../contract/common.ts';
import { dayRules, type DayRule } from '../../../../../rules/day-plan/broken-rules.ts';
import { isMovable, type DayJob } from '../../../../../rules/day-plan/day.ts';
import { fit, type Put } from '../../../../../rules/day-plan/fit.ts';
import { dayNumber } from '../../../../../rules/calendar/calendar.ts';
import { localDay } from '../../../../platform/clock/clock.ts';
import { build } from '../../../../platform/db/database.ts';
import { Refusal } from '../../../../platform/errors/refusal.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { useCase } from '../../../../platform/http/use-case.ts';
import { findPlan, type StoredItem } from '../../../../records/dispatch/day/plan-rows.ts';
import { readDay, secondsOf, type ReadDay } from '../../../../records/dispatch/day/read-day.ts';
import { dayTickets, lockComers, lockForPlanning, withVisit } from '../../../../records/dispatch/day/rows.ts';
import { dispatchScope, techniciansIn } from '../../../../records/dispatch/day/scope.ts';
import { lockDaysOf } from '../../../../records/dispatch/lock-days.ts';
import { configurationOf } from '../../../../records/organization/configuration.ts';
import { assignTicket } from '../../../../records/ticket/assign.ts';
import { carryOut } from '../carry-out.ts';
import { isVisible, viewPlan } from './view-plan.ts';

/** By so many seconds more than the plan said, a rule is broken anew. */
const muchWorse = 900;
/** Milliseconds by which two moments are the same. */
const sameMoment = 60_000;
const changes: ReadonlySet<PlanOutcome> = new Set(['applied', 'given_back']);

/**
 * Applies a plan (应用排程): every ticket is looked at again behind its lock. What has changed since it was planned is told, one by one, and left
 * alone; everything else is assigned and scheduled as by hand, in one transaction, and what nobody can do any more is given back. What the plan breaks of hard rules, as
 * nobody can keep them, takes a reason; no promised window is moved without. Applied again, it answers what came of it.
 *
 * @throws Refusal plan_not_ready, plan_over, draft_breaks_rules
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
    const open = items.filter((item) => !chosen || chosen.has(item.ticketId));
    for (const item of items) if (chosen && !chosen.has(item.ticketId)) outcomes.set(item.ticketId, 'left');

    if (dayNumber(row.day) < dayNumber(localDay(now, configuration.organization.timeZone))) {
      for (const { ticketId } of open) outcomes.set(ticketId, 'time_over');
    } else {
      const reason = body.reason?.trim();
      const breaking = open.flatMap(({ breaks }) => breaks ?? []);
      if (breaking.length > 0 && !reason) {
        throw new Refusal('draft_breaks_rules', {}, { errors: [...new Set(breaking.map(({ rule }) => rule))].map((rule) => ({ path: '/reason', code: rule, message: { zh: dayRules[rule].zh, en: dayRules[rule].en } })) });
      }
      const ids = [...new Set(open.flatMap(({ before, after }) => [...before ? [before.technicianId] : [], ...after ? [after.technicianId, ...after.memberIds] : []]))];
      const { technicians } = await techniciansIn(context, dispatchScope(context, configuration), { ids });
      const unplanned = open.flatMap(({ ticketId, visitId }) => (visitId === null ? [ticketId] : []));
      // Looked at once to know what to lock, and again behind the locks.
      const first = await readDay(context, configuration, row.day, technicians, unplanned);
      const tickets = await lockForPlanning(context, [...open.map(({ ticketId }) => ticketId), ...first.day.jobs.filter(({ fixed, along }) => fixed === null && !along).map(({ ticketId }) => ticketId)]);
      await lockDaysOf(context, ids, [row.day]);
      let read = await readDay(context, configuration, row.day, technicians, unplanned);
      while (await lockComers(context, tickets, read.day.jobs)) read = await readDay(context, configuration, row.day, technicians, unplanned);
      const facing = { read, seen: await dayTickets(context, open.map(({ ticketId }) => ticketId)), taken: await withVisit(context, unplanned) };
      const accepted = new Map<string, { item: StoredItem; put: Put }>();
      for (const item of open) {
        const found = lookAgain(facing, item);
        if (typeof found === 'string') outcomes.set(item.ticketId, found);
        else accepted.set(found.id, { item, put: { job: found, to: item.after && { person: item.after.technicianId, begins: secondsOf(read, new Date(item.after.startsAt)), members: item.after.memberIds } } });
      }
      // What the plan said it breaks, and no worse.
      const broken = new Map<string, DayRule[]>();
      const { days, dropped } = fit(read.day, [...accepted.values()].map(({ put }) => put), ({ job }, { rule, by }) => {
        const told = accepted.get(job.id)!.item.breaks?.find((one) => one.rule === rule && by <= one.by + muchWorse);
        if (told) broken.set(job.id, [...new Set([...broken.get(job.id) ?? [], rule])]);
        return told !== undefined;
      });
      for (const { job } of dropped) {
        outcomes.set(accepted.get(job.id)!.item.ticketId, 'no_room');
        accepted.delete(job.id);
      }
      const overrideOf = (job: DayJob) => (reason && broken.has(job.id) ? { reason, rules: broken.get(job.id)! } : undefined);
      // What the plan leaves about where it is keeps its time.
      const timed = new Set([...accepted.values()].flatMap(({ item: { before, after, change }, put }) => (after && (change !== 'kept' || !before || Math.abs(Date.parse(after.startsAt) - Date.parse(before.startsAt)) > sameMoment) ? [put.job.id] : [])));
      const changed = await carryOut(context, {
        read, days: days.values(), tickets, timed, ordered: timed, promiseMinutes: row.request.promiseMinutes, membersOf: (job) => accepted.get(job.id)?.put.to?.members, overrideOf,
        moves: (job) => broken.get(job.id)?.includes('promise') ?? false,
      });
      for (const { item, put } of accepted.values()) {
        if (put.to) outcomes.set(item.ticketId, changed.has(item.ticketId) ? 'applied' : 'unchanged');
        else {
          await assignTicket(context, tickets.get(item.ticketId)!, { assigneeId: null, note: reason, override: overrideOf(put.job) });
          outcomes.set(item.ticketId, 'given_back');
        }
      }
    }
    const kept = Object.fromEntries(outcomes);
    await transaction.run(build.updateTable('day_plan').set((update) => ({ state: 'applied', outcomes: JSON.stringify(kept), ended_at: now, ended_by_name: context.actor.name, version: update('version', '+', 1) })).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    await recordFact(transaction, {
      kind: 'dispatch.plan_applied', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id,
      data: { date: row.day, applied: [...outcomes.values()].filter((outcome) => changes.has(outcome)).length, leftAlone: [...outcomes.values()].filter((outcome) => outcome !== 'unchanged' && outcome !== 'left' && !changes.has(outcome)).length },
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
  if (item.after === null) return job;
  const people = [item.after.technicianId, ...item.after.memberIds.filter((id) => !job.members.includes(id))].map((id) => read.day.people.find((person) => person.id === id));
  return people.every((person) => person?.shift) && !item.after.memberIds.some((id) => job.banned.includes(id)) ? job : 'person_unavailable';
}
