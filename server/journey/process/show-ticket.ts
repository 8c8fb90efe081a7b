import { Type } from 'typebox';
import { Closed } from '../../../contract/common.ts';
import { ActionList, Ticket } from '../../../contract/ticket.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';
import { viewTicket } from '../../records/ticket/view.ts';

const params = Closed({ id: Type.String({ maxLength: 64, description: 'Id or number' }) });

/** One ticket by id or number (工单详情). */
export const showTicket = useCase({
  summary: 'Show a ticket',
  params,
  answer: Ticket,
  run: async (context, { params }) => viewTicket(context, await findReadableTicket(context, params.id)),
});

/** What the caller may do with a ticket now (可执行的操作). */
export const listActions = useCase({
  summary: 'List the actions open to the caller',
  params,
  answer: ActionList,
  run: async (context, { params }) => ({ actions: (await viewTicket(context, await findReadableTicket(context, params.id))).actions }),
});
