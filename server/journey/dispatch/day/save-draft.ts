import { dayRules, SavedDraft, SaveDraft } from '../../../../contract/day-plan.ts';
import { presentDay } from '../../../../rules/day-plan/day.ts';
import { layOut } from '../../../../rules/day-plan/lay-out.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { readDay } from '../../../records/dispatch/day/read-day.ts';
import { lockComers, lockForPlanning } from '../../../records/dispatch/day/rows.ts';
import { dispatchScope, techniciansIn } from '../../../records/dispatch/day/scope.ts';
import { lockDaysOf } from '../../../records/dispatch/lock-days.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { assignTicket } from '../../../records/ticket/assign.ts';
import { carryOut } from './carry-out.ts';
import { reckonDraft, viewDraft } from './draft.ts';
import { shownOf } from './view-day.ts';

/**
 * Saves a draft of a day (保存安排): all of it or nothing, behind the locks of every ticket of the days it changes, and of those days. A hard rule that it breaks anew takes a
 * reason, which stands in the history of the tickets it concerns; a promise that is broken so is told to the customer anew.
 *
 * @throws Refusal draft_breaks_rules, draft_is_stale, stale_version
 */
export const saveDayDraft = useCase({
  summary: 'Save a draft of a day',
  body: SaveDraft,
  answer: SavedDraft,
  async run(context, { body }) {
    const configuration = await configurationOf(context);
    // Looked at once to know what to lock, and again behind the locks.
    const first = await reckonDraft(context, configuration, body);
    const open = first.read.day.jobs.filter(({ fixed, along }) => fixed === null && !along);
    const tickets = await lockForPlanning(context, open.map(({ ticketId }) => ticketId));
    // Tickets alone keep nobody apart who puts different ones into a day that is empty.
    await lockDaysOf(context, [...first.read.people.keys(), ...open.flatMap(({ members }) => members)], [body.date]);
    let reckoned = await reckonDraft(context, configuration, body);
    while (await lockComers(context, tickets, reckoned.read.day.jobs)) reckoned = await reckonDraft(context, configuration, body);
    const { read, before, after, fresh, released, former, timed, ordered } = reckoned;
    const hard = [...fresh].filter(({ rule }) => dayRules[rule].hard);
    const reason = body.reason?.trim();
    if (hard.length > 0 && !reason) {
      throw new Refusal('draft_breaks_rules', {}, { errors: hard.slice(0, 50).map(({ rule, person, job }) => ({ path: pathOf(person.id, job?.id), code: rule, message: { zh: dayRules[rule].zh, en: dayRules[rule].en } })) });
    }
    const rulesOf = (jobId: string, personId: string) => hard.filter(({ job, person }) => (job === null ? person.id === personId : (job.along ? job.visitId : job.id) === jobId)).map(({ rule }) => rule);
    const changed = await carryOut(context, {
      read, days: after.values(), tickets, timed, ordered, formerOf: (job) => former.get(job.id), promiseMinutes: body.promiseMinutes ?? null,
      overrideOf: (job, personId) => (reason && rulesOf(job.id, personId).length > 0 ? { reason, rules: rulesOf(job.id, personId) } : undefined),
      moves: (job) => rulesOf(job.id, '').includes('promise'),
    });
    for (const job of released) {
      const ticket = tickets.get(job.ticketId)!;
      const rules = rulesOf(job.id, '');
      await assignTicket(context, ticket, { assigneeId: null, note: reason, override: reason && rules.length > 0 ? { reason, rules } : undefined });
      changed.add(ticket.id);
    }
    // What is answered is what the board shows from now on.
    const { technicians } = await techniciansIn(context, dispatchScope(context, configuration), { ids: [...read.people.keys()] });
    const now = await readDay(context, configuration, body.date, technicians);
    const days = new Map(now.day.people.map((person) => [person.id, layOut(now.day, person, presentDay(now.day, person.id))]));
    const evaluation = await viewDraft(context, configuration, { ...reckoned, before, after: days, read: { ...now, jobs: new Map([...read.jobs, ...now.jobs]) } }, await shownOf(context, configuration, now));
    const visitOf = new Map([...now.jobs.values()].flatMap(({ visit, ticket }) => (visit ? [[ticket.id, visit.id] as const] : [])));
    return { ...evaluation, changed: [...changed].map((ticketId) => ({ ticketId, visitId: visitOf.get(ticketId) ?? null, number: tickets.get(ticketId)!.number })) };

    function pathOf(personId: string, jobId: string | undefined): string {
      const given = body.released?.findIndex(({ visitId }) => visitId === jobId) ?? -1;
      if (given >= 0) return `/released/${given}`;
      const index = body.technicians.findIndex(({ technicianId }) => technicianId === personId);
      const at = body.technicians[index]?.stops.findIndex(({ visitId, ticketId }) => (visitId ?? ticketId) === jobId) ?? -1;
      return index < 0 ? '/technicians' : at < 0 ? `/technicians/${index}` : `/technicians/${index}/stops/${at}`;
    }
  },
});
