import { appointmentLimits, type AppointmentWindow } from '../../../../contract/appointment.ts';
import { dispatchLimits } from '../../../../contract/dispatch.ts';
import { dayMilliseconds, dayNumber, dayText, minuteMilliseconds, weekdayOf } from '../../../../rules/calendar/calendar.ts';
import { instantAt, zoneOf } from '../../../../rules/calendar/zone.ts';
import { beginningsIn, openingsOn } from '../../../../rules/places/access.ts';
import type { Point } from '../../../../rules/places/distance.ts';
import { openWindows, type Appointed, type Promised } from '../../../../rules/routing/appointments.ts';
import type { Candidate, KnownWays } from '../../../../rules/routing/roster.ts';
import { spanOfDays, type Interval } from '../../../../rules/shifts/shifts.ts';
import { currentVisitStatuses } from '../../../../rules/ticket/visit-lifecycle.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { waitingPromises } from '../../../records/dispatch/appointments/rows.ts';
import { appointmentSettingOf } from '../../../records/dispatch/appointments/setting.ts';
import { rosterOfDay } from '../../../records/dispatch/day-roster.ts';
import { liveRoster } from '../../../records/dispatch/live-roster.ts';
import { minutesOf, visitNeedsOf, type VisitNeeds } from '../../../records/dispatch/visit-needs.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { knowsTravel, travelKnowledge } from '../../../records/travel/times.ts';
import { secondsBy, wished } from '../reckon.ts';

type Asking = Pick<Context, 'tenantId' | 'transaction' | 'now'>;
/** Of more people, and of more ways, what is known is not looked up: they are estimated. */
const [mostCandidates, mostWays] = [200, 20_000];

/** The visit of a ticket that has not begun (待上门), which a promise moves; `held`: it has begun, or its time or place is locked, so that nothing can be chosen. */
export async function currentVisitOf({ tenantId, transaction }: Asking, ticketId: string): Promise<{ id: string; technicianId: string; version: number; held: boolean } | null> {
  const visit = await transaction.first(build.selectFrom('visit').select(['id', 'technician_id', 'status', 'version', 'locked_from']).where('tenant_id', '=', tenantId).where('ticket_id', '=', ticketId).where('status', 'in', currentVisitStatuses).orderBy('id', 'desc').limit(1));
  return visit ? { id: visit.id, technicianId: visit.technician_id, version: visit.version, held: visit.status === 'travelling' || visit.status === 'on_site' || visit.locked_from !== null } : null;
}

/**
 * The windows that can be promised for a ticket (可约时段): of those of the organization's pattern, whatever somebody who can do the work, and all who have to come
 * along, can still serve beside what they have and what was promised to others. Where somebody has it already, only what they can serve.
 *
 * @param only this one, if it can be: no other day is looked at
 */
