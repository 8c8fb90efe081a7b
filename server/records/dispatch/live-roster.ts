import type { Point } from '../../../rules/places/distance.ts';
import { dayNumber, dayText } from '../../../rules/calendar/calendar.ts';
import { shiftsBetween, spanOfDays, type Interval } from '../../../rules/shifts/shifts.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { schedulesOf, type HeldSchedule } from '../staff/shifts/schedules.ts';
import { placeOfTicket } from './place-of.ts';

export interface TechnicianRow {
  id: string;
  name: string;
  home_lat: number | null;
  home_lng: number | null;
  skills: Record<string, number> | null;
  team_ids: string[];
  /** The areas they serve, by themselves or by their teams; none: wherever it is. */
  territory_ids: string[];
  /** Of their working time, kept for what is urgent: the most that one of their teams keeps. */
  reserve_percent: number;
}
// Whoever holds the job; what a role allows says who may carry a visit out, not who is sent.
const findTechnicians = statement<TechnicianRow>('dispatch.technicians', `
  WITH member AS (SELECT staff_id, team_id FROM team_member WHERE tenant_id = $1),
    served AS (
      SELECT o.staff_id, o.territory_id FROM territory_staff o WHERE o.tenant_id = $1
      UNION SELECT m.staff_id, o.territory_id FROM territory_team o JOIN member m ON m.team_id = o.team_id WHERE o.tenant_id = $1),
    area AS (SELECT s.staff_id, array_agg(s.territory_id::text ORDER BY s.territory_id) AS ids FROM served s JOIN territory t ON t.tenant_id = $1 AND t.id = s.territory_id AND t.active GROUP BY s.staff_id),
    of_team AS (SELECT m.staff_id, array_agg(m.team_id::text ORDER BY m.team_id) AS ids, max(r.reserve_percent) AS reserve FROM member m LEFT JOIN dispatch_rule r ON r.tenant_id = $1 AND r.team_id = m.team_id GROUP BY m.staff_id)
  SELECT s.id, s.name, s.home_lat, s.home_lng, (SELECT jsonb_object_agg(k.skill_id, k.level) FROM staff_skill k WHERE k.tenant_id = s.tenant_id AND k.staff_id = s.id) AS skills,
    coalesce(f.ids, '{}') AS team_ids, coalesce(a.ids, '{}') AS territory_ids, coalesce(f.reserve, 0)::int AS reserve_percent
  FROM staff s LEFT JOIN area a ON a.staff_id = s.id LEFT JOIN of_team f ON f.staff_id = s.id
  WHERE s.tenant_id = $1 AND s.active AND s.job = 'technician' ORDER BY s.id LIMIT 5000`);

interface VisitRow {
  technician_id: string;
  id: string;
  ticket_id: string;
  number: string;
  status: string;
  window_start: Date | null;
  window_end: Date | null;
  checked_in_at: Date | null;
  lat: number | null;
  lng: number | null;
  category_id: string | null;
  priority: number;
}
// Whoever comes along has it to do as much as the one who leads.
const visitColumns = `
  SELECT p.technician_id, v.id, v.ticket_id, t.number, v.status, coalesce(v.window_start, v.planned_start, v.locked_from) AS window_start, v.window_end, v.checked_in_at, place.lat, place.lng, t.category_id, t.priority
  FROM visit v JOIN ticket t ON t.tenant_id = v.tenant_id AND t.id = v.ticket_id
    ${placeOfTicket}
    CROSS JOIN LATERAL (SELECT v.technician_id UNION ALL SELECT m.staff_id FROM visit_member m WHERE m.tenant_id = v.tenant_id AND m.visit_id = v.id) p (technician_id)
  WHERE v.tenant_id = $1 AND v.status IN ('scheduled', 'accepted', 'travelling', 'on_site')`;
