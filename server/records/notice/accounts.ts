import { Closed } from '../../../contract/common.ts';
import { Channel, NoticeAccount, NoticeAccountList, UpdateNoticeAccount, accountForms, noticeChannels, type AccountField, type NoticeChannel, type NoticeProblem } from '../../../contract/notice.ts';
import type { OpenAccount } from '../../channels/notice-channel.ts';
import { smsReceiptForms } from '../../channels/sms/receipts.ts';
import { newVapidKeys } from '../../channels/web-push/vapid.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal, invalidInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { fillAccountForm } from '../channel/account-form.ts';
import { receiptAddress } from './receipt-address.ts';
import { ensureVersion } from '../ticket/find.ts';

export interface AccountRow {
  channel: NoticeChannel;
  settings: { mode: string; values: Record<string, string> };
  sealed: Buffer;
  active: boolean;
  version: number;
  last_success_at: Date | null;
  last_failure_at: Date | null;
  last_failure: string | null;
  last_failure_code: NoticeProblem | null;
  failures: number;
  open_until: Date | null;
}

const purpose = 'notice account';
const findAccounts = statement<AccountRow>('notice.accounts', 'SELECT channel, settings, sealed, active, version, last_success_at, last_failure_at, last_failure, last_failure_code, failures, open_until FROM notice_account WHERE tenant_id = $1');
const countWaiting = statement<{ channel: NoticeChannel; count: number }>('notice.waiting', `
  SELECT channel, count(*)::int AS count FROM (SELECT channel FROM notice_delivery WHERE tenant_id = $1 AND state = 'waiting' LIMIT 1000) AS waiting GROUP BY channel`);

/** The accounts of an organization, by channel (渠道账号). */
export async function accountsOf(transaction: Transaction): Promise<Map<NoticeChannel, AccountRow>> {
  return new Map((await transaction.query(findAccounts, [transaction.tenantId])).map((row) => [row.channel, row]));
}

/** An account with its secrets; null when they were sealed under another key. */
export function openAccount(secrets: Secrets, tenantId: string, row: AccountRow): OpenAccount | null {
  const opened = secrets.open(purpose, row.sealed);
  if (!opened) return null;
  return { identity: `${tenantId} ${row.channel} ${row.version}`, mode: row.settings.mode, values: { ...row.settings.values, ...JSON.parse(opened.toString()) as Record<string, string> } };
}

function viewAccount(channel: NoticeChannel, row: AccountRow | undefined, secrets: readonly string[], waiting: number, receiptUrl: string | null, now: Date): NoticeAccount {
  const resting = row?.open_until != null && row.open_until > now;
  return {
    channel, configured: row !== undefined, active: row?.active ?? false, mode: row?.settings.mode ?? null, settings: row?.settings.values ?? {}, secrets: [...secrets],
    health: {
      state: row === undefined || (row.last_success_at === null && row.last_failure_at === null) ? 'unused' : resting ? 'resting' : row.failures > 0 ? 'failing' : 'well',
      lastSuccessAt: row?.last_success_at?.toISOString() ?? null, lastFailureAt: row?.last_failure_at?.toISOString() ?? null, lastFailureCode: row?.last_failure_code ?? null, lastFailure: row?.last_failure ?? null,
      failures: row?.failures ?? 0, restsUntil: resting ? row.open_until!.toISOString() : null, waiting,
    },
    receiptUrl, version: row?.version ?? 0,
  };
}

const secretsIn = (context: Context, row: AccountRow | undefined): Record<string, string> => {
  const opened = row ? context.services.secrets.open(purpose, row.sealed) : null;
  return opened ? JSON.parse(opened.toString()) as Record<string, string> : {};
};

async function viewOf(context: Context, channel: NoticeChannel): Promise<NoticeAccount> {
  const [rows, waiting] = await Promise.all([accountsOf(context.transaction), context.transaction.query(countWaiting, [context.tenantId])]);
  const row = rows.get(channel);
  return viewAccount(channel, row, Object.keys(secretsIn(context, row)).filter((name) => name !== 'privateKey'), waiting.find((one) => one.channel === channel)?.count ?? 0,
    channel === 'sms' && row && Object.hasOwn(smsReceiptForms, row.settings.mode) ? receiptAddress(context.services.secrets, context.services.publicUrl, context.tenantId) : null, context.now);
}

/** All channels, set up or not (通知渠道列表). */
export const listNoticeAccounts = useCase({
  summary: 'List the channels by which staff are told, and their health',
  answer: NoticeAccountList,
  run: async (context) => ({ items: await Promise.all(noticeChannels.map((channel) => viewOf(context, channel))) }),
});

/** One channel (查看通知渠道). */
export const showNoticeAccount = useCase({
  summary: 'Show a channel by which staff are told',
  params: Closed({ channel: Channel }),
  answer: NoticeAccount,
  run: (context, { params }) => viewOf(context, params.channel),
});

