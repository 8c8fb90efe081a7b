import { Closed, Id } from '../../../../contract/common.ts';
import { Offer, WithdrawOffer } from '../../../../contract/offer.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { lockOffer } from '../../../records/dispatch/offers/rows.ts';
import { lockTicketFor } from '../../../records/ticket/find.ts';
import { withdraw } from './carry-on.ts';
import { viewOffer } from './view-offer.ts';

/** Takes an offer back before anybody took it (收回派单). For whoever may give the ticket out; asked again it stays as it is. */
export const withdrawOffer = useCase({
  summary: 'Withdraw an offer',
  params: Closed({ id: Id }),
  body: WithdrawOffer,
  answer: Offer,
  async run(context, { params, body }) {
    const found = await context.transaction.first(build.selectFrom('offer').select('ticket_id').where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!found) throw new Refusal('not_found');
    const ticket = await lockTicketFor(context, found.ticket_id, 'ticket.assign', { merged: 'taken' });
    const offer = (await lockOffer(context, params.id))!;
    if (offer.state === 'taken') throw new Refusal('offer_taken', { name: offer.taken_by_name ?? '' });
    if (offer.state === 'lapsed') throw new Refusal('offer_over');
    if (offer.state === 'open') await withdraw(context, ticket, offer, { reason: body.reason?.trim() || null });
    return viewOffer(context, offer.id);
  },
});
