import { sql } from 'kysely';
import { describeFilterProblem } from '../../../contract/filter-problems.ts';
import { CreateView, UpdateView, View, viewLimits, type CreateView as NewView, type ViewSort } from '../../../contract/view.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { ensureFilter, sortProblem } from '../ticket/filter-problems.ts';
import { propertiesFor } from '../ticket/filter-setting.ts';
import { ensureVersion } from '../ticket/find.ts';
import { setFavourite, viewParams } from './list-views.ts';
import { isEditable, lockView, sharedTeams, showViews, type ViewRow } from './views.ts';

const usualColumns = ['number', 'subject', 'status', 'priority', 'requester', 'category', 'team', 'assignee', 'updatedAt'];

/** Keeps a filter with its columns and order under a name (新建视图): for oneself, for a team, or for all. */
export const createView = useCase({
  summary: 'Create a view',
  body: CreateView,
  answer: View,
  status: 201,
  async run(context, { body }) {
    const configuration = await configurationOf(context);
    ensureFilter(body.filter, await propertiesFor(context, configuration));
    ensureSort(body.sort, configuration);
    const place = await placeOf(context, body);
    const teams = await sharedTeams(context, configuration);
    if (!isEditable(context, place, teams)) throw new Refusal('forbidden');
    const row: ViewRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), ...place,
      name: body.name.trim(), name_en: body.nameEn?.trim() || null, icon: body.icon || null, filter: body.filter, columns: body.columns ?? usualColumns,
      sort: body.sort ?? '-createdAt', grouping: body.grouping ?? null, position: body.position ?? await endOf(context, place), version: 1,
      created_by: staffOf(context).staffId, created_at: context.now, updated_at: context.now,
    };
    await ensureRoom(context, place);
    await context.transaction.run(build.insertInto('ticket_view').values({ ...row, filter: JSON.stringify(row.filter) }));
    if (body.favourite) await setFavourite(context, row.id, true);
    await tell(context, 'view.created', row);
    return (await showViews(context, [{ row }], { teams }))[0]!;
  },
});

/** Changes a view (修改视图), from the version the caller saw. Whose it is may change, where both are the caller's to change. */
export const updateView = useCase({
  summary: 'Change a view',
  params: viewParams,
  body: UpdateView,
  answer: View,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const { row, teams } = await lockView(context, params.id);
    ensureVersion(row, ifMatch);
    const configuration = await configurationOf(context);
    if (body.filter !== undefined) ensureFilter(body.filter, await propertiesFor(context, configuration));
    if (body.sort !== row.sort) ensureSort(body.sort, configuration);
    const moves = body.kind !== undefined || body.teamId !== undefined;
    const place = moves ? await placeOf(context, { kind: body.kind ?? row.kind as NewView['kind'], teamId: body.teamId ?? (body.kind === undefined || body.kind === 'team' ? row.team_id ?? undefined : undefined) })
      : { kind: row.kind, owner_id: row.owner_id, team_id: row.team_id };
    if (!isEditable(context, place, teams)) throw new Refusal('forbidden');
    const next: ViewRow = {
      ...row, ...place, name: body.name?.trim() ?? row.name, name_en: body.nameEn === undefined ? row.name_en : body.nameEn?.trim() || null, icon: body.icon === undefined ? row.icon : body.icon || null,
      filter: body.filter ?? row.filter, columns: body.columns ?? row.columns, sort: body.sort ?? row.sort, grouping: body.grouping === undefined ? row.grouping : body.grouping, position: body.position ?? row.position,
    };
    const changed = (Object.keys(next) as (keyof ViewRow)[]).filter((column) => JSON.stringify(next[column]) !== JSON.stringify(row[column]));
    // Saving what is there already is no change and leaves no trace.
    if (changed.length === 0) return (await showViews(context, [{ row }], { teams }))[0]!;
    if (changed.includes('kind') || changed.includes('team_id')) await ensureRoom(context, place);
    next.version = row.version + 1;
    next.updated_at = context.now;
    const { tenant_id: _tenant, id: _id, created_by: _by, created_at: _at, ...columns } = next;
    await context.transaction.run(build.updateTable('ticket_view').set({ ...columns, filter: JSON.stringify(next.filter) }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    await tell(context, 'view.changed', next, changed);
    return (await showViews(context, [{ row: next }], { teams }))[0]!;
  },
});

/** Removes a view with everybody's stars on it (删除视图). No ticket is touched. */
export const removeView = useCase({
  summary: 'Remove a view',
  params: viewParams,
  answer: null,
  async run(context, { params }) {
    const { row } = await lockView(context, params.id);
    await context.transaction.run(build.deleteFrom('ticket_view_favourite').where('tenant_id', '=', context.tenantId).where('view', '=', row.id));
    await context.transaction.run(build.deleteFrom('ticket_view').where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    await tell(context, 'view.removed', row);
  },
});

function ensureSort(sort: ViewSort | undefined, configuration: Configuration): void {
  const problem = sort === undefined ? null : sortProblem(sort, configuration);
  if (problem) throw invalidInput('/sort', problem.code, describeFilterProblem(problem));
}

type ViewPlace = Pick<ViewRow, 'kind' | 'owner_id' | 'team_id'>;

/** Whose a view is to be. */
async function placeOf(context: Context, { kind, teamId }: { kind: NewView['kind']; teamId?: string | undefined }): Promise<ViewPlace> {
  if (kind !== 'team') {
    if (teamId !== undefined) throw invalidInput('/teamId', 'not_allowed', { zh: '只有班组视图才有班组', en: 'only a view of a team has a team' });
    return { kind, owner_id: kind === 'personal' ? staffOf(context).staffId : null, team_id: null };
  }
  if (teamId === undefined) throw missingInput('/teamId');
  if (!(await configurationOf(context)).teams.has(teamId)) throw refuseInput('/teamId', 'unknown_reference', { field: 'teamId' });
  return { kind, owner_id: null, team_id: teamId };
}

const same = ({ kind, owner_id: ownerId, team_id: teamId }: ViewPlace) => sql<boolean>`kind = ${kind} AND owner_id IS NOT DISTINCT FROM ${ownerId}::uuid AND team_id IS NOT DISTINCT FROM ${teamId}::uuid`;

async function endOf(context: Context, place: ViewPlace): Promise<number> {
  const row = await context.transaction.first(build.selectFrom('ticket_view').select(({ fn }) => fn.max('position').as('last')).where('tenant_id', '=', context.tenantId).where(same(place)));
  return row?.last == null ? 0 : Number(row.last) + 1;
}

async function ensureRoom(context: Context, place: ViewPlace): Promise<void> {
  const row = await context.transaction.first(build.selectFrom('ticket_view').select(({ fn }) => fn.countAll<number>().as('count')).where('tenant_id', '=', context.tenantId).where(same(place)));
  if (row!.count >= viewLimits.views) throw new Refusal('too_many_views', { limit: viewLimits.views });
}

/** What somebody keeps for themselves is named by nobody else. */
async function tell(context: Context, kind: 'view.created' | 'view.changed' | 'view.removed', row: ViewRow, changed: readonly string[] = []): Promise<void> {
  const shown = row.kind === 'personal' ? {} : { name: row.name, teamId: row.team_id, filter: row.filter };
  await recordFact(context.transaction, {
    kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id,
    data: { kind: row.kind, ...shown, ...(changed.length > 0 ? { changed: changed.filter((column) => column !== 'version' && column !== 'updated_at') } : {}) },
  });
}
