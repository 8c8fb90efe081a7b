import type { statusColors } from '../../../contract/form.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import type { Grant } from '../../../rules/access/permissions.ts';
import type { CrewPlace, SkillNeed } from '../../../contract/organization.ts';
import { extentOf, type Shape } from '../../../rules/places/territory.ts';
import type { Form } from '../../../rules/forms/form.ts';
import { usualTravel, type TravelEstimate } from '../../../rules/routing/roster.ts';
import type { Router } from '../../../rules/travel/figure.ts';
import type { TicketStatus, WaitingFor } from '../../../rules/ticket/lifecycle.ts';

export interface ConfiguredCategory {
  id: string;
  parentId: string | null;
  level: number;
  name: string;
  nameEn: string | null;
  /** Names from the first level down. */
  path: readonly string[];
  pathEn: readonly string[];
  /** Its own team, or that of the nearest category above; never one that is no longer in use. */
  teamId: string | null;
  /** What its work needs on site, its own or that of the nearest category above. */
  serviceMinutes: number | null;
  skills: readonly SkillNeed[];
  /** Who comes beside the one who leads. */
  crew: readonly CrewPlace[];
  /** Whether new tickets may take it: it and all above it are in use. */
  active: boolean;
  version: number;
}

export interface ConfiguredType {
  id: string;
  key: string;
  name: string;
  nameEn: string | null;
  isDefault: boolean;
  /** Whether customers may choose it at the portal. */
  offered: boolean;
  active: boolean;
  /** The number of the published form. */
  formVersion: number;
  form: Form;
  /** The flow new tickets go through, in its published version; null when there is none, or it is not published or no longer in use. */
  flow: { id: string; number: number } | null;
  version: number;
}

/** A status of the organization's own, in one of the fixed classes. */
export interface ConfiguredStatus {
  id: string;
  class: TicketStatus;
  name: string;
  nameEn: string | null;
  color: (typeof statusColors)[number];
  waitingFor: WaitingFor | null;
  active: boolean;
  position: number;
}

export interface ConfiguredTerritory {
  id: string;
  name: string;
  nameEn: string | null;
  shape: Shape;
  teamIds: readonly string[];
}

/** Who is asked for travel times, under which `generation`, and what is reckoned with where nothing is known. */
export interface ConfiguredTravel extends TravelEstimate {
  provider: 'none' | Router;
  generation: number;
}

/** What changes seldom and is asked at every turn (租户配置): kept in memory for as long as its version stands. */
export interface Configuration {
  version: number;
  organization: { id: string; slug: string; name: string; timeZone: string; settings: Record<string, unknown> };
  types: ReadonlyMap<string, ConfiguredType>;
  defaultType: ConfiguredType;
  /** By class, in their order within it. */
  statuses: ReadonlyMap<string, ConfiguredStatus>;
  categories: ReadonlyMap<string, ConfiguredCategory>;
  teams: ReadonlyMap<string, { id: string; name: string; nameEn: string | null; departmentId: string; active: boolean }>;
  departments: ReadonlyMap<string, { id: string; name: string; nameEn: string | null; parentId: string | null; active: boolean }>;
  /** Areas in use (服务区域), the smallest first, with the teams in use that serve them. */
  territories: readonly ConfiguredTerritory[];
  /** How travel times are found (车程设置): the estimate, and who is asked. */
  travel: ConfiguredTravel;
  /** What a role that is no longer in use granted, nobody holds. */
  roles: ReadonlyMap<string, { id: string; name: string; grants: readonly Grant[] }>;
}