export async function windowsFor(context: Asking, configuration: Configuration, ticket: TicketRow, only?: Interval): Promise<Interval[]> {
  const { now } = context;
  const { timeZone } = configuration.organization;
  const setting = await appointmentSettingOf(context.transaction);
  const today = dayNumber(localDay(now, timeZone));
  const days = Array.from({ length: setting.days }, (_, index) => today + index).flatMap((number) => {
    const windows = windowsOn(setting.windows, timeZone, number).filter(({ from, to }) => from >= now.getTime() + setting.leadMinutes * minuteMilliseconds && (only === undefined || (from === only.from && to === only.to)));
    return windows.length === 0 ? [] : [{ number, windows, span: spanOfDays(timeZone, dayText(number), dayText(number + 1)) }];
  });
  if (days.length === 0) return [];
  const [live, waiting, visit] = [await liveRoster(context, now, timeZone), await waitingPromises(context, days.map(({ span }) => span), ticket.id, appointmentLimits.waiting), await currentVisitOf(context, ticket.id)];
  const needs = await visitNeedsOf(context, configuration, [ticket, ...[...waiting.values()].flat().map((one) => one.ticket)]);
  const own = needs.get(ticket.id)!;
  // Where nobody knows the place, the way there counts nothing: it is thought to be where everybody is.
  const somewhere = own.place?.point ?? live.technicians.flatMap(({ home_lat: lat, home_lng: lng }) => (lat === null || lng === null ? [] : [{ lat, lng }]))[0] ?? { lat: 0, lng: 0 };
  const wanted = appointed(own, somewhere);
  const bound: Appointed = visit === null ? wanted : { ...wanted, request: { ...wanted.request, required: [visit.technicianId] } };
  const found: Interval[] = [];
  for (const [index, { number, windows, span }] of days.entries()) {
    if (found.length >= appointmentLimits.shown) break;
    const promises = waiting.get(index) ?? [];
    // More than can be put in their places: that there is room for yet another nobody can say.
    if (promises.length > appointmentLimits.waiting) continue;
    const candidates = rosterOfDay(live, dayText(number), { from: Math.max(span.from, now.getTime()), to: span.to }, now, (category) => minutesOf(configuration, category) ?? dispatchLimits.usualServiceMinutes, ticket.id, somewhere);
    const partsOf = (of: VisitNeeds, window: Interval) => beginningsIn(window, openingsOn(of.access, timeZone, number), of.minutes * minuteMilliseconds).map(({ from, to }) => [from / 1_000, to / 1_000] as const);
    const promised = promises.map((one): Promised => {
      const theirs = needs.get(one.ticket_id)!;
      return { ...appointed(theirs, somewhere), windows: partsOf(theirs, { from: one.window_start.getTime(), to: one.window_end.getTime() }) };
    });
    const open = openWindows(candidates, promised, bound, windows.map((window) => partsOf(own, window)), configuration.travel, await knownWays(context, configuration, dayText(number), candidates, promised, bound));
    found.push(...windows.filter((_, at) => open[at]));
  }
  return found.slice(0, appointmentLimits.shown);
}

/** What is known of the ways of a day that a promise may take (预约路段): between the places people have and those that are promised. */
async function knownWays(context: Asking, configuration: Configuration, date: string, candidates: readonly Candidate[], promised: readonly Promised[], wanted: Appointed): Promise<KnownWays | null> {
  if (!await knowsTravel(context, configuration)) return null;
  const added = [wanted.request.point, ...promised.map(({ request }) => request.point)];
  const ways = candidates.filter(({ shift }) => shift !== null).slice(0, mostCandidates).flatMap(({ start, stops }) => {
    const points = [start, ...stops.map(({ point }) => point)];
    return [...points.slice(1).map((point, index) => [points[index]!, point] as const), ...points.flatMap((point) => added.flatMap((place) => [[point, place] as const, [place, point] as const]))];
  }).slice(0, mostWays);
  const knowledge = await travelKnowledge(context, configuration, ways, date);
  return (from, to) => knowledge.known(from, to)?.seconds;
}

const appointed = (needs: VisitNeeds, somewhere: Point): Appointed => ({
  request: {
    point: needs.place?.point ?? somewhere, service: needs.minutes * 60, serviceBy: secondsBy(needs), skills: needs.skills.map(({ skillId, level }) => ({ skill: skillId, level })), ...wished(needs.wishes),
    territories: needs.territories, withinTerritory: needs.withinTerritory, urgent: needs.urgent,
  },
  crew: needs.crew.map(({ skills }) => skills.map(({ skillId, level }) => ({ skill: skillId, level }))),
});

/** The pattern on a local day, as instants, in order. */
function windowsOn(pattern: readonly AppointmentWindow[], timeZone: string, number: number): Interval[] {
  const zone = zoneOf(timeZone);
  const at = (minute: number): number => instantAt(zone, number * dayMilliseconds + minute * minuteMilliseconds);
  return pattern.filter(({ weekday }) => weekday === undefined || weekday === null || weekday === weekdayOf(number))
    .map(({ startsMinute, endsMinute }) => ({ from: at(startsMinute), to: at(endsMinute) })).filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from || a.to - b.to);
}
