import { exceedsOwn } from '../../../rules/access/exceeds-own.ts';
import { permissions, type Grant } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';

const findGrants = statement<{ staff_id: string; grants: readonly Grant[] }>('department.grants_of_people', `
  SELECT s.id AS staff_id, r.grants FROM staff s
    JOIN staff_role h ON h.tenant_id = s.tenant_id AND h.staff_id = s.id
    JOIN role r ON r.tenant_id = h.tenant_id AND r.id = h.role_id
  WHERE s.tenant_id = $1 AND s.active AND r.active AND s.department_id = ANY($2::uuid[])`);

/** A department with those above it, nearest first. */
export function departmentsAbove(departments: ReadonlyMap<string, { parentId: string | null }>, id: string | null): string[] {
  const above: string[] = [];
  for (let next = id; next !== null && !above.includes(next); next = departments.get(next)?.parentId ?? null) above.push(next);
  return above;
}

/**
 * Refuses to widen what people see by moving a department or a team under theirs (越权调整组织): a grant of the scope
 * department reaches all that lies below. Whoever may grant it for the whole organization may move anything; others
 * only what they see themselves, and never under themselves.
 *
 * @param gaining departments whose people come to see what is moved
 * @param moved the departments it lay in
 * @param path where the new place stands in the request
 * @throws Refusal grant_exceeds_own
 */
export async function ensureMovable(context: Context, { gaining, moved }: { gaining: readonly string[]; moved: readonly string[] }, path: string): Promise<void> {
  if (gaining.length === 0) return;
  const subject = staffOf(context);
  const people = (await context.transaction.query(findGrants, [context.tenantId, gaining]))
    .map(({ staff_id: id, grants }) => ({ id, grants: grants.filter((grant) => permissions[grant.permission].scoped && grant.scope === 'department') }))
    .filter(({ grants }) => grants.length > 0);
  const excess = exceedsOwn(subject, people.flatMap(({ grants }) => grants.map((grant) => ({ ...grant, scope: 'organization' as const }))));
  if (!excess) return;
  if (people.every(({ id }) => id !== subject.staffId) && moved.every((id) => subject.departmentIds.includes(id))) return;
  const { zh, en } = permissions[excess.permission];
  throw refuseInput(path, 'grant_exceeds_own', { permission: { zh, en } });
}
