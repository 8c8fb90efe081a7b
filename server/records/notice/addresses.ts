import { randomInt, timingSafeEqual } from 'node:crypto';
import { Closed } from '../../../contract/common.ts';
import { AddressedChannel, ConfirmNoticeAddress, NoticeDelivery, SetNoticeAddress, noticeChannels, noticeLimits, type DeliveryReason, type NoticeAddress, type NoticeChannel } from '../../../contract/notice.ts';
import { takesTextMessages } from '../../../rules/text/phone-number.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { normalisePhone } from '../../platform/masking.ts';
import { ensureActive, type AccountRow } from './accounts.ts';
import { viewDelivery } from './delivery-view.ts';
import { insertDirect } from './direct.ts';

export interface AddressRow {
  channel: NoticeChannel;
  address: string;
  confirmed_at: Date | null;
  code_expires_at: Date | null;
}

const digestPurpose = 'notice address code';

/** Where somebody is reached on a channel (联系地址): the address, or why there is none. A robot writes into a group: whom it mentions may stay open. */
export function addressFor(channel: NoticeChannel, account: Pick<AccountRow, 'settings'>, staff: { email: string | null; phone: string | null }, own: AddressRow | undefined, devices: number): { address: string } | { reason: DeliveryReason } {
  if (channel === 'web_push') return devices > 0 ? { address: '' } : { reason: 'no_device' };
  if (own?.confirmed_at) return { address: own.address };
  const fromRecord = recordAddress(channel, account, staff);
  if (fromRecord !== null) return { address: fromRecord };
  if (account.settings.mode === 'robot') return { address: '' };
  return { reason: own ? 'not_confirmed' : 'no_address' };
}

function recordAddress(channel: NoticeChannel, { settings: { mode, values } }: Pick<AccountRow, 'settings'>, { email, phone }: { email: string | null; phone: string | null }): string | null {
  switch (channel) {
    case 'email': return email;
    case 'sms': return phone !== null && takesTextMessages(phone) ? phone : null;
    case 'feishu': return mode === 'app' && values['idType'] === 'email' ? email : null;
    case 'wecom': case 'dingtalk': return mode === 'robot' && phone !== null && takesTextMessages(phone) ? phone : null;
    case 'web_push': return null;
  }
}

export async function ownAddresses(transaction: Transaction, staffId: string): Promise<Map<NoticeChannel, AddressRow>> {
  const rows = await transaction.run(build.selectFrom('notice_address').select(['channel', 'address', 'confirmed_at', 'code_expires_at']).where('tenant_id', '=', transaction.tenantId).where('staff_id', '=', staffId));
  return new Map(rows.map((row) => [row.channel as NoticeChannel, row as AddressRow]));
}

/** How somebody is reached on each channel that takes an address. */
export async function viewAddresses({ transaction, tenantId, now }: Context, staffId: string, accounts: ReadonlyMap<NoticeChannel, AccountRow>): Promise<NoticeAddress[]> {
  const [own, staff] = await Promise.all([
    ownAddresses(transaction, staffId),
    transaction.first(build.selectFrom('staff').select(['email', 'phone']).where('tenant_id', '=', tenantId).where('id', '=', staffId)),
  ]);
  return noticeChannels.filter((channel) => channel !== 'web_push').map((channel) => {
    const mine = own.get(channel);
    const account = accounts.get(channel) ?? { settings: { mode: 'app', values: {} } };
    const record = recordAddress(channel, account, staff!);
    const confirmed = mine?.confirmed_at != null;
    const waits = mine && !confirmed && mine.code_expires_at !== null && mine.code_expires_at > now;
    return {
      channel, address: confirmed ? mine.address : record, source: confirmed ? 'own' : record === null ? 'none' : 'record', confirmed: confirmed || record !== null,
      pending: waits ? { address: mine.address, expiresAt: mine.code_expires_at!.toISOString() } : null,
    };
  });
}

