import { sql, type Selectable } from 'kysely';
import type { Grouping, View, ViewSort } from '../../../contract/view.ts';
import { holds, permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import type { TicketViewTable } from '../../platform/db/tables.ts';
import { isId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { configurationOf, nameIn, type Configuration } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import { applicableFilter, sortProblem, viewFilterProblems } from '../ticket/filter-problems.ts';
import { propertiesFor } from '../ticket/filter-setting.ts';
import { findStandardView, standardViews, type StandardView } from './standard-views.ts';

export type ViewRow = Selectable<TicketViewTable>;
/** A view of either sort. */
export type AnyView = { standard: StandardView } | { row: ViewRow };

// More than anybody looks through; beyond it the newest are left out.
const mostVisible = 1_000;

/** Teams whose views somebody may change: those they lead, and those of the departments they may share with. */
export async function sharedTeams(context: Context, configuration: Configuration): Promise<Set<string>> {
  const subject = staffOf(context);
  const reach = reachOf(subject, 'view.share');
  const led = await context.transaction.run(build.selectFrom('team').select('id').where('tenant_id', '=', context.tenantId).where('lead_id', '=', subject.staffId));
  const reached = [...configuration.teams.values()].filter((team) => permits(reach, { typeId: '', departmentId: team.departmentId, teamId: team.id, assigneeId: null, creatorId: null, participantIds: [] }));
  return new Set([...led.map((team) => team.id), ...reached.map((team) => team.id)]);
}

/** Whether somebody may change a view: their own; those of a team by who leads it; shared ones by who keeps the settings. */
export function isEditable(context: Context, view: Pick<ViewRow, 'kind' | 'owner_id' | 'team_id'>, teams: ReadonlySet<string>): boolean {
  const subject = staffOf(context);
  if (view.kind === 'personal') return view.owner_id === subject.staffId;
  return holds(subject, 'settings.write') || (view.kind === 'team' && teams.has(view.team_id!));
}

/** The stored views somebody may see, in the order in which they are shown. */
export async function visibleViews(context: Context, teams: ReadonlySet<string>): Promise<ViewRow[]> {
  const subject = staffOf(context);
  const seen = [...new Set([...subject.teamIds, ...teams])];
  return context.transaction.run(build.selectFrom('ticket_view').selectAll().where('tenant_id', '=', context.tenantId)
    .where((or) => or.or([
      or('kind', '=', 'shared'), or.and([or('kind', '=', 'personal'), or('owner_id', '=', subject.staffId)]),
      or.and([or('kind', '=', 'team'), sql<boolean>`team_id = ANY(${seen}::uuid[])`]),
    ]))
    .orderBy(sql`array_position(ARRAY['shared', 'team', 'personal'], kind)`).orderBy('position').orderBy('id').limit(mostVisible));
}

/** A view by id or key that the caller may see; whatever they may not see does not exist for them. */
export async function findView(context: Context, idOrKey: string): Promise<AnyView> {
  const standard = findStandardView(idOrKey);
  if (standard) return { standard };
  if (!isId(idOrKey)) throw new Refusal('not_found');
  const row = await context.transaction.first(build.selectFrom('ticket_view').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', idOrKey));
  if (!row) throw new Refusal('not_found');
  const subject = staffOf(context);
  const visible = row.kind === 'shared' || (row.kind === 'personal' && row.owner_id === subject.staffId)
    || (row.kind === 'team' && (subject.teamIds.includes(row.team_id!) || (await sharedTeams(context, await configurationOf(context))).has(row.team_id!)));
  if (!visible) throw new Refusal('not_found');
  return { row };
}

/** A stored view about to be changed, locked: 404 when the caller may not see it, 403 when they may not change it. */
export async function lockView(context: Context, id: string): Promise<{ row: ViewRow; teams: Set<string> }> {
  if (findStandardView(id)) throw new Refusal('forbidden');
  const found = await findView(context, id);
  if ('standard' in found) throw new Refusal('forbidden');
  const teams = await sharedTeams(context, await configurationOf(context));
  if (!isEditable(context, found.row, teams)) throw new Refusal('forbidden');
  const [row] = await context.transaction.run(build.selectFrom('ticket_view').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id).forNoKeyUpdate());
  if (!row) throw new Refusal('not_found');
  return { row, teams };
}

/** The reader's stars, by view. */
export async function favouritesOf(context: Context): Promise<Map<string, number>> {
  const rows = await context.transaction.run(build.selectFrom('ticket_view_favourite').select(['view', 'position']).where('tenant_id', '=', context.tenantId)
    .where('staff_id', '=', staffOf(context).staffId).orderBy('position').orderBy('view'));
  return new Map(rows.map((row) => [row.view, row.position]));
}

/** Views as the reader sees them (视图). */
export async function showViews(context: Context, views: readonly AnyView[], known: { teams?: ReadonlySet<string>; favourites?: ReadonlyMap<string, number> } = {}): Promise<View[]> {
  const configuration = await configurationOf(context);
  const rows = views.flatMap((view) => ('row' in view ? [view.row] : []));
  const properties = await propertiesFor(context, configuration);
  const [teams, favourites, names] = await Promise.all([
    known.teams ?? sharedTeams(context, configuration), known.favourites ?? favouritesOf(context), namesOfStaff(context, rows.map((row) => row.owner_id)),
  ]);
  const star = (id: string) => ({ favourite: favourites.has(id), favouritePosition: favourites.get(id) ?? null });
  return views.map((view): View => {
    if ('standard' in view) {
      const { key, columns, ...standard } = view.standard;
      return { id: key, kind: 'standard', ...standard, columns: [...columns], position: standardViews.indexOf(view.standard), ...star(key), team: null, owner: null, editable: false, problems: [], version: 1 };
    }
    const { row } = view;
    const team = row.team_id === null ? undefined : configuration.teams.get(row.team_id);
    const unsortable = sortProblem(row.sort as ViewSort, configuration);
    const problems = [...applicableFilter(row.filter, properties, configuration).problems, ...unsortable ? [unsortable] : []];
    return {
      id: row.id, kind: row.kind as View['kind'], name: row.name, nameEn: row.name_en, icon: row.icon, filter: row.filter, columns: row.columns,
      sort: row.sort as ViewSort, grouping: row.grouping as Grouping | null, position: row.position, ...star(row.id),
      team: team ? { id: team.id, name: nameIn(context.language, team) } : null,
      owner: row.owner_id === null ? null : { id: row.owner_id, name: names.get(row.owner_id) ?? '' },
      editable: isEditable(context, row, teams), problems: viewFilterProblems(problems, context.language), version: row.version,
    };
  });
}
