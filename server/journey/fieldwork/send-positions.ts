import { PositionsTaken, SendPositions } from '../../../contract/field.ts';
import { faultOfPoint } from '../../../rules/places/plausible.ts';
import { comesNear, thinTrack, whyNotFollowed, type Followed, type TrackPoint } from '../../../rules/places/track.ts';
import { clockBehind } from '../../../rules/ticket/phone-clock.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { NeedsOwnTransaction, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { placeOfTicket } from '../../records/dispatch/place-of.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { toStoredPlace } from '../../records/ticket/references.ts';
import { writePositions } from '../../records/visit/positions.ts';
import { changeVisit } from '../../records/visit/schedule.ts';
import { lockVisitWithTicket } from './lock-visit.ts';

/** Seconds between batches: near enough for a board, far enough apart for a battery. */
const nextInSeconds = 10;
/** Clocks of phones run ahead a little. */
const toleratedMilliseconds = 60_000;

interface Going {
  status: string;
  technician_id: string;
  travel_started_at: Date | null;
  checked_in_at: Date | null;
  near_at: Date | null;
  check_in_lat: number | null;
  check_in_lng: number | null;
  lat: number | null;
  lng: number | null;
}
const findGoing = statement<Going>('visit.find_going', `
  SELECT v.status, v.technician_id, v.travel_started_at, v.checked_in_at, v.near_at, v.check_in_lat, v.check_in_lng, place.lat, place.lng
  FROM visit v JOIN ticket t ON t.tenant_id = v.tenant_id AND t.id = v.ticket_id ${placeOfTicket} WHERE v.tenant_id = $1 AND v.id = $2`);

/**
 * Takes where a phone was (上报位置): only on the way to a visit and during it. No fact tells of single positions; that somebody comes near for the
 * first time is told once, and the customer hears of it.
 */
export const sendPositions = useCase({
  summary: 'Send where the phone was, on the way to a visit or during it',
  body: SendPositions,
  answer: PositionsTaken,
  grouped: true,
  async run(context, { body }) {
    const { transaction, tenantId, now } = context;
    const [visit] = await transaction.query(findGoing, [tenantId, body.visitId]);
    if (!visit || visit.technician_id !== staffOf(context).staffId) throw new Refusal('not_found');
    if (visit.status !== 'travelling' && visit.status !== 'on_site') throw new Refusal('position_outside_visit');
    const place = visit.lat === null || visit.lng === null ? null : { lat: visit.lat, lng: visit.lng };
    const begun = visit.travel_started_at ?? visit.checked_in_at;
    const behind = clockBehind(body.sentAt, now.getTime());
    const told = thinTrack(body.points.map((point, index): TrackPoint => {
      const stored = toStoredPlace({ lat: point.lat, lng: point.lng, ...(body.crs ? { crs: body.crs } : {}) });
      const where = { lat: stored.lat!, lng: stored.lng! };
      const fault = faultOfPoint(where, place);
      if (fault) throw invalidInput(`/points/${index}`, fault, fault === 'swapped' ? { zh: '经纬度写反了', en: 'has latitude and longitude the wrong way round' } : { zh: '不是有效的位置', en: 'is no place on earth' });
      const at = Date.parse(point.at) + behind;
      return { ...where, accuracy: point.accuracy, at: at > now.getTime() && at <= now.getTime() + toleratedMilliseconds ? now.getTime() : at };
    }), { from: (begun?.getTime() ?? 0) - toleratedMilliseconds, to: now.getTime() });
    const followed: Followed = {
      status: visit.status, travelStartedAt: visit.travel_started_at?.getTime() ?? null, checkedInAt: visit.checked_in_at?.getTime() ?? null,
      place: visit.check_in_lat === null || visit.check_in_lng === null ? place : { lat: visit.check_in_lat, lng: visit.check_in_lng },
    };
    const points = told.filter((point) => whyNotFollowed(followed, point, point.at) === null);
    const near = visit.status === 'travelling' && place !== null && comesNear(points, place);
    const first = near && visit.near_at === null;
    // Tells on the ticket, which others may be telling on.
    if (first && transaction.shared) throw new NeedsOwnTransaction();
    if (points.length > 0) await writePositions(context, { id: body.visitId, technician_id: visit.technician_id }, points);
    if (first) await comeNear(context, body.visitId);
    return { kept: points.length, near: near || visit.near_at !== null, nextInSeconds, stopped: whyNotFollowed(followed, told.at(-1) ?? null, now.getTime()) };
  },
});

async function comeNear(context: Context, visitId: string): Promise<void> {
  const { visit, ticket } = await lockVisitWithTicket(context, visitId);
  if (visit.status !== 'travelling' || visit.near_at !== null) return;
  await changeVisit(context, visit, { near_at: context.now });
  await tellOnTicket(context, ticket, { kind: 'visit.near', subjectId: visit.id, quiet: true, data: { technicianId: visit.technician_id, technicianName: visit.technician_name } });
}
