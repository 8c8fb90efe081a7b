import { PageQuery, limits } from '../../../contract/common.ts';
import { TicketTypePage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** The ticket types of the organization (工单类型列表), oldest first. */
export const listTicketTypes = useCase({
  summary: 'List ticket types',
  query: PageQuery,
  answer: TicketTypePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('ticket_type').select(['id', 'key', 'name', 'name_en', 'is_default', 'definition', 'version']).where('tenant_id', '=', context.tenantId);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'ticket-types')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({
        id: row.id, key: row.key, name: row.name, nameEn: row.name_en, isDefault: row.is_default, fields: row.definition.fields ?? {}, version: row.version,
      })),
      nextCursor: rows.length > limit ? writeCursor('ticket-types', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
