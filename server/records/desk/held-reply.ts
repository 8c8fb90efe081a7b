import type { Selectable } from 'kysely';
import type { HeldReply } from '../../../contract/desk.ts';
import { describeRefusal, refusals, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import type { AddComment } from '../../../contract/ticket.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import type { HeldReplyTable } from '../../platform/db/tables.ts';

export type HeldReplyRow = Omit<Selectable<HeldReplyTable>, 'body' | 'refusal'> & { body: AddComment; refusal: { code: RefusalCode; parameters: Record<string, RefusalParameter> } | null };

/** Locks a held reply; it comes before its timer and its ticket. */
export const lockHeldReply = statement<HeldReplyRow>('held_reply.lock', 'SELECT * FROM held_reply WHERE tenant_id = $1 AND id = $2 FOR UPDATE');

/** A held reply as its author sees it (待发回复视图). */
export function viewHeldReply(context: Pick<Context, 'language'>, row: HeldReplyRow): HeldReply {
  const known = row.refusal !== null && row.refusal.code in refusals;
  return {
    id: row.id, ticketId: row.ticket_id, comment: row.body, state: row.state === 'failed' ? 'failed' : 'held', createdAt: row.created_at.toISOString(), releaseAt: row.release_at.toISOString(),
    problem: known ? { code: row.refusal!.code, title: describeRefusal(row.refusal!.code, row.refusal!.parameters, context.language) } : null,
  };
}
