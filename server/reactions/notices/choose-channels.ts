import type { NotificationReason } from '../../../contract/desk.ts';
import type { DeliveryReason, NoticeChannel, PersonalNotices, Urgency } from '../../../contract/notice.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { accountsOf, type AccountRow } from '../../records/notice/accounts.ts';
import { addressFor, ownAddresses } from '../../records/notice/addresses.ts';
import { noticesOf } from '../../records/notice/settings.ts';

/** How somebody can be reached now: by channel the address, or why there is none. */
export interface Reach {
  staff: { name: string; active: boolean };
  settings: PersonalNotices;
  accounts: ReadonlyMap<NoticeChannel, AccountRow>;
  addresses: ReadonlyMap<NoticeChannel, { address: string } | { reason: DeliveryReason }>;
}

/** Looks up how somebody can be reached (可达渠道). */
export async function reachOfPerson(transaction: Transaction, staffId: string): Promise<Reach | null> {
  const { tenantId } = transaction;
  const [staff, settings, accounts, own, devices] = await Promise.all([
    transaction.first(build.selectFrom('staff').select(['name', 'email', 'phone', 'active']).where('tenant_id', '=', tenantId).where('id', '=', staffId)),
    noticesOf(transaction, [staffId]), accountsOf(transaction), ownAddresses(transaction, staffId),
    transaction.first(build.selectFrom('notice_device').select(({ fn }) => fn.countAll<number>().as('count')).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId)),
  ]);
  if (!staff) return null;
  const addresses = new Map([...accounts.values()].filter((row) => row.active).map((row) => [row.channel, addressFor(row.channel, row, staff, own.get(row.channel), devices?.count ?? 0)] as const));
  return { staff, settings: settings.get(staffId)!, accounts, addresses };
}

const reaches = (reach: Reach, channel: NoticeChannel): boolean => 'address' in (reach.addresses.get(channel) ?? {});
const rests = (reach: Reach, channel: NoticeChannel, now: Date): boolean => (reach.accounts.get(channel)?.open_until ?? now) > now;

/** On how many channels at once what is urgent goes out. */
export const urgentAtOnce = 2;

/**
 * The channels a message goes out on (选择渠道): for what is urgent the next two of the person's order, for all else those they chose for one of its
 * reasons; channels that were asked for are all taken. One that rests after failures is passed over where it is urgent.
 */
export function chooseChannels(reach: Reach, urgency: Urgency, reasons: readonly NotificationReason[], used: readonly NoticeChannel[], now: Date, asked: readonly NoticeChannel[] = []): NoticeChannel[] {
  const demanded = asked.filter((channel) => reaches(reach, channel) && !used.includes(channel));
  if (urgency === 'urgent' && demanded.length > 0) return demanded;
  if (urgency !== 'urgent') return [...new Set([...demanded, ...reasons.flatMap((reason) => reach.settings.channels[reason])])].filter((channel) => reaches(reach, channel) && !used.includes(channel));
  const open = reach.settings.urgent.filter((channel) => reaches(reach, channel) && !used.includes(channel));
  const awake = open.filter((channel) => !rests(reach, channel, now));
  return (awake.length > 0 ? awake : open).slice(0, used.length === 0 ? urgentAtOnce : 1);
}

/** The channel that is tried after one has failed (下一渠道): the next of the person's order; a text message only where it is urgent. */
export function nextChannel(reach: Reach, urgency: Urgency, used: readonly NoticeChannel[], now: Date): NoticeChannel | null {
  const left = reach.settings.urgent.filter((channel) => reaches(reach, channel) && !used.includes(channel) && (urgency === 'urgent' || channel !== 'sms'));
  return left.find((channel) => !rests(reach, channel, now)) ?? left[0] ?? null;
}

/** Why nothing goes out: of the channels that were wanted, the first that is set up and has nowhere to go to. */
export function whyNot(reach: Reach, wanted: readonly NoticeChannel[]): { channel: NoticeChannel; reason: DeliveryReason } | null {
  for (const channel of wanted) {
    const found = reach.addresses.get(channel);
    if (found && 'reason' in found) return { channel, reason: found.reason };
  }
  return null;
}
