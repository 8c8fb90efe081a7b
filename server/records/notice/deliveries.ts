import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../contract/common.ts';
import { Channel, ListNoticeDeliveries, NoticeDelivery, NoticeDeliveryList, NoticeDeliveryPage, TestNotice, type NoticeChannel } from '../../../contract/notice.ts';
import { staffOf } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureActive } from './accounts.ts';
import { addressFor, ownAddresses } from './addresses.ts';
import { selectDeliveries, viewDelivery, viewLine, type DeliveryLine } from './delivery-view.ts';
import { insertDirect } from './direct.ts';

/** What became of the messages to everybody (投递记录), the newest first. */
export const listNoticeDeliveries = useCase({
  summary: 'List what became of notices on their channels',
  query: ListNoticeDeliveries,
  answer: NoticeDeliveryPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const rows = await context.transaction.run(sql<DeliveryLine>`${selectDeliveries(context)}
      ${query.state ? sql`AND d.state = ${query.state}` : sql``} ${query.channel ? sql`AND d.channel = ${query.channel}` : sql``}
      ${query.staff ? sql`AND d.staff_id = ${query.staff}` : sql``} ${query.urgency ? sql`AND d.urgency = ${query.urgency}` : sql``}
      ${query.cursor === undefined ? sql`` : sql`AND d.id < ${readCursor(query.cursor, 'notice_delivery')[1]}::uuid`}
      ORDER BY d.id DESC LIMIT ${limit + 1}`);
    return { items: rows.slice(0, limit).map(viewLine), nextCursor: rows.length > limit ? writeCursor('notice_delivery', ['', rows[limit - 1]!.id]) : null };
  },
});

/** One of them: those who look after channels, and whoever it was for (查看投递). */
export const showNoticeDelivery = useCase({
  summary: 'Show what became of a message; one’s own, or anybody’s with settings.write',
  params: Closed({ id: Id }),
  answer: NoticeDelivery,
  async run(context, { params }) {
    const delivery = await viewDelivery(context, params.id);
    const subject = staffOf(context);
    if (delivery.staff.id !== subject.staffId && !subject.grants.some((grant) => grant.permission === 'settings.write')) throw new Refusal('not_found');
    return delivery;
  },
});

/** How the caller was told of something, beside the inbox (通知的投递情况): with who was told in their place. */
export const listNotificationDeliveries = useCase({
  summary: 'List how one was told of something, and who was told in one’s place',
  params: Closed({ id: Id }),
  answer: NoticeDeliveryList,
  async run(context, { params }) {
    const own = await context.transaction.first(build.selectFrom('notification').select('bundle_id').where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('id', '=', params.id));
    if (!own) throw new Refusal('not_found');
    if (own.bundle_id === null) return { items: [] };
    const rows = await context.transaction.run(sql<DeliveryLine>`${selectDeliveries(context)} AND (d.bundle_id = ${own.bundle_id} OR b.escalated_from = ${own.bundle_id}) ORDER BY d.id LIMIT 50`);
    return { items: rows.map(viewLine) };
  },
});

// One message may tell of several things: what of it nobody has seen goes on to whoever comes next.
const acknowledgeBundle = statement<never>('notice.acknowledge', `
  UPDATE notice_bundle b SET acknowledged_at = $3, escalate_at = NULL WHERE b.tenant_id = $1 AND b.id = $2 AND b.acknowledged_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.tenant_id = $1 AND n.bundle_id = $2 AND n.read_at IS NULL)`);

