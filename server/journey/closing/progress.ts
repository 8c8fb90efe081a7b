import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { ChooseNews } from '../../../contract/news.ts';
import { Progress, ProgressComment, ProgressConfirm, ProgressRating, ProgressReopen } from '../../../contract/portal.ts';
import { statusNames } from '../../../rules/ticket/lifecycle.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { addMessage } from '../../records/conversation/add-message.ts';
import { readUploads } from '../../records/file/attach-files.ts';
import { chooseNews, lockConversationsOf, newsChoiceOf } from '../../records/news/choices.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import type { Landing } from '../../records/ticket/landing.ts';
import { asCustomer, ownTicket } from '../../records/ticket/link-caller.ts';
import { statusOf, type TicketRow } from '../../records/ticket/row.ts';
import { closeTicket, recordRating, reopenTicket } from '../../records/ticket/settle.ts';
import { canReopen } from './can-reopen.ts';
import { decidesFor, viewProgress } from './view-progress.ts';

const params = Closed({ token: Type.String({ maxLength: 400 }) });

/** A ticket as its customer follows it (工单进度). */
export const showProgress = useCase({
  summary: 'Follow a ticket by its link',
  params,
  answer: Progress,
  run: async (context, { params }) => viewProgress(context, await ownTicket(context), params.token),
});

// The addresses of the files in these answers hold the link: what is kept of them for Idempotency-Key is sealed.

/** The customer adds something (客户补充). */
export const addProgressComment = useCase({
  summary: 'Add a message as the customer',
  params,
  body: ProgressComment,
  answer: Progress,
  secret: true,
  status: 201,
  async run(context, { params, body }) {
    const { named, ticket } = await ownTicket(context);
    if (ticket.status === 'cancelled') throw new Refusal('action_not_open', { status: statusNames.cancelled, action: { zh: '留言', en: 'commented on' } });
    const { ticket: told } = await addMessage(await asCustomer(context, named), ticket, {
      body: body.body.trim(), visibility: 'public', direction: 'inbound', mentions: [], fileIds: readUploads(context, body.uploads ?? []),
      fromTicketId: named.id === ticket.id ? undefined : named.id,
    });
    return viewProgress(context, follow(named, told), params.token);
  },
});

/** The customer says that it is solved (客户确认). Saying it twice changes nothing. */
export const confirmProgress = useCase({
  summary: 'Confirm that the matter is solved',
  params,
  body: ProgressConfirm,
  answer: Progress,
  secret: true,
  status: 200,
  async run(context, { params }) {
    const { named, ticket } = await ownTicket(context);
    if (ticket.status === 'closed') return viewProgress(context, { named, ticket }, params.token);
    if (ticket.status !== 'resolved' || !decidesFor(named, ticket)) throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: { zh: '确认', en: 'confirmed' } });
    return viewProgress(context, follow(named, await closeTicket(await asCustomer(context, named), ticket, 'ticket.confirmed', {})), params.token);
  },
});

/** The customer says that it is not solved (客户要求重新处理). */
export const reopenProgress = useCase({
  summary: 'Say that the matter is not solved',
  params,
  body: ProgressReopen,
  answer: Progress,
  secret: true,
  async run(context, { params, body }) {
    const { named, ticket } = await ownTicket(context);
    if (!canReopen(ticket, context.now) || !decidesFor(named, ticket)) throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: { zh: '重新打开', en: 'reopened' } });
    return viewProgress(context, follow(named, await reopenTicket(await asCustomer(context, named), ticket, body.reason.trim())), params.token);
  },
});

/** The customer rates the service (客户评价): once for each round. */
export const rateProgress = useCase({
  summary: 'Rate the service',
  params,
  body: ProgressRating,
  answer: Progress,
  secret: true,
  async run(context, { params, body }) {
    const { named, ticket } = await ownTicket(context);
    if ((ticket.status !== 'resolved' && ticket.status !== 'closed') || !decidesFor(named, ticket)) throw new Refusal('action_not_open', { status: statusNames[statusOf(ticket)], action: { zh: '评价', en: 'rated' } });
    const rated = await recordRating(await asCustomer(context, named), ticket, body.rating, body.comment?.trim() || null);
    if (!rated) throw new Refusal('already_rated');
    return viewProgress(context, follow(named, rated), params.token);
  },
});

/** The customer says what they want to hear by itself (选择通知): of all their tickets. */
export const chooseProgressNews = useCase({
  summary: 'Choose what to be told of without asking',
  params,
  body: ChooseNews,
  answer: Progress,
  secret: true,
  async run(context, { params, body }) {
    if (context.caller.kind === 'link') await lockConversationsOf(context, context.caller.ticketId);
    const { named, ticket } = await ownTicket(context);
    const whose = { customerId: named.customer_id, ticketId: named.id };
    if (await newsChoiceOf(context, whose) === body.choice) return viewProgress(context, { named, ticket }, params.token);
    const customer = await asCustomer(context, named);
    if (!await chooseNews(customer, whose, body.choice)) throw new Refusal('nobody_to_tell');
    const told = await tellOnTicket(customer, ticket, { kind: 'news.chosen', quiet: true, data: { choice: body.choice } });
    return viewProgress(context, follow(named, told), params.token);
  },
});

/** A ticket as it is now, in its place. */
const follow = (named: TicketRow, ticket: TicketRow): Landing => ({ named: named.id === ticket.id ? ticket : named, ticket });
