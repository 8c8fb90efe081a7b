import { sql } from 'kysely';
import { dayPlanLimits, type PlanFailure, type RelaxationKind } from '../../../../../contract/day-plan.ts';
import { presentDay, type DayJob } from '../../../../../rules/day-plan/day.ts';
import { brokenByPlan, type Put } from '../../../../../rules/day-plan/fit.ts';
import { layOut } from '../../../../../rules/day-plan/lay-out.ts';
import { priorities } from '../../../../../rules/ticket/lifecycle.ts';
import { actorOf, systemActor, type Caller, type Context, type Services } from '../../../../platform/context.ts';
import { build, type Transaction } from '../../../../platform/db/database.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { AsideFull, openAside } from '../../../../platform/threads/aside.ts';
import { loadActive } from '../../../../records/access/subjects.ts';
import { beginPlan, finishPlan, type DayPlanRow, type StoredPlan } from '../../../../records/dispatch/day/plan-rows.ts';
import { momentOf, readDay, secondsOf, type ReadDay } from '../../../../records/dispatch/day/read-day.ts';
import { unplannedTickets } from '../../../../records/dispatch/day/rows.ts';
import { dispatchScope, techniciansIn } from '../../../../records/dispatch/day/scope.ts';
import { configurationOf } from '../../../../records/organization/configuration.ts';
import { priorityRank } from '../../../../records/ticket/row.ts';
import { waysOfDay } from '../../../../records/travel/times.ts';
import { lookUp } from '../../travel/look-up.ts';
import type { PlanInput, PlanOutput } from './plan-thread.ts';

/** Longer than anybody may ask for, with what reading and explaining take. */
const deadline = 75_000;
const planAside = openAside<PlanInput, PlanOutput>(new URL('plan-thread.ts', import.meta.url), 'planInThread', { deadline, waiting: 8 });
/** For how long a plan waits for a provider of travel times; what it does not get by then is estimated. */
const askingMilliseconds = 20_000;
/** After an event a good answer soon is worth more than the best one. */
const secondsAnew = 2;

/** A plan that cannot come about, for a reason that is told. */
class Unplannable extends Error {
  readonly failure: PlanFailure;

  constructor(failure: PlanFailure) {
    super(failure);
    this.failure = failure;
  }
}

/**
 * Works a plan out (计算排程): reads the day with what whoever asked may do now, plans it in a thread of its own, and keeps what came of it. Nothing is changed of any
 * ticket. A job: begun again when its node goes away.
 *
 * @param options.rounds instead of the seconds that were asked for: the same rounds give the same plan
 */
export async function workOutPlan(services: Services, { tenantId, planId }: { tenantId: string; planId: string }, { rounds }: { rounds?: number } = {}): Promise<void> {
  const { database, clock, log } = services;
  const row = await database.transact(tenantId, (transaction) => beginPlan(transaction, planId, clock.now()));
  // Given up, or done already.
  if (!row) return;
  let outcome: { result: StoredPlan; digest: string } | { failure: PlanFailure };
  try {
    const prepared = () => database.transact(tenantId, async (transaction) => prepare(await contextOf(services, transaction, row), row));
    let { read, present, aside, input } = await prepared();
    // The provider is asked outside of any transaction, and the day is read again with what it said: it may have changed meanwhile.
    if (await lookUp(services, tenantId, { points: read.travel.points, pairs: waysOfDay(read.travel.points), date: row.day, milliseconds: askingMilliseconds }) > 0) ({ read, present, aside, input } = await prepared());
    const output = await planAside({ ...input, ...(rounds === undefined ? {} : { rounds }) });
    if (output.faults.length > 0) throw new Error(`the plan breaks its own rules: ${JSON.stringify(output.faults.slice(0, 3))}`);
    outcome = { result: stored(read, present, aside, output), digest: output.digest };
  } catch (error) {
    // There is a line before the thread: the job is tried again.
    if (error instanceof AsideFull) throw error;
    if (!(error instanceof Unplannable)) log.error({ error, tenantId, plan: planId }, 'a day could not be planned');
    outcome = { failure: error instanceof Unplannable ? error.failure : 'broken' };
  }
  await database.transact(tenantId, async (transaction) => {
    const now = clock.now();
    if (await finishPlan(transaction, planId, outcome, now)) {
      await recordFact(transaction, { kind: 'dispatch.plan_ended', actor: systemActor, occurredAt: now, recordedAt: now, subjectId: planId, data: { state: 'result' in outcome ? 'ready' : 'failed' } });
    }
  });
}

