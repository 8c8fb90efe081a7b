import { Closed, Id, type Reference } from '../../../contract/common.ts';
import { Staff, UpdateStaff, type UpdateStaff as UpdateStaffBody } from '../../../contract/organization.ts';
import { masked } from '../../../rules/privacy/masks.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { hashPassword } from '../access/passwords.ts';
import { toStoredPhone } from '../customer/phone.ts';
import { raiseConfigurationVersion } from '../organization/configuration.ts';
import { findDepartment, findTeams } from '../organization/references.ts';
import { ensureVersion } from '../ticket/find.ts';
import { giveBackWork } from './give-back.ts';
import { ensureGrantable, ensurePlaceable, findRoles, writeRoles, writeSkills, writeTeams, type GrantedRole } from './memberships.ts';
import { findSkills } from './skills/skills.ts';
import { staffColumns, viewStaff, type StaffRow } from './view-staff.ts';

type Changeable = Pick<Staff, 'name' | 'job' | 'active' | 'department' | 'teams' | 'roles' | 'skills'>;

/**
 * Changes a member of staff (修改员工), from the version the caller saw. Whoever is deactivated is signed out at once and
 * loses their API keys for good, and what they had in hand goes back to its teams. Roles are given within `ensureGrantable`, places within `ensurePlaceable`.
 */
