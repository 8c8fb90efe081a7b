import { PageQuery, limits } from '../../../contract/common.ts';
import { RolePage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

/** The roles of the organization (角色列表), oldest first: the standard ones lead. */
export const listRoles = useCase({
  summary: 'List roles',
  query: PageQuery,
  answer: RolePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('role').select(['id', 'key', 'name', 'name_en', 'grants', 'version']).where('tenant_id', '=', context.tenantId);
    if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'roles')[1]);
    const rows = await context.transaction.run(select.orderBy('id').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({ id: row.id, key: row.key, name: row.name, nameEn: row.name_en, grants: row.grants, version: row.version })),
      nextCursor: rows.length > limit ? writeCursor('roles', ['', rows[limit - 1]!.id]) : null,
    };
  },
});
