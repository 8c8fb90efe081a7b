import { Closed, Id } from '../../../../contract/common.ts';
import { DeclineOffer } from '../../../../contract/offer.ts';
import { staffOf, systemActor } from '../../../platform/context.ts';
import { missingInput, Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { announceOffers } from '../../../records/dispatch/offers/announce.ts';
import { findOfferTo, lockOffer, setCandidates, waitsForSomebody } from '../../../records/dispatch/offers/rows.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { lockTicket } from '../../../records/ticket/find.ts';
import { carryOn, tellOffer } from './carry-on.ts';
import { ensureOpen } from './take-offer.ts';

/**
 * Does not want what was offered (不接): it goes on to the next at once, or to the next ring when nobody is left in this one. A
 * reason is needed where it was offered to one person alone; of what is open to many one may be rid without a word.
 */
export const declineOffer = useCase({
  summary: 'Decline an offer',
  params: Closed({ id: Id }),
  body: DeclineOffer,
  answer: null,
  async run(context, { params, body }) {
    const { staffId } = staffOf(context);
    const seen = await findOfferTo(context, params.id, staffId);
    if (!seen) throw new Refusal('not_found');
    // Said already, perhaps in an answer that was lost.
    if (seen.own_state === 'declined') return;
    const reason = body.reason?.trim() || null;
    if (reason === null && seen.mode !== 'grab') throw missingInput('/reason');
    const ticket = await lockTicket(context, seen.ticket_id);
    const offer = await lockOffer(context, params.id);
    const own = await findOfferTo(context, params.id, staffId);
    if (!ticket || !offer || !own) throw new Refusal('not_found');
    if (own.own_state === 'declined') return;
    ensureOpen(offer, own.own_state);
    await setCandidates(context, offer.id, [staffId], 'declined', reason);
    await announceOffers(context.transaction, offer.id, [staffId], 'gone');
    const told = await tellOffer(context, ticket, offer, 'offer.declined', { staffId, staffName: context.actor.name, ...(reason === null ? {} : { reason }) });
    if (waitsForSomebody(told)) await carryOn({ ...context, actor: systemActor }, await configurationOf(context), told, offer);
  },
});