export const updateStaff = useCase({
  summary: 'Change a member of staff',
  params: Closed({ id: Id }),
  body: UpdateStaff,
  answer: Staff,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    ensureMayReset(context, params.id, body);
    // Before anything is locked: it takes its time, on purpose.
    const passwordHash = body.password === undefined ? undefined : await hashPassword(body.password);
    // From here on, changes of the configuration wait for one another: whoever else is an administrator now remains it.
    await raiseConfigurationVersion(transaction);
    const row = await transaction.first(build.selectFrom('staff').select(staffColumns).where('tenant_id', '=', tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    // With the names that facts carry, which are those of no reader.
    const [before] = await viewStaff({ ...context, language: 'zh-CN' }, [row]);
    const heldRoles = await findRoles(context, before!.roles.map((role) => role.id), '/roleIds');
    const [department, teams, roles, skills] = await Promise.all([
      body.departmentId === undefined ? before!.department : body.departmentId === null ? null : findDepartment(context, body.departmentId, '/departmentId'),
      body.teamIds === undefined ? before!.teams : findTeams(context, body.teamIds, '/teamIds'),
      body.roleIds === undefined ? heldRoles : findRoles(context, body.roleIds, '/roleIds'),
      body.skills === undefined ? before!.skills : findSkills(context, body.skills, new Set(before!.skills.map(({ id }) => id))),
    ]);
    const after: Changeable = {
      name: body.name?.trim() ?? row.name, job: body.job ?? before!.job, active: body.active ?? row.active, department,
      teams, roles: roles.map(({ id, name }) => ({ id, name })), skills,
    };
    const changed = (Object.keys(after) as (keyof Changeable)[]).filter((property) => !same(before![property], after[property]));
    const contact = await changedContact(context, row, heldRoles, body);
    await resetCredentials(context, row.id, heldRoles, { passwordHash, resetSecondFactor: body.resetSecondFactor });
    // Saving what is there already is no change and leaves no trace.
    if (changed.length === 0 && contact === null) return (await viewStaff(context, [row]))[0]!;

    // To make somebody active again is to grant them all they hold.
    ensureGrantable(context, after.active && !row.active ? roles : roles.filter((role) => !heldRoles.some((held) => held.id === role.id)), after.active && !row.active ? '/active' : '/roleIds');
    await ensureMovable(context, row.id, { before: before!, after, changed, heldRoles, roles });
    if (row.active && administers(heldRoles) && !(after.active && administers(roles)) && !await hasOtherAdministrator(context, row.id)) throw new Refusal('last_administrator');

    const next = { ...row, name: after.name, job: after.job, active: after.active, department_id: after.department?.id ?? null, ...contact?.columns, version: row.version + 1 };
    await transaction.run(build.updateTable('staff').set({ name: next.name, job: next.job, active: next.active, department_id: next.department_id, email: next.email, phone: next.phone, version: next.version })
      .where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (changed.includes('teams')) await writeTeams(context, row.id, after.teams.map((team) => team.id));
    if (changed.includes('roles')) await writeRoles(context, row.id, after.roles.map((role) => role.id));
    if (changed.includes('skills')) await writeSkills(context, row.id, after.skills);
    await recordFact(transaction, {
      kind: 'staff.changed', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
      data: { name: next.name, before: { ...pick(before!, changed), ...contact?.before }, after: { ...pick(after, changed), ...contact?.after } },
    });
    if (row.active && !next.active) {
      await endAccess(context, row.id);
      await giveBackWork(context, row);
    }
    const [staff] = await viewStaff(context, [next]);
    return staff!;
  },
});

/** What is new of a person's place and roles, and where grants come anew, all of their place. */
async function ensureMovable(
  context: Context, staffId: string,
  { before, after, changed, heldRoles, roles }: { before: Staff; after: Changeable; changed: readonly (keyof Changeable)[]; heldRoles: readonly GrantedRole[]; roles: readonly GrantedRole[] },
): Promise<void> {
  const place = (['department', 'teams', 'roles'] as const).find((property) => changed.includes(property));
  const self = staffId === staffOf(context).staffId;
  const regranted = (after.active && !before.active) || roles.some((role) => !heldRoles.some((held) => held.id === role.id));
  if (!place && !regranted) return;
  await ensurePlaceable(context, {
    // Of oneself what is held now counts: nobody may give it up to be moved either.
    staffId, grants: (self ? [...heldRoles, ...roles] : roles).flatMap((role) => role.grants),
    departmentId: after.department !== null && (regranted || after.department.id !== before.department?.id) ? after.department.id : null,
    teamIds: after.teams.filter((team) => regranted || !before.teams.some((held) => held.id === team.id)).map((team) => team.id),
  }, place === 'teams' ? '/teamIds' : place === 'department' ? '/departmentId' : place === 'roles' ? '/roleIds' : '/active');
}

/** An API key may not change how anybody signs in; one's own password takes the present one, and one's own second factor a code. */
function ensureMayReset(context: Context, staffId: string, body: UpdateStaffBody): void {
  const { caller } = context;
  if ((body.email !== undefined || body.phone !== undefined) && caller.kind === 'staff' && caller.via === 'api_key') throw new Refusal('forbidden');
  if (body.password === undefined && body.resetSecondFactor === undefined) return;
  if (staffId === staffOf(context).staffId || (caller.kind === 'staff' && caller.via === 'api_key')) throw new Refusal('forbidden');
}

interface ContactChange {
  columns: { email?: string | null; phone?: string | null };
  before: Record<string, string | null>;
  after: Record<string, string | null>;
}

/**
 * Another e-mail address or phone number (修改登录账号), by which the person signs in from now on and is told things: whoever
 * gives it to somebody else must hold all that they hold. Nobody is left without a way in. Facts tell of both masked.
 *
 * @throws Refusal name_taken, sign_in_needed
 */
async function changedContact(context: Context, row: StaffRow, heldRoles: readonly GrantedRole[], { email, phone }: UpdateStaffBody): Promise<ContactChange | null> {
  const { transaction, tenantId } = context;
  const wanted = {
    email: email === undefined ? row.email : email?.trim().toLowerCase() ?? null,
    phone: phone === undefined ? row.phone : phone === null ? null : toStoredPhone(context, phone, '/phone'),
  };
  const changed = (['email', 'phone'] as const).filter((property) => wanted[property] !== row[property]);
  if (changed.length === 0) return null;
  if (row.id !== staffOf(context).staffId) ensureGrantable(context, heldRoles, `/${changed[0]}`);
  if (wanted.email === null && wanted.phone === null) throw new Refusal('sign_in_needed');
  for (const property of changed) {
    const value = wanted[property];
    const taken = value === null ? undefined : await transaction.first(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where(property, '=', value).where('id', '<>', row.id));
    if (taken) throw refuseInput(`/${property}`, 'name_taken', { field: property === 'email' ? { zh: '邮箱', en: 'The e-mail address' } : { zh: '电话', en: 'The phone number' } });
  }
  const told = (values: { email: string | null; phone: string | null }) => Object.fromEntries(changed.map((property) => [property, values[property] === null ? null : masked(property, values[property])]));
  return { columns: Object.fromEntries(changed.map((property) => [property, wanted[property]])), before: told(row), after: told(wanted) };
}

/**
 * A new password or the way round a lost second factor (重置密码与两步验证), and with it the end of the person's sessions.
 * Whoever may set a password may sign in as that person, so they must hold all that the person holds; the person has to
 * change it before anything else.
 */
async function resetCredentials(
  context: Context, staffId: string, heldRoles: readonly GrantedRole[], { passwordHash, resetSecondFactor }: { passwordHash: string | undefined; resetSecondFactor: UpdateStaffBody['resetSecondFactor'] },
): Promise<void> {
  if (passwordHash === undefined && resetSecondFactor === undefined) return;
  const { transaction, tenantId, actor, now } = context;
  ensureGrantable(context, heldRoles, passwordHash === undefined ? '/resetSecondFactor' : '/password');
  await transaction.run(build.updateTable('staff').set({
    failed_sign_ins: 0, locked_until: null,
    ...(passwordHash === undefined ? {} : { password_hash: passwordHash, password_change_due: true }),
    ...(resetSecondFactor ? { totp_secret: null, totp_enabled_at: null, totp_last_step: null } : {}),
  }).where('tenant_id', '=', tenantId).where('id', '=', staffId));
  if (passwordHash !== undefined) await recordFact(transaction, { kind: 'password.changed', actor, data: { reset: true }, occurredAt: now, recordedAt: now, subjectId: staffId });
  if (resetSecondFactor) await recordFact(transaction, { kind: 'second_factor.disabled', actor, data: { reset: true }, occurredAt: now, recordedAt: now, subjectId: staffId });
  await endSessions(context, staffId);
}

const administers = (roles: readonly GrantedRole[]): boolean => roles.some((role) => role.key === 'administrator');

const findOtherAdministrator = statement<{ id: string }>('staff.other_administrator', `
  SELECT s.id FROM role r
    JOIN staff_role h ON h.tenant_id = r.tenant_id AND h.role_id = r.id
    JOIN staff s ON s.tenant_id = h.tenant_id AND s.id = h.staff_id
  WHERE r.tenant_id = $1 AND r.key = 'administrator' AND s.active AND s.id <> $2 LIMIT 1`);

async function hasOtherAdministrator({ transaction, tenantId }: Context, staffId: string): Promise<boolean> {
  return (await transaction.query(findOtherAdministrator, [tenantId, staffId])).length > 0;
}

/** Revokes every session and API key of a person, each with its fact. */
async function endAccess(context: Context, staffId: string): Promise<void> {
  const { transaction, tenantId, actor, now } = context;
  await endSessions(context, staffId);
  const keys = await transaction.run(build.updateTable('api_key').set({ revoked_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('revoked_at', 'is', null).returning(['id', 'name']));
  for (const key of keys) await recordFact(transaction, { kind: 'api_key.revoked', actor, data: { name: key.name, staffId }, occurredAt: now, recordedAt: now, subjectId: key.id });
}

async function endSessions({ transaction, tenantId, actor, now }: Context, staffId: string): Promise<void> {
  const sessions = await transaction.run(build.updateTable('session').set({ revoked_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('revoked_at', 'is', null).where('expires_at', '>', now).returning('id'));
  for (const session of sessions) await recordFact(transaction, { kind: 'session.revoked', actor, data: { staffId }, occurredAt: now, recordedAt: now, subjectId: session.id });
}

function pick(record: Changeable, properties: readonly (keyof Changeable)[]): Partial<Changeable> {
  return Object.fromEntries(properties.map((property) => [property, record[property]]));
}

/** Lists are sets here: their order says nothing. */
function same(a: Changeable[keyof Changeable], b: Changeable[keyof Changeable]): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return JSON.stringify(a) === JSON.stringify(b);
  const texts = (list: readonly (Reference | Staff['skills'][number])[]) => list.map((item) => JSON.stringify(item)).sort();
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b));
}
