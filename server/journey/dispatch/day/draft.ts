import type { DraftEvaluation, EvaluateDraft, VisitLock } from '../../../../contract/day-plan.ts';
import { brokenByReleasing, brokenRules, newlyBroken, type Broken } from '../../../../rules/day-plan/broken-rules.ts';
import { isMovable, presentDay, type DayJob, type DayLock, type DayPerson, type Placed } from '../../../../rules/day-plan/day.ts';
import { addFigures, figuresOf, layOut, type Figures, type LaidDay } from '../../../../rules/day-plan/lay-out.ts';
import { currentVisitStatuses } from '../../../../rules/ticket/visit-lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { invalidInput, Refusal, refuseInput, type InputError } from '../../../platform/errors/refusal.ts';
import { readDay, secondsOf, type ReadDay } from '../../../records/dispatch/day/read-day.ts';
import { dayTickets, formerVisits, visitPlaces, withVisit, type FormerVisit } from '../../../records/dispatch/day/rows.ts';
import { dispatchScope, techniciansIn } from '../../../records/dispatch/day/scope.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import { ensureNear } from './show-day.ts';
import { shownOf, viewBroken, viewFigures, viewStop, type Shown } from './view-day.ts';

type Draft = Pick<EvaluateDraft, 'date' | 'technicians' | 'released'>;

/** A draft with its times (草案推算), beside the day as it stands: of those whose day changes. */
export interface ReckonedDraft {
  read: ReadDay;
  before: ReadonlyMap<string, LaidDay>;
  after: ReadonlyMap<string, LaidDay>;
  /** Jobs that are given back. */
  released: readonly DayJob[];
  /** Ids of jobs that were given another time, and of all that were named. */
  timed: ReadonlySet<string>;
  ordered: ReadonlySet<string>;
  /** Visits called off that are arranged anew, by job. */
  former: ReadonlyMap<string, FormerVisit>;
  broken: readonly Broken[];
  fresh: ReadonlySet<Broken>;
}

/**
 * Reckons a draft. What it names has to be the caller's to give out and not begun; a visit of another day comes to this one. What somebody has to do that
 * day beside what is named stays, where its time puts it.
 *
 * @throws Refusal invalid_input, unknown_reference, draft_is_stale, stale_version
 */
