import { notificationReasons, type NotificationReason } from '../../../contract/desk.ts';
import { NoticeSettings, UpdateNoticeSettings, noticeChannels, type NoticeChannel, type PersonalNotices } from '../../../contract/notice.ts';
import { isZone } from '../../../rules/calendar/zone.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, type Transaction } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureVersion } from '../ticket/find.ts';
import { accountsOf } from './accounts.ts';
import { viewAddresses } from './addresses.ts';
import { viewDevices } from './devices.ts';

// Where what concerns a person goes beside the inbox: to the messenger of the company and to their browser; what they
// have to do something about, also by mail. A text message costs money: it goes out for what is urgent only.
const loud: readonly NoticeChannel[] = ['wecom', 'dingtalk', 'feishu', 'web_push', 'email'];
const plain: readonly NoticeChannel[] = ['wecom', 'dingtalk', 'feishu', 'web_push'];
const none: ReadonlySet<NotificationReason> = new Set(['watching', 'team_mentioned']);
const withMail: ReadonlySet<NotificationReason> = new Set(['mentioned', 'assigned', 'delegated', 'returned', 'urgent', 'sla_warned', 'sla_breached', 'sla_escalated', 'unanswered', 'unclaimed', 'hurried', 'rescheduled', 'rule']);

/** How everybody is told who said nothing else (标准通知渠道). */
export const standardNotices: PersonalNotices = {
  channels: Object.fromEntries(notificationReasons.map((reason) => [reason, none.has(reason) ? [] : [...withMail.has(reason) ? loud : plain]])) as PersonalNotices['channels'],
  urgent: ['wecom', 'dingtalk', 'feishu', 'web_push', 'sms', 'email'], digest: { every: 'off', at: '09:00' }, timeZone: null,
};

/** What somebody chose, over what everybody has. */
export function completeNotices(chosen: Partial<PersonalNotices> | undefined): PersonalNotices {
  return {
    channels: Object.fromEntries(notificationReasons.map((reason) => [reason, chosen?.channels?.[reason] ?? standardNotices.channels[reason]])) as PersonalNotices['channels'],
    urgent: chosen?.urgent ?? standardNotices.urgent, digest: chosen?.digest ?? standardNotices.digest, timeZone: chosen?.timeZone ?? null,
  };
}

/** How some people are told, by person. */
export async function noticesOf(transaction: Transaction, staffIds: readonly string[]): Promise<Map<string, PersonalNotices>> {
  const rows = staffIds.length === 0 ? [] : await transaction.run(build.selectFrom('notice_setting').select(['staff_id', 'settings']).where('tenant_id', '=', transaction.tenantId).where('staff_id', 'in', staffIds));
  const chosen = new Map(rows.map((row) => [row.staff_id, row.settings as Partial<PersonalNotices>]));
  return new Map(staffIds.map((id) => [id, completeNotices(chosen.get(id))]));
}

async function viewSettings(context: Context): Promise<NoticeSettings> {
  const { tenantId, transaction } = context;
  const { staffId } = staffOf(context);
  const [row, accounts, organization, devices] = await Promise.all([
    transaction.first(build.selectFrom('notice_setting').select(['settings', 'version']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId)),
    accountsOf(transaction),
    transaction.first(build.selectFrom('organization').select('time_zone').where('tenant_id', '=', tenantId)),
    viewDevices(context, staffId),
  ]);
  return {
    ...completeNotices(row?.settings), organizationTimeZone: organization!.time_zone, available: noticeChannels.filter((channel) => accounts.get(channel)?.active),
    addresses: await viewAddresses(context, staffId, accounts), devices, pushKey: accounts.get('web_push')?.active ? accounts.get('web_push')!.settings.values['publicKey'] ?? null : null, version: row?.version ?? 0,
  };
}

/** How the caller is told outside of the program (查看个人通知渠道). */
export const showNoticeSettings = useCase({ summary: 'Show how one is told outside of the program', answer: NoticeSettings, run: viewSettings });

/** Changes what is named (修改个人通知渠道), of the channels reason by reason. */
export const updateNoticeSettings = useCase({
  summary: 'Change how one is told outside of the program',
  body: UpdateNoticeSettings,
  answer: NoticeSettings,
  versioned: true,
  async run(context, { body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    const { staffId } = staffOf(context);
    if (body.timeZone != null && !isZone(body.timeZone)) throw invalidInput('/timeZone', 'unknown_zone', { zh: '没有这个时区', en: 'is not a time zone' });
    await transaction.run(build.selectFrom('staff').select('id').where('tenant_id', '=', tenantId).where('id', '=', staffId).forNoKeyUpdate());
    const row = await transaction.first(build.selectFrom('notice_setting').select(['settings', 'version']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
    ensureVersion({ version: row?.version ?? 0 }, ifMatch);
    const present = completeNotices(row?.settings);
    const settings = JSON.stringify({ ...present, ...body, channels: { ...present.channels, ...body.channels } });
    await transaction.run(build.insertInto('notice_setting').values({ tenant_id: tenantId, staff_id: staffId, settings, version: 1, updated_at: now })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id']).doUpdateSet({ settings, version: (row?.version ?? 0) + 1, updated_at: now })));
    return viewSettings(context);
  },
});
