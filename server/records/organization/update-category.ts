import { Closed, Id } from '../../../contract/common.ts';
import { Category, UpdateCategory } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { archives, differencesOf, movedTo, writeOrder } from './changes.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { deepestCategory } from './create-category.ts';
import { viewCategory } from './list-categories.ts';
import { ensureCrew, ensureSkills, findTeam } from './references.ts';

interface Node { id: string; name: string; level: number; parent_id: string | null; active: boolean }

// A category with all that lies below it, the category first.
const findBelow = statement<Node>('category.below', `
  WITH RECURSIVE below AS (
    SELECT id, name, level, parent_id, active FROM category WHERE tenant_id = $1 AND id = $2
    UNION ALL SELECT c.id, c.name, c.level, c.parent_id, c.active FROM category c JOIN below b ON c.parent_id = b.id WHERE c.tenant_id = $1)
  SELECT * FROM below ORDER BY level`);

/**
 * Changes a category (修改分类), from the version the caller saw: its names, its team, its place; moved, it takes along what
 * lies below it, and nothing may end up below the third level. An archived one stays on the tickets that have it.
 */
export const updateCategory = useCase({
  summary: 'Change, move or archive a category',
  params: Closed({ id: Id }),
  body: UpdateCategory,
  answer: Category,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const row = await transaction.first(build.selectFrom('category').selectAll().where('tenant_id', '=', tenantId).where('id', '=', params.id).forNoKeyUpdate());
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const parentId = body.parentId === undefined ? row.parent_id : body.parentId;
    const moved = parentId !== row.parent_id;
    const active = body.active ?? row.active;
    const [below, parent, parentBefore, teamBefore, team, siblings] = await Promise.all([
      transaction.query(findBelow, [tenantId, row.id]),
      findParent(context, parentId), findParent(context, row.parent_id),
      row.team_id === null ? null : transaction.first(build.selectFrom('team').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', '=', row.team_id)),
      body.teamId === undefined || body.teamId === null || body.teamId === row.team_id ? undefined : findTeam(context, body.teamId, '/teamId'),
      transaction.run(build.selectFrom('category').select(['id', 'name']).where('tenant_id', '=', tenantId).where('parent_id', parentId === null ? 'is' : '=', parentId).where('id', '<>', row.id).orderBy('position').orderBy('id')),
    ]);
    if (parent && (moved || (active && !row.active)) && active && !parent.active) throw refuseInput('/parentId', 'reference_inactive', { field: 'parentId' });
    const sink = (parent?.level ?? 0) + 1 - row.level;
    if (moved) {
      if (parent && below.some((node) => node.id === parent.id)) throw invalidInput('/parentId', 'cycle', { zh: '不能移到自己或自己的下级之下', en: 'would stand below itself' });
      if (Math.max(...below.map((node) => node.level)) + sink > deepestCategory) {
        throw invalidInput('/parentId', 'maximum', { zh: `分类最多 ${deepestCategory} 级`, en: `Categories go ${deepestCategory} levels deep at most` });
      }
    }
    const name = body.name?.trim() ?? row.name;
    if (siblings.some((sibling) => sibling.name === name)) throw refuseInput(body.name === undefined ? '/parentId' : '/name', 'name_taken', { field: { zh: '分类名称', en: 'The name of the category' } });

    const skills = body.skills === undefined ? row.skills : body.skills;
    const crew = body.crew === undefined ? row.crew : body.crew;
    if (body.skills) await ensureSkills(context, body.skills);
    if (body.crew) await ensureCrew(context, body.crew);
    const order = body.position !== undefined || moved ? movedTo(siblings.map((sibling) => sibling.id), row.id, body.position ?? siblings.length) : null;
    const next = {
      name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, parent_id: parentId, level: row.level + sink, active,
      team_id: body.teamId === undefined ? row.team_id : body.teamId, position: order ? order.indexOf(row.id) : row.position,
      service_minutes: body.serviceMinutes === undefined ? row.service_minutes : body.serviceMinutes, skills: skills && JSON.stringify(skills), crew: crew && JSON.stringify(crew),
    };
    const teamAfter = body.teamId === undefined || body.teamId === row.team_id ? teamBefore : body.teamId === null ? null : team;
    const difference = differencesOf(
      { name: row.name, nameEn: row.name_en, parent: parentBefore && named(parentBefore), team: teamBefore ?? null, serviceMinutes: row.service_minutes, skills: row.skills, crew: row.crew, position: row.position, active: row.active },
      { name, nameEn: next.name_en, parent: parent && named(parent), team: teamAfter ?? null, serviceMinutes: next.service_minutes, skills, crew, position: next.position, active },
    );
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return viewCategory(context, row.id);
    await transaction.run(build.updateTable('category').set({ ...next, version: row.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (sink !== 0 && below.length > 1) {
      await transaction.run(build.updateTable('category').set((eb) => ({ level: eb('level', '+', sink) })).where('tenant_id', '=', tenantId).where('id', 'in', below.slice(1).map((node) => node.id)));
    }
    if (order) await writeOrder(context, 'category', order);
    await recordFact(transaction, {
      kind: archives(difference) ? 'category.archived' : 'category.changed', actor: context.actor, data: { name, ...difference },
      occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    });
    return viewCategory(context, row.id);
  },
});

const named = ({ id, name }: Node) => ({ id, name });

async function findParent({ transaction, tenantId }: Context, id: string | null): Promise<Node | null> {
  if (id === null) return null;
  const parent = await transaction.first(build.selectFrom('category').select(['id', 'name', 'level', 'parent_id', 'active']).where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!parent) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
  return parent;
}
