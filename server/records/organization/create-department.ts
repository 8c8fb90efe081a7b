import { CreateDepartment, Department } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from './configuration.ts';

/** Adds a department (新建部门), as the last among its siblings; siblings differ by name. */
export const createDepartment = useCase({
  summary: 'Create a department',
  body: CreateDepartment,
  answer: Department,
  status: 201,
  async run(context, { body }) {
    // From here on, changes of the configuration wait for one another: what is looked up now stays true.
    await raiseConfigurationVersion(context.transaction);
    const departments = await context.transaction.run(build.selectFrom('department').select(['id', 'name', 'parent_id', 'position', 'active']).where('tenant_id', '=', context.tenantId));
    const parent = body.parentId === undefined ? null : departments.find((department) => department.id === body.parentId!.toLowerCase());
    if (parent === undefined) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
    if (parent?.active === false) throw refuseInput('/parentId', 'reference_inactive', { field: 'parentId' });
    const siblings = departments.filter((department) => department.parent_id === (parent?.id ?? null));
    const name = body.name.trim();
    if (siblings.some((sibling) => sibling.name === name)) throw refuseInput('/name', 'name_taken', { field: { zh: '部门名称', en: 'The name of the department' } });
    const row = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), parent_id: parent?.id ?? null, name, name_en: body.nameEn?.trim() || null,
      position: siblings.reduce((highest, sibling) => Math.max(highest, sibling.position + 1), 0), created_at: context.now,
    };
    await context.transaction.run(build.insertInto('department').values(row));
    await recordFact(context.transaction, {
      kind: 'department.created', actor: context.actor, data: { name, parent: parent ? { id: parent.id, name: parent.name } : null },
      occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return { id: row.id, name, nameEn: row.name_en, parentId: row.parent_id, position: row.position, active: true, version: 1 };
  },
});
