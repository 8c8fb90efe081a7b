import { Closed, Id } from '../../../../contract/common.ts';
import { CreateMacro, Macro, UpdateMacro, deskLimits } from '../../../../contract/desk.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { archives, differencesOf } from '../../organization/changes.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { placedAs, toldDifference, type Shared } from '../sharing.ts';
import { ensureCondition, ensureSteps } from './check-steps.ts';
import { findMacro, viewMacros, type MacroRow } from './view.ts';

/** Keeps several steps for use at once (新建宏). What is shared with others takes `macro.share`. */
export const createMacro = useCase({
  summary: 'Create a macro',
  body: CreateMacro,
  answer: Macro,
  status: 201,
  async run(context, { body }) {
    const place = await placedAs(context, body.kind, body.teamId);
    await ensureSteps(context, body.steps);
    await ensureCondition(context, body.condition);
    await ensureRoom(context, place);
    const row: MacroRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), ...place, name: body.name.trim(), description: body.description?.trim() || null, steps: body.steps, condition: body.condition ?? null,
      use_count: 0, active: true, version: 1, created_by: context.actor.id, created_at: context.now, updated_at: context.now,
    };
    await context.transaction.run(build.insertInto('macro').values({ ...row, steps: JSON.stringify(row.steps), condition: row.condition === null ? null : JSON.stringify(row.condition) }));
    await keepVersion(context, row);
    if (row.kind !== 'personal') await tell(context, 'macro.created', row, { kind: row.kind, steps: row.steps, condition: row.condition });
    return (await viewMacros(context, [row]))[0]!;
  },
});

/** Changes, archives or takes back a macro (修改宏), from the version the caller saw. What it said before is kept. */
export const updateMacro = useCase({
  summary: 'Change or archive a macro',
  params: Closed({ id: Id }),
  body: UpdateMacro,
  answer: Macro,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await findMacro(context, params.id, { change: true });
    ensureVersion(row, ifMatch);
    if (body.steps) await ensureSteps(context, body.steps);
    await ensureCondition(context, body.condition);
    const moved = body.kind !== undefined || body.teamId !== undefined;
    const kind = (body.kind ?? row.kind) as 'personal' | 'team' | 'shared';
    const place: Shared = moved ? await placedAs(context, kind, kind === 'team' ? body.teamId ?? row.team_id : body.teamId) : { kind: row.kind, owner_id: row.owner_id, team_id: row.team_id };
    const next = {
      ...place, name: body.name?.trim() ?? row.name, description: body.description === undefined ? row.description : body.description?.trim() || null,
      steps: body.steps ?? row.steps, condition: body.condition === undefined ? row.condition : body.condition, active: body.active ?? row.active,
    };
    const said = (of: typeof next) => ({ kind: of.kind, teamId: of.team_id, name: of.name, description: of.description, steps: of.steps, condition: of.condition, active: of.active });
    const difference = differencesOf(said(row), said(next));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return (await viewMacros(context, [row]))[0]!;
    if ((next.active && !row.active) || moved) await ensureRoom(context, place, row.id);
    const changed: MacroRow = { ...row, ...next, version: row.version + 1, updated_at: context.now };
    await context.transaction.run(build.updateTable('macro').set({
      ...next, steps: JSON.stringify(next.steps), condition: next.condition === null ? null : JSON.stringify(next.condition), version: changed.version, updated_at: changed.updated_at,
    }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    await keepVersion(context, changed);
    if (row.kind !== 'personal' || changed.kind !== 'personal') await tell(context, archives(difference) ? 'macro.archived' : 'macro.changed', changed, toldDifference(row, changed, difference));
    return (await viewMacros(context, [changed]))[0]!;
  },
});

async function keepVersion(context: Context, { id, version, kind, name, description, steps, condition }: MacroRow): Promise<void> {
  await context.transaction.run(build.insertInto('macro_version').values({
    tenant_id: context.tenantId, macro_id: id, version, definition: JSON.stringify({ kind, name, description, steps, condition }),
    changed_by: context.actor.id, changed_by_name: context.actor.name, changed_at: context.now,
  }));
}

/** Refuses more than there may be of one person, of one team, or of everybody's. */
async function ensureRoom(context: Context, { kind, owner_id, team_id }: Shared, besides?: string): Promise<void> {
  let select = build.selectFrom('macro').select('id').where('tenant_id', '=', context.tenantId).where('active', '=', true).where('kind', '=', kind);
  if (owner_id !== null) select = select.where('owner_id', '=', owner_id);
  if (team_id !== null) select = select.where('team_id', '=', team_id);
  if (besides !== undefined) select = select.where('id', '<>', besides);
  const present = await context.transaction.run(select.limit(deskLimits.macros));
  if (present.length >= deskLimits.macros) throw new Refusal('limit_reached', { limit: deskLimits.macros });
}

/** Told of what is shared; what a person keeps for themselves is nobody else's business. */
async function tell(context: Context, kind: 'macro.created' | 'macro.changed' | 'macro.archived', row: MacroRow, data: object): Promise<void> {
  await recordFact(context.transaction, { kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { name: row.name, ...data } });
}
