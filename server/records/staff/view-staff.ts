import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Reference } from '../../../contract/common.ts';
import type { Staff } from '../../../contract/organization.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { StaffTable } from '../../platform/db/tables.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { masksOf } from '../customer/personal-data/masks.ts';
import { currentAbsences, type CurrentAbsence } from '../desk/absence/current-absences.ts';
import { nameIn } from '../organization/configuration.ts';

/** The columns of a member of staff that others may see. */
export const staffColumns = ['id', 'name', 'email', 'phone', 'job', 'department_id', 'active', 'version'] as const;
export type StaffRow = Pick<Selectable<StaffTable>, (typeof staffColumns)[number]>;

interface Named {
  id: string;
  name: string;
  name_en: string | null;
}

const findTeams = statement<Named & { staff_id: string }>('staff.teams', `
  SELECT m.staff_id, t.id, t.name, t.name_en FROM team_member m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id AND t.active
  WHERE m.tenant_id = $1 AND m.staff_id = ANY($2::uuid[]) ORDER BY t.id`);
const findRoles = statement<Named & { staff_id: string }>('staff.roles', `
  SELECT s.staff_id, r.id, r.name, r.name_en FROM staff_role s JOIN role r ON r.tenant_id = s.tenant_id AND r.id = s.role_id
  WHERE s.tenant_id = $1 AND s.staff_id = ANY($2::uuid[]) ORDER BY r.id`);
const findSkills = statement<Named & { staff_id: string; level: number }>('staff.skills', `
  SELECT h.staff_id, k.id, k.name, k.name_en, h.level FROM staff_skill h JOIN skill k ON k.tenant_id = h.tenant_id AND k.id = h.skill_id
  WHERE h.tenant_id = $1 AND h.staff_id = ANY($2::uuid[]) ORDER BY h.level DESC, k.name`);
const openTickets = (ids: readonly string[], tenantId: string, reach: RawBuilder<boolean>) => sql<{ staff_id: string; count: number }>`
  select assignee_id AS staff_id, count(*)::int AS count FROM ticket
  WHERE tenant_id = ${tenantId} AND assignee_id = ANY(${ids}::uuid[]) AND status IN ('new', 'open', 'waiting') AND ${reach} GROUP BY assignee_id`;

/** Members of staff as colleagues see them (员工视图), phone numbers as the mask policy says, names in the reader's language, of their open tickets those the reader may see, with what belongs to them looked up once for all. */
export async function viewStaff(context: Pick<Context, 'tenantId' | 'transaction' | 'language' | 'now' | 'caller' | 'configurationVersion'>, rows: readonly StaffRow[]): Promise<Staff[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId, language } = context;
  const refer = ({ id, name, name_en: nameEn }: Named): Reference => ({ id, name: nameIn(language, { name, nameEn }) });
  const values = [tenantId, rows.map((row) => row.id)];
  const reach = reachCondition(context.caller.kind === 'staff' ? reachOf(context.caller.subject, 'ticket.read') : []);
  const departmentIds = [...new Set(rows.map((row) => row.department_id).filter((id) => id !== null))];
  const [departments, teams, roles, skills, counts, absences, masks] = await Promise.all([
    departmentIds.length === 0 ? [] : transaction.run(build.selectFrom('department').select(['id', 'name', 'name_en']).where('tenant_id', '=', tenantId).where('id', 'in', departmentIds)),
    transaction.query(findTeams, values), transaction.query(findRoles, values), transaction.query(findSkills, values), transaction.run(openTickets(rows.map((row) => row.id), tenantId, reach)),
    currentAbsences(transaction, rows.map((row) => row.id), context.now), masksOf(context),
  ]);
  const departmentOf = new Map(departments.map((department) => [department.id, refer(department)]));
  const [teamsOf, rolesOf, skillsOf] = [Map.groupBy(teams, owner), Map.groupBy(roles, owner), Map.groupBy(skills, owner)];
  const countOf = new Map(counts.map((row) => [row.staff_id, row.count]));
  return rows.map((row) => ({
    id: row.id, name: row.name, email: row.email, phone: masks.show('phone', row.phone), job: row.job as Staff['job'],
    department: row.department_id === null ? null : departmentOf.get(row.department_id) ?? null,
    teams: (teamsOf.get(row.id) ?? []).map(refer),
    skills: (skillsOf.get(row.id) ?? []).map(({ level, ...skill }) => ({ id: skill.id, skill: refer(skill).name, level })),
    roles: (rolesOf.get(row.id) ?? []).map(refer),
    openTickets: countOf.get(row.id) ?? 0, active: row.active, absent: away(absences.get(row.id)), version: row.version,
  }));
}

/** That somebody is away and who covers; why, they tell whom it concerns. */
function away(absence: CurrentAbsence | undefined): Staff['absent'] {
  return absence ? { from: absence.from.toISOString(), to: absence.to.toISOString(), cover: absence.cover } : null;
}

const owner = (row: { staff_id: string }): string => row.staff_id;
