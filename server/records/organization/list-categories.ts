import { Closed, Id, limits } from '../../../contract/common.ts';
import { ListArchivable } from '../../../contract/form.ts';
import { Category, CategoryPage, type CrewPlace, type SkillNeed } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { nameIn } from './configuration.ts';

interface CategoryRow {
  id: string;
  parent_id: string | null;
  level: number;
  position: number;
  name: string;
  name_en: string | null;
  path: string[];
  path_en: string[];
  team_id: string | null;
  team_name: string | null;
  team_name_en: string | null;
  service_minutes: number | null;
  skills: SkillNeed[] | null;
  crew: CrewPlace[] | null;
  active: boolean;
  version: number;
}

const categories = `
  SELECT c.id, c.parent_id, c.level, c.position, c.name, c.name_en, array_remove(ARRAY[g.name, p.name, c.name], NULL) AS path,
    array_remove(ARRAY[coalesce(g.name_en, g.name), coalesce(p.name_en, p.name), coalesce(c.name_en, c.name)], NULL) AS path_en,
    t.id AS team_id, t.name AS team_name, t.name_en AS team_name_en, c.service_minutes, c.skills, c.crew, c.active, c.version
  FROM category c
    LEFT JOIN category p ON p.tenant_id = c.tenant_id AND p.id = c.parent_id
    LEFT JOIN category g ON g.tenant_id = p.tenant_id AND g.id = p.parent_id
    LEFT JOIN team t ON t.tenant_id = c.tenant_id AND t.id = c.team_id
  WHERE c.tenant_id = $1`;
// What lies below an archived category is out of use with it.
const findCategories = statement<CategoryRow>('category.list', `${categories}
    AND ($2::int IS NULL OR (c.level, c.position, c.id) > ($2::int, $3::int, $4::uuid))
    AND ($6 OR (c.active AND coalesce(p.active, true) AND coalesce(g.active, true)))
  ORDER BY c.level, c.position, c.id LIMIT $5`);
const findCategory = statement<CategoryRow>('category.show', `${categories} AND c.id = $2`);

/** The categories of the organization (分类列表): parents before children, siblings in their order. `team` is a category's own, not one it inherits. */
export const listCategories = useCase({
  summary: 'List categories',
  query: ListArchivable,
  answer: CategoryPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    const after = query.cursor === undefined ? [null, null, null] : readPlace(query.cursor);
    const rows = await context.transaction.query(findCategories, [context.tenantId, ...after, limit + 1, query.archived ?? false]);
    const last = rows[limit - 1];
    return {
      items: rows.slice(0, limit).map((row) => viewRow(context, row)),
      nextCursor: rows.length > limit && last ? writeCursor('categories', [`${last.level}:${last.position}`, last.id]) : null,
    };
  },
});

/** One category (分类详情). */
export const showCategory = useCase({
  summary: 'Show a category',
  params: Closed({ id: Id }),
  answer: Category,
  run: (context, { params }) => viewCategory(context, params.id),
});

/** A category as its answers show it. */
export async function viewCategory(context: Pick<Context, 'tenantId' | 'transaction' | 'language'>, id: string): Promise<Category> {
  const [row] = await context.transaction.query(findCategory, [context.tenantId, id]);
  if (!row) throw new Refusal('not_found');
  return viewRow(context, row);
}

function viewRow({ language }: Pick<Context, 'language'>, row: CategoryRow): Category {
  return {
    id: row.id, name: row.name, nameEn: row.name_en, parentId: row.parent_id, path: language === 'en' ? row.path_en : row.path, level: row.level,
    team: row.team_id !== null && row.team_name !== null ? { id: row.team_id, name: nameIn(language, { name: row.team_name, nameEn: row.team_name_en }) } : null,
    serviceMinutes: row.service_minutes, skills: row.skills, crew: row.crew, position: row.position, active: row.active, version: row.version,
  };
}

function readPlace(cursor: string): [level: number, position: number, id: string] {
  const [place, id] = readCursor(cursor, 'categories');
  const parts = /^([1-3]):(\d{1,9})$/.exec(place);
  if (!parts) throw new Refusal('invalid_cursor');
  return [Number(parts[1]), Number(parts[2]), id];
}