const findTypes = statement<Omit<ConfiguredType, 'form'> & { form: Form | null }>('ticket_type.configured', `
  SELECT t.id, t.key, t.name, t.name_en AS "nameEn", t.is_default AS "isDefault", t.offered, t.active, t.form_version AS "formVersion", f.form, t.version,
    CASE WHEN w.published IS NOT NULL AND w.active THEN jsonb_build_object('id', w.id, 'number', w.published) END AS flow
  FROM ticket_type t LEFT JOIN form_version f ON f.tenant_id = t.tenant_id AND f.type_id = t.id AND f.number = t.form_version
    LEFT JOIN flow w ON w.tenant_id = t.tenant_id AND w.id = t.flow_id
  WHERE t.tenant_id = $1 ORDER BY t.position, t.id`);
const findStatuses = statement<ConfiguredStatus>('ticket_status.configured', `
  SELECT id, class, name, name_en AS "nameEn", color, waiting_for AS "waitingFor", active, position FROM ticket_status
  WHERE tenant_id = $1 ORDER BY array_position(ARRAY['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'], class), position, id`);

const findTerritories = statement<ConfiguredTerritory>('territory.configured', `
  SELECT id, name, name_en AS "nameEn", shape,
    ARRAY(SELECT m.team_id::text FROM territory_team m JOIN team t ON t.tenant_id = m.tenant_id AND t.id = m.team_id AND t.active WHERE m.tenant_id = territory.tenant_id AND m.territory_id = territory.id ORDER BY 1) AS "teamIds"
  FROM territory WHERE tenant_id = $1 AND active ORDER BY id`);

// A provider without what it takes to be asked is none.
const findTravel = statement<{ provider: ConfiguredTravel['provider']; generation: number; road_factor: number; kilometres_per_hour: number }>('travel_setting.configured', `
  SELECT CASE WHEN provider = 'osrm' AND base_url IS NOT NULL OR provider = 'amap' AND sealed_key IS NOT NULL THEN provider ELSE 'none' END AS provider, generation, road_factor, kilometres_per_hour
  FROM travel_setting WHERE tenant_id = $1`);

const kept = new Map<string, Configuration>();
const mostKept = 500;

/** The organization's configuration, at least as new as the caller's credentials said it must be. */
export async function configurationOf(context: Context): Promise<Configuration> {
  return loadConfiguration(context.transaction, context.configurationVersion);
}

/** The configuration as it stands in this very transaction: for whoever changes it, once they have raised its version. */
export function configurationNow(context: Pick<Context, 'transaction'>): Promise<Configuration> {
  return loadConfiguration(context.transaction, Number.POSITIVE_INFINITY);
}

