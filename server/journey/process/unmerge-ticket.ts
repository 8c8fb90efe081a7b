import { Type } from 'typebox';
import { UnmergeTicket } from '../../../contract/collaboration.ts';
import { Closed } from '../../../contract/common.ts';
import { Ticket } from '../../../contract/ticket.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { lockTickets, oneAtATime, wayOf } from '../../records/ticket/alias.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { unmergeTicket as undo } from '../../records/ticket/merge.ts';
import { accessOf, type TicketRow } from '../../records/ticket/row.ts';
import { viewTicket } from '../../records/ticket/view.ts';

/** Takes a ticket out of the one it was merged into (撤销合并): it stands again as it stood before. */
export const unmergeTicket = useCase({
  summary: 'Undo the merge of a ticket',
  params: Closed({ id: Type.String({ maxLength: 64 }) }),
  body: UnmergeTicket,
  answer: Ticket,
  // It holds the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body }) {
    await oneAtATime(context);
    const named = await findReadableTicket(context, params.id);
    if (named.merged_into === null) throw new Refusal('not_merged');
    const ids = await wayOf(context, named.id);
    const locked = await lockTickets(context, ids);
    const [source, ...way] = ids.map((id) => locked.get(id)!) as [TicketRow, ...TicketRow[]];
    const subject = staffOf(context);
    for (const permission of ['ticket.update', 'ticket.close'] as const) if (!permits(reachOf(subject, permission), accessOf(source))) throw new Refusal('forbidden');
    if (!permits(reachOf(subject, 'ticket.update'), accessOf(way[0]!))) throw new Refusal('forbidden');
    return viewTicket(context, await undo(context, { source, way }, body.note?.trim() || null));
  },
});
