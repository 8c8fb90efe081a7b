import type { NotificationReason, Preferences } from '../../../contract/desk.ts';
import type { NoticeChannel, Urgency } from '../../../contract/notice.ts';
import { dueAt, minute } from '../../../rules/notices/timing.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { accountsOf } from '../../records/notice/accounts.ts';
import { noticesOf } from '../../records/notice/settings.ts';

/** A notification that is about to be notices. */
export interface NewNotice {
  id: string;
  staffId: string;
  reason: NotificationReason;
  urgency: Urgency;
  /** Asked for beside those the person chose. */
  channels: readonly NoticeChannel[];
}

const findLatest = statement<{ staff_id: string; urgency: Urgency; due_at: Date }>('notice.latest_bundle', `
  SELECT staff_id, urgency, max(due_at) AS due_at FROM notice_bundle
  WHERE tenant_id = $1 AND staff_id = ANY($2::uuid[]) AND due_at > $3 AND closed_at IS NOT NULL GROUP BY staff_id, urgency`);
// One that is open takes more until it is closed; whoever closes it waits for this to be committed.
const openBundle = statement<{ id: string; staff_id: string; urgency: Urgency }>('notice.open_bundle', `
  INSERT INTO notice_bundle AS b (tenant_id, id, staff_id, urgency, due_at, created_at, escalated_from) SELECT $1, id, staff_id, urgency, due_at, $6, $7
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) AS given (id, staff_id, urgency, due_at)
  ON CONFLICT (tenant_id, staff_id, urgency) WHERE closed_at IS NULL DO UPDATE SET due_at = least(b.due_at, excluded.due_at), escalated_from = coalesce(b.escalated_from, excluded.escalated_from)
  RETURNING id, staff_id, urgency`);
/**
 * Gathers what people are told into one message each (通知打包), of each urgency one at a time, due as their settings say. Left out is
 * what they want in the inbox alone, or what could go nowhere; what is urgent is always taken up, as somebody has to answer it.
 *
 * @returns by notification the bundle it belongs to
 */
export async function bundleNotices(transaction: Transaction, notices: readonly NewNotice[], preferences: ReadonlyMap<string, Pick<Preferences, 'quietHours'>>, now: Date, escalatedFrom: string | null = null): Promise<Map<string, string>> {
  if (notices.length === 0) return new Map();
  const people = [...new Set(notices.map((one) => one.staffId))];
  const [settings, accounts, organization, latest] = await Promise.all([
    noticesOf(transaction, people), accountsOf(transaction),
    transaction.first(build.selectFrom('organization').select('time_zone').where('tenant_id', '=', transaction.tenantId)),
    transaction.query(findLatest, [transaction.tenantId, people, new Date(now.getTime() - minute)]),
  ]);
  const goesOut = ({ staffId, reason, urgency, channels }: NewNotice) => urgency === 'urgent' || [...channels, ...settings.get(staffId)!.channels[reason]].some((channel) => accounts.get(channel)?.active);
  const keyOf = (one: { staffId: string; urgency: Urgency }) => `${one.staffId} ${one.urgency}`;
  const lastDue = new Map(latest.map((row) => [keyOf({ staffId: row.staff_id, urgency: row.urgency }), row.due_at.getTime()]));
  const groups = Map.groupBy(notices.filter(goesOut), keyOf);
  if (groups.size === 0) return new Map();
  // In one order everywhere, so that nobody waits for each other.
  const wanted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, [first]]) => {
    const { digest, timeZone } = settings.get(first!.staffId)!;
    const due = dueAt({ urgency: first!.urgency, now: now.getTime(), lastDue: lastDue.get(key) ?? null, quietHours: preferences.get(first!.staffId)?.quietHours ?? null, digest, zone: timeZone ?? organization!.time_zone });
    return { id: newId(now.getTime()), staffId: first!.staffId, urgency: first!.urgency, due: new Date(due) };
  });
  const bundles = await transaction.query(openBundle, [transaction.tenantId, wanted.map((one) => one.id), wanted.map((one) => one.staffId), wanted.map((one) => one.urgency), wanted.map((one) => one.due), now, escalatedFrom]);
  const bundleOf = new Map(bundles.map((row) => [keyOf({ staffId: row.staff_id, urgency: row.urgency }), row.id]));
  return new Map([...groups].flatMap(([key, members]) => members.map((one) => [one.id, bundleOf.get(key)!] as const)));
}
