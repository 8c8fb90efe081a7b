import { ListTickets, TicketPage } from '../../../contract/ticket.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { listTickets as readPage } from '../../records/ticket/list.ts';
import { viewSummaries } from '../../records/ticket/view.ts';

/** Tickets the caller may read (工单列表). */
export const listTickets = useCase({
  summary: 'List tickets',
  query: ListTickets,
  answer: TicketPage,
  async run(context, { query }) {
    const { rows, nextCursor } = await readPage(context, query);
    return { items: await viewSummaries(context, rows), nextCursor };
  },
});
