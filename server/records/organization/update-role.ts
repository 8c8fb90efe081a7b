import { Closed, Id } from '../../../contract/common.ts';
import { Role, UpdateRole } from '../../../contract/organization.ts';
import { exceedsOwn } from '../../../rules/access/exceeds-own.ts';
import { permissions, type Grant } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensurePlaceable } from '../staff/memberships.ts';
import { ensureVersion } from '../ticket/find.ts';
import { archives, differencesOf, ensureUnused } from './changes.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { viewRole } from './list-roles.ts';
import { ensureGrantsOwned, sameGrant } from './role-grants.ts';

const findHolders = statement<{ id: string; department_id: string | null; team_ids: string[] }>('role.holders', `
  SELECT s.id, s.department_id, ARRAY(SELECT m.team_id FROM team_member m WHERE m.tenant_id = s.tenant_id AND m.staff_id = s.id) AS team_ids
  FROM staff_role h JOIN staff s ON s.tenant_id = h.tenant_id AND s.id = h.staff_id
  WHERE h.tenant_id = $1 AND h.role_id = $2 AND s.active ORDER BY s.id`);

/**
 * Changes a role (修改角色), from the version the caller saw. Nobody puts into it what they do not hold themselves, and
 * nobody widens it for people who stand where the caller sees nothing. The administrator's role stays as it is; the other
 * standard roles are not archived; one that active people hold is not, either.
 */
export const updateRole = useCase({
  summary: 'Change or archive a role',
  params: Closed({ id: Id }),
  body: UpdateRole,
  answer: Role,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const before = await viewRole(context, params.id);
    ensureVersion(before, ifMatch);
    const grants = body.grants === undefined ? before.grants : await ensureGrantsOwned(context, body.grants, before.active ? before.grants : []);
    const active = body.active ?? before.active;
    const after = { name: body.name?.trim() ?? before.name, nameEn: body.nameEn === undefined ? before.nameEn : body.nameEn?.trim() || null, grants, active };
    const difference = differencesOf({ name: before.name, nameEn: before.nameEn, grants: before.grants, active: before.active }, after);
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return before;
    if (before.key === 'administrator' || (before.key !== null && !active)) throw new Refusal('role_protected', { name: { zh: before.name, en: before.nameEn ?? before.name } });
    if (!active && before.active) ensureUnused(before.name, [{ count: before.staffCount, zh: '名员工', en: (count) => (count === 1 ? 'person' : 'people') }]);
    // Taken back into use, it is given anew to all who hold it.
    if (active && !before.active) await ensureGrantsOwned(context, grants, []);
    if (await transaction.first(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('name', '=', after.name).where('id', '<>', before.id))) {
      throw refuseInput('/name', 'name_taken', { field: { zh: '角色名称', en: 'The name of the role' } });
    }
    if (active) await ensureWidened(context, before, grants);
    await transaction.run(build.updateTable('role').set({ name: after.name, name_en: after.nameEn, grants: JSON.stringify(grants), active, version: before.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', before.id));
    await recordFact(transaction, {
      kind: archives(difference) ? 'role.archived' : 'role.changed', actor: context.actor, data: { name: after.name, ...difference }, occurredAt: context.now, recordedAt: context.now, subjectId: before.id,
    });
    return viewRole(context, before.id);
  },
});

/**
 * What is new in a role reaches, for each who holds it, as far as their own teams and departments: the caller may give it
 * to each of them only as they might place them there.
 */
async function ensureWidened(context: Context, before: Role, grants: readonly Grant[]): Promise<void> {
  const fresh = grants.filter((grant) => !before.active || !before.grants.some((held) => sameGrant(held, grant)));
  const relative = fresh.filter((grant) => permissions[grant.permission].scoped && (grant.scope === 'team' || grant.scope === 'department'));
  if (!exceedsOwn(staffOf(context), relative.map((grant) => ({ ...grant, scope: 'organization' as const })))) return;
  for (const holder of await context.transaction.query(findHolders, [context.tenantId, before.id])) {
    await ensurePlaceable(context, { staffId: holder.id, grants: relative, departmentId: holder.department_id, teamIds: holder.team_ids }, '/grants');
  }
}