const findVisits = statement<VisitRow>('dispatch.visits', `${visitColumns} LIMIT 100000`);
const findVisitsOf = statement<VisitRow>('dispatch.visits_of', `${visitColumns} AND v.ticket_id = ANY($2::uuid[])`);

export interface PastRow {
  technician_id: string;
  /** Of the last check-in. */
  last_at: Date;
  last_lat: number | null;
  last_lng: number | null;
  middle_lat: number | null;
  middle_lng: number | null;
  minutes: number;
  /** Of work that is over since the day began and was not urgent. */
  ordinary_seconds: number;
}
// Of the last fifty visits of each: the newest, the middle of them all, what was done within two weeks, and today.
const findPast = statement<PastRow>('dispatch.past', `
  SELECT p.technician_id, max(p.at) AS last_at, (array_agg(p.here_lat ORDER BY p.at DESC))[1] AS last_lat, (array_agg(p.here_lng ORDER BY p.at DESC))[1] AS last_lng,
    avg(p.lat) AS middle_lat, avg(p.lng) AS middle_lng, coalesce(sum(p.minutes) FILTER (WHERE p.at > $2), 0)::float8 AS minutes,
    coalesce(sum(extract(epoch FROM p.ended - least(p.at, p.ended))) FILTER (WHERE p.ended >= $3 AND p.priority <> 1), 0)::float8 AS ordinary_seconds
  FROM staff s CROSS JOIN LATERAL (
    SELECT v.technician_id, t.lat, t.lng, coalesce(v.check_in_lat, t.lat) AS here_lat, coalesce(v.check_in_lng, t.lng) AS here_lng, v.checked_in_at AS at,
      t.priority, CASE WHEN v.status IN ('completed', 'incomplete') THEN coalesce(v.completed_at, v.obstacle_at) END AS ended,
      least(coalesce(extract(epoch FROM v.completed_at - v.checked_in_at)::float8 / 60, 60), 720) AS minutes
    FROM visit v JOIN ticket t ON t.tenant_id = v.tenant_id AND t.id = v.ticket_id
    WHERE v.tenant_id = s.tenant_id AND v.technician_id = s.id AND v.checked_in_at IS NOT NULL ORDER BY v.id DESC LIMIT 50) p
  WHERE s.tenant_id = $1 AND s.active AND s.job = 'technician'
  GROUP BY p.technician_id`);

const findAway = statement<{ staff_id: string; starts_at: Date; ends_at: Date }>('dispatch.away', `
  SELECT staff_id, starts_at, ends_at FROM absence WHERE tenant_id = $1 AND cancelled_at IS NULL AND ends_at > $2`);

// What has happened since somebody last asked. Transactions end out of their order: those that ran at that moment, and all that began later, are looked at (again).
const findNews = statement<{ kind: string; ticket_id: string | null }>('dispatch.news', `
  SELECT kind, ticket_id FROM fact WHERE tenant_id = $1 AND transaction >= $2::xid8 ORDER BY transaction, position LIMIT $3`);
// Whoever changes something says so in a fact of the same transaction; nobody else sees it before it is committed, and perhaps never will.
const findMoment = statement<{ oldest: string; changing: boolean }>('dispatch.moment', `
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS oldest, EXISTS (SELECT FROM fact WHERE transaction = pg_current_xact_id_if_assigned() AND tenant_id = $1) AS changing`);
const mostNews = 3_000;
/** Where people were, and how much they did, is looked up anew after so long. */
const fresh = 60_000;
const mostKept = 30;
const mostDays = 20;

/** A visit that is not over, with its moments in milliseconds: it is looked at again and again. */
export interface LiveVisit {
  id: string;
  ticketId: string;
  number: string;
  onSiteSince: number | null;
  travelling: boolean;
  urgent: boolean;
  from: number | null;
  until: number | null;
  point: Point | null;
  categoryId: string | null;
}