/** Somebody has seen something urgent (确认收到): nobody else is told of it in their place. It is read, too. */
export const acknowledgeNotification = useCase({
  summary: 'Acknowledge a notification: nobody is told in one’s place',
  params: Closed({ id: Id }),
  answer: null,
  async run(context, { params }) {
    const { tenantId, transaction, now } = context;
    const { staffId } = staffOf(context);
    const own = await transaction.first(build.selectFrom('notification').select(['bundle_id', 'read_at']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('id', '=', params.id));
    if (!own) throw new Refusal('not_found');
    if (own.read_at === null) await transaction.run(build.updateTable('notification').set({ read_at: now }).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('id', '=', params.id).where('read_at', 'is', null));
    if (own.bundle_id !== null) await transaction.query(acknowledgeBundle, [tenantId, own.bundle_id, now]);
  },
});

/** Tries again what failed (重新投递): at once, as an attempt of its own. */
export const retryNoticeDelivery = useCase({
  summary: 'Send a message that failed once more',
  params: Closed({ id: Id }),
  answer: NoticeDelivery,
  async run(context, { params }) {
    const { tenantId, transaction, now } = context;
    const row = await transaction.first(build.selectFrom('notice_delivery').select(['state', 'channel', 'purpose', 'staff_id']).where('tenant_id', '=', tenantId).where('id', '=', params.id).forUpdate());
    if (!row) throw new Refusal('not_found');
    // A code has run out by then.
    if ((row.state !== 'failed' && row.state !== 'suppressed') || row.purpose !== 'notice') throw new Refusal('delivery_not_retryable');
    await ensureActive(transaction, row.channel as NoticeChannel);
    await transaction.run(build.updateTable('notice_delivery').set({ state: 'waiting', reason: null, problem: null, problem_code: null, provider_id: null, attempts: 0, due_at: now, settled_at: null }).where('tenant_id', '=', tenantId).where('id', '=', params.id));
    const person = await transaction.first(build.selectFrom('staff').select('name').where('tenant_id', '=', tenantId).where('id', '=', row.staff_id));
    await recordFact(transaction, { kind: 'notice_delivery.retried', actor: context.actor, data: { name: `${person?.name ?? ''} · ${row.channel}` }, subjectId: params.id, occurredAt: now, recordedAt: now });
    return viewDelivery(context, params.id);
  },
});

/** Sends a test message on a channel (发送测试消息): to the caller, or where they say. It goes the way of all messages; what became of it is asked for. */
export const testNoticeAccount = useCase({
  summary: 'Send a test message on a channel',
  params: Closed({ channel: Channel }),
  body: TestNotice,
  answer: NoticeDelivery,
  status: 201,
  async run(context, { params: { channel }, body }) {
    const { transaction, tenantId, services } = context;
    const { staffId } = staffOf(context);
    const account = await ensureActive(transaction, channel);
    const [staff, own, devices] = await Promise.all([
      transaction.first(build.selectFrom('staff').select(['email', 'phone']).where('tenant_id', '=', tenantId).where('id', '=', staffId)),
      ownAddresses(transaction, staffId),
      transaction.first(build.selectFrom('notice_device').select(({ fn }) => fn.countAll<number>().as('count')).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId)),
    ]);
    const found = body.address !== undefined && channel !== 'web_push' ? { address: body.address.trim() } : addressFor(channel, account, staff!, own.get(channel), devices?.count ?? 0);
    if ('reason' in found) throw invalidInput('/address', found.reason, channel === 'web_push' ? { zh: '请先在个人通知设置里允许这个浏览器接收推送', en: 'let a browser take pushes in your own settings first' } : { zh: '请填收件地址', en: 'say where to send it' });
    return viewDelivery(context, await insertDirect(context, services.secrets, { staffId, channel, purpose: 'test', address: found.address }));
  },
});

/** Forgets what is older: deliveries first, then what they belonged to. */
export const forgetDeliveries = statement<never>('chore.notice_deliveries', 'DELETE FROM notice_delivery WHERE created_at < $1');
export const forgetBundles = statement<never>('chore.notice_bundles', 'DELETE FROM notice_bundle b WHERE b.created_at < $1 AND NOT EXISTS (SELECT 1 FROM notice_delivery d WHERE d.tenant_id = b.tenant_id AND d.bundle_id = b.id)');