export async function loadConfiguration(transaction: Transaction, atLeast: number): Promise<Configuration> {
  const present = kept.get(transaction.tenantId);
  if (present && present.version >= atLeast) return present;
  const tenant = transaction.tenantId;
  const [organizations, types, statuses, categories, teams, departments, roles, territories, [travel]] = await Promise.all([
    transaction.run(build.selectFrom('organization').selectAll().where('tenant_id', '=', tenant)),
    transaction.query(findTypes, [tenant]),
    transaction.query(findStatuses, [tenant]),
    transaction.run(build.selectFrom('category').selectAll().where('tenant_id', '=', tenant).orderBy('level').orderBy('position').orderBy('id')),
    transaction.run(build.selectFrom('team').select(['id', 'name', 'name_en', 'department_id', 'active']).where('tenant_id', '=', tenant)),
    transaction.run(build.selectFrom('department').select(['id', 'name', 'name_en', 'parent_id', 'active']).where('tenant_id', '=', tenant)),
    transaction.run(build.selectFrom('role').select(['id', 'name', 'grants', 'active']).where('tenant_id', '=', tenant)),
    transaction.query(findTerritories, [tenant]),
    transaction.query(findTravel, [tenant]),
  ]);
  const organization = organizations[0];
  if (!organization) throw new Error(`no organization ${tenant}`);
  const typeList = types.map((type): ConfiguredType => ({ ...type, form: type.form ?? { fields: [] } }));
  const teamMap = new Map(teams.map((team) => [team.id, { id: team.id, name: team.name, nameEn: team.name_en, departmentId: team.department_id, active: team.active }]));
  const categoryMap = new Map<string, ConfiguredCategory>();
  for (const category of categories) {
    const parent = category.parent_id === null ? undefined : categoryMap.get(category.parent_id);
    categoryMap.set(category.id, {
      id: category.id, parentId: category.parent_id, level: category.level, name: category.name, nameEn: category.name_en,
      path: [...(parent?.path ?? []), category.name], pathEn: [...(parent?.pathEn ?? []), category.name_en ?? category.name],
      teamId: category.team_id !== null && teamMap.get(category.team_id)?.active ? category.team_id : parent?.teamId ?? null,
      serviceMinutes: category.service_minutes ?? parent?.serviceMinutes ?? null, skills: (category.skills as SkillNeed[] | null) ?? parent?.skills ?? [], crew: (category.crew as CrewPlace[] | null) ?? parent?.crew ?? [],
      active: category.active && (parent?.active ?? true), version: category.version,
    });
  }
  const defaultType = typeList.find((type) => type.isDefault) ?? typeList.find((type) => type.active) ?? typeList[0];
  if (!defaultType) throw new Error(`organization ${tenant} has no ticket type`);
  const configuration: Configuration = {
    version: organization.configuration_version,
    organization: { id: tenant, slug: organization.slug, name: organization.name, timeZone: organization.time_zone, settings: organization.settings },
    types: new Map(typeList.map((type) => [type.id, type])),
    defaultType,
    statuses: new Map(statuses.map((status) => [status.id, status])),
    categories: categoryMap,
    teams: teamMap,
    departments: new Map(departments.map((department) => [department.id, { id: department.id, name: department.name, nameEn: department.name_en, parentId: department.parent_id, active: department.active }])),
    territories: territories.toSorted((a, b) => extentOf(a.shape) - extentOf(b.shape)),
    travel: travel ? { provider: travel.provider, generation: travel.generation, roadFactor: travel.road_factor, metresPerSecond: travel.kilometres_per_hour / 3.6 } : { provider: 'none', generation: 0, ...usualTravel },
    roles: new Map(roles.map((role) => [role.id, { id: role.id, name: role.name, grants: role.active ? role.grants : [] }])),
  };
  // Only what stood committed when the caller was identified is kept: a transaction that is itself changing the
  // configuration sees a higher version, which may yet be rolled back.
  if (configuration.version === atLeast) {
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    kept.set(tenant, configuration);
  }
  return configuration;
}

/** Raises the version, so that every program reads the configuration afresh: the first step of every change of it. */
export async function raiseConfigurationVersion(transaction: Transaction): Promise<void> {
  await transaction.run(build.updateTable('organization')
    .set((update) => ({ configuration_version: update('configuration_version', '+', 1) }))
    .where('tenant_id', '=', transaction.tenantId));
}

/** The name of something configured in the reader's language; the Chinese one where it has no other. */
export function nameIn(language: Context['language'], named: { name: string; nameEn: string | null }): string {
  return language === 'en' ? named.nameEn ?? named.name : named.name;
}

/** A department and everything below it (部门及下级). */
export function departmentTree(configuration: Pick<Configuration, 'departments'>, rootId: string): string[] {
  const children = Map.groupBy(configuration.departments.values(), (department) => department.parentId);
  const found: string[] = [];
  const waiting = [rootId];
  while (waiting.length > 0) {
    const id = waiting.pop()!;
    if (found.includes(id)) continue;
    found.push(id);
    waiting.push(...(children.get(id) ?? []).map((department) => department.id));
  }
  return found;
}

/** A category and everything below it (分类及下级). */
export function categoryTree(configuration: Pick<Configuration, 'categories'>, rootId: string): string[] {
  const found = new Set([rootId]);
  // Categories stand in order of level, so parents come before children.
  for (const category of configuration.categories.values()) {
    if (category.parentId !== null && found.has(category.parentId)) found.add(category.id);
  }
  return [...found];
}
