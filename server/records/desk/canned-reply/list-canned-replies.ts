import { limits } from '../../../../contract/common.ts';
import { CannedReplyPage, ListCannedReplies } from '../../../../contract/desk.ts';
import { build } from '../../../platform/db/database.ts';
import { containing } from '../../../platform/db/like.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { visibleTo } from '../sharing.ts';
import { viewCannedReplies } from './view.ts';

/** The canned replies the caller may use (快捷回复列表), newest first. */
export const listCannedReplies = useCase({
  summary: 'List canned replies',
  query: ListCannedReplies,
  answer: CannedReplyPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('canned_reply').selectAll().where('tenant_id', '=', context.tenantId).where('active', '=', !query.archived).where(await visibleTo(context, 'canned_reply'));
    if (query.kind !== undefined) select = select.where('kind', '=', query.kind);
    if (query.category !== undefined) select = select.where('category', '=', query.category);
    const q = query.q?.trim();
    if (q) select = select.where((either) => either.or([either('name', 'ilike', containing(q)), either('shortcut', 'ilike', containing(q)), either('body', 'ilike', containing(q))]));
    if (query.cursor !== undefined) select = select.where('id', '<', readCursor(query.cursor, 'canned_reply')[1]);
    const rows = await context.transaction.run(select.orderBy('id', 'desc').limit(limit + 1));
    return { items: await viewCannedReplies(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('canned_reply', ['', rows[limit - 1]!.id]) : null };
  },
});