function readAddress(channel: NoticeChannel, mode: string, typed: string): string {
  const text = typed.trim();
  const wrong = (zh: string, en: string) => invalidInput('/address', 'pattern', { zh, en });
  if (channel === 'sms' || ((channel === 'wecom' || channel === 'dingtalk') && mode === 'robot')) {
    if (!takesTextMessages(text)) throw wrong('请填手机号', 'is not a mobile number');
    return normalisePhone(text);
  }
  if (channel === 'email') {
    if (!/^[^\s@<>,;:"\\()[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text) || /[^\x21-\x7e]/.test(text)) throw wrong('请填邮箱地址', 'is not an e-mail address');
    return text.toLowerCase();
  }
  // Ids of members and users; `|` and `,` would make several of one.
  // And `@all` is everybody.
  if (!/^[A-Za-z0-9_.$:-][A-Za-z0-9_.@$:-]{0,127}$/.test(text)) throw wrong('账号里只能有字母、数字和 _ . @ -', 'takes letters, digits and _ . @ -');
  return text;
}

/**
 * Writes down where the caller is reached on a channel, and sends a code there (登记通知地址). Until the code comes back the address is not
 * used, and what was confirmed before stays out of use, too: it was given up.
 */
export const setNoticeAddress = useCase({
  summary: 'Set where one is told on a channel, and have a code sent there',
  body: SetNoticeAddress,
  answer: NoticeDelivery,
  status: 201,
  async run(context, { body }) {
    const { tenantId, transaction, now, services } = context;
    const { staffId } = staffOf(context);
    const channel = body.channel as NoticeChannel;
    const account = await ensureActive(transaction, channel);
    const address = readAddress(channel, account.settings.mode, body.address);
    await transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', staffId).forNoKeyUpdate());
    const last = await transaction.first(build.selectFrom('notice_address').select('code_sent_at').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('channel', '=', channel));
    const waited = last?.code_sent_at ? (now.getTime() - last.code_sent_at.getTime()) / 1_000 : Number.POSITIVE_INFINITY;
    if (waited < noticeLimits.codeSeconds) throw new Refusal('phone_code_too_soon', { seconds: Math.ceil(noticeLimits.codeSeconds - waited) });
    await ensureFewCodes(context, staffId);
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    const fresh = { address, confirmed_at: null, code_digest: digestOf(context, staffId, channel, address, code), code_expires_at: new Date(now.getTime() + noticeLimits.codeMinutes * 60_000), code_sent_at: now, code_attempts: 0 };
    await transaction.run(build.insertInto('notice_address').values({ tenant_id: tenantId, staff_id: staffId, channel, created_at: now, ...fresh })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id', 'channel']).doUpdateSet(fresh)));
    const id = await insertDirect(context, services.secrets, { staffId, channel, purpose: 'code', address, code });
    return viewDelivery(context, id);
  },
});

/** Whoever's number it is that somebody types is not to be woken by codes all day. */
async function ensureFewCodes({ transaction, tenantId, now }: Context, staffId: string): Promise<void> {
  const sent = await transaction.run(build.selectFrom('notice_delivery').select('created_at').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('purpose', '=', 'code')
    .where('created_at', '>', new Date(now.getTime() - 86_400_000)).orderBy('created_at', 'desc').limit(noticeLimits.codesADay));
  const oldest = sent[noticeLimits.codesADay - 1];
  if (oldest) throw new Refusal('phone_code_too_soon', { seconds: Math.ceil((oldest.created_at.getTime() + 86_400_000 - now.getTime()) / 1_000) });
}

/** The code came back (确认通知地址): the address is used from now on. */
export const confirmNoticeAddress = useCase({
  summary: 'Confirm where one is told on a channel, by the code that was sent there',
  params: Closed({ channel: AddressedChannel }),
  body: ConfirmNoticeAddress,
  answer: null,
  async run(context, { params, body }) {
    const { tenantId, transaction, now } = context;
    const { staffId } = staffOf(context);
    const mine = build.selectFrom('notice_address').select(['address', 'confirmed_at', 'code_digest', 'code_expires_at', 'code_attempts']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('channel', '=', params.channel).forUpdate();
    const row = await transaction.first(mine);
    if (!row) throw new Refusal('not_found');
    if (row.confirmed_at) return;
    if (!row.code_digest || !row.code_expires_at || row.code_expires_at <= now || row.code_attempts >= noticeLimits.codeAttempts) throw new Refusal('address_code_wrong');
    const change = build.updateTable('notice_address').where('tenant_id', '=', tenantId).where('staff_id', '=', staffId).where('channel', '=', params.channel);
    if (!timingSafeEqual(row.code_digest, digestOf(context, staffId, params.channel, row.address, body.code))) {
      await transaction.run(change.set({ code_attempts: row.code_attempts + 1 }));
      throw new Refusal('address_code_wrong', {}, { keepsWrites: true });
    }
    await transaction.run(change.set({ confirmed_at: now, code_digest: null, code_expires_at: null }));
  },
});

/** Forgets it: what stands in the record counts again (删除通知地址). */
export const removeNoticeAddress = useCase({
  summary: 'Forget where one is told on a channel; what stands in one’s record counts again',
  params: Closed({ channel: AddressedChannel }),
  answer: null,
  async run(context, { params }) {
    await context.transaction.run(build.deleteFrom('notice_address').where('tenant_id', '=', context.tenantId).where('staff_id', '=', staffOf(context).staffId).where('channel', '=', params.channel));
  },
});

const digestOf = ({ services, tenantId }: Context, staffId: string, channel: string, address: string, code: string) => services.secrets.digest(digestPurpose, [tenantId, staffId, channel, address, code].join('\n'));
