import { sql } from 'kysely';
import { Closed, Id, type Reference } from '../../../../contract/common.ts';
import { CreateTerritory, ListTerritories, Territories, Territory, territoryLimits, UpdateTerritory, type TerritoryColor, type TerritoryShape } from '../../../../contract/territory.ts';
import { closed, faultsOfShape, positionsOf, type Shape, type ShapeFault } from '../../../../rules/places/territory.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, invalidInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { archives, differencesOf } from '../../organization/changes.ts';
import { nameIn, raiseConfigurationVersion } from '../../organization/configuration.ts';
import { findAll } from '../../organization/references.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { toStoredPlace } from '../../ticket/references.ts';

interface Row {
  id: string;
  name: string;
  name_en: string | null;
  color: string;
  shape: TerritoryShape;
  teams: { id: string; name: string; nameEn: string | null }[];
  staff: Reference[];
  active: boolean;
  version: number;
}

const rows = () => build.selectFrom('territory').select(['id', 'name', 'name_en', 'color', 'shape', 'active', 'version']).select([
  sql<Row['teams']>`(SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'nameEn', t.name_en) ORDER BY t.name, t.id), '[]')
    FROM territory_team m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id WHERE m.tenant_id = territory.tenant_id AND m.territory_id = territory.id)`.as('teams'),
  sql<Row['staff']>`(SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) ORDER BY s.name, s.id), '[]')
    FROM territory_staff m JOIN staff s ON s.tenant_id = m.tenant_id AND s.id = m.staff_id WHERE m.tenant_id = territory.tenant_id AND m.territory_id = territory.id)`.as('staff'),
]);

/** The areas that teams and technicians serve (服务区域列表), by name; with `archived`, those out of use as well. */
export const listTerritories = useCase({
  summary: 'List territories',
  query: ListTerritories,
  answer: Territories,
  async run(context, { query }) {
    const select = rows().where('tenant_id', '=', context.tenantId);
    const found = await context.transaction.run((query.archived === true ? select : select.where('active', '=', true)).orderBy('name').orderBy('id'));
    return { items: found.map((row) => view(context, row)) };
  },
});

/** Adds an area (新建服务区域). */
export const createTerritory = useCase({
  summary: 'Create a territory',
  body: CreateTerritory,
  answer: Territory,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId, now, actor } = context;
    // Changes of the configuration wait for one another: no name is given twice.
    await raiseConfigurationVersion(transaction);
    const present = await transaction.run(build.selectFrom('territory').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId));
    if (present.length >= territoryLimits.territories) throw new Refusal('limit_reached', { limit: territoryLimits.territories });
    const name = body.name.trim();
    ensureFree(present, name, null);
    const id = newId(now.getTime());
    const [teams, staff] = [await findTeams(context, body.teamIds ?? []), await findStaff(context, body.staffIds ?? [])];
    await transaction.run(build.insertInto('territory').values({ tenant_id: tenantId, id, name, name_en: body.nameEn?.trim() || null, color: body.color ?? 'blue', shape: JSON.stringify(storedShape(body.shape, body.crs)), created_at: now }));
    await writeAssigned(context, id, teams, staff);
    await recordFact(transaction, { kind: 'territory.created', actor, data: { name, teams, staff }, occurredAt: now, recordedAt: now, subjectId: id });
    return view(context, (await find(context, id))!);
  },
});

/** Changes an area (修改服务区域), from the version the caller saw: its name, its bounds, who serves it; or takes it out of use. */
export const updateTerritory = useCase({
  summary: 'Change a territory',
  params: Closed({ id: Id }),
  body: UpdateTerritory,
  answer: Territory,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { transaction, tenantId, now, actor } = context;
    await raiseConfigurationVersion(transaction);
    const row = await find(context, params.id);
    if (!row) throw new Refusal('not_found');
    ensureVersion(row, ifMatch);
    const name = body.name?.trim() ?? row.name;
    ensureFree(await transaction.run(build.selectFrom('territory').select(['id', 'name', 'active']).where('tenant_id', '=', tenantId)), name, row.id);
    const next = {
      name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, color: body.color ?? row.color, active: body.active ?? row.active,
      shape: body.shape === undefined ? row.shape : storedShape(body.shape, body.crs),
    };
    const [teams, staff] = [body.teamIds === undefined ? row.teams : await findTeams(context, body.teamIds), body.staffIds === undefined ? row.staff : await findStaff(context, body.staffIds)];
    const named = (list: readonly Reference[]) => list.map((one) => one.name);
    const difference = differencesOf(
      { name: row.name, nameEn: row.name_en, color: row.color, active: row.active, shape: row.shape, teams: named(row.teams), staff: named(row.staff) },
      { name, nameEn: next.name_en, color: next.color, active: next.active, shape: next.shape, teams: named(teams), staff: named(staff) },
    );
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return view(context, row);
    await transaction.run(build.updateTable('territory').set({ ...next, shape: JSON.stringify(next.shape), version: row.version + 1 }).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    if (body.teamIds !== undefined || body.staffIds !== undefined) await writeAssigned(context, row.id, teams, staff);
    // Of its bounds only that they have changed: they can be long.
    const told = (side: Partial<Record<string, unknown>>) => ('shape' in side ? { ...side, shape: positionsOf(side['shape'] as Shape) } : side);
    await recordFact(transaction, {
      kind: archives(difference) ? 'territory.archived' : 'territory.changed', actor, occurredAt: now, recordedAt: now, subjectId: row.id,
      data: { name, before: told(difference.before), after: told(difference.after) },
    });
    return view(context, (await find(context, row.id))!);
  },
});

