import type { FactKind } from '../../../../contract/facts.ts';
import { dispatchModeNames } from '../../../../contract/offer.ts';
import { advance, areaOf, isDue, withoutNumbers, type Advance, type OfferMode, type OfferPlan } from '../../../../rules/routing/offers.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { clearTimer, setTimer } from '../../../platform/timers/timers.ts';
import { announceOffers } from '../../../records/dispatch/offers/announce.ts';
import { candidatesOf, endOffer, isPast, planOf, setCandidates, standingOf, type KeptPlan, type OfferRow } from '../../../records/dispatch/offers/rows.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import { tellOnTicket, type Writing } from '../../../records/ticket/change.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { sendable, windowOf, type Sendable } from './eligible.ts';

/** What an offer is opened with. */
export interface Opening {
  mode: OfferMode;
  plan: KeptPlan;
  teamId: string | null;
  window: { from: Date; to: Date } | null;
  note: string | null;
  automatic: boolean;
}

const named = 3;

/** Nobody is waited for beyond the end of the window: at that moment it lapses. */
const within = (outcome: Advance, windowEnd: Date | null): Advance => (outcome.state === 'open' && windowEnd !== null ? { ...outcome, nextAt: Math.min(outcome.nextAt, windowEnd.getTime()) } : outcome);

/**
 * Opens an offer on a locked ticket that waits for somebody and has none (开启派单): to the first ring, or the first in the order of its mode.
 *
 * @returns null where nobody at all can be sent and it was not the program that opened it; else the offer, which may have lapsed at once
 */
export async function openOn(context: Writing, configuration: Configuration, ticket: TicketRow, opening: Opening): Promise<{ ticket: TicketRow; offerId: string } | null> {
  const { tenantId, transaction, now, actor } = context;
  const { mode, plan, teamId, window, note, automatic } = opening;
  const people = await sendable(context, configuration, { ticket, teamId, window });
  const outcome = within(advance({ ...plan, mode }, { ring: -1, nextAt: 0, candidates: [] }, people, now.getTime())!, window?.to ?? null);
  if (outcome.state === 'lapsed' && !automatic) return null;
  const offer: OfferRow = {
    tenant_id: tenantId, id: newId(now.getTime()), ticket_id: ticket.id, team_id: teamId, mode, plan, state: outcome.state, ring: outcome.state === 'open' ? outcome.ring : 0, next_at: outcome.state === 'open' ? new Date(outcome.nextAt) : null,
    window_start: window?.from ?? null, window_end: window?.to ?? null, note, automatic, opened_at: now, opened_by: actor.kind === 'staff' || actor.kind === 'api_key' ? actor.id : null, opened_by_name: actor.name,
    taken_by: null, taken_by_name: null, ended_at: outcome.state === 'open' ? null : now, ended_by_name: null, ended_reason: null, version: 1,
  };
  await transaction.run(build.insertInto('offer').values({ ...offer, plan: JSON.stringify(plan) }));
  const told = outcome.state === 'open' ? await ask(context, ticket, offer, outcome, people, 'offer.opened') : await tellLapsed(context, ticket, offer);
  return { ticket: told, offerId: offer.id };
}

