import { Closed, Id } from '../../../contract/common.ts';
import { Department, UpdateDepartment } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { moveStaff } from '../staff/move-staff.ts';
import { archives, differencesOf, ensureUnused, movedTo, writeOrder } from './changes.ts';
import { departmentTree, raiseConfigurationVersion } from './configuration.ts';
import { departmentsAbove, ensureMovable } from './ensure-movable.ts';
import { viewDepartment, type DepartmentRow } from './list-departments.ts';

const countContent = statement<{ people: number; teams: number }>('department.content', `
  SELECT (SELECT count(*)::int FROM staff WHERE tenant_id = $1 AND department_id = $2 AND active) AS people,
    (SELECT count(*)::int FROM team WHERE tenant_id = $1 AND department_id = $2 AND active) AS teams`);

/**
 * Changes a department (修改部门), from the version the caller saw: its names, its place in the tree, whether it is in use.
 * One that still holds active people, teams or departments is archived only when `moveTo` takes them.
 */
export const updateDepartment = useCase({
  summary: 'Change, move or archive a department',
  params: Closed({ id: Id }),
  body: UpdateDepartment,
  answer: Department,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const all = await transaction.run(build.selectFrom('department').select(['id', 'name', 'name_en', 'parent_id', 'position', 'active', 'version'])
      .where('tenant_id', '=', tenantId).orderBy('position').orderBy('id'));
    const tree: Tree = new Map(all.map((department) => [department.id, { ...department, parentId: department.parent_id }]));
    const row = tree.get(params.id);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);

    const parent = body.parentId === undefined ? row.parent_id : body.parentId;
    const active = body.active ?? row.active;
    if (parent !== row.parent_id || (active && !row.active)) ensureFits(tree, row, parent, active);
    if (body.moveTo !== undefined && (active || !row.active)) throw invalidInput('/moveTo', 'unexpected', { zh: '只有停用部门时才能指定移到哪里', en: 'goes with archiving only' });
    const name = body.name?.trim() ?? row.name;
    const siblings = all.filter((department) => department.parent_id === parent && department.id !== row.id);
    if (siblings.some((sibling) => sibling.name === name)) throw refuseInput(body.name === undefined ? '/parentId' : '/name', 'name_taken', { field: { zh: '部门名称', en: 'The name of the department' } });
    if (parent !== row.parent_id) {
      const before = departmentsAbove(tree, row.parent_id);
      await ensureMovable(context, { gaining: departmentsAbove(tree, parent).filter((id) => !before.includes(id)), moved: [row.id] }, '/parentId');
    }
    if (row.active && !active) await empty(context, tree, row, body.moveTo);

    const order = body.position !== undefined || parent !== row.parent_id
      ? movedTo(siblings.map((sibling) => sibling.id), row.id, body.position ?? siblings.length) : null;
    const next: DepartmentRow = {
      ...row, name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, parent_id: parent, active,
      position: order ? order.indexOf(row.id) : row.position,
    };
    const difference = differencesOf(told(row, tree), told(next, tree));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return viewDepartment(row);
    next.version = row.version + 1;
    await transaction.run(build.updateTable('department').set({ name: next.name, name_en: next.name_en, parent_id: next.parent_id, active: next.active, position: next.position, version: next.version })
      .where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (order) await writeOrder(context, 'department', order);
    await recordFact(transaction, {
      kind: archives(difference) ? 'department.archived' : 'department.changed', actor: context.actor, data: { name: next.name, ...difference },
      occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return viewDepartment(next);
  },
});

type Tree = Map<string, DepartmentRow & { parentId: string | null }>;

/** What facts tell of a department. */
function told(row: DepartmentRow, tree: Tree) {
  const parent = row.parent_id === null ? undefined : tree.get(row.parent_id);
  return { name: row.name, nameEn: row.name_en, parent: parent ? { id: parent.id, name: parent.name } : null, position: row.position, active: row.active };
}

function ensureFits(tree: Tree, row: DepartmentRow, parentId: string | null, active: boolean): void {
  if (parentId === null) return;
  const parent = tree.get(parentId);
  if (!parent) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
  if (departmentTree({ departments: asConfigured(tree) }, row.id).includes(parent.id)) throw invalidInput('/parentId', 'cycle', { zh: '不能移到自己或自己的下级之下', en: 'would stand below itself' });
  if (active && !parent.active) throw refuseInput('/parentId', 'reference_inactive', { field: 'parentId' });
}

function asConfigured(tree: Tree) {
  return new Map([...tree].map(([id, row]) => [id, { id, name: row.name, nameEn: row.name_en, parentId: row.parent_id, active: row.active }]));
}

/** Moves what an archived department holds, or refuses when there is something and nowhere to go. */
async function empty(context: Context, tree: Tree, row: DepartmentRow, moveTo: string | undefined): Promise<void> {
  const { transaction, tenantId } = context;
  const below = [...tree.values()].filter((department) => department.parent_id === row.id && department.active);
  if (moveTo === undefined) {
    const [content] = await transaction.query(countContent, [tenantId, row.id]);
    ensureUnused(row.name, [
      { count: content!.people, zh: '名员工', en: (count) => (count === 1 ? 'person' : 'people') }, { count: content!.teams, zh: '个班组', en: (count) => (count === 1 ? 'team' : 'teams') },
      { count: below.length, zh: '个下级部门', en: (count) => (count === 1 ? 'department below' : 'departments below') },
    ]);
    return;
  }
  const target = tree.get(moveTo);
  if (!target) throw refuseInput('/moveTo', 'unknown_reference', { field: 'departmentId' });
  if (!target.active) throw refuseInput('/moveTo', 'reference_inactive', { field: 'departmentId' });
  if (departmentTree({ departments: asConfigured(tree) }, row.id).includes(target.id)) throw invalidInput('/moveTo', 'cycle', { zh: '不能移到它自己或它的下级', en: 'is the department itself, or lies below it' });
  const above = departmentsAbove(tree, row.id);
  await ensureMovable(context, { gaining: departmentsAbove(tree, target.id).filter((id) => !above.includes(id)), moved: [row.id] }, '/moveTo');
  const from = { id: row.id, name: row.name };
  const to = { id: target.id, name: target.name };
  const tell = (kind: 'team.changed' | 'department.changed', id: string, name: string, property: string) => recordFact(transaction, {
    kind, actor: context.actor, data: { name, before: { [property]: from }, after: { [property]: to } }, occurredAt: context.now, recordedAt: context.now, subjectId: id,
  });
  await moveStaff(context, from, to, '/moveTo');
  const teams = await transaction.run(build.updateTable('team').set((eb) => ({ department_id: to.id, version: eb('version', '+', 1) }))
    .where('tenant_id', '=', tenantId).where('department_id', '=', row.id).where('active', '=', true).returning(['id', 'name']));
  const taken = new Set((await transaction.run(build.selectFrom('team').select(['id', 'name']).where('tenant_id', '=', tenantId).where('department_id', '=', to.id))).filter((team) => !teams.some((moved) => moved.id === team.id)).map((team) => team.name));
  const twice = teams.find((team) => taken.has(team.name)) ?? below.find((department) => [...tree.values()].some((other) => other.parent_id === to.id && other.name === department.name));
  if (twice) throw refuseInput('/moveTo', 'name_taken', { field: { zh: `名称“${twice.name}”`, en: `The name “${twice.name}”` } });
  for (const team of teams) await tell('team.changed', team.id, team.name, 'department');
  for (const department of below) {
    await transaction.run(build.updateTable('department').set({ parent_id: to.id, version: department.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', department.id));
    await tell('department.changed', department.id, department.name, 'parent');
  }
}