/** Everybody who could be sent, kept in memory and brought up to date by the facts since (实时花名册). */
export interface LiveRoster {
  technicians: readonly TechnicianRow[];
  past: ReadonlyMap<string, PastRow>;
  /** Visits that are not over, by technician, in the order of their windows. */
  visits: ReadonlyMap<string, readonly LiveVisit[]>;
  /** When somebody is at work on a local day, absences taken out; somebody without shifts: the whole day. */
  shiftsOn(day: string): ReadonlyMap<string, readonly Interval[]>;
  /** When somebody can be called out on a local day (待命时段), absences taken out; those who never are are left out. */
  onCallOn(day: string): ReadonlyMap<string, readonly Interval[]>;
  /** When people are on leave. */
  away: ReadonlyMap<string, readonly Interval[]>;
}

interface Kept {
  loadedAt: number;
  /** The oldest transaction that still ran when it was looked at last, as xid8. */
  since: string;
  technicians: TechnicianRow[];
  past: Map<string, PastRow>;
  schedules: Map<string, HeldSchedule>;
  away: Map<string, Interval[]>;
  visits: Map<string, LiveVisit[]>;
  techniciansOf: Map<string, Set<string>>;
  days: Map<string, Map<string, readonly Interval[]>>;
  timeZone: string;
}
const kept = new Map<string, Kept>();

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/**
 * The roster of an organization as it stands. Loading it whole takes a tenth of a second with 2,000 technicians, bringing it up to date a millisecond.
 * In a transaction that has changed something it holds what that one wrote, and nobody else is given it.
 */
export async function liveRoster(context: Reading, now: Date, timeZone: string): Promise<LiveRoster> {
  const { tenantId } = context;
  // Before everything else: what happens meanwhile is looked at again.
  const [moment] = await context.transaction.query(findMoment, [tenantId]);
  const found = kept.get(tenantId);
  const known = (found && found.timeZone === timeZone && Math.abs(now.getTime() - found.loadedAt) < fresh ? await broughtUpToDate(context, found, moment!.oldest) : null) ?? await load(context, now, timeZone, moment!.oldest);
  // Somebody who asked meanwhile may know of more.
  if (!moment!.changing && kept.get(tenantId) === found) {
    kept.delete(tenantId);
    kept.set(tenantId, known);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  }
  return { technicians: known.technicians, past: known.past, visits: known.visits, away: known.away, shiftsOn: (day) => shiftsOn(known, day), onCallOn: (day) => onCallOn(known, day) };
}

async function load(context: Reading, now: Date, timeZone: string, since: string): Promise<Kept> {
  const { tenantId, transaction } = context;
  const today = localDay(now, timeZone);
  const begun = new Date(spanOfDays(timeZone, today, dayText(dayNumber(today) + 1)).from);
  const [technicians, visits, past, absences] = await Promise.all([
    transaction.query(findTechnicians, [tenantId]), transaction.query(findVisits, [tenantId]), transaction.query(findPast, [tenantId, new Date(now.getTime() - 14 * 86_400_000), begun]), transaction.query(findAway, [tenantId, now]),
  ]);
  const known: Kept = {
    loadedAt: now.getTime(), since, technicians, timeZone, past: new Map(past.map((row) => [row.technician_id, row])),
    schedules: await schedulesOf(context, technicians.map(({ id }) => id), timeZone),
    away: new Map([...Map.groupBy(absences, (row) => row.staff_id)].map(([id, rows]) => [id, rows.map((one): Interval => ({ from: one.starts_at.getTime(), to: one.ends_at.getTime() }))])),
    visits: new Map(), techniciansOf: new Map(), days: new Map(),
  };
  put(known, visits);
  return known;
}

/**
 * The same with what has happened since; what is given is left as it is, as others read it.
 *
 * @returns null when it has to be loaded whole
 */
