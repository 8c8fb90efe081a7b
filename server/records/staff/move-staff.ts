import type { Reference } from '../../../contract/common.ts';
import type { Grant } from '../../../rules/access/permissions.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { ensurePlaceable } from './memberships.ts';

const findGrants = statement<{ id: string; name: string; grants: readonly Grant[] | null }>('staff.grants_in_department', `
  SELECT s.id, s.name, r.grants FROM staff s
    LEFT JOIN staff_role h ON h.tenant_id = s.tenant_id AND h.staff_id = s.id
    LEFT JOIN role r ON r.tenant_id = h.tenant_id AND r.id = h.role_id AND r.active
  WHERE s.tenant_id = $1 AND s.department_id = $2 AND s.active ORDER BY s.id`);

/**
 * Moves everybody active in one department to another (部门人员转移), whom the caller may all place there. Whoever has left
 * stays where they were.
 *
 * @param path where the new department stands in the request
 */
export async function moveStaff(context: Context, from: Reference, to: Reference, path: string): Promise<void> {
  const { transaction, tenantId } = context;
  const people = Map.groupBy(await transaction.query(findGrants, [tenantId, from.id]), (row) => row.id);
  for (const [staffId, roles] of people) {
    await ensurePlaceable(context, { staffId, grants: roles.flatMap((role) => role.grants ?? []), departmentId: to.id, teamIds: [] }, path);
  }
  await transaction.run(build.updateTable('staff').set((eb) => ({ department_id: to.id, version: eb('version', '+', 1) }))
    .where('tenant_id', '=', tenantId).where('department_id', '=', from.id).where('active', '=', true));
  for (const [staffId, [person]] of people) {
    await recordFact(transaction, {
      kind: 'staff.changed', actor: context.actor, data: { name: person!.name, before: { department: from }, after: { department: to } },
      occurredAt: context.now, recordedAt: context.now, subjectId: staffId,
    });
  }
}
