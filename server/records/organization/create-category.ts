import { Category, CreateCategory } from '../../../contract/organization.ts';
import { build, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from './configuration.ts';
import { ensureCrew, ensureSkills, findTeam } from './references.ts';

/** How many levels of categories there are. */
export const deepestCategory = 3;

const findParent = statement<{ id: string; level: number; active: boolean; path: string[] }>('category.find_parent', `
  SELECT c.id, c.level, c.active AND coalesce(p.active, true) AS active, array_remove(ARRAY[g.name, p.name, c.name], NULL) AS path
  FROM category c
    LEFT JOIN category p ON p.tenant_id = c.tenant_id AND p.id = c.parent_id
    LEFT JOIN category g ON g.tenant_id = p.tenant_id AND g.id = p.parent_id
  WHERE c.tenant_id = $1 AND c.id = $2`);

/** Adds a category (新建分类) as the last among its siblings, on the third level at the deepest; siblings differ by name. */
export const createCategory = useCase({
  summary: 'Create a category',
  body: CreateCategory,
  answer: Category,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    // From here on, changes of the configuration wait for one another: what is looked up now stays true.
    await raiseConfigurationVersion(transaction);
    const [parents, team] = await Promise.all([
      body.parentId === undefined ? [null] : transaction.query(findParent, [tenantId, body.parentId]),
      body.teamId === undefined ? null : findTeam(context, body.teamId, '/teamId'),
    ]);
    const parent = parents[0];
    if (parent === undefined) throw refuseInput('/parentId', 'unknown_reference', { field: 'parentId' });
    if (parent?.active === false) throw refuseInput('/parentId', 'reference_inactive', { field: 'parentId' });
    if (parent?.level === deepestCategory) {
      throw new Refusal('invalid_input', {}, { errors: [{ path: '/parentId', code: 'maximum', message: context.language === 'en' ? `Categories go ${deepestCategory} levels deep at most` : `分类最多 ${deepestCategory} 级` }] });
    }
    const name = body.name.trim();
    const siblings = await transaction.run(build.selectFrom('category').select(['name', 'position']).where('tenant_id', '=', tenantId).where('parent_id', parent ? '=' : 'is', parent?.id ?? null));
    if (siblings.some((sibling) => sibling.name === name)) throw refuseInput('/name', 'name_taken', { field: { zh: '分类名称', en: 'The name of the category' } });
    if (body.skills) await ensureSkills(context, body.skills);
    if (body.crew) await ensureCrew(context, body.crew);
    const row = {
      tenant_id: tenantId, id: newId(context.now.getTime()), parent_id: parent?.id ?? null, level: (parent?.level ?? 0) + 1, name, name_en: body.nameEn?.trim() || null,
      team_id: team?.id ?? null, position: siblings.reduce((highest, sibling) => Math.max(highest, sibling.position + 1), 0), created_at: context.now,
      service_minutes: body.serviceMinutes ?? null, skills: body.skills ? JSON.stringify(body.skills) : null, crew: body.crew ? JSON.stringify(body.crew) : null,
    };
    const path = [...(parent?.path ?? []), name];
    await transaction.run(build.insertInto('category').values(row));
    await recordFact(transaction, { kind: 'category.created', actor: context.actor, data: { name, path, team }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return { id: row.id, name, nameEn: row.name_en, parentId: row.parent_id, path, level: row.level, team, serviceMinutes: row.service_minutes, skills: body.skills ?? null, crew: body.crew ?? null, position: row.position, active: true, version: 1 };
  },
});
