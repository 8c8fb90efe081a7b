import { Closed, Id, limits } from '../../../contract/common.ts';
import { ListArchivable } from '../../../contract/form.ts';
import { Role, RolePage } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';

const roles = `
  SELECT r.id, r.key, r.name, r.name_en AS "nameEn", r.grants, r.active, r.version,
    (SELECT count(*)::int FROM staff_role h JOIN staff s ON s.tenant_id = h.tenant_id AND s.id = h.staff_id
     WHERE h.tenant_id = r.tenant_id AND h.role_id = r.id AND s.active) AS "staffCount"
  FROM role r WHERE r.tenant_id = $1`;
const findRoles = statement<Role>('role.list', `${roles} AND ($2::uuid IS NULL OR r.id > $2::uuid) AND (r.active OR $4) ORDER BY r.id LIMIT $3`);
const findRole = statement<Role>('role.show', `${roles} AND r.id = $2`);

/** The roles of the organization (角色列表), oldest first: the standard ones lead. */
export const listRoles = useCase({
  summary: 'List roles',
  query: ListArchivable,
  answer: RolePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? null : readCursor(query.cursor, 'roles')[1];
    const rows = await context.transaction.query(findRoles, [context.tenantId, after, limit + 1, query.archived ?? false]);
    return { items: rows.slice(0, limit), nextCursor: rows.length > limit ? writeCursor('roles', ['', rows[limit - 1]!.id]) : null };
  },
});

/** One role (角色详情). */
export const showRole = useCase({
  summary: 'Show a role',
  params: Closed({ id: Id }),
  answer: Role,
  run: (context, { params }) => viewRole(context, params.id),
});

/** A role as its answers show it. */
export async function viewRole(context: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<Role> {
  const [role] = await context.transaction.query(findRole, [context.tenantId, id]);
  if (!role) throw new Refusal('not_found');
  return role;
}
