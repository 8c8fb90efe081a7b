import { Closed, Id, limits } from '../../../../contract/common.ts';
import { ListArchivable } from '../../../../contract/form.ts';
import { CreateSkill, SkillDefinition, SkillDefinitionPage, UpdateSkill, skillLimits } from '../../../../contract/organization.ts';
import type { Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { raiseConfigurationVersion } from '../../organization/configuration.ts';
import { ensureVersion } from '../../ticket/find.ts';

const columns = ['id', 'name', 'name_en', 'active', 'version'] as const;
interface SkillRow { id: string; name: string; name_en: string | null; active: boolean; version: number }

const countHolders = statement<{ skill_id: string; count: number }>('skill.holders', `
  SELECT k.skill_id, count(*)::int AS count FROM staff_skill k JOIN staff s ON s.tenant_id = k.tenant_id AND s.id = k.staff_id AND s.active
  WHERE k.tenant_id = $1 GROUP BY k.skill_id`);

/** The skills people can have (技能), by name; with `archived`, those out of use as well. */
export const listSkills = useCase({
  summary: 'List skills',
  query: ListArchivable,
  answer: SkillDefinitionPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let select = build.selectFrom('skill').select(columns).where('tenant_id', '=', context.tenantId);
    if (query.archived !== true) select = select.where('active', '=', true);
    const [rows, holders] = await Promise.all([context.transaction.run(select.orderBy('name').orderBy('id')), holdersOf(context)]);
    // There are at most a few hundred.
    const start = query.cursor === undefined ? 0 : rows.findIndex((row) => row.id === readCursor(query.cursor!, 'skills')[1]) + 1;
    const page = rows.slice(start, start + limit);
    return { items: page.map((row) => view(row, holders)), nextCursor: start + limit < rows.length ? writeCursor('skills', ['', page.at(-1)!.id]) : null };
  },
});

/** One skill (技能详情). */
export const showSkill = useCase({
  summary: 'Show a skill',
  params: Closed({ id: Id }),
  answer: SkillDefinition,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('skill').select(columns).where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return view(row, await holdersOf(context));
  },
});

/** Adds a skill (新建技能). */
export const createSkill = useCase({
  summary: 'Create a skill',
  body: CreateSkill,
  answer: SkillDefinition,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    // Changes of the configuration wait for one another: no name is given twice.
    await raiseConfigurationVersion(transaction);
    const present = await transaction.run(build.selectFrom('skill').select(columns).where('tenant_id', '=', tenantId));
    if (present.length >= skillLimits.skills) throw new Refusal('limit_reached', { limit: skillLimits.skills });
    const row: SkillRow = { id: newId(context.now.getTime()), name: body.name.trim(), name_en: body.nameEn?.trim() || null, active: true, version: 1 };
    ensureFree(present, row);
    await transaction.run(build.insertInto('skill').values({ ...row, tenant_id: tenantId, created_at: context.now }));
    await recordFact(transaction, { kind: 'skill.created', actor: context.actor, data: { name: row.name, nameEn: row.name_en }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return view(row, new Map());
  },
});

/** Renames a skill, or takes it out of use (修改技能); who has it keeps it. */
export const updateSkill = useCase({
  summary: 'Change a skill',
  params: Closed({ id: Id }),
  body: UpdateSkill,
  answer: SkillDefinition,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId } = context;
    await raiseConfigurationVersion(transaction);
    const all = await transaction.run(build.selectFrom('skill').select(columns).where('tenant_id', '=', tenantId));
    const row = all.find(({ id }) => id === params.id);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const after = { name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, active: body.active ?? row.active };
    const changed = (Object.keys(after) as (keyof typeof after)[]).filter((column) => after[column] !== row[column]);
    if (changed.length === 0) return view(row, await holdersOf(context));
    ensureFree(all.filter(({ id }) => id !== row.id), { ...row, ...after });
    const next = { ...row, ...after, version: row.version + 1 };
    await transaction.run(build.updateTable('skill').set({ ...after, version: next.version }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    const pick = (from: SkillRow) => Object.fromEntries(changed.map((column) => [column === 'name_en' ? 'nameEn' : column, from[column]]));
    await recordFact(transaction, { kind: 'skill.changed', actor: context.actor, data: { name: next.name, before: pick(row), after: pick(next) }, occurredAt: context.now, recordedAt: context.now, subjectId: row.id });
    return view(next, await holdersOf(context));
  },
});

function ensureFree(others: readonly SkillRow[], row: SkillRow): void {
  const names = new Set(others.flatMap(namesOf));
  if (names.has(row.name.toLowerCase())) throw refuseInput('/name', 'name_taken', { field: { zh: '技能名称', en: 'The name of the skill' } });
  if (row.name_en !== null && names.has(row.name_en.toLowerCase())) throw refuseInput('/nameEn', 'name_taken', { field: { zh: '技能英文名', en: 'The English name of the skill' } });
}

/** By either name, whatever its case, a file or a program may name a skill. */
const namesOf = ({ name, name_en: nameEn }: Pick<SkillRow, 'name' | 'name_en'>): string[] => [name, ...(nameEn === null ? [] : [nameEn])].map((one) => one.toLowerCase());

async function holdersOf({ transaction, tenantId }: Context): Promise<Map<string, number>> {
  return new Map((await transaction.query(countHolders, [tenantId])).map((row) => [row.skill_id, row.count]));
}

const view = ({ name_en: nameEn, ...row }: SkillRow, holders: ReadonlyMap<string, number>): SkillDefinition => ({ ...row, nameEn, staffCount: holders.get(row.id) ?? 0 });

/** A skill somebody has, at a level; with the name that facts carry. */
export interface HeldSkill { id: string; skill: string; level: number }

/**
 * The skills that a request names by id or by either name, each at one level only. What somebody has already they may keep,
 * though it went out of use.
 *
 * @throws Refusal unknown_reference, reference_inactive, invalid_input
 */
export async function findSkills({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, wanted: readonly { skill: string; level: number }[], held: ReadonlySet<string> = new Set()): Promise<HeldSkill[]> {
  if (wanted.length === 0) return [];
  const all = await transaction.run(build.selectFrom('skill').select(columns).where('tenant_id', '=', tenantId));
  const found: HeldSkill[] = [];
  for (const [index, { skill, level }] of wanted.entries()) {
    const path = `/skills/${index}/skill`;
    const text = skill.trim().toLowerCase();
    const row = all.find(({ id }) => id === text) ?? all.find((one) => namesOf(one).includes(text));
    if (!row) throw refuseInput(path, 'unknown_reference', { field: { zh: '技能', en: 'skill' } });
    if (!row.active && !held.has(row.id)) throw refuseInput(path, 'reference_inactive', { field: { zh: '技能', en: 'skill' } });
    if (found.some(({ id }) => id === row.id)) throw new Refusal('invalid_input', {}, { errors: [{ path, code: 'uniqueItems', message: { zh: '同一技能只能有一个等级', en: 'is there twice' } }] });
    found.push({ id: row.id, skill: row.name, level });
  }
  return found;
}
