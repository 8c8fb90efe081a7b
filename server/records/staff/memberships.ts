import { exceedsOwn } from '../../../rules/access/exceeds-own.ts';
import { permissions, type Grant } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { findAll } from '../organization/references.ts';
import type { HeldSkill } from './skills/skills.ts';

type Writing = Pick<Context, 'tenantId' | 'transaction'>;

export interface GrantedRole {
  id: string;
  key: string | null;
  name: string;
  grants: readonly Grant[];
  active: boolean;
}

/** The roles some ids of a request name, with what they grant. */
export function findRoles(context: Writing, ids: readonly string[], path: string): Promise<GrantedRole[]> {
  return findAll(ids, path, (wanted) => context.transaction.run(build.selectFrom('role').select(['id', 'key', 'name', 'grants', 'active']).where('tenant_id', '=', context.tenantId).where('id', 'in', wanted)));
}

/** Refuses roles that grant more than the caller holds (越权授予), and such as are no longer in use. */
export function ensureGrantable(context: Context, roles: readonly GrantedRole[], path: string): void {
  if (roles.some((role) => !role.active)) throw refuseInput(path, 'reference_inactive', { field: 'roleIds' });
  const excess = exceedsOwn(staffOf(context), roles.flatMap((role) => role.grants));
  if (!excess) return;
  const { zh, en } = permissions[excess.permission];
  throw refuseInput(path, 'grant_exceeds_own', { permission: { zh, en } });
}

/** Where somebody is to stand: what their roles grant, and the places among those they are to have that this change gives. */
export interface Placing {
  staffId: string;
  grants: readonly Grant[];
  departmentId: string | null;
  teamIds: readonly string[];
}

/**
 * Refuses to widen grants by way of the place they go by (越权调动). A grant of the scope team or department reaches
 * further with another team or department. Whoever may grant it for the whole organization may place its holder anywhere;
 * others may place holders only in their own teams, in their own departments and in the teams of those, and never
 * themselves.
 *
 * @param path where the place stands in the request
 * @throws Refusal grant_exceeds_own
 */
export async function ensurePlaceable(context: Context, { staffId, grants, departmentId, teamIds }: Placing, path: string): Promise<void> {
  const subject = staffOf(context);
  const excess = exceedsOwn(subject, grants.filter((grant) => permissions[grant.permission].scoped && (grant.scope === 'team' || grant.scope === 'department')).map((grant) => ({ ...grant, scope: 'organization' })));
  if (!excess) return;
  if (staffId !== subject.staffId) {
    const foreign = teamIds.filter((id) => !subject.teamIds.includes(id));
    const teams = foreign.length === 0 ? [] : await context.transaction.run(build.selectFrom('team').select('department_id').where('tenant_id', '=', context.tenantId).where('id', 'in', foreign));
    const departments = [...teams.map((team) => team.department_id), ...(departmentId === null ? [] : [departmentId])];
    if (departments.every((id) => id !== null && subject.departmentIds.includes(id))) return;
  }
  const { zh, en } = permissions[excess.permission];
  throw refuseInput(path, 'grant_exceeds_own', { permission: { zh, en } });
}

/** Makes exactly these teams the person's own. */
export async function writeTeams({ transaction, tenantId }: Writing, staffId: string, teamIds: readonly string[]): Promise<void> {
  await transaction.run(build.deleteFrom('team_member').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
  if (teamIds.length > 0) await transaction.run(build.insertInto('team_member').values(teamIds.map((teamId) => ({ tenant_id: tenantId, team_id: teamId, staff_id: staffId }))));
}

/** Makes exactly these roles the person's own. */
export async function writeRoles({ transaction, tenantId }: Writing, staffId: string, roleIds: readonly string[]): Promise<void> {
  await transaction.run(build.deleteFrom('staff_role').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
  if (roleIds.length > 0) await transaction.run(build.insertInto('staff_role').values(roleIds.map((roleId) => ({ tenant_id: tenantId, staff_id: staffId, role_id: roleId }))));
}

/** Makes exactly these skills the person's own. */
export async function writeSkills({ transaction, tenantId }: Writing, staffId: string, skills: readonly HeldSkill[]): Promise<void> {
  await transaction.run(build.deleteFrom('staff_skill').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
  if (skills.length > 0) await transaction.run(build.insertInto('staff_skill').values(skills.map(({ id, level }) => ({ tenant_id: tenantId, staff_id: staffId, skill_id: id, level }))));
}
