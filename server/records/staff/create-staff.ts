import { CreateStaff, Staff } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { hashPassword } from '../access/passwords.ts';
import { toStoredPhone } from '../customer/phone.ts';
import { raiseConfigurationVersion } from '../organization/configuration.ts';
import { findDepartment, findTeams } from '../organization/references.ts';
import { ensureGrantable, ensurePlaceable, findRoles, writeRoles, writeSkills, writeTeams } from './memberships.ts';
import { findSkills } from './skills/skills.ts';
import { viewStaff, type StaffRow } from './view-staff.ts';

/** Adds a member of staff (新建员工); without a password they cannot sign in, and have to change it when they first do; without a role they may do nothing. */
export const createStaff = useCase({
  summary: 'Create a member of staff',
  body: CreateStaff,
  answer: Staff,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    const email = body.email?.toLowerCase() ?? null;
    const phone = body.phone === undefined ? null : toStoredPhone(context, body.phone, '/phone');
    // Hashing takes its time: done before others have to wait.
    const passwordHash = body.password === undefined ? null : await hashPassword(body.password);
    await raiseConfigurationVersion(transaction);
    const [department, teams, roles, skills, taken] = await Promise.all([
      body.departmentId === undefined ? null : findDepartment(context, body.departmentId, '/departmentId'),
      findTeams(context, body.teamIds ?? [], '/teamIds'),
      findRoles(context, body.roleIds ?? [], '/roleIds'),
      findSkills(context, body.skills ?? []),
      transaction.run(build.selectFrom('staff').select(['email', 'phone']).where('tenant_id', '=', tenantId).where((either) => either.or([either('email', '=', email), either('phone', '=', phone)]))),
    ]);
    ensureGrantable(context, roles, '/roleIds');
    if (taken.some((other) => email !== null && other.email === email)) throw refuseInput('/email', 'name_taken', { field: { zh: '邮箱', en: 'The e-mail address' } });
    if (taken.length > 0) throw refuseInput('/phone', 'name_taken', { field: { zh: '电话', en: 'The phone number' } });
    const id = newId(context.now.getTime());
    await ensurePlaceable(context, { staffId: id, grants: roles.flatMap((role) => role.grants), departmentId: department?.id ?? null, teamIds: teams.map((team) => team.id) }, department ? '/departmentId' : '/teamIds');
    const row: StaffRow = {
      id, name: body.name.trim(), email, phone, job: body.job, department_id: department?.id ?? null, active: true, version: 1,
    };
    await transaction.run(build.insertInto('staff').values({ ...row, tenant_id: tenantId, password_hash: passwordHash, password_change_due: passwordHash !== null, created_at: context.now }));
    await Promise.all([
      writeTeams(context, row.id, teams.map((team) => team.id)),
      writeRoles(context, row.id, roles.map((role) => role.id)),
      writeSkills(context, row.id, skills),
    ]);
    await recordFact(transaction, {
      kind: 'staff.created', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
      data: { name: row.name, job: row.job, department, teams, roles: roles.map(({ id, name }) => ({ id, name })), skills },
    });
    const [staff] = await viewStaff(context, [row]);
    return staff!;
  },
});
