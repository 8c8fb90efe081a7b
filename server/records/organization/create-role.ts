import { CreateRole, Role } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { ensureGrantsOwned } from './role-grants.ts';

/** Adds a role (新建角色); nobody puts into it what they do not hold themselves. */
export const createRole = useCase({
  summary: 'Create a role',
  body: CreateRole,
  answer: Role,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const grants = await ensureGrantsOwned(context, body.grants, []);
    const name = body.name.trim();
    if (await transaction.first(build.selectFrom('role').select('id').where('tenant_id', '=', tenantId).where('name', '=', name))) {
      throw refuseInput('/name', 'name_taken', { field: { zh: '角色名称', en: 'The name of the role' } });
    }
    const row = { tenant_id: tenantId, id: newId(context.now.getTime()), key: null, name, name_en: body.nameEn?.trim() || null, grants: JSON.stringify(grants), created_at: context.now };
    await transaction.run(build.insertInto('role').values(row));
    await recordFact(transaction, { kind: 'role.created', actor: context.actor, data: { name, grants }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return { id: row.id, key: null, name, nameEn: row.name_en, grants, active: true, staffCount: 0, version: 1 };
  },
});