/** Takes an offer as far as it has to go by now (推进派单), with its ticket and itself locked: to the next ring or the next in order, or to its end. */
export async function carryOn(context: Writing, configuration: Configuration, ticket: TicketRow, offer: OfferRow): Promise<TicketRow> {
  const { tenantId, transaction, now } = context;
  const candidates = await candidatesOf(context, [offer.id]);
  const [plan, standing] = [planOf(offer), standingOf(offer, candidates)];
  if (!isDue(standing, now.getTime())) {
    await setTimer(transaction, { kind: 'offer.due', subjectId: ticket.id, dueAt: offer.next_at! });
    return ticket;
  }
  const over = isPast(offer, now);
  const people = over ? [] : await sendable(context, configuration, { ticket, teamId: offer.team_id, window: windowOf(offer) });
  const outcome = within(advance(plan, standing, people, now.getTime())!, offer.window_end);
  await setCandidates(context, offer.id, outcome.passed, 'passed');
  await announceOffers(transaction, offer.id, outcome.passed, 'gone');
  if (outcome.state === 'lapsed') {
    await endOffer(context, offer, { state: 'lapsed' });
    await clearTimer(transaction, 'offer.due', ticket.id);
    return tellLapsed(context, ticket, offer, over ? { because: 'window_over' } : {});
  }
  await transaction.run(build.updateTable('offer').set({ ring: outcome.ring, next_at: new Date(outcome.nextAt), version: offer.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', offer.id));
  return ask(context, ticket, { ...offer, ring: outcome.ring }, outcome, people, offer.mode === 'grab' ? 'offer.widened' : 'offer.passed_on', candidates.length);
}

async function ask(context: Writing, ticket: TicketRow, offer: OfferRow, outcome: Extract<Advance, { state: 'open' }>, people: readonly Sendable[], kind: Extract<FactKind, `offer.${string}`>, before = 0): Promise<TicketRow> {
  const { tenantId, transaction, now } = context;
  const byId = new Map(people.map((one) => [one.id, one]));
  const asked = outcome.offered.map((id) => byId.get(id)!);
  for (let at = 0; at < asked.length; at += 500) {
    await transaction.run(build.insertInto('offer_candidate').values(asked.slice(at, at + 500).map((one, index) => ({
      tenant_id: tenantId, offer_id: offer.id, staff_id: one.id, state: 'offered', ring: outcome.ring, place: before + at + index, score: one.score, metres: one.metres, travel_seconds: one.travel === null ? null : Math.round(one.travel),
      starts_from: one.startsFrom, begins_at: one.begins, offered_at: now, answered_at: null, reason: null,
    }))));
  }
  await setTimer(transaction, { kind: 'offer.due', subjectId: ticket.id, dueAt: new Date(outcome.nextAt) });
  await announceOffers(transaction, offer.id, outcome.offered, 'offered');
  return tellOffer(context, ticket, offer, kind, { ring: outcome.ring, people: asked.length, staffNames: asked.slice(0, named).map(({ name }) => name), until: new Date(outcome.nextAt).toISOString(), preview: [withoutNumbers(ticket.subject), areaOf(ticket.address ?? '')].filter((part) => part !== '').join(' · '), wholeTeam: offer.mode === 'grab' && outcome.ring >= (offer.plan as OfferPlan).rings.length });
}

/** Nobody took it: whoever its team says is told, and it stands among those that wait for a dispatcher. */
const tellLapsed = (context: Writing, ticket: TicketRow, offer: OfferRow, why: { because?: 'window_over' } = {}): Promise<TicketRow> => tellOffer(context, ticket, offer, 'offer.lapsed', { escalateTo: (offer.plan as KeptPlan).escalateTo, teamId: offer.team_id, openedById: offer.opened_by, ...why });

/** Tells of a step of an offer on its ticket; for colleagues only. */
export function tellOffer(context: Writing, ticket: TicketRow, offer: Pick<OfferRow, 'id' | 'mode' | 'automatic'>, kind: Extract<FactKind, `offer.${string}`>, data: Record<string, unknown>): Promise<TicketRow> {
  return tellOnTicket(context, ticket, { kind, subjectId: offer.id, data: { mode: offer.mode, modeName: dispatchModeNames[offer.mode as OfferMode], automatic: offer.automatic, visibility: 'internal', ...data } });
}

/** Ends an offer before anybody took it (收回派单), with its ticket and itself locked. `reason` is somebody's own words, or why the program did. */
export async function withdraw(context: Writing, ticket: TicketRow, offer: OfferRow, why: { reason: string | null } | { because: 'given' | 'moved' | 'settled' }): Promise<TicketRow> {
  const waiting = (await candidatesOf(context, [offer.id])).filter(({ state }) => state === 'offered').map(({ staff_id: id }) => id);
  await endOffer(context, offer, { state: 'withdrawn', ended_by_name: context.actor.name, ended_reason: 'reason' in why ? why.reason : null });
  await clearTimer(context.transaction, 'offer.due', ticket.id);
  await announceOffers(context.transaction, offer.id, waiting, 'gone');
  return tellOffer(context, ticket, offer, 'offer.withdrawn', 'reason' in why ? (why.reason === null ? {} : { reason: why.reason }) : { because: why.because });
}
