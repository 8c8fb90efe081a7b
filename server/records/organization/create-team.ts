import { CreateTeam, Team } from '../../../contract/organization.ts';
import type { Grant } from '../../../rules/access/permissions.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { ensurePlaceable } from '../staff/memberships.ts';
import { findAll, findDepartment } from './references.ts';

const findGrants = statement<{ staff_id: string; grants: readonly Grant[] }>('team.grants_of_members', `
  SELECT h.staff_id, r.grants FROM staff_role h JOIN role r ON r.tenant_id = h.tenant_id AND r.id = h.role_id
  WHERE h.tenant_id = $1 AND h.staff_id = ANY($2::uuid[])`);

/** Adds a team (新建班组) to a department, with its first members, whom the caller may place there; teams of one department differ by name. */
export const createTeam = useCase({
  summary: 'Create a team',
  body: CreateTeam,
  answer: Team,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const [department, members] = await Promise.all([
      findDepartment(context, body.departmentId, '/departmentId'),
      findAll(body.memberIds ?? [], '/memberIds', (ids) => transaction.run(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId).where('id', 'in', ids))),
    ]);
    const inactive = members.findIndex((member) => !member.active);
    if (inactive >= 0) throw refuseInput(`/memberIds/${inactive}`, 'reference_inactive', { field: 'memberIds' });
    // The team is not there yet: it reaches as far as the department it will belong to.
    const granted = members.length === 0 ? [] : await transaction.query(findGrants, [tenantId, members.map((member) => member.id)]);
    for (const [index, member] of members.entries()) {
      await ensurePlaceable(context, { staffId: member.id, grants: granted.filter((role) => role.staff_id === member.id).flatMap((role) => role.grants), departmentId: department.id, teamIds: [] }, `/memberIds/${index}`);
    }
    const name = body.name.trim();
    const taken = await transaction.first(build.selectFrom('team').select('id').where('tenant_id', '=', tenantId).where('department_id', '=', department.id).where('name', '=', name));
    if (taken) throw refuseInput('/name', 'name_taken', { field: { zh: '班组名称', en: 'The name of the team' } });
    const row = { tenant_id: tenantId, id: newId(context.now.getTime()), department_id: department.id, name, name_en: body.nameEn?.trim() || null, created_at: context.now };
    await transaction.run(build.insertInto('team').values(row));
    if (members.length > 0) {
      await transaction.run(build.insertInto('team_member').values(members.map((member) => ({ tenant_id: tenantId, team_id: row.id, staff_id: member.id }))));
    }
    await recordFact(transaction, {
      kind: 'team.created', actor: context.actor, data: { name, department, members: members.map((member) => ({ id: member.id, name: member.name })) },
      occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return { id: row.id, name, nameEn: row.name_en, department, lead: null, memberCount: members.length, active: true, version: 1 };
  },
});
