import { Closed, Id } from '../../../../contract/common.ts';
import { CannedReply, RenderCannedReply, RenderedText } from '../../../../contract/desk.ts';
import { statement } from '../../../platform/db/database.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { findReadableTicket } from '../../ticket/find.ts';
import { textForTicket } from '../text-for-ticket.ts';
import { findCannedReply, viewCannedReplies } from './view.ts';

const params = Closed({ id: Id });
const countUse = statement<never>('canned_reply.use', 'UPDATE canned_reply SET use_count = use_count + 1 WHERE tenant_id = $1 AND id = $2');

/** One canned reply (快捷回复详情). */
export const showCannedReply = useCase({
  summary: 'Show a canned reply',
  params,
  answer: CannedReply,
  run: async (context, { params }) => (await viewCannedReplies(context, [await findCannedReply(context, params.id)]))[0]!,
});

/** The text of a canned reply for a ticket (填充快捷回复), with its variables as the caller may see them; counted as a use. */
export const renderCannedReply = useCase({
  summary: 'Fill in a canned reply for a ticket',
  params,
  body: RenderCannedReply,
  answer: RenderedText,
  // It may hold the link by which the customer follows the ticket.
  secret: true,
  async run(context, { params, body }) {
    const reply = await findCannedReply(context, params.id);
    const rendered = await textForTicket(context, await findReadableTicket(context, body.ticketId), reply.body);
    if (!body.preview) await context.transaction.query(countUse, [context.tenantId, reply.id]);
    return rendered;
  },
});
