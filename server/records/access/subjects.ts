import type { Subject } from '../../../rules/access/policy.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { departmentTree, loadConfiguration } from '../organization/configuration.ts';

const findStaff = statement<{ id: string; name: string; active: boolean; department_id: string | null; covers_for: string[] | null }>('access.staff', `
  SELECT s.id, s.name, s.active, s.department_id, (
    SELECT array_agg(a.staff_id) FROM absence a
    WHERE a.tenant_id = $1 AND a.cover_id = s.id AND a.cancelled_at IS NULL AND a.starts_at <= $3 AND a.ends_at > $3) AS covers_for
  FROM staff s WHERE s.tenant_id = $1 AND s.id = ANY($2::uuid[])`);

/**
 * What access depends on, of some members of staff (访问者), by their place and roles as they stand; whom they stand in for
 * comes with the moment, and is not in it (`loadActive`). Whoever is not there is left out.
 */
export async function loadSubjects(transaction: Transaction, staffIds: readonly string[], configurationVersion: number): Promise<Map<string, Subject>> {
  const tenant = transaction.tenantId;
  const [configuration, staff, teams, roles] = await Promise.all([
    loadConfiguration(transaction, configurationVersion),
    transaction.run(build.selectFrom('staff').select(['id', 'department_id']).where('tenant_id', '=', tenant).where('id', 'in', staffIds)),
    transaction.run(build.selectFrom('team_member').select(['staff_id', 'team_id']).where('tenant_id', '=', tenant).where('staff_id', 'in', staffIds)),
    transaction.run(build.selectFrom('staff_role').select(['staff_id', 'role_id']).where('tenant_id', '=', tenant).where('staff_id', 'in', staffIds)),
  ]);
  return new Map(staff.map((person) => [person.id, {
    staffId: person.id,
    teamIds: teams.filter((team) => team.staff_id === person.id).map((team) => team.team_id),
    departmentIds: person.department_id ? departmentTree(configuration, person.department_id) : [],
    grants: roles.filter((role) => role.staff_id === person.id).flatMap((role) => configuration.roles.get(role.role_id)?.grants ?? []),
  }]));
}

/** Members of staff who are still with the organization, as they may act at a moment: for work that nobody's request carries. */
export async function loadActive(transaction: Transaction, staffIds: readonly string[], now: Date): Promise<Map<string, { name: string; subject: Subject }>> {
  if (staffIds.length === 0) return new Map();
  const organization = await transaction.first(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', transaction.tenantId));
  const [people, subjects] = await Promise.all([
    transaction.query(findStaff, [transaction.tenantId, [...staffIds], now]),
    loadSubjects(transaction, staffIds, organization?.configuration_version ?? 0),
  ]);
  return new Map(people.filter((person) => person.active).map(({ id, name, covers_for: coversFor }) => [id, { name, subject: { ...subjects.get(id)!, ...(coversFor ? { coversFor } : {}) } }]));
}