async function broughtUpToDate({ tenantId, transaction }: Reading, known: Kept, oldest: string): Promise<Kept | null> {
  const news = await transaction.query(findNews, [tenantId, known.since, mostNews]);
  if (news.length === mostNews || news.some(({ kind }) => /^(staff|skill|shifts|absence|team|absences|territory)\.|^dispatch\.rules_changed$/.test(kind))) return null;
  const tickets = new Set(news.flatMap(({ kind, ticket_id: id }) => (id !== null && (kind.startsWith('visit.') || known.techniciansOf.has(id)) ? [id] : [])));
  if (tickets.size === 0) return { ...known, since: oldest };
  const ids = [...tickets];
  const rows = await transaction.query(findVisitsOf, [tenantId, ids]);
  const next: Kept = { ...known, since: oldest, visits: new Map(known.visits), techniciansOf: new Map(known.techniciansOf) };
  for (const id of ids) {
    for (const technician of next.techniciansOf.get(id) ?? []) next.visits.set(technician, (next.visits.get(technician) ?? []).filter((visit) => visit.ticketId !== id));
    next.techniciansOf.delete(id);
  }
  put(next, rows);
  return next;
}

/** Puts visits in; those lists that are there are not changed but replaced. */
function put({ visits, techniciansOf }: Pick<Kept, 'visits' | 'techniciansOf'>, rows: readonly VisitRow[]): void {
  const added = new Map<string, LiveVisit[]>();
  for (const row of rows) {
    if (!added.has(row.technician_id)) added.set(row.technician_id, []);
    added.get(row.technician_id)!.push(liveVisit(row));
    techniciansOf.set(row.ticket_id, new Set(techniciansOf.get(row.ticket_id)).add(row.technician_id));
  }
  for (const [id, own] of added) visits.set(id, [...visits.get(id) ?? [], ...own].sort((a, b) => (a.from ?? Infinity) - (b.from ?? Infinity) || (a.id < b.id ? -1 : 1)));
}

const liveVisit = (row: VisitRow): LiveVisit => ({
  id: row.id, ticketId: row.ticket_id, number: row.number, onSiteSince: row.status === 'on_site' ? (row.checked_in_at?.getTime() ?? 0) : null, travelling: row.status === 'travelling', urgent: row.priority === 1, from: row.window_start?.getTime() ?? null, until: row.window_end?.getTime() ?? null,
  point: row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng }, categoryId: row.category_id,
});

function shiftsOn({ days, technicians, schedules, away, timeZone }: Kept, day: string): ReadonlyMap<string, readonly Interval[]> {
  const found = days.get(day);
  if (found) return found;
  const span = spanOfDays(timeZone, day, dayText(dayNumber(day) + 1));
  // Where nobody has entered shifts, everybody is thought to be at work.
  const made = new Map(technicians.map(({ id }) => {
    const { schedule, source } = schedules.get(id)!;
    return [id, source === 'none' ? without(span, away.get(id) ?? []) : shiftsBetween(schedule, span.from, span.to, away.get(id) ?? [])];
  }));
  if (days.size >= mostDays) days.delete(days.keys().next().value!);
  days.set(day, made);
  return made;
}

function onCallOn({ technicians, schedules, away, timeZone }: Kept, day: string): Map<string, readonly Interval[]> {
  const span = spanOfDays(timeZone, day, dayText(dayNumber(day) + 1));
  return new Map(technicians.flatMap(({ id }): [string, readonly Interval[]][] => {
    const { onCall } = schedules.get(id)!;
    const hours = onCall === null ? [] : shiftsBetween(onCall, span.from, span.to, away.get(id) ?? []);
    return hours.length === 0 ? [] : [[id, hours]];
  }));
}

function without({ from, to }: Interval, away: readonly Interval[]): Interval[] {
  const present: Interval[] = [];
  let at = from;
  for (const gone of [...away].sort((a, b) => a.from - b.from)) {
    if (gone.to <= at || gone.from >= to) continue;
    if (gone.from > at) present.push({ from: at, to: gone.from });
    at = gone.to;
  }
  if (at < to) present.push({ from: at, to });
  return present;
}
