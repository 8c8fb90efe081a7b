import { Type } from 'typebox';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { HeldReply, HeldReplyPage, HoldReply, deskLimits } from '../../../contract/desk.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { clearTimer, setTimer } from '../../platform/timers/timers.ts';
import { lockHeldReply, viewHeldReply, type HeldReplyRow } from '../../records/desk/held-reply.ts';
import { preferencesOf } from '../../records/desk/preferences.ts';
import { findReadableTicket, findTicket } from '../../records/ticket/find.ts';
import { ensureMayComment } from './add-comment.ts';

const params = Closed({ id: Type.String({ maxLength: 64 }) });
const heldParams = Closed({ id: Type.String({ maxLength: 64 }), heldId: Id });

/**
 * Keeps a comment back for some seconds before it is sent (延迟发送), so that its author can take it back. Nobody else sees
 * it before. Whether they may write it is looked at now and once more when it leaves.
 */
export const holdReply = useCase({
  summary: 'Send a comment after some seconds in which it can be taken back',
  params,
  body: HoldReply,
  answer: HeldReply,
  status: 201,
  async run(context, { params, body }) {
    const { transaction, tenantId, now, caller } = context;
    const subject = staffOf(context);
    const { seconds, ...comment } = body;
    const { named } = await ensureMayComment(context, params.id, comment);
    await ensureAttachable(context, comment.attachments ?? []);
    const present = await transaction.run(build.selectFrom('held_reply').select('id').where('tenant_id', '=', tenantId).where('staff_id', '=', subject.staffId).where('state', 'in', ['held', 'failed']).limit(deskLimits.held));
    if (present.length >= deskLimits.held) throw new Refusal('limit_reached', { limit: deskLimits.held });
    const wait = seconds ?? Math.max(1, (await preferencesOf(context, subject.staffId)).undoSeconds);
    const row: HeldReplyRow = {
      tenant_id: tenantId, id: newId(now.getTime()), ticket_id: named.id, staff_id: subject.staffId,
      via: caller.kind === 'staff' ? caller.via : 'session', only_permissions: subject.onlyPermissions ? [...subject.onlyPermissions] : null,
      body: comment, state: 'held', refusal: null, message_id: null, created_at: now, release_at: new Date(now.getTime() + wait * 1_000), settled_at: null,
    };
    await transaction.run(build.insertInto('held_reply').values({ ...row, body: JSON.stringify(row.body), refusal: null }));
    await setTimer(transaction, { kind: 'held_reply.release', subjectId: row.id, dueAt: row.release_at });
    return viewHeldReply(context, row);
  },
});

/** Takes a comment back before it leaves, or one that could not be sent (撤回), and answers what was written. */
export const takeBackReply = useCase({
  summary: 'Take a held comment back',
  params: heldParams,
  answer: HeldReply,
  async run(context, { params }) {
    const { transaction, tenantId } = context;
    // Whoever may see the ticket no longer still gets back what they wrote.
    const ticket = await findTicket(context, params.id);
    const [row] = await transaction.query(lockHeldReply, [tenantId, params.heldId]);
    if (!row || row.staff_id !== staffOf(context).staffId || row.ticket_id !== ticket?.id) throw new Refusal('not_found');
    if (row.state === 'sent') throw new Refusal('held_reply_sent');
    await clearTimer(transaction, 'held_reply.release', row.id);
    await transaction.run(build.deleteFrom('held_reply').where('tenant_id', '=', tenantId).where('id', '=', row.id));
    return viewHeldReply(context, row);
  },
});

/** What the caller holds back on a ticket, and what of theirs could not be sent (待发回复). */
export const listHeldReplies = useCase({
  summary: 'List one’s own held comments on a ticket',
  params,
  query: PageQuery,
  answer: HeldReplyPage,
  run: async (context, { params, query }) => heldPage(context, query, (await findReadableTicket(context, params.id)).id),
});

/** The same on all tickets, also those the caller may see no longer: what they wrote stays theirs. */
export const listAllHeldReplies = useCase({
  summary: 'List one’s own held comments',
  query: PageQuery,
  answer: HeldReplyPage,
  run: (context, { query }) => heldPage(context, query),
});

async function heldPage(context: Context, query: { limit?: number | undefined; cursor?: string | undefined }, ticketId?: string) {
  const limit = query.limit ?? limits.defaultPage;
  let select = build.selectFrom('held_reply').selectAll().where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('state', 'in', ['held', 'failed']);
  if (ticketId !== undefined) select = select.where('ticket_id', '=', ticketId);
  if (query.cursor !== undefined) select = select.where('id', '>', readCursor(query.cursor, 'held_reply')[1]);
  const rows: HeldReplyRow[] = await context.transaction.run(select.orderBy('id').limit(limit + 1));
  return { items: rows.slice(0, limit).map((row) => viewHeldReply(context, row)), nextCursor: rows.length > limit ? writeCursor('held_reply', ['', rows[limit - 1]!.id]) : null };
}

/** Refuses files that could not be attached when the comment leaves, while its author is still looking. */
async function ensureAttachable(context: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const found = await context.transaction.run(build.selectFrom('file').select('ticket_id').where('tenant_id', '=', context.tenantId).where('id', 'in', ids)
    .where('uploaded_by_kind', '=', 'staff').where('uploaded_by_id', '=', staffOf(context).staffId));
  if (found.some((file) => file.ticket_id !== null)) throw new Refusal('file_already_attached');
  if (found.length < ids.length) throw refuseInput('/attachments', 'unknown_reference', { field: 'attachments' });
}