export async function reckonDraft(context: Context, configuration: Configuration, draft: Draft): Promise<ReckonedDraft> {
  ensureNear(context, draft.date, configuration.organization.timeZone, 0);
  const named = namedIn(draft);
  const places = await visitPlaces(context, named.visits.map(({ id }) => id));
  named.visits.forEach(({ id, path }) => {
    const place = places.get(id);
    if (!place) throw refuseInput(path, 'unknown_reference', { field: 'visit' });
    if (!(currentVisitStatuses as readonly string[]).includes(place.status)) throw new Refusal('draft_is_stale', {}, { errors: [{ path, code: 'ended', message: { zh: '这次上门已结束或取消', en: 'is over, or was called off' } }] });
  });
  const ids = [...new Set([...draft.technicians.map(({ technicianId }) => technicianId), ...[...places.values()].flatMap((place) => [place.technician_id, ...place.member_ids])])];
  const { technicians } = await techniciansIn(context, dispatchScope(context, configuration), { ids });
  draft.technicians.forEach(({ technicianId }, index) => {
    if (!technicians.some(({ id }) => id === technicianId)) throw refuseInput(`/technicians/${index}/technicianId`, 'unknown_reference', { field: 'technician' });
  });
  const read = await readDay(context, configuration, draft.date, technicians, named.tickets.map(({ id }) => id), named.visits.map(({ id }) => id));
  const taken = await withVisit(context, named.tickets.map(({ id }) => id));
  const jobs = new Map(read.day.jobs.filter(({ along }) => !along).map((job) => [job.id, job]));
  const own = await dayTickets(context, [...places.values()].map((place) => place.ticket_id));
  const stale: InputError[] = [];
  for (const { id, path, version } of [...named.visits, ...named.tickets]) {
    const job = jobs.get(id);
    const known = read.jobs.get(id);
    // Of what the caller may not give out nothing is told.
    const ticket = known?.ticket ?? own.get(places.get(id)?.ticket_id ?? '');
    if (!ticket?.readable || !ticket.assignable) throw refuseInput(path, 'unknown_reference', { field: places.has(id) ? 'visit' : 'plannedTicket' });
    if (!job || !known) throw invalidInput(path, 'not_yours', { zh: '这次上门在不归您调度的人员名下', en: 'is with somebody whose work you do not give out' });
    if (known.visit === null && (taken.has(id) || known.ticket.assignee_id !== null || known.ticket.merged_into !== null || !['new', 'open'].includes(known.ticket.status))) {
      throw new Refusal('draft_is_stale', {}, { errors: [{ path, code: 'taken', message: { zh: '这张工单已派出或已结束', en: 'has been given out, or has ended' } }] });
    }
    if (!isMovable(job)) throw new Refusal('draft_is_stale', {}, { errors: [{ path, code: 'begun', message: { zh: '工程师已出发，不能再改', en: 'is under way: it cannot be moved any more' } }] });
    if (version !== undefined && version !== (known.visit?.version ?? known.ticket.version)) stale.push({ path, code: 'stale_version' });
  }
  if (stale.length > 0) throw new Refusal('stale_version', {}, { errors: stale });

  const former = await formerOf(context, draft, read);
  const timed = new Set<string>();
  const before = new Map(read.day.people.map((person) => [person.id, layOut(read.day, person, presentDay(read.day, person.id))]));
  const gone = new Set(named.visits.map(({ id }) => id));
  const led = (person: DayPerson, along: readonly Placed[]): LaidDay => {
    const mine = draft.technicians.find(({ technicianId }) => technicianId === person.id);
    const own: Placed[] = (mine?.stops ?? []).map(({ visitId, ticketId, startsAt, lock }) => {
      const job = asBefore(read, jobs.get((visitId ?? ticketId)!)!, person.id, former);
      if (job.elsewhere || job.technician !== person.id || (startsAt !== undefined && secondsOf(read, new Date(startsAt)) !== job.planned)) timed.add(job.id);
      // Said anew, a lock holds for whoever has it then.
      const held = lock === undefined ? job : { ...job, lock: lockFrom(read, lock), technician: person.id };
      return { job: held, notBefore: startsAt === undefined ? (job.technician === person.id ? job.planned : null) : secondsOf(read, new Date(startsAt)) };
    });
    const staying = presentDay(read.day, person.id).filter(({ job }) => !gone.has(job.along ? job.visitId! : job.id));
    return layOut(read.day, person, mergeByTime(staying, [...own, ...along].sort((a, b) => (along.length === 0 ? 0 : (a.notBefore ?? Infinity) - (b.notBefore ?? Infinity)))));
  };
  const alone = read.day.people.map((person) => led(person, []));
  // Who comes along goes where the one who leads goes.
  const begins = new Map(alone.flatMap(({ person, stops }) => stops.filter(({ job }) => !job.along && gone.has(job.id)).map(({ job, begins: at }) => [job.id, { at, leader: person.id }] as const)));
  const after = new Map(alone.map((laid): [string, LaidDay] => {
    const along = read.day.jobs.flatMap((job): Placed[] => {
      const leading = job.along && job.technician === laid.person.id ? begins.get(job.visitId!) : undefined;
      return leading === undefined || leading.leader === laid.person.id ? [] : [{ job: { ...job, planned: leading.at, elsewhere: false }, notBefore: leading.at }];
    });
    return [laid.person.id, along.length === 0 ? laid : led(laid.person, along)];
  }));
  const [was, is] = [[...before.values()].flatMap(brokenRules), [...after.values()].flatMap(brokenRules)];
  const released = (draft.released ?? []).map(({ visitId }) => jobs.get(visitId)!);
  const missed = released.flatMap((job) => read.day.people.filter(({ id }) => id === job.technician).flatMap((person) => brokenByReleasing(person, job, read.day.now)));
  return {
    read, before, after, released, former, timed, ordered: new Set([...named.visits, ...named.tickets].map(({ id }) => id)),
    broken: [...is, ...missed], fresh: new Set([...newlyBroken(was, is), ...missed]),
  };
}

/** The visits called off that a draft arranges anew, by the job's id. */
async function formerOf(context: Context, { technicians }: Draft, read: ReadDay): Promise<Map<string, FormerVisit>> {
  const asked = technicians.flatMap(({ stops }, index) => stops.flatMap(({ ticketId, asVisit }, at) => (asVisit === undefined ? [] : [{ ticketId, asVisit, path: `/technicians/${index}/stops/${at}/asVisit` }])));
  const found = await formerVisits(context, asked.map(({ asVisit }) => asVisit));
  return new Map(asked.map(({ ticketId, asVisit, path }) => {
    const visit = found.get(asVisit.toLowerCase());
    const ticket = ticketId === undefined ? undefined : read.jobs.get(ticketId)?.ticket;
    if (!visit || visit.ticket_id !== ticket?.id) throw refuseInput(path, 'unknown_reference', { field: 'visit' });
    return [ticket.id, visit];
  }));
}

