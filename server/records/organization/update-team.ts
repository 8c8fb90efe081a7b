import { Closed, Id } from '../../../contract/common.ts';
import { TeamDetail, UpdateTeam } from '../../../contract/organization.ts';
import type { Grant } from '../../../rules/access/permissions.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensurePlaceable } from '../staff/memberships.ts';
import { ensureVersion } from '../ticket/find.ts';
import { archives, differencesOf, ensureUnused } from './changes.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { departmentsAbove, ensureMovable } from './ensure-movable.ts';
import { viewTeam } from './list-teams.ts';
import { findAll } from './references.ts';

const findGrants = statement<{ staff_id: string; grants: readonly Grant[] }>('team.grants_of_new_members', `
  SELECT h.staff_id, r.grants FROM staff_role h JOIN role r ON r.tenant_id = h.tenant_id AND r.id = h.role_id
  WHERE h.tenant_id = $1 AND r.active AND h.staff_id = ANY($2::uuid[])`);

// Counting stops where it says no more.
const countUses = statement<{ categories: number; tickets: number }>('team.uses', `
  SELECT (SELECT count(*)::int FROM category WHERE tenant_id = $1 AND team_id = $2 AND active) AS categories,
    (SELECT count(*)::int FROM (SELECT 1 FROM ticket WHERE tenant_id = $1 AND team_id = $2 AND status IN ('new', 'open', 'waiting') LIMIT 1000) AS unfinished) AS tickets`);

/**
 * Changes a team (修改班组), from the version the caller saw: names, department, lead, who comes and who goes, whether it is
 * in use. Moved to another department, tickets it gets from now on belong there; those it has stay where they are. It is
 * archived only when no unfinished ticket lies with it and no category leads to it.
 */
export const updateTeam = useCase({
  summary: 'Change or archive a team',
  params: Closed({ id: Id }),
  body: UpdateTeam,
  answer: TeamDetail,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const [row, departments, coming] = await Promise.all([
      transaction.first(build.selectFrom('team').select(['id', 'name', 'name_en', 'department_id', 'lead_id', 'active', 'version']).where('tenant_id', '=', tenantId).where('id', '=', params.id).forNoKeyUpdate()),
      transaction.run(build.selectFrom('department').select(['id', 'name', 'parent_id', 'active']).where('tenant_id', '=', tenantId)),
      findAll(body.addMemberIds ?? [], '/addMemberIds', (ids) => transaction.run(build.selectFrom('staff').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId).where('id', 'in', ids))),
    ]);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    // With the names that facts carry, which are those of no reader.
    const before = await viewTeam({ ...context, language: 'zh-CN' }, row.id);
    const departmentOf = new Map(departments.map((department) => [department.id, { ...department, parentId: department.parent_id }]));
    const department = departmentOf.get(body.departmentId ?? row.department_id);
    if (!department) throw refuseInput('/departmentId', 'unknown_reference', { field: 'departmentId' });
    const active = body.active ?? row.active;
    if (!department.active && active && (department.id !== row.department_id || !row.active)) throw refuseInput('/departmentId', 'reference_inactive', { field: 'departmentId' });
    if (department.id !== row.department_id) {
      const above = departmentsAbove(departmentOf, row.department_id);
      await ensureMovable(context, { gaining: departmentsAbove(departmentOf, department.id).filter((id) => !above.includes(id)), moved: [row.department_id] }, '/departmentId');
    }
    const name = body.name?.trim() ?? row.name;
    const taken = await transaction.first(build.selectFrom('team').select('id').where('tenant_id', '=', tenantId).where('department_id', '=', department.id).where('name', '=', name).where('id', '<>', row.id));
    if (taken) throw refuseInput(body.name === undefined ? '/departmentId' : '/name', 'name_taken', { field: { zh: '班组名称', en: 'The name of the team' } });

    const members = await changeMembers(context, before, department.id, coming, body.removeMemberIds ?? []);
    const lead = body.leadId === undefined ? before.lead && members.find((member) => member.id === before.lead!.id) : body.leadId === null ? null : members.find((member) => member.id === body.leadId);
    if (body.leadId && !lead) throw invalidInput('/leadId', 'not_member', { zh: '班组长须是班组成员', en: 'is not a member of the team' });
    if (row.active && !active) {
      const [uses] = await transaction.query(countUses, [tenantId, row.id]);
      ensureUnused(row.name, [
        { count: uses!.tickets, zh: '个未完成的工单', en: (count) => (count === 1 ? 'unfinished ticket' : 'unfinished tickets') },
        { count: uses!.categories, zh: '个分类', en: (count) => (count === 1 ? 'category' : 'categories') },
      ]);
    }

    const nameEn = body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null;
    const difference = differencesOf(
      { name: before.name, nameEn: row.name_en, department: before.department, lead: before.lead, members: before.members, active: row.active },
      { name, nameEn, department: { id: department.id, name: department.name }, lead: lead ?? null, members, active },
    );
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return viewTeam(context, row.id);
    await transaction.run(build.updateTable('team').set({ name, name_en: nameEn, department_id: department.id, lead_id: lead?.id ?? null, active, version: row.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    const changes = 'members' in difference.before
      ? { ...difference, joined: members.filter((member) => !before.members.some((other) => other.id === member.id)), left: before.members.filter((member) => !members.some((other) => other.id === member.id)) }
      : difference;
    await recordFact(transaction, {
      kind: archives(difference) ? 'team.archived' : 'team.changed', actor: context.actor, data: { name, ...changes }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return viewTeam(context, row.id);
  },
});

/** Lets people come and go, and returns who is in the team then. */
async function changeMembers(context: Context, before: TeamDetail, departmentId: string, coming: readonly { id: string; name: string; active: boolean }[], going: readonly string[]): Promise<{ id: string; name: string }[]> {
  const { transaction, tenantId } = context;
  const inactive = coming.findIndex((person) => !person.active);
  if (inactive >= 0) throw refuseInput(`/addMemberIds/${inactive}`, 'reference_inactive', { field: 'memberIds' });
  const added = coming.filter((person) => !before.members.some((member) => member.id === person.id));
  const granted = added.length === 0 ? [] : await transaction.query(findGrants, [tenantId, added.map((person) => person.id)]);
  for (const person of added) {
    await ensurePlaceable(context, { staffId: person.id, grants: granted.filter((role) => role.staff_id === person.id).flatMap((role) => role.grants), departmentId, teamIds: [before.id] }, `/addMemberIds/${coming.indexOf(person)}`);
  }
  if (going.length > 0) await transaction.run(build.deleteFrom('team_member').where('tenant_id', '=', tenantId).where('team_id', '=', before.id).where('staff_id', 'in', going));
  if (added.length > 0) await transaction.run(build.insertInto('team_member').values(added.map((person) => ({ tenant_id: tenantId, team_id: before.id, staff_id: person.id }))).onConflict((conflict) => conflict.doNothing()));
  return [...before.members, ...added.map(({ id, name }) => ({ id, name }))].filter((member) => !going.includes(member.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
}