/** What is planned: the day as it is asked about, and as it stands without what happened. */
interface Prepared {
  read: ReadDay;
  present: ReadDay['day'];
  aside: NonNullable<StoredPlan['aside']>;
  input: PlanInput;
}

async function prepare(context: Context, row: DayPlanRow): Promise<Prepared> {
  const { request } = row;
  const configuration = await configurationOf(context);
  const { technicians, count } = await techniciansIn(context, dispatchScope(context, configuration), { teamIds: row.team_ids, limit: dayPlanLimits.technicians });
  if (count > dayPlanLimits.technicians) throw new Unplannable('too_much');
  const tickets = await ticketsOf(context, row);
  const found = await readDay(context, configuration, row.day, technicians, tickets.ids);
  // What was promised for a later day is planned on that.
  const isOfDay = (job: DayJob) => job.technician !== null || request.ticketIds !== undefined || job.promised === null || job.promised[0] < found.day.span[1];
  const read = { ...found, day: { ...found.day, jobs: found.day.jobs.filter(isOfDay).map((job) => ({ ...job })) } };
  const aside = { beyond: tickets.beyond, gone: tickets.gone, later: found.day.jobs.length - read.day.jobs.length };
  const relaxed = request.event ? happen(read, request.event) : [];
  const { day } = read;
  if (!day.jobs.some(({ fixed }) => fixed === null)) throw new Unplannable('nothing_to_plan');
  if (!day.people.some(({ shift }) => shift !== null && (day.now === null || shift[1] > day.now))) throw new Unplannable('nobody_on_duty');
  const { travel: _, ...plain } = day;
  return { read, present: found.day, aside, input: { day: plain, travel: read.travel, keep: request.keep, anew: request.event !== undefined, milliseconds: (request.event ? secondsAnew : request.seconds) * 1_000, relaxed } };
}

/** The unplanned tickets that are to be planned: those asked for as far as they still wait, or the most pressing of the teams; and how many others there are. */
async function ticketsOf(context: Context, { request, team_ids: teamIds }: DayPlanRow): Promise<{ ids: string[]; beyond: number; gone: number }> {
  const { event } = request;
  const asked = event ? (event.ticketId === undefined ? [] : [event.ticketId]) : request.ticketIds;
  if (asked?.length === 0) return { ids: [], beyond: 0, gone: 0 };
  const wanted = asked ? unplannedTickets(context).where(sql<boolean>`id = ANY(${asked}::uuid[])`) : unplannedTickets(context).where(sql<boolean>`team_id = ANY(${teamIds}::uuid[])`);
  const ids: string[] = [];
  for (const rank of priorities.map(priorityRank)) {
    if (ids.length >= dayPlanLimits.tickets) break;
    ids.push(...(await context.transaction.run(wanted.where('priority', '=', rank).orderBy('created_at').orderBy('id').limit(dayPlanLimits.tickets - ids.length))).map(({ id }) => id));
  }
  if (asked) return { ids, beyond: 0, gone: asked.length - ids.length };
  const all = ids.length < dayPlanLimits.tickets ? ids.length : (await context.transaction.run(wanted.clearSelect().select(({ fn }) => fn.countAll<string>().as('count'))))[0]!.count;
  return { ids, beyond: Number(all) - ids.length, gone: 0 };
}

/** What happened, as it changes the day (重排事由): shifts end, visits begin later, a ticket presses. Returns jobs whose limits of time do not count any more. */
function happen(read: ReadDay, event: NonNullable<DayPlanRow['request']['event']>): string[] {
  const { day } = read;
  const change = (job: DayJob | undefined, patch: Partial<DayJob>) => void (job && Object.assign(job, patch));
  if (event.kind === 'technician_absent') {
    const since = event.from === undefined ? day.now ?? 0 : Math.max(day.now ?? 0, secondsOf(read, new Date(event.from)));
    Object.assign(read, { day: { ...day, people: day.people.map((person) => (person.id !== event.technicianId || person.shift === null || person.shift[1] <= since ? person : { ...person, shift: person.shift[0] >= since ? null : [person.shift[0], since] as const })) } });
    return [];
  }
  if (event.kind === 'urgent_ticket') {
    change(day.jobs.find(({ id }) => id === event.ticketId), { priority: 1, urgent: true, due: null });
    return [];
  }
  const late = day.jobs.find(({ visitId, along }) => visitId === event.visitId && !along);
  const person = day.people.find(({ id }) => id === late?.technician);
  if (!late || !person) return [];
  const by = (event.minutes ?? 0) * 60;
  if (late.fixed) {
    change(late, { fixed: [late.fixed[0], late.fixed[1] + by] });
    return [];
  }
  const begins = layOut(day, person, presentDay(day, person.id)).stops.find(({ job }) => job.id === late.id)!.begins + by;
  change(late, { planned: begins, lock: { person: true, range: [begins, begins] } });
  return [late.id];
}