/**
 * Sets a channel up, changes it or switches it on and off (设置通知渠道). What is given replaces what stood there; a secret that is not given
 * stays while the mode and the address it goes to stay. Facts tell which settings changed, and of secrets that they did.
 */
export const updateNoticeAccount = useCase({
  summary: 'Set up a channel by which staff are told',
  params: Closed({ channel: Channel }),
  body: UpdateNoticeAccount,
  answer: NoticeAccount,
  versioned: true,
  async run(context, { params: { channel }, body, ifMatch }) {
    const { tenantId, transaction, now } = context;
    await transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', tenantId).forNoKeyUpdate());
    const row = (await accountsOf(transaction)).get(channel);
    ensureVersion({ version: row?.version ?? 0 }, ifMatch);
    const modes = accountForms[channel];
    const mode = body.mode ?? row?.settings.mode ?? Object.keys(modes)[0]!;
    const form = Object.hasOwn(modes, mode) ? modes[mode]! : null;
    if (!form) throw invalidInput('/mode', 'unknown', { zh: '没有这种接入方式', en: 'is not a way to use this channel' });
    const kept = row?.settings.mode === mode ? { ...row.settings.values, ...secretsIn(context, row) } : {};
    const given = body.settings ?? {};
    const { values, secrets } = fillAccountForm(form, kept, body.settings);
    ensureSecretsAnew(form, row?.settings.mode === mode ? row.settings.values : {}, values, kept, given);
    if (channel === 'web_push') {
      const known = secretsIn(context, row);
      const keys = known['privateKey'] && row?.settings.values['publicKey'] ? { publicKey: row.settings.values['publicKey'], privateKey: known['privateKey'] } : newVapidKeys();
      values['publicKey'] = keys.publicKey;
      secrets['privateKey'] = keys.privateKey;
    }
    const active = body.active ?? row?.active ?? true;
    const settings = JSON.stringify({ mode, values });
    const sealed = context.services.secrets.seal(purpose, JSON.stringify(secrets));
    await transaction.run(build.insertInto('notice_account').values({ tenant_id: tenantId, channel, settings, sealed, active, version: 1, updated_at: now })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'channel']).doUpdateSet({ settings, sealed, active, version: (row?.version ?? 0) + 1, failures: 0, open_until: null, updated_at: now })));
    const secretsChanged = form.filter((field) => field.secret && secrets[field.name] !== kept[field.name]).map((field) => field.name);
    await recordFact(transaction, {
      kind: 'notice_account.changed', actor: context.actor, occurredAt: now, recordedAt: now,
      data: { name: channel, before: row ? { active: row.active, mode: row.settings.mode, ...row.settings.values } : null, after: { active, mode, ...values }, ...(secretsChanged.length > 0 ? { secretsChanged } : {}) },
    });
    return viewOf(context, channel);
  },
});

const destinations: readonly string[] = ['host', 'baseUrl', 'url'];

/** A secret goes where it was given for: whoever sends it elsewhere has to know it, or it could be had by a test message. */
function ensureSecretsAnew(form: readonly AccountField[], before: Readonly<Record<string, string>>, values: Readonly<Record<string, string>>, kept: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>): void {
  if (destinations.every((name) => before[name] === values[name])) return;
  const stays = form.find((field) => field.secret && kept[field.name] !== undefined && given[field.name] === undefined);
  if (stays) throw invalidInput(`/settings/${stays.name}`, 'required', { zh: '地址变了，请重新填写密钥或密码', en: 'is needed again, as the address has changed' });
}

const noteSuccess = statement<never>('notice.note_success', 'UPDATE notice_account SET last_success_at = $3, failures = 0, open_until = NULL WHERE tenant_id = $1 AND channel = $2');
// Five failures in a row, and it rests: a minute, then twice as long each time, half an hour at most.
const noteFailure = statement<never>('notice.note_failure', `
  UPDATE notice_account SET last_failure_at = $3, last_failure = $4, last_failure_code = $6, failures = failures + CASE WHEN $5 THEN 1 ELSE 0 END,
    open_until = CASE WHEN $5 AND failures >= 4 THEN $3::timestamptz + least(1800, 60 * 2 ^ least(failures - 4, 10)) * interval '1 second' ELSE open_until END
  WHERE tenant_id = $1 AND channel = $2`);

/** Keeps what became of a call by an account (渠道健康); `counts` when it lies with the account or its service, not with the message. */
export async function noteOutcome(transaction: Transaction, channel: NoticeChannel, now: Date, failure: { said: string; code: NoticeProblem; counts: boolean } | null): Promise<void> {
  if (failure === null) await transaction.query(noteSuccess, [transaction.tenantId, channel, now]);
  else await transaction.query(noteFailure, [transaction.tenantId, channel, now, failure.said.slice(0, 500), failure.counts, failure.code]);
}

/** Refuses a channel that is not set up, or switched off. */
export async function ensureActive(transaction: Transaction, channel: NoticeChannel): Promise<AccountRow> {
  const row = (await accountsOf(transaction)).get(channel);
  if (!row?.active) throw new Refusal('notice_channel_off');
  return row;
}
