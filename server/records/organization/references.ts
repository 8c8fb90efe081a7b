import type { Reference } from '../../../contract/common.ts';
import type { CrewPlace, SkillNeed } from '../../../contract/organization.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';

/**
 * The records some ids of a request name, each once, in the order they were named (引用校验). Refuses the first id
 * that names nothing; `path` is the JSON pointer of the list.
 */
export async function findAll<Row extends { id: string }>(ids: readonly string[], path: string, find: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  if (ids.length === 0) return [];
  // The database knows ids in lower case only; the same one may have been written in two ways.
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const found = new Map((await find(wanted)).map((row) => [row.id, row]));
  const unknown = ids.findIndex((id) => !found.has(id.toLowerCase()));
  if (unknown >= 0) throw refuseInput(`${path}/${unknown}`, 'unknown_reference', { field: path.slice(path.lastIndexOf('/') + 1) });
  return wanted.map((id) => found.get(id)!);
}

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** The department an id of a request names; one that is in use. */
export async function findDepartment(context: Reading, id: string, path: string): Promise<Reference> {
  const department = await context.transaction.first(build.selectFrom('department').select(['id', 'name', 'active']).where('tenant_id', '=', context.tenantId).where('id', '=', id));
  return inUse(department, path);
}

/** The team an id of a request names; one that is in use. */
export async function findTeam(context: Reading, id: string, path: string): Promise<Reference> {
  const team = await context.transaction.first(build.selectFrom('team').select(['id', 'name', 'active']).where('tenant_id', '=', context.tenantId).where('id', '=', id));
  return inUse(team, path);
}

/** The teams some ids of a request name; such as are in use. */
export async function findTeams(context: Reading, ids: readonly string[], path: string): Promise<Reference[]> {
  const teams = await findAll(ids, path, (wanted) => context.transaction.run(build.selectFrom('team').select(['id', 'name', 'active']).where('tenant_id', '=', context.tenantId).where('id', 'in', wanted)));
  return teams.map((team) => inUse(team, path));
}

function inUse(record: (Reference & { active: boolean }) | undefined, path: string): Reference {
  const field = path.slice(path.lastIndexOf('/') + 1);
  if (!record) throw refuseInput(path, 'unknown_reference', { field });
  if (!record.active) throw refuseInput(path, 'reference_inactive', { field });
  return { id: record.id, name: record.name };
}

/** Refuses a list of needed skills of which one is not in use, or is named twice (技能引用校验). */
export async function ensureSkills({ transaction, tenantId }: Reading, needs: readonly SkillNeed[], path = '/skills'): Promise<void> {
  const known = await transaction.run(build.selectFrom('skill').select('id').where('tenant_id', '=', tenantId).where('active', '=', true).where('id', 'in', [...needs.map(({ skillId }) => skillId), tenantId]));
  needs.forEach(({ skillId }, index) => {
    if (!known.some(({ id }) => id === skillId)) throw refuseInput(`${path}/${index}/skillId`, 'unknown_reference', { field: 'skillId' });
    if (needs.findIndex((one) => one.skillId === skillId) !== index) throw invalidInput(`${path}/${index}/skillId`, 'uniqueItems', { zh: '同一技能只填一次', en: 'Each skill once' });
  });
}

/** The skills that each of those who come along has to have. */
export async function ensureCrew(context: Reading, crew: readonly CrewPlace[]): Promise<void> {
  for (const [place, { skills }] of crew.entries()) await ensureSkills(context, skills, `/crew/${place}/skills`);
}
