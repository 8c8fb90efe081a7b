import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { ListArchivable } from '../../../contract/form.ts';
import { Department, DepartmentPage } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

const columns = ['id', 'name', 'name_en', 'parent_id', 'position', 'active', 'version'] as const;

/** The departments of the organization (部门列表), siblings in their order; the tree follows from parentId. */
export const listDepartments = useCase({
  summary: 'List departments',
  query: ListArchivable,
  answer: DepartmentPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('department').select(columns).where('tenant_id', '=', context.tenantId);
    if (!query.archived) select = select.where('active', '=', true);
    if (query.cursor !== undefined) {
      const [position, id] = readCursor(query.cursor, 'departments');
      if (!/^\d{1,9}$/.test(position)) throw new Refusal('invalid_cursor');
      select = select.where(sql<boolean>`(position, id) > (${Number(position)}::int, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(select.orderBy('position').orderBy('id').limit(limit + 1));
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map(viewDepartment),
      nextCursor: rows.length > limit && last ? writeCursor('departments', [String(last.position), last.id]) : null,
    };
  },
});

/** One department (部门详情). */
export const showDepartment = useCase({
  summary: 'Show a department',
  params: Closed({ id: Id }),
  answer: Department,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('department').select(columns).where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return viewDepartment(row);
  },
});

export interface DepartmentRow {
  id: string;
  name: string;
  name_en: string | null;
  parent_id: string | null;
  position: number;
  active: boolean;
  version: number;
}

/** A department as its answers show it. */
export function viewDepartment(row: DepartmentRow): Department {
  return { id: row.id, name: row.name, nameEn: row.name_en, parentId: row.parent_id, position: row.position, active: row.active, version: row.version };
}
