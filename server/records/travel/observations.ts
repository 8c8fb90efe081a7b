import { dayNumber, minuteMilliseconds, weekdayOf } from '../../../rules/calendar/calendar.ts';
import { windowsOfDay } from '../../../rules/calendar/prepare.ts';
import { wallClock, zoneOf as clockOf } from '../../../rules/calendar/zone.ts';
import { faultOfJourney, referenceSeconds } from '../../../rules/travel/observe.ts';
import { zoneOf } from '../../../rules/travel/zones.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { statement, type Statement, type Transaction } from '../../platform/db/database.ts';
import { activeCalendars } from '../calendar/active-calendars.ts';
import { learnAnew } from './learned.ts';

/** An arrival as its fact tells it (到场事实). */
export interface Arrival {
  tenantId: string;
  visitId: string;
  at: Date;
  toldAt: Date;
  lat: number | null;
  lng: number | null;
  accuracy: number | null;
  distance: number | null;
}

// Where they set out: where their phone said it was when they did, else where they had checked in to what they had just finished. Nobody has to have been at home in the morning.
const findDepartures = statement<{ place: number; departed_at: Date; told_at: Date; lat: number | null; lng: number | null; time_zone: string }>('travel_observation.departures', `
  SELECT q.place::int AS place, d.occurred_at AS departed_at, d.recorded_at AS told_at, coalesce(t.lat, p.check_in_lat) AS lat, coalesce(t.lng, p.check_in_lng) AS lng, o.time_zone
  FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS q (tenant_id, visit_id, place)
    JOIN organization o ON o.tenant_id = q.tenant_id JOIN visit v ON v.tenant_id = q.tenant_id AND v.id = q.visit_id
    CROSS JOIN LATERAL (
      SELECT f.occurred_at, f.recorded_at FROM fact f WHERE f.tenant_id = q.tenant_id AND f.subject_id = q.visit_id AND f.kind = 'visit.travel_started' ORDER BY f.recorded_at DESC, f.position DESC LIMIT 1) d
    LEFT JOIN LATERAL (
      SELECT k.lat, k.lng FROM visit_track k WHERE k.tenant_id = q.tenant_id AND k.visit_id = q.visit_id AND k.accuracy <= 200 AND k.at BETWEEN d.occurred_at - interval '2 minutes' AND d.occurred_at + interval '3 minutes'
      ORDER BY abs(extract(epoch FROM k.at - d.occurred_at)) LIMIT 1) t ON true
    LEFT JOIN LATERAL (
      SELECT b.check_in_lat, b.check_in_lng FROM (SELECT * FROM visit WHERE tenant_id = q.tenant_id AND technician_id = v.technician_id ORDER BY id DESC LIMIT 100) b
      WHERE b.id <> v.id AND b.check_in_lat IS NOT NULL AND coalesce(b.check_in_accuracy, 0) <= 500 AND coalesce(b.completed_at, b.obstacle_at) BETWEEN d.occurred_at - interval '30 minutes' AND d.occurred_at
      ORDER BY coalesce(b.completed_at, b.obstacle_at) DESC LIMIT 1) p ON true`);
const write = statement<never>('travel_observation.write', `
  INSERT INTO travel_observation (tenant_id, visit_id, from_zone, to_zone, workday, hour, seconds, estimate, at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::boolean[], $6::smallint[], $7::int[], $8::int[], $9::timestamptz[])
  ON CONFLICT (tenant_id, visit_id) DO UPDATE SET from_zone = excluded.from_zone, to_zone = excluded.to_zone, workday = excluded.workday, hour = excluded.hour, seconds = excluded.seconds, estimate = excluded.estimate, at = excluded.at`);
const withdraw = statement<never>('travel_observation.withdraw', 'DELETE FROM travel_observation o USING unnest($1::uuid[], $2::uuid[]) AS q (tenant_id, visit_id) WHERE o.tenant_id = q.tenant_id AND o.visit_id = q.visit_id');

/** Whether the organization works on a local day (工作日), by its calendar with holidays and make-up workdays; where it has none, Monday to Friday. */
export async function isWorkday(transaction: Transaction, day: string, tenantId: string = transaction.tenantId): Promise<boolean> {
  const standard = (await activeCalendars(transaction, tenantId)).default;
  return standard ? windowsOfDay(standard.calendar, dayNumber(day)).length > 0 : weekdayOf(dayNumber(day)) <= 5;
}

/** The hour on the organization's clock, 0 to 23. */
export const hourOf = (at: Date, timeZone: string): number => Math.floor((wallClock(clockOf(timeZone), at.getTime()) / (60 * minuteMilliseconds)) % 24);

/** Learns from arrivals (记录行程观测): of each that says how long a way took. One that is told anew replaces what was learned of it. */
export async function observeArrivals(transaction: Transaction, arrivals: readonly Arrival[]): Promise<void> {
  const departures = new Map((await transaction.query(findDepartures, [arrivals.map(({ tenantId }) => tenantId), arrivals.map(({ visitId }) => visitId)])).map((row) => [row.place - 1, row]));
  const rows = new Map<string, readonly [string, string, number, number, boolean, number, number, number, Date]>();
  const doubtful: Arrival[] = [];
  for (const [place, arrival] of arrivals.entries()) {
    const left = departures.get(place);
    const [from, to] = [left && left.lat !== null && left.lng !== null ? { lat: left.lat, lng: left.lng } : null, arrival.lat !== null && arrival.lng !== null ? { lat: arrival.lat, lng: arrival.lng } : null];
    const fault = left ? faultOfJourney({ from, to, accuracy: arrival.accuracy, distance: arrival.distance, departedAt: left.departed_at.getTime(), arrivedAt: arrival.at.getTime(), departureToldAt: left.told_at.getTime(), arrivalToldAt: arrival.toldAt.getTime() }) : 'no_position';
    if (fault !== null || !left || !from || !to) {
      doubtful.push(arrival);
      continue;
    }
    const workday = await isWorkday(transaction, localDay(left.departed_at, left.time_zone), arrival.tenantId);
    // Told twice within a batch, the later one counts.
    rows.set(`${arrival.tenantId} ${arrival.visitId}`, [
      arrival.tenantId, arrival.visitId, zoneOf(from), zoneOf(to), workday, hourOf(left.departed_at, left.time_zone), Math.round((arrival.at.getTime() - left.departed_at.getTime()) / 1_000), Math.max(1, Math.round(referenceSeconds(from, to))), arrival.at,
    ]);
  }
  if (doubtful.length > 0) await withdrawObservations(transaction, doubtful);
  const all = [...rows.values()];
  if (all.length > 0) await transaction.query(write, [0, 1, 2, 3, 4, 5, 6, 7, 8].map((column) => all.map((row) => row[column])));
  transaction.afterCommit(() => learnAnew(all.map(([tenantId]) => tenantId)));
}

/** Takes back what was learned of arrivals that have turned out to be none. */
export async function withdrawObservations(transaction: Transaction, visits: readonly { tenantId: string; visitId: string }[]): Promise<void> {
  await transaction.query(withdraw, [visits.map(({ tenantId }) => tenantId), visits.map(({ visitId }) => visitId)]);
  transaction.afterCommit(() => learnAnew(visits.map(({ tenantId }) => tenantId)));
}

export const forgetObservations: Statement<never> = statement('chore.travel_observations', 'DELETE FROM travel_observation WHERE at < $1');
