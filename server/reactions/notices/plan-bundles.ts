import type { NotificationReason } from '../../../contract/desk.ts';
import type { DeliveryReason, NoticeChannel, Urgency } from '../../../contract/notice.ts';
import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { maskAddress } from '../../records/notice/delivery-view.ts';
import { policyOf } from '../../records/notice/policy.ts';
import { chooseChannels, reachOfPerson, whyNot, type Reach } from './choose-channels.ts';

export interface BundleRow {
  id: string;
  staff_id: string;
  urgency: Urgency;
  step: number;
}

const findDue = statement<{ tenant_id: string; id: string }>('notice.due_bundles', 'SELECT tenant_id, id FROM notice_bundle WHERE closed_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $2');
const closeBundle = statement<BundleRow>('notice.close_bundle', `
  UPDATE notice_bundle SET closed_at = $3 WHERE tenant_id = $1 AND id = $2 AND closed_at IS NULL AND due_at <= $3
    AND EXISTS (SELECT 1 FROM notice_bundle b WHERE b.tenant_id = $1 AND b.id = $2 AND b.closed_at IS NULL FOR UPDATE SKIP LOCKED)
  RETURNING id, staff_id, urgency, step`);
const countReasons = statement<{ reason: NotificationReason; channels: NoticeChannel[]; unread: number; total: number }>('notice.reasons', `
  SELECT reason, coalesce(channels, '{}') AS channels, count(*) FILTER (WHERE read_at IS NULL)::int AS unread, count(*)::int AS total FROM notification WHERE tenant_id = $1 AND bundle_id = $2 GROUP BY reason, coalesce(channels, '{}')`);
const insertDelivery = statement<{ id: string }>('notice.insert_delivery', `
  INSERT INTO notice_delivery (tenant_id, id, staff_id, bundle_id, purpose, channel, state, reason, urgency, step, instead_of, address, count, due_at, created_at, settled_at)
  VALUES ($1, $2, $3, $4, 'notice', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14) ON CONFLICT (tenant_id, bundle_id, channel) WHERE bundle_id IS NOT NULL DO NOTHING RETURNING id`);
// What was acknowledged while it was open has taken in more since: something of it is unread.
const setEscalation = statement<never>('notice.set_escalation', 'UPDATE notice_bundle SET escalate_at = $3, acknowledged_at = NULL WHERE tenant_id = $1 AND id = $2');

/** Writes down a delivery of a bundle: one that waits to be sent, or that is left out for a reason. */
export async function putDown(transaction: Transaction, bundle: BundleRow, channel: NoticeChannel, { reach, count, now, left, insteadOf = null }: { reach: Reach; count: number; now: Date; left?: DeliveryReason; insteadOf?: string | null }): Promise<boolean> {
  const found = reach.addresses.get(channel);
  const address = found && 'address' in found ? maskAddress(channel, found.address) : null;
  const rows = await transaction.query(insertDelivery, [transaction.tenantId, newId(now.getTime()), bundle.staff_id, bundle.id, channel, left ? 'suppressed' : 'waiting', left ?? null, bundle.urgency, bundle.step, insteadOf, address, count, now, left ? now : null]);
  return rows.length > 0;
}

/**
 * Closes the bundles whose time has come and makes their deliveries (生成投递), each bundle in a transaction of its own: on whatever node, it is
 * done once.
 *
 * @returns how many there were
 */
export async function planDueBundles({ database, log }: Pick<Services, 'database' | 'log'>, now: Date, limit = 100): Promise<number> {
  const due = await database.transact(everyTenant, (transaction) => transaction.query(findDue, [now, limit]));
  let done = 0;
  for (const { tenant_id: tenantId, id } of due) {
    await database.transact(tenantId, async (transaction) => {
      const [bundle] = await transaction.query(closeBundle, [tenantId, id, now]);
      if (!bundle) return;
      done += 1;
      await plan(transaction, bundle, now);
    }).catch((error: unknown) => log.error({ error, tenantId, bundle: id }, 'a bundle of notices could not be planned; it will be tried again'));
  }
  return done;
}

async function plan(transaction: Transaction, bundle: BundleRow, now: Date): Promise<void> {
  const [reach, counts] = await Promise.all([reachOfPerson(transaction, bundle.staff_id), transaction.query(countReasons, [transaction.tenantId, bundle.id])]);
  // All of it had been told before: its facts were read a second time.
  if (!reach || counts.length === 0) return;
  const unread = counts.filter((row) => row.unread > 0);
  const reasons = (unread.length > 0 ? unread : counts).map((row) => row.reason);
  const asked = [...new Set(unread.flatMap((row) => row.channels))];
  const wanted = bundle.urgency === 'urgent' ? reach.settings.urgent : [...new Set([...asked, ...reasons.flatMap((reason) => reach.settings.channels[reason])])];
  const chosen = chooseChannels(reach, bundle.urgency, reasons, [], now, asked);
  // Channels that one of them asks for are not all that the others go out on.
  const channels = bundle.urgency === 'urgent' && asked.length > 0 && unread.some((row) => row.channels.length === 0) ? [...new Set([...chosen, ...chooseChannels(reach, 'urgent', reasons, [], now)])] : chosen;
  const count = counts.reduce((sum, row) => sum + row.total, 0);
  // Read in the inbox before it was sent, or its person has left.
  const moot: DeliveryReason | null = !reach.staff.active ? 'inactive' : unread.length === 0 ? 'already_read' : null;
  if (moot !== null) {
    if (channels[0] !== undefined) await putDown(transaction, bundle, channels[0], { reach, count, now, left: moot });
    // Whoever has left answers nothing: there is nobody to wait for.
    if (moot === 'inactive' && bundle.urgency === 'urgent' && unread.length > 0 && (await policyOf(transaction)).escalateAfterMinutes !== null) await transaction.query(setEscalation, [transaction.tenantId, bundle.id, now]);
    return;
  }
  for (const channel of channels) {
    // Each tells of what was chosen for it.
    const told = bundle.urgency === 'urgent' ? unread : unread.filter((row) => row.channels.includes(channel) || reach.settings.channels[row.reason].includes(channel));
    await putDown(transaction, bundle, channel, { reach, count: told.reduce((sum, row) => sum + row.unread, 0), now });
  }
  if (channels.length === 0) {
    const why = whyNot(reach, wanted);
    if (why) await putDown(transaction, bundle, why.channel, { reach, count, now, left: why.reason });
  }
  if (bundle.urgency === 'urgent') {
    const { escalateAfterMinutes } = await policyOf(transaction);
    if (escalateAfterMinutes !== null) await transaction.query(setEscalation, [transaction.tenantId, bundle.id, new Date(now.getTime() + escalateAfterMinutes * 60_000)]);
  }
}
