import type { HardReason } from '../../../../rules/routing/propose.ts';
import { reasonOf, usualWeights } from '../../../../rules/routing/propose.ts';
import { dayNumber, dayText } from '../../../../rules/calendar/calendar.ts';
import { distanceInMetres } from '../../../../rules/places/distance.ts';
import type { Eligible } from '../../../../rules/routing/offers.ts';
import type { StartSource } from '../../../../contract/dispatch.ts';
import { localDay } from '../../../platform/clock/clock.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { familiarWith } from '../../../records/dispatch/familiarity.ts';
import { liveRoster } from '../../../records/dispatch/live-roster.ts';
import { visitNeeds, visitNeedsOf, type NamedNeeds } from '../../../records/dispatch/visit-needs.ts';
import { weightsOf } from '../../../records/dispatch/weights.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { reckonKnown, weighedFor } from '../reckon.ts';

type Asking = Pick<Context, 'tenantId' | 'transaction' | 'now'>;
type Known = Pick<Configuration, 'categories' | 'organization' | 'territories' | 'travel'>;

/** Somebody who can be sent, with what is kept when it is offered to them. */
export interface Sendable extends Eligible {
  name: string;
  begins: Date;
  startsFrom: StartSource;
}

/** For which ticket, among whose people, and when. */
export interface Sought {
  ticket: TicketRow;
  /** Null: everybody's. */
  teamId: string | null;
  window: { from: Date; to: Date } | null;
}

const findLastOffered = statement<{ staff_id: string; at: Date }>('offer.last_offered', `
  SELECT s.id AS staff_id, c.offered_at AS at FROM unnest($2::uuid[]) AS s (id)
    CROSS JOIN LATERAL (SELECT offered_at FROM offer_candidate WHERE tenant_id = $1 AND staff_id = s.id ORDER BY offered_at DESC LIMIT 1) c`);

/** The window of an offer as the rules take it; a start alone counts as an hour, no start as no window. */
export function windowOf({ window_start: start, window_end: end }: { window_start: Date | null; window_end: Date | null }): Sought['window'] {
  return start === null ? null : { from: start, to: end ?? new Date(start.getTime() + 3_600_000) };
}

/** When somebody is to come: what was promised to the customer, unless it is over, before what an offer was opened with. */
export const windowOfVisit = ({ promised }: Pick<NamedNeeds, 'promised'>, window: Sought['window'], now: Date): Sought['window'] => (promised !== null && promised.to > now ? promised : window);

/** Everybody of a team who can be sent to a ticket (可派人员), by the hard rules of proposals and with what the orders of the modes go by. */
export async function sendable(context: Asking, configuration: Known, sought: Sought): Promise<Sendable[]> {
  const { ticket, teamId } = sought;
  const { tenantId, transaction, now } = context;
  const live = await liveRoster(context, now, configuration.organization.timeZone);
  const members = teamId === null ? null : new Set((await transaction.run(build.selectFrom('team_member').select('staff_id').where('tenant_id', '=', tenantId).where('team_id', '=', teamId))).map((row) => row.staff_id));
  // Whoever gave it back is not asked again.
  const gaveBack = new Set((await transaction.run(build.selectFrom('visit').select('technician_id').distinct().where('tenant_id', '=', tenantId).where('ticket_id', '=', ticket.id).where('status', '=', 'declined'))).map((row) => row.technician_id));
  const technicians = live.technicians.filter(({ id }) => (members === null || members.has(id)) && !gaveBack.has(id));
  const needs = await visitNeeds(context, configuration, ticket);
  const window = windowOfVisit(needs, sought.window, now);
  const { weights } = await weightsOf(context, teamId);
  const familiar = await familiarWith(context, ticket);
  const place = needs.place?.point ?? null;
  const reckoned = await reckonKnown(context, { live: { ...live, technicians }, configuration, now, ticketId: ticket.id, needs, minutes: needs.minutes, familiar, window, weights: weighedFor(weights, needs), count: Math.max(1, technicians.length) });
  const byId = new Map(reckoned.candidates.map((candidate) => [candidate.id, candidate]));
  const { best } = reckoned.proposal;
  const offered = new Map((best.length === 0 ? [] : await transaction.query(findLastOffered, [tenantId, best.map(({ id }) => id)])).map((row) => [row.staff_id, row.at.getTime()]));
  return best.map((one): Sendable => {
    const person = byId.get(one.id)!;
    const known = place !== null && person.startsFrom !== 'unknown';
    return {
      id: one.id, name: person.name, score: one.score, travel: known ? Math.max(0, one.travel) : null, metres: known ? Math.round(distanceInMetres(person.start, place)) : null,
      load: person.load, lastOfferedAt: offered.get(one.id) ?? null, begins: new Date(one.begins * 1_000), startsFrom: person.startsFrom,
    };
  });
}

/** The local days on which somebody may be sent to an offer (可上门的日子): that of its window, else from today to the one that was reckoned. */
export function daysAsked({ now }: Pick<Asking, 'now'>, { organization }: Pick<Known, 'organization'>, { window, begins }: Pick<Asked, 'window' | 'begins'>): string[] {
  const day = (moment: Date): number => dayNumber(localDay(moment, organization.timeZone));
  if (window !== null) return [dayText(day(window.from))];
  return Array.from({ length: Math.max(1, day(begins) - day(now) + 1) }, (_, index) => dayText(day(now) + index));
}

/** For which ticket somebody was asked, and when it was reckoned that they could be there. */
export interface Asked extends Sought { begins: Date }

/**
 * Why somebody cannot be sent (不可派原因) who could when it was offered to them; null when they still can, on that day or before.
 * `not_required`: they have left the team, or the house. Of several at once, in their order, with what each needs: roster, teams and needs are looked up once.
 */
export async function reasonsAgainst(context: Asking, configuration: Known, staffId: string, asked: readonly Asked[]): Promise<{ against: HardReason | null; needs: NamedNeeds }[]> {
  const { tenantId, transaction, now } = context;
  const { timeZone } = configuration.organization;
  const live = await liveRoster(context, now, timeZone);
  const teams = new Set((await transaction.run(build.selectFrom('team_member').select('team_id').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId))).map((row) => row.team_id));
  const needed = await visitNeedsOf(context, configuration, asked.map(({ ticket }) => ticket));
  const technicians = live.technicians.filter(({ id }) => id === staffId);
  const day = (moment: Date): number => dayNumber(localDay(moment, timeZone));
  const found: { against: HardReason | null; needs: NamedNeeds }[] = [];
  for (const { ticket, teamId, window, begins } of asked) {
    const needs = needed.get(ticket.id)!;
    if (technicians.length === 0 || (teamId !== null && !teams.has(teamId))) {
      found.push({ against: 'not_required', needs });
      continue;
    }
    // How well they suit is no matter here, so neither are their team's weights.
    const { roster, proposal } = await reckonKnown(context, { live: { ...live, technicians }, configuration, now, ticketId: ticket.id, needs, minutes: needs.minutes, familiar: {}, window: windowOfVisit(needs, window, now), weights: weighedFor(usualWeights, needs), count: 1, days: Math.max(1, day(begins) - day(now) + 1) });
    found.push({ against: reasonOf(roster, proposal, staffId), needs });
  }
  return found;
}
