import { limits } from '../../../../contract/common.ts';
import { ChecklistTemplatePage, ListChecklistTemplates } from '../../../../contract/collaboration.ts';
import { build } from '../../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { viewTemplates } from './templates.ts';

/** The checklists kept for use on many tickets (检查清单模板列表), oldest first. */
export const listChecklistTemplates = useCase({
  summary: 'List checklist templates',
  query: ListChecklistTemplates,
  answer: ChecklistTemplatePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('checklist_template').selectAll().where('tenant_id', '=', context.tenantId);
    if (query.active !== undefined) select = select.where('active', '=', query.active === 'true');
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'checklist-templates')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    const page = rows.slice(0, limit);
    return { items: await viewTemplates(context, page), nextCursor: rows.length > limit ? writeCursor('checklist-templates', ['', page.at(-1)!.id]) : null };
  },
});
