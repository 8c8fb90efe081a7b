import { limits } from '../../../contract/common.ts';
import { ListTicketLines, SearchTickets, TicketLinePage } from '../../../contract/view.ts';
import type { Context } from '../../platform/context.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { listTickets as readPage } from '../../records/ticket/list.ts';
import { viewLines } from '../../records/ticket/lines.ts';
import { openList, type Asked } from '../../records/view/open-list.ts';
import { withPatience } from '../../records/view/patience.ts';

/** Tickets the caller may read (工单列表): of a view, by parameters, by a filter, by words. */
export const listTickets = useCase({
  summary: 'List tickets',
  query: ListTicketLines,
  answer: TicketLinePage,
  run: (context, { query }) => linesOf(context, query, query),
});

/** The same for filters that are too long for an address (高级搜索); it changes nothing. */
export const searchTickets = useCase({
  summary: 'Search tickets by a filter that nobody saved',
  body: SearchTickets,
  answer: TicketLinePage,
  run: (context, { body }) => linesOf(context, body, body),
});

function linesOf(asking: Context, asked: Asked, { limit = limits.defaultPage, cursor }: { limit?: number | undefined; cursor?: string | undefined }): Promise<TicketLinePage> {
  return withPatience(asking, async (context) => {
    const opened = await openList(context, asked);
    const { rows, nextCursor } = await readPage(context, { ...opened, limit, cursor });
    const items = await viewLines(context, rows, { columns: opened.columns, query: opened.query });
    // The cursor stands last, where the header for followers of links is made from it.
    return { ...opened.problems ? { problems: opened.problems } : {}, items, nextCursor };
  });
}