/** A job as its visit that was called off had it. Whom it was held with counts for that person alone. */
function asBefore(read: Pick<ReadDay, 'span'>, job: DayJob, personId: string, former: ReadonlyMap<string, FormerVisit>): DayJob {
  const visit = former.get(job.id);
  if (!visit) return job;
  const seconds = (moment: Date | null) => (moment === null ? null : secondsOf(read, moment));
  const [from, until, lockedFrom, lockedUntil] = [visit.window_start, visit.window_end, visit.locked_from, visit.locked_until].map(seconds);
  const person = visit.person_locked && visit.technician_id === personId;
  return {
    ...job, members: visit.member_ids.filter((id) => id !== personId), promised: from === null && until === null ? job.promised : [from ?? 0, Math.max(until ?? Infinity, from ?? 0)],
    lock: person || lockedFrom !== null ? { person, range: lockedFrom === null ? null : [lockedFrom!, lockedUntil!] } : null,
  };
}

interface Named { id: string; path: string; version: number | undefined }

/** Everything a draft names, each once. */
function namedIn({ technicians, released = [] }: Draft): { visits: Named[]; tickets: Named[] } {
  const [visits, tickets, seen]: [Named[], Named[], Set<string>] = [[], [], new Set()];
  const once = (id: string, path: string) => {
    if (seen.has(id)) throw invalidInput(path, 'duplicate', { zh: '同一项出现了两次', en: 'is there twice' });
    seen.add(id);
  };
  technicians.forEach(({ technicianId, stops }, index) => {
    once(technicianId, `/technicians/${index}/technicianId`);
    stops.forEach(({ visitId, ticketId, version, lock }, at) => {
      const path = `/technicians/${index}/stops/${at}`;
      if ((visitId === undefined) === (ticketId === undefined)) throw invalidInput(path, 'required', { zh: '上门和工单要给一个，只给一个', en: 'takes a visit or a ticket, one of the two' });
      once((visitId ?? ticketId)!, path);
      (visitId === undefined ? tickets : visits).push({ id: (visitId ?? ticketId)!, path, version });
      if (lock) ensureLock(lock, `${path}/lock`);
    });
  });
  released.forEach(({ visitId, version }, index) => {
    once(visitId, `/released/${index}`);
    visits.push({ id: visitId, path: `/released/${index}`, version });
  });
  return { visits, tickets };
}

function ensureLock({ kind, from, until }: VisitLock, path: string): void {
  if (kind === 'person') {
    if (from !== null || until !== null) throw invalidInput(path, 'too_much', { zh: '锁定人员不需要时间', en: 'Holding the person takes no time' });
    return;
  }
  if (from === null) throw invalidInput(`${path}/from`, 'required');
  if (kind === 'range' ? until === null : until !== null) throw invalidInput(`${path}/until`, kind === 'range' ? 'required' : 'too_much');
  if (until !== null && Date.parse(until) <= Date.parse(from)) throw invalidInput(`${path}/until`, 'order', { zh: '结束时间应晚于开始时间', en: 'must be after from' });
}

function lockFrom(read: Pick<ReadDay, 'span'>, lock: VisitLock | null): DayLock | null {
  if (lock === null) return null;
  const from = lock.from === null ? null : secondsOf(read, new Date(lock.from));
  return { person: lock.kind === 'person' || lock.kind === 'both', range: from === null ? null : [from, lock.until === null ? from : secondsOf(read, new Date(lock.until))] };
}

/** What stays is put in before the first of those named that comes later; what has happened comes first. */
function mergeByTime(staying: readonly Placed[], named: readonly Placed[]): Placed[] {
  const merged = [...named];
  const moment = ({ job, notBefore }: Placed) => notBefore ?? job.promised?.[0] ?? job.lock?.range?.[0] ?? Infinity;
  for (const one of staying.filter(({ job }) => job.fixed === null)) {
    const at = merged.findIndex((other) => named.includes(other) && moment(other) !== Infinity && moment(other) > moment(one));
    merged.splice(at < 0 ? merged.length : at, 0, one);
  }
  return [...staying.filter(({ job }) => job.fixed !== null), ...merged];
}

/** A reckoned draft as it is answered (方案评估视图). */
export async function viewDraft(context: Context, configuration: Configuration, { read, before, after, broken, fresh }: ReckonedDraft, given?: Shown): Promise<DraftEvaluation> {
  const shown = given ?? await shownOf(context, configuration, read);
  const sum = (days: Iterable<LaidDay>): Figures => addFigures([...days].map(figuresOf));
  const [was, is] = [sum(before.values()), sum(after.values())];
  return {
    technicians: [...after.values()].map((laid) => ({
      technicianId: laid.person.id, stops: laid.stops.map((stop) => viewStop(shown, read, stop, laid.person.id)),
      returnsAt: laid.returns === null ? null : new Date(read.span.from + laid.returns * 1_000).toISOString(), figures: viewFigures(figuresOf(laid)),
    })),
    broken: broken.map((one) => viewBroken(shown, read, one, fresh.has(one))),
    before: viewFigures(was), after: viewFigures(is), difference: viewFigures(Object.fromEntries(Object.entries(is).map(([key, value]) => [key, value - was[key as keyof Figures]])) as unknown as Figures),
    travel: read.travelSource,
  };
}
