import type { Selectable } from 'kysely';
import type { CannedReply } from '../../../../contract/desk.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build } from '../../../platform/db/database.ts';
import type { CannedReplyTable } from '../../../platform/db/tables.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { isEditable, shownOwner, visibleTo } from '../sharing.ts';

export type CannedReplyRow = Selectable<CannedReplyTable>;

/** Canned replies as their users see them (快捷回复视图). */
export async function viewCannedReplies(context: Context, rows: readonly CannedReplyRow[]): Promise<CannedReply[]> {
  const configuration = await configurationOf(context);
  return rows.map((row) => ({
    id: row.id, kind: row.kind as CannedReply['kind'], ...shownOwner(context, configuration, row), name: row.name, shortcut: row.shortcut, category: row.category, body: row.body,
    useCount: row.use_count, active: row.active, editable: isEditable(staffOf(context), configuration, row), updatedAt: row.updated_at.toISOString(), version: row.version,
  }));
}

/** One the caller may see; locked when it is about to be changed, which takes the right to. */
export async function findCannedReply(context: Context, id: string, { change = false } = {}): Promise<CannedReplyRow> {
  const select = build.selectFrom('canned_reply').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id).where(await visibleTo(context, 'canned_reply'));
  const row = await context.transaction.first(change ? select.forNoKeyUpdate() : select);
  if (!row) throw new Refusal('not_found');
  if (change && !isEditable(staffOf(context), await configurationOf(context), row)) throw new Refusal('forbidden');
  return row;
}
