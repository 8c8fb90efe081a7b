import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../../contract/common.ts';
import { ListNotifications, MarkNotificationsRead, NotificationCount, NotificationPage, deskLimits } from '../../../../contract/desk.ts';
import { reachOf } from '../../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../platform/http/cursor.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { reachCondition } from '../../access/reach-condition.ts';
import { notificationColumns, notificationTables, viewNotification, type NotificationLine } from './view.ts';

/** The caller's own, without those of tickets that have left their sight. */
const own = (context: Context) => sql`n.tenant_id = ${context.tenantId} AND n.staff_id = ${staffOf(context).staffId} AND (n.ticket_id IS NULL OR ${reachCondition(reachOf(staffOf(context), 'ticket.read'))})`;

/** What the caller is told of (通知列表), the newest first. */
export const listNotifications = useCase({
  summary: 'List one’s own notifications',
  query: ListNotifications,
  answer: NotificationPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const rows = await context.transaction.run(sql<NotificationLine>`
      SELECT ${sql.raw(notificationColumns)} FROM ${sql.raw(notificationTables)} WHERE ${own(context)}
        ${query.unread ? sql`AND n.read_at IS NULL` : sql``} ${query.cursor === undefined ? sql`` : sql`AND n.id < ${readCursor(query.cursor, 'notification')[1]}::uuid`}
      ORDER BY n.id DESC LIMIT ${limit + 1}`);
    return { items: rows.slice(0, limit).map(viewNotification), nextCursor: rows.length > limit ? writeCursor('notification', ['', rows[limit - 1]!.id]) : null };
  },
});

/** How many the caller has not read (未读数): counted up to a hundred. */
export const countNotifications = useCase({
  summary: 'Count one’s own unread notifications',
  answer: NotificationCount,
  async run(context) {
    const row = await context.transaction.first(sql<{ count: number }>`
      SELECT count(*)::int AS count FROM (SELECT 1 FROM ${sql.raw(notificationTables)} WHERE ${own(context)} AND n.read_at IS NULL LIMIT ${deskLimits.unreadCounted}) AS counted`);
    return { unread: row!.count, capped: row!.count >= deskLimits.unreadCounted };
  },
});

/** One is read (标为已读). */
export const markNotificationRead = useCase({
  summary: 'Mark a notification as read',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const { tenantId, transaction, now } = context;
    const theirs = build.selectFrom('notification').select('read_at').where('tenant_id', '=', tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '=', params.id);
    const row = await transaction.first(theirs);
    if (!row) throw new Refusal('not_found');
    if (row.read_at) return;
    await transaction.run(build.updateTable('notification').set({ read_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '=', params.id));
  },
});

/** All up to one are read (全部已读): what came since stays unread. */
export const markNotificationsRead = useCase({
  summary: 'Mark all notifications up to one as read',
  body: MarkNotificationsRead,
  answer: null,
  async run(context, { body }) {
    await context.transaction.run(build.updateTable('notification').set({ read_at: context.now })
      .where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '<=', body.upTo).where('read_at', 'is', null));
  },
});

/** Forgets what is older. */
export const forgetNotifications = statement<never>('chore.notifications', 'DELETE FROM notification WHERE created_at < $1');