const find = ({ transaction, tenantId }: Context, id: string): Promise<Row | undefined> => transaction.first(rows().where('tenant_id', '=', tenantId).where('id', '=', id));

function ensureFree(present: readonly { id: string; name: string }[], name: string, own: string | null): void {
  if (present.some((other) => other.id !== own && other.name === name)) throw refuseInput('/name', 'name_taken', { field: { zh: '区域名称', en: 'The name of the territory' } });
}

const findTeams = ({ transaction, tenantId }: Context, ids: readonly string[]) => findAll(ids, '/teamIds', (wanted) => transaction.run(build.selectFrom('team').select(['id', 'name', 'name_en as nameEn']).where('tenant_id', '=', tenantId).where('active', '=', true).where('id', 'in', wanted)));
const findStaff = ({ transaction, tenantId }: Context, ids: readonly string[]) => findAll(ids, '/staffIds', (wanted) => transaction.run(build.selectFrom('staff').select(['id', 'name']).where('tenant_id', '=', tenantId).where('active', '=', true).where('id', 'in', wanted)));

async function writeAssigned({ transaction, tenantId }: Context, id: string, teams: readonly { id: string }[], staff: readonly { id: string }[]): Promise<void> {
  await transaction.run(build.deleteFrom('territory_team').where('tenant_id', '=', tenantId).where('territory_id', '=', id));
  await transaction.run(build.deleteFrom('territory_staff').where('tenant_id', '=', tenantId).where('territory_id', '=', id));
  if (teams.length > 0) await transaction.run(build.insertInto('territory_team').values(teams.map((team) => ({ tenant_id: tenantId, territory_id: id, team_id: team.id }))));
  if (staff.length > 0) await transaction.run(build.insertInto('territory_staff').values(staff.map((person) => ({ tenant_id: tenantId, territory_id: id, staff_id: person.id }))));
}

const faultWords: Record<ShapeFault['fault'], { zh: string; en: string }> = {
  too_few: { zh: '一圈至少 3 个不同的点', en: 'A ring has at least three positions' },
  out_of_range: { zh: '先经度后纬度：纬度应在 ±90 之间', en: 'Longitude first, then latitude, which is within ±90' },
  crosses_itself: { zh: '这一圈和自己相交', en: 'The ring crosses or touches itself' },
  no_area: { zh: '这一圈没有面积', en: 'The ring has no area' },
  hole_outside: { zh: '空洞要在外圈之内', en: 'A hole lies within the outer ring' },
};

/** The area as it is kept: checked, closed, in WGS-84 to a millionth of a degree. */
function storedShape(given: TerritoryShape, crs: 'WGS84' | 'GCJ02' | 'BD09' = 'WGS84'): TerritoryShape {
  const shape = given as unknown as Shape;
  if (positionsOf(shape) > territoryLimits.positions + shape.flat().length) throw invalidInput('/shape', 'maximum', { zh: `最多 ${territoryLimits.positions} 个点`, en: `At most ${territoryLimits.positions} positions` });
  const rounded = (value: number): number => Number(value.toFixed(6));
  const kept = closed(shape.map((polygon) => polygon.map((ring) => ring.map(([lng, lat]) => {
    const place = toStoredPlace({ lat, lng, crs });
    return [rounded(place.lng!), rounded(place.lat!)] as const;
  }))));
  const [fault] = faultsOfShape(kept);
  if (fault) throw invalidInput(`/shape/${fault.polygon}/${fault.ring}`, fault.fault, faultWords[fault.fault]);
  return kept as unknown as TerritoryShape;
}

function view({ language }: Context, row: Row): Territory {
  return {
    id: row.id, name: row.name, nameEn: row.name_en, color: row.color as TerritoryColor, shape: row.shape, teams: row.teams.map((team) => ({ id: team.id, name: nameIn(language, team) })), staff: row.staff, active: row.active, version: row.version,
  };
}
