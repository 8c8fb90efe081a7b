import type { Me } from '../../../../contract/session.ts';
import type { Language } from '../../../../contract/refusals.ts';
import { permissions, type Permission } from '../../../../rules/access/permissions.ts';
import { widestScope, type Subject } from '../../../../rules/access/policy.ts';
import { build, type Transaction } from '../../../platform/db/database.ts';
import { loadConfiguration, nameIn } from '../../organization/configuration.ts';

/** Who is signed in and what they may do (当前用户), with names in their language. */
export async function viewMe(transaction: Transaction, staffId: string, language: Language, subject?: Subject): Promise<Me> {
  const tenant = transaction.tenantId;
  const [present] = await transaction.run(build.selectFrom('organization').select('configuration_version').where('tenant_id', '=', tenant));
  const [configuration, staff, teams, roles] = await Promise.all([
    loadConfiguration(transaction, present?.configuration_version ?? 0),
    transaction.first(build.selectFrom('staff').select(['id', 'name', 'email', 'job', 'department_id', 'totp_enabled_at', 'password_change_due']).where('tenant_id', '=', tenant).where('id', '=', staffId)),
    transaction.run(build.selectFrom('team_member').select('team_id').where('tenant_id', '=', tenant).where('staff_id', '=', staffId)),
    transaction.run(build.selectFrom('staff_role').innerJoin('role', (join) => join.onRef('role.tenant_id', '=', 'staff_role.tenant_id').onRef('role.id', '=', 'staff_role.role_id'))
      .select(['role.id', 'role.key', 'role.grants']).where('staff_role.tenant_id', '=', tenant).where('staff_role.staff_id', '=', staffId)),
  ]);
  if (!staff) throw new Error(`no staff ${staffId}`);
  const holder: Subject = subject ?? { staffId, teamIds: [], departmentIds: [], grants: roles.flatMap((role) => role.grants) };
  const department = staff.department_id === null ? undefined : configuration.departments.get(staff.department_id);
  return {
    id: staff.id, name: staff.name, email: staff.email, roles: roles.map((role) => role.key ?? role.id), job: staff.job,
    organization: { id: tenant, name: configuration.organization.name, slug: configuration.organization.slug, timeZone: configuration.organization.timeZone, photoWatermark: configuration.organization.settings['photoWatermark'] !== false },
    teams: teams.map(({ team_id: id }) => {
      const team = configuration.teams.get(id);
      return { id, name: team ? nameIn(language, team) : '' };
    }),
    department: department ? { id: department.id, name: nameIn(language, department) } : null,
    permissions: (Object.keys(permissions) as Permission[]).flatMap((permission) => {
      const scope = widestScope(holder, permission);
      return scope ? [{ permission, scope }] : [];
    }),
    secondFactor: staff.totp_enabled_at !== null,
    passwordChangeDue: staff.password_change_due,
  };
}