/** What came of it, in ids and moments; each with the rules that applying it to the day as it stands would break. */
function stored(read: ReadDay, present: ReadDay['day'], aside: Prepared['aside'], { jobs, leftOut, before, after, moved, bookings }: PlanOutput): StoredPlan {
  const at = (seconds: number) => momentOf(read, seconds).toISOString();
  const known = new Map(read.day.jobs.map((job) => [job.id, job]));
  const isOwn = ({ id }: { id: string }) => !known.get(id)!.along && !known.get(id)!.held;
  const items = jobs.filter(isOwn).filter((one) => one.before !== null || one.after !== null);
  const standing = new Map(present.jobs.map((job) => [job.id, job]));
  const broken = brokenByPlan(present, items.map(({ id, after: to }): Put => ({ job: standing.get(id)!, to })));
  return {
    before, after, moved, bookings, travel: read.travelSource, aside,
    items: items.map((one) => {
      const { visit, ticket, needs } = read.jobs.get(one.id)!;
      return {
        ticketId: ticket.id, visitId: visit?.id ?? null, change: one.change,
        before: one.before && { technicianId: one.before.person, startsAt: at(one.before.begins), endsAt: at(one.before.ends) },
        after: one.after && { technicianId: one.after.person, memberIds: one.after.members, startsAt: at(one.after.begins), endsAt: at(one.after.ends) },
        travelSeconds: Math.round(one.after?.travel ?? 0), travelMetres: Math.round(one.after?.metres ?? 0), travelFrom: one.after ? read.day.travel.origin?.(one.after.from, known.get(one.id)!.place) ?? null : null, serviceMinutes: Math.round(((one.after ?? one.before)!.ends - (one.after ?? one.before)!.begins) / 60), serviceFrom: one.after && needs.minutesBy[one.after.person] !== undefined ? 'person' : needs.minutesFrom, late: (one.after?.late ?? 0) > 0, breaks: (broken.get(one.id) ?? []).map(({ rule, by }) => ({ rule, by })),
        ticketVersion: ticket.version, visitVersion: visit?.version ?? null,
      };
    }),
    leftOut: leftOut.filter(isOwn).map(({ id, reason, skill, relaxations }) => ({
      ticketId: known.get(id)!.ticketId, visitId: known.get(id)!.visitId, reason, skillId: skill,
      relaxations: relaxations.map((one) => ({ kind: kindOf(one), technicianId: one.person, minutes: one.seconds === null ? null : Math.max(1, Math.ceil(Math.abs(one.seconds) / 60)), skillId: one.skill })),
    })),
  };
}

const kindOf = ({ kind, seconds }: PlanOutput['leftOut'][number]['relaxations'][number]): RelaxationKind => (kind === 'window' ? ((seconds ?? 0) < 0 ? 'earlier' : 'later') : kind);

/** What a request of whoever asked would bring now. Somebody who has left may do nothing any more. */
async function contextOf(services: Services, transaction: Transaction, row: DayPlanRow): Promise<Context> {
  const now = services.clock.now();
  const staffId = row.requested_by ?? '';
  const person = row.requested_by === null ? undefined : (await loadActive(transaction, [staffId], now)).get(staffId);
  const subject = person?.subject ?? { staffId, teamIds: [], departmentIds: [], grants: [] };
  const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', row.tenant_id));
  const caller: Caller = {
    kind: 'staff', via: row.requested_via === 'api_key' ? 'api_key' : 'session', name: person?.name ?? '', credentialId: row.id, expiresAt: null,
    subject: row.only_permissions ? { ...subject, onlyPermissions: new Set(row.only_permissions) } : subject,
  };
  return {
    tenantId: row.tenant_id, transaction, now, caller, actor: actorOf(caller), language: 'zh-CN', requestId: row.id, remoteAddress: '', csrfToken: null, userAgent: '',
    configurationVersion: organization?.configuration_version ?? 0, services,
  };
}
