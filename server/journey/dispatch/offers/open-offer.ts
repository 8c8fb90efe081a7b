import { Type } from 'typebox';
import { Closed } from '../../../../contract/common.ts';
import { dispatchLimits } from '../../../../contract/dispatch.ts';
import { Offer, OpenOffer } from '../../../../contract/offer.ts';
import { statusNames } from '../../../../rules/ticket/lifecycle.ts';
import type { Context } from '../../../platform/context.ts';
import { invalidInput, Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { overrideNeeded } from '../../../records/dispatch/against.ts';
import { promisesOf, writePromise } from '../../../records/dispatch/appointments/rows.ts';
import { tellMoved } from '../../../records/dispatch/appointments/tell-moved.ts';
import { lockOpenOffer, waitsForSomebody } from '../../../records/dispatch/offers/rows.ts';
import { modeFor, modesOf } from '../../../records/dispatch/modes.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { lockTicketFor } from '../../../records/ticket/find.ts';
import { statusOf, type TicketRow } from '../../../records/ticket/row.ts';
import { openOn } from './carry-on.ts';
import { viewOffer } from './view-offer.ts';

const offering = { zh: '抢单或依次派单', en: 'offered' };

/**
 * Offers a ticket that nobody has (发起抢单、依次派单): to those of its team who can be sent, open to many at once or to one after another.
 *
 * @throws Refusal override_needed where the customer was promised another window, offer_running where one is offered already, offer_nobody where nobody can be sent at all
 */
export const openOffer = useCase({
  summary: 'Offer a ticket to technicians',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: OpenOffer,
  answer: Offer,
  status: 201,
  async run(context, { params, body }) {
    const ticket = await lockTicketFor(context, params.id, 'ticket.assign');
    if (!waitsForSomebody(ticket)) {
      if (ticket.assignee_id !== null) throw new Refusal('offer_has_assignee');
      throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: offering });
    }
    if (await lockOpenOffer(context, ticket.id)) throw new Refusal('offer_running');
    const window = windowFrom(body, context.now);
    const current = await movePromise(context, ticket, window, body.override?.trim());
    const { settings } = await modesOf(context, ticket.team_id);
    const { mode: _, types: __, ...plan } = settings;
    const usual = modeFor(settings, ticket.type_id);
    const opened = await openOn(context, await configurationOf(context), current, {
      mode: body.mode ?? (usual === 'direct' ? 'grab' : usual), plan, teamId: ticket.team_id, window, note: body.note?.trim() || null, automatic: false,
    });
    if (!opened) throw new Refusal('offer_nobody');
    return viewOffer(context, opened.offerId);
  },
});

/** Opened with another window than the customer was promised, it is promised anew by whoever opens it, and says why (改期要有原因). */
async function movePromise(context: Context, ticket: TicketRow, window: { from: Date; to: Date } | null, reason: string | undefined): Promise<TicketRow> {
  const promised = window && (await promisesOf(context, [ticket.id])).get(ticket.id);
  if (!promised || (promised.window_start.getTime() === window.from.getTime() && promised.window_end.getTime() === window.to.getTime())) return ticket;
  if (promised.window_end > context.now && !reason) throw await overrideNeeded(context, offering, ['promise']);
  await writePromise(context, ticket.id, window, { kind: 'staff', name: context.actor.name });
  return tellMoved(context, ticket, { window, before: { from: promised.window_start, to: promised.window_end }, reason, visit: null });
}

function windowFrom({ windowStart, windowEnd }: OpenOffer, now: Date): { from: Date; to: Date } | null {
  if (windowStart === undefined) {
    if (windowEnd !== undefined) throw invalidInput('/windowStart', 'required', { zh: '上门时段要有开始时间', en: 'A window has a start' });
    return null;
  }
  const from = new Date(windowStart);
  const to = new Date(windowEnd ?? from.getTime() + 3_600_000);
  if (to <= from) throw invalidInput('/windowEnd', 'order', { zh: '结束时间应晚于开始时间', en: 'must be after windowStart' });
  if (to <= now) throw invalidInput('/windowEnd', 'past', { zh: '这段时间已经过去', en: 'is over already' });
  if (from.getTime() > now.getTime() + dispatchLimits.windowDays * 86_400_000) throw invalidInput('/windowStart', 'maximum', { zh: `只能安排 ${dispatchLimits.windowDays} 天之内`, en: `at most ${dispatchLimits.windowDays} days ahead` });
  if (to.getTime() - from.getTime() > 7 * 86_400_000) throw invalidInput('/windowEnd', 'maximum', { zh: '上门时段不超过 7 天', en: 'at most 7 days after windowStart' });
  return { from, to };
}
