import type { StaffPosition, VisitTrack } from '../../../contract/field.ts';
import type { TrackPoint } from '../../../rules/places/track.ts';
import type { Context } from '../../platform/context.ts';
import { statement, type Statement, type Transaction } from '../../platform/db/database.ts';

/** For how many days the way of a visit is kept where nobody says otherwise. */
export const usualTrackDays = 30;
/** Milliseconds after which a last position says nothing any more. */
const freshMilliseconds = 30 * 60_000;

const writeLast = statement<never>('position.write_last', `
  INSERT INTO staff_position (tenant_id, staff_id, visit_id, lat, lng, accuracy, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (tenant_id, staff_id) DO UPDATE SET visit_id = excluded.visit_id, lat = excluded.lat, lng = excluded.lng, accuracy = excluded.accuracy, at = excluded.at
  WHERE staff_position.at < excluded.at`);
const writeTrack = statement<never>('position.write_track', `
  INSERT INTO visit_track (tenant_id, visit_id, at, lat, lng, accuracy)
  SELECT $1, $2, * FROM unnest($3::timestamptz[], $4::float8[], $5::float8[], $6::float8[]) ON CONFLICT DO NOTHING`);
/** How many points of a way are told at most; of a longer one evenly so many, and always the last. */
const mostPoints = 5_000;
// During a visit only: whoever has finished is nowhere.
const findLast = statement<{ staff_id: string; visit_id: string; lat: number; lng: number; accuracy: number; at: Date }>('position.find_last', `
  SELECT p.staff_id, p.visit_id, p.lat, p.lng, p.accuracy, p.at FROM staff_position p JOIN visit v ON v.tenant_id = p.tenant_id AND v.id = p.visit_id AND v.status IN ('travelling', 'on_site')
  WHERE p.tenant_id = $1 AND p.staff_id = ANY($2::uuid[]) AND p.at > $3`);
const findTrack = statement<{ lat: number; lng: number; accuracy: number; at: Date }>('position.find_track', `
  SELECT lat, lng, accuracy, at FROM (
    SELECT lat, lng, accuracy, at, row_number() OVER (ORDER BY at) AS place, count(*) OVER () AS points FROM visit_track WHERE tenant_id = $1 AND visit_id = $2
  ) way WHERE place % (1 + (points - 1) / ${mostPoints}) = 0 OR place = points ORDER BY at`);

/** Writes where somebody was (记录位置): the last of it, and the way. Points oldest first, one at least. */
export async function writePositions({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, visit: { id: string; technician_id: string }, points: readonly TrackPoint[]): Promise<void> {
  const last = points.at(-1)!;
  await transaction.query(writeLast, [tenantId, visit.technician_id, visit.id, last.lat, last.lng, last.accuracy, new Date(last.at)]);
  await transaction.query(writeTrack, [tenantId, visit.id, points.map(({ at }) => new Date(at)), points.map(({ lat }) => lat), points.map(({ lng }) => lng), points.map(({ accuracy }) => accuracy)]);
}

/** Where some people were last, of those who are on the way to a visit or on one (最近位置); old ones are left out. May be asked of as many as one likes. */
export async function lastPositions({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>, staffIds: readonly string[]): Promise<StaffPosition[]> {
  if (staffIds.length === 0) return [];
  const rows = await transaction.query(findLast, [tenantId, staffIds, new Date(now.getTime() - freshMilliseconds)]);
  return rows.map((row) => ({ staffId: row.staff_id, visitId: row.visit_id, lat: row.lat, lng: row.lng, accuracy: row.accuracy, at: row.at.toISOString() }));
}

/** The way of a visit (上门轨迹), oldest first. */
export async function trackOf(transaction: Transaction, visitId: string): Promise<VisitTrack['items']> {
  const rows = await transaction.query(findTrack, [transaction.tenantId, visitId]);
  return rows.map((row) => ({ lat: row.lat, lng: row.lng, accuracy: row.accuracy, at: row.at.toISOString() }));
}

/** Forgets ways that are older than their organization keeps them (清理轨迹). */
export const forgetTracks: Statement<never> = statement('position.forget_tracks', `
  DELETE FROM visit_track t USING organization o WHERE o.tenant_id = t.tenant_id
    AND t.at < $1::timestamptz - coalesce((o.settings->>'trackDays')::int, ${usualTrackDays}) * interval '1 day'`);
/** Forgets last positions of days gone by. */
export const forgetPositions: Statement<never> = statement('position.forget_last', 'DELETE FROM staff_position WHERE at < $1');
/** Forgets which commands devices have told, long after they stopped telling them. */
export const forgetCommands: Statement<never> = statement('field_command.forget', 'DELETE FROM field_command WHERE applied_at < $1');
