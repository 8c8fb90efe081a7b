import type { Static } from 'typebox';
import { Closed, Id } from '../../../../contract/common.ts';
import { hardReasonNames } from '../../../../contract/dispatch.ts';
import { TakenOffer } from '../../../../contract/offer.ts';
import type { CandidateState } from '../../../../rules/routing/offers.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { clearTimer } from '../../../platform/timers/timers.ts';
import { promisesOf } from '../../../records/dispatch/appointments/rows.ts';
import { lockDaysOf } from '../../../records/dispatch/lock-days.ts';
import { announceOffers } from '../../../records/dispatch/offers/announce.ts';
import { candidatesOf, endOffer, findOfferTo, isPast, lockOffer, setCandidates, waitsForSomebody, type OfferRow } from '../../../records/dispatch/offers/rows.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { assignTicket } from '../../../records/ticket/assign.ts';
import { changeTicket } from '../../../records/ticket/change.ts';
import { lockTicket } from '../../../records/ticket/find.ts';
import { acceptCurrentVisit } from '../../../records/visit/answer.ts';
import { tellOffer } from './carry-on.ts';
import { daysAsked, reasonsAgainst, windowOf, windowOfVisit } from './eligible.ts';

/**
 * Takes what was offered (接单、抢单): the ticket is theirs, with a visit they have accepted. Of any number at once one gets it, whoever comes again gets the
 * same answer, and the others are told who has it: the ticket is locked first, then the offer, and both are looked at again behind
 * the locks. Those who come when it is decided are refused before they wait for any lock.
 *
 * @throws Refusal offer_taken, offer_over, offer_passed_on, offer_declined, offer_ruled_out
 */
export const takeOffer = useCase({
  summary: 'Accept or grab an offer',
  params: Closed({ id: Id }),
  answer: TakenOffer,
  async run(context, { params }) {
    const { staffId } = staffOf(context);
    const seen = await findOfferTo(context, params.id, staffId);
    if (!seen) throw new Refusal('not_found');
    if (isTheirs(seen, staffId)) return taken(context, seen);
    ensureOpen(seen, seen.own_state);
    const locked = await lockTicket(context, seen.ticket_id);
    await lockOffer(context, params.id);
    const offer = await findOfferTo(context, params.id, staffId);
    if (!locked || !offer) throw new Refusal('not_found');
    // The same person from two phones at once.
    if (isTheirs(offer, staffId)) return taken(context, offer);
    ensureOpen(offer, offer.own_state);
    if (!waitsForSomebody(locked) || isPast(offer, context.now)) throw new Refusal('offer_over');
    const configuration = await configurationOf(context);
    const promised = (await promisesOf(context, [locked.id])).get(locked.id);
    // Only a colleague moves what was promised: whoever takes it comes when the customer expects them.
    const isPromised = promised !== undefined && promised.window_end > context.now;
    const window = windowOfVisit({ promised: promised ? { from: promised.window_start, to: promised.window_end } : null }, windowOf(offer), context.now);
    // Of two that somebody takes at once the second finds the first in their day.
    await lockDaysOf(context, [staffId], daysAsked(context, configuration, { window, begins: offer.own_begins }));
    const [found] = await reasonsAgainst(context, configuration, staffId, [{ ticket: locked, teamId: offer.team_id, window, begins: offer.own_begins }]);
    if (found!.against !== null) throw new Refusal('offer_ruled_out', { reason: hardReasonNames[found!.against] });

    await setCandidates(context, offer.id, [staffId], 'taken');
    const others = (await candidatesOf(context, [offer.id])).filter(({ state }) => state === 'offered').map(({ staff_id: id }) => id);
    await endOffer(context, offer, { state: 'taken', taken_by: staffId, taken_by_name: context.actor.name, ended_by_name: context.actor.name });
    await clearTimer(context.transaction, 'offer.due', locked.id);
    await announceOffers(context.transaction, offer.id, [...others, staffId], 'gone');
    const told = await tellOffer(context, locked, offer, 'offer.taken', { staffId, staffName: context.actor.name });
    const given = await assignTicket(context, told, {
      assigneeId: staffId, note: offer.note ?? undefined,
      visit: isPromised || offer.window_start === null ? {} : { windowStart: offer.window_start.toISOString(), windowEnd: offer.window_end?.toISOString() },
    });
    const accepted = await changeTicket(context, given, { status: 'open', accepted_at: context.now }, { kind: 'ticket.accepted' });
    await acceptCurrentVisit(context, accepted, staffId);
    return taken(context, offer);
  },
});

const isTheirs = (offer: OfferRow, staffId: string): boolean => offer.state === 'taken' && offer.taken_by === staffId;

/** Refuses what can no longer be answered by this person, and says why. */
export function ensureOpen(offer: Pick<OfferRow, 'state' | 'taken_by_name'>, own: CandidateState): void {
  if (offer.state === 'taken') throw new Refusal('offer_taken', { name: offer.taken_by_name ?? '' });
  if (offer.state !== 'open') throw new Refusal('offer_over');
  if (own === 'passed') throw new Refusal('offer_passed_on');
  if (own === 'declined') throw new Refusal('offer_declined');
}

async function taken({ tenantId, transaction }: Context, offer: Pick<OfferRow, 'id' | 'ticket_id'>): Promise<Static<typeof TakenOffer>> {
  const [ticket, visit] = await Promise.all([
    transaction.first(build.selectFrom('ticket').select('number').where('tenant_id', '=', tenantId).where('id', '=', offer.ticket_id)),
    transaction.first(build.selectFrom('visit').innerJoin('offer', (join) => join.onRef('offer.tenant_id', '=', 'visit.tenant_id').onRef('offer.ticket_id', '=', 'visit.ticket_id').onRef('offer.taken_by', '=', 'visit.technician_id'))
      .select('visit.id').where('visit.tenant_id', '=', tenantId).where('offer.id', '=', offer.id).orderBy('visit.id', 'desc').limit(1)),
  ]);
  return { offerId: offer.id, ticketId: offer.ticket_id, ticketNumber: ticket!.number, visitId: visit?.id ?? null };
}
