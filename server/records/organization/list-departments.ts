import { sql } from 'kysely';
import { PageQuery, limits } from '../../../contract/common.ts';
import { DepartmentPage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** The departments of the organization (部门列表), siblings in their order; the tree follows from parentId. */
export const listDepartments = useCase({
  summary: 'List departments',
  query: PageQuery,
  answer: DepartmentPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('department').select(['id', 'name', 'name_en', 'parent_id', 'position', 'version']).where('tenant_id', '=', context.tenantId);
    if (query.cursor !== undefined) {
      const [position, id] = readCursor(query.cursor, 'departments');
      if (!/^\d{1,9}$/.test(position)) throw new Refusal('invalid_cursor');
      select = select.where(sql<boolean>`(position, id) > (${Number(position)}::int, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('position').orderBy('id').limit(limit + 1));
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map((row) => ({ id: row.id, name: row.name, nameEn: row.name_en, parentId: row.parent_id, version: row.version })),
      nextCursor: rows.length > limit && last ? writeCursor('departments', [String(last.position), last.id]) : null,
    };
  },
});
