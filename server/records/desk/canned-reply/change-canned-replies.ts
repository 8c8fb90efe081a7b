import { Closed, Id } from '../../../../contract/common.ts';
import { CannedReply, CreateCannedReply, UpdateCannedReply, deskLimits } from '../../../../contract/desk.ts';
import type { Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { archives, differencesOf } from '../../organization/changes.ts';
import { ensureVersion } from '../../ticket/find.ts';
import { ensureVariablesKnown } from '../check-text.ts';
import { placedAs, toldDifference, type Shared } from '../sharing.ts';
import { findCannedReply, viewCannedReplies, type CannedReplyRow } from './view.ts';

/** Keeps a reply for use again (新建快捷回复). What is shared with others takes `macro.share`. */
export const createCannedReply = useCase({
  summary: 'Create a canned reply',
  body: CreateCannedReply,
  answer: CannedReply,
  status: 201,
  async run(context, { body }) {
    const place = await placedAs(context, body.kind, body.teamId);
    ensureVariablesKnown(body.body, '/body');
    await ensureRoom(context, place);
    const row: CannedReplyRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), ...place, name: body.name.trim(), shortcut: body.shortcut?.trim() || null, category: body.category?.trim() || null,
      body: body.body, use_count: 0, active: true, version: 1, created_by: context.actor.id, created_at: context.now, updated_at: context.now,
    };
    await context.transaction.run(build.insertInto('canned_reply').values(row));
    if (row.kind !== 'personal') await tell(context, 'canned_reply.created', row, { kind: row.kind, body: row.body });
    return (await viewCannedReplies(context, [row]))[0]!;
  },
});

/** Changes, archives or takes back a canned reply (修改快捷回复), from the version the caller saw. */
export const updateCannedReply = useCase({
  summary: 'Change or archive a canned reply',
  params: Closed({ id: Id }),
  body: UpdateCannedReply,
  answer: CannedReply,
  versioned: true,
  async run(context, { params, body, ifMatch }) {
    const row = await findCannedReply(context, params.id, { change: true });
    ensureVersion(row, ifMatch);
    ensureVariablesKnown(body.body, '/body');
    const moved = body.kind !== undefined || body.teamId !== undefined;
    const kind = (body.kind ?? row.kind) as 'personal' | 'team' | 'shared';
    const place: Shared = moved ? await placedAs(context, kind, kind === 'team' ? body.teamId ?? row.team_id : body.teamId) : { kind: row.kind, owner_id: row.owner_id, team_id: row.team_id };
    const next = {
      ...place, name: body.name?.trim() ?? row.name, body: body.body ?? row.body, active: body.active ?? row.active,
      shortcut: body.shortcut === undefined ? row.shortcut : body.shortcut?.trim() || null, category: body.category === undefined ? row.category : body.category?.trim() || null,
    };
    const said = (of: typeof next) => ({ kind: of.kind, teamId: of.team_id, name: of.name, shortcut: of.shortcut, category: of.category, body: of.body, active: of.active });
    const difference = differencesOf(said(row), said(next));
    // Saving what is there already is no change and leaves no trace.
    if (!difference) return (await viewCannedReplies(context, [row]))[0]!;
    if ((next.active && !row.active) || moved) await ensureRoom(context, place, row.id);
    const changed: CannedReplyRow = { ...row, ...next, version: row.version + 1, updated_at: context.now };
    await context.transaction.run(build.updateTable('canned_reply').set({ ...next, version: changed.version, updated_at: changed.updated_at }).where('tenant_id', '=', context.tenantId).where('id', '=', row.id));
    if (row.kind !== 'personal' || changed.kind !== 'personal') await tell(context, archives(difference) ? 'canned_reply.archived' : 'canned_reply.changed', changed, toldDifference(row, changed, difference));
    return (await viewCannedReplies(context, [changed]))[0]!;
  },
});

/** Refuses more than there may be of one person, of one team, or of everybody's. */
async function ensureRoom(context: Context, { kind, owner_id, team_id }: Shared, besides?: string): Promise<void> {
  let select = build.selectFrom('canned_reply').select('id').where('tenant_id', '=', context.tenantId).where('active', '=', true).where('kind', '=', kind);
  if (owner_id !== null) select = select.where('owner_id', '=', owner_id);
  if (team_id !== null) select = select.where('team_id', '=', team_id);
  if (besides !== undefined) select = select.where('id', '<>', besides);
  const present = await context.transaction.run(select.limit(deskLimits.cannedReplies));
  if (present.length >= deskLimits.cannedReplies) throw new Refusal('limit_reached', { limit: deskLimits.cannedReplies });
}

/** Told of what is shared; what a person keeps for themselves is nobody else's business. */
async function tell(context: Context, kind: 'canned_reply.created' | 'canned_reply.changed' | 'canned_reply.archived', row: CannedReplyRow, data: object): Promise<void> {
  await recordFact(context.transaction, { kind, actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { name: row.name, ...data } });
}
