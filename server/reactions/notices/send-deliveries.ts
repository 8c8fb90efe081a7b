import { notificationReasons, type NotificationReason } from '../../../contract/desk.ts';
import type { NoticeChannel, NoticeProblem, Urgency } from '../../../contract/notice.ts';
import { outsideTools, SendFailure, type ChannelTools, type OpenAccount, type OutgoingNotice, type SendProblem, type Taken } from '../../channels/notice-channel.ts';
import { noticeSenders } from '../../channels/notice-senders.ts';
import type { Services } from '../../platform/context.ts';
import { build, everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { noteOutcome, openAccount } from '../../records/notice/accounts.ts';
import { forgetDevice, noteSent, openDevices } from '../../records/notice/devices.ts';
import { directPurpose, type Direct } from '../../records/notice/direct.ts';
import { nextChannel, reachOfPerson, type Reach } from './choose-channels.ts';
import { compose, languageOf } from './compose.ts';
import { putDown } from './plan-bundles.ts';

interface Claimed {
  tenant_id: string;
  id: string;
  staff_id: string;
  bundle_id: string | null;
  purpose: 'notice' | 'test' | 'code';
  channel: NoticeChannel;
  urgency: Urgency;
  step: number;
  instead_of: string | null;
  sealed: Buffer | null;
  count: number;
  attempts: number;
  created_at: Date;
}

/** For how long one who sends is waited for, in seconds: whoever has not said anything by then has died. */
export const leaseSeconds = 90;
// A robot takes twenty messages a minute (DingTalk; the others take more), and shuts out for ten minutes whoever sends more.
const robotPerMinute = 18;
const dayMilliseconds = 86_400_000;

// The lease moves due_at on: one that is left behind is due again by itself.
const claim = statement<Claimed>('notice.claim', `
  UPDATE notice_delivery d SET state = 'sending', attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM notice_delivery WHERE state IN ('waiting', 'sending') AND due_at <= $1 AND NOT (tenant_id::text || ' ' || channel = ANY($3::text[])) ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE d.tenant_id = due.tenant_id AND d.id = due.id
  RETURNING d.tenant_id, d.id, d.staff_id, d.bundle_id, d.purpose, d.channel, d.urgency, d.step, d.instead_of, d.sealed, d.count, d.attempts, d.created_at`);
const settle = statement<{ id: string }>('notice.settle', `
  UPDATE notice_delivery SET state = $4, reason = $5, problem = $6, problem_code = $10, provider_id = $7, sent_at = CASE WHEN $4 IN ('sent', 'delivered') THEN $8 ELSE sent_at END, settled_at = $8, sealed = NULL, count = coalesce($9, count)
  WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3 RETURNING id`);
const postpone = statement<never>('notice.postpone', `
  UPDATE notice_delivery SET state = 'waiting', reason = $4, problem = $5, problem_code = $8, due_at = $6, attempts = attempts - CASE WHEN $7 THEN 0 ELSE 1 END WHERE tenant_id = $1 AND id = $2 AND state = 'sending' AND attempts = $3`);
// Those that are under way count as well: of many that were claimed together, the first go first.
const countSent = statement<{ count: number }>('notice.sent_lately', `
  SELECT (SELECT count(*) FROM notice_delivery WHERE tenant_id = $1 AND channel = $2 AND sent_at > $3)::int
    + (SELECT count(*) FROM notice_delivery WHERE tenant_id = $1 AND state = 'sending' AND channel = $2 AND id < $4)::int AS count`);
const findUsed = statement<{ channel: NoticeChannel }>('notice.used', 'SELECT channel FROM notice_delivery WHERE tenant_id = $1 AND bundle_id = $2');

/** Pauses before the next attempts, in seconds: what is urgent goes another way soon. */
const pauses: Record<Urgency, readonly number[]> = { urgent: [5, 20], normal: [30, 120, 600, 3_600], low: [60, 600, 3_600] };

/**
 * Sends what is due (投递通知): claims some, hands each to its channel outside of any transaction, and writes down what became of it. A node that dies in
 * between leaves its claim behind, which is taken up by another after its lease; the message goes out under the same reference then.
 *
 * @returns how many were taken up; without lanes once they are done
 */
export async function sendDue(services: Services, now: Date, { limit = 40, lanes }: { limit?: number; lanes?: Lanes } = {}): Promise<number> {
  const taken = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [now, limit, lanes ? [...lanes.keys()] : []]));
  const work = [...Map.groupBy(taken, (delivery) => `${delivery.tenant_id} ${delivery.channel}`)].map(([lane, own]) => {
    // Side by side: one that answers late holds nobody up but itself.
    const sent = Promise.all(own.map((delivery) => attempt(services, delivery).catch((error: unknown) => {
      // What we ourselves got wrong is no failure of the channel: it is due again when its lease is over.
      services.log.error({ error, tenantId: delivery.tenant_id, delivery: delivery.id }, 'a notice could not be sent; it will be tried again');
    }))).then(() => void lanes?.delete(lane));
    lanes?.set(lane, sent);
    return sent;
  });
  if (!lanes) await Promise.all(work);
  return taken.length;
}

/**
 * What each account of a channel is at (渠道通道): a round leaves out those that are not done with the last one, so that a service that hangs
 * keeps no other waiting.
 */
export type Lanes = Map<string, Promise<void>>;

type Prepared =
  | { kind: 'send'; reach: Reach; notices: { notice: OutgoingNotice; deviceId: string | null }[]; count: number }
  | { kind: 'leave'; reason: 'inactive' | 'already_read' | 'switched_off' }
  | { kind: 'fail'; reach: Reach | null; reason: SendProblem | 'no_address' | 'resting' | 'expired'; code: NoticeProblem | null; problem: string }
  | { kind: 'wait'; reason: 'resting' | 'rate_limited'; until: Date };

async function attempt(services: Services, delivery: Claimed): Promise<void> {
  const { database, clock, secrets, privateHosts = [] } = services;
  const prepared = await database.transact(delivery.tenant_id, (transaction) => prepare(services, transaction, delivery));
  if (prepared.kind === 'send') {
    const row = prepared.reach.accounts.get(delivery.channel)!;
    const account = openAccount(secrets, delivery.tenant_id, row);
    if (!account) return finish(services, delivery, { kind: 'fail', reach: prepared.reach, reason: 'account', code: 'sealed', problem: 'its credentials were sealed under another secret key' });
    // Where a browser takes pushes, anybody may write down: what rules may call within the house is nothing for it.
    const tools = outsideTools(clock, delivery.channel === 'web_push' ? [] : privateHosts);
    // Side by side, so that several browsers take no longer than one and the lease holds.
    const results = await Promise.all(prepared.notices.map(async ({ notice, deviceId }) => ({ deviceId, ...await send(services, delivery.channel, account, notice, tools) })));
    const devicesOf = (wanted: (result: (typeof results)[number]) => boolean) => results.filter(wanted).flatMap(({ deviceId }) => deviceId ?? []);
    const failures = results.flatMap((result) => ('failure' in result ? [result.failure] : []));
    // One browser that took it is enough; of several failures one that may pass counts.
    const outcome = results.find((result) => 'taken' in result) ?? { failure: failures.find((failure) => failure.code !== 'address') ?? failures[0]! };
    await conclude(services, delivery, prepared, outcome, { gone: devicesOf((result) => 'failure' in result && result.failure.code === 'address'), reached: devicesOf((result) => 'taken' in result) });
    return;
  }
  await finish(services, delivery, prepared);
}

/** Hands one message over; what a channel does not know to say is temporary. */
async function send(services: Services, channel: NoticeChannel, account: OpenAccount, notice: OutgoingNotice, tools: ChannelTools): Promise<{ taken: Taken } | { failure: SendFailure }> {
  try {
    return { taken: await noticeSenders[channel].send(account, notice, tools) };
  } catch (error) {
    if (error instanceof SendFailure) return { failure: error };
    services.log.warn({ error, channel }, 'a channel failed in a way it does not know');
    return { failure: new SendFailure('temporary', error instanceof Error ? error.message : String(error)) };
  }
}

async function prepare(services: Services, transaction: Transaction, delivery: Claimed): Promise<Prepared> {
  const { clock, secrets, publicUrl } = services;
  const now = clock.now();
  const reach = await reachOfPerson(transaction, delivery.staff_id);
  if (!reach?.staff.active) return { kind: 'leave', reason: 'inactive' };
  const row = reach.accounts.get(delivery.channel);
  if (!row?.active) return { kind: 'leave', reason: 'switched_off' };
  const resting = row.open_until !== null && row.open_until > now ? row.open_until : null;
  if (resting && delivery.purpose === 'notice') {
    if (delivery.urgency === 'urgent') {
      const other = nextChannel(reach, 'urgent', await usedChannels(transaction, delivery), now);
      if (other !== null) return { kind: 'fail', reach, reason: 'resting', code: 'resting', problem: '' };
    }
    if (now.getTime() - delivery.created_at.getTime() > dayMilliseconds) return { kind: 'fail', reach, reason: 'expired', code: 'expired', problem: '' };
    return { kind: 'wait', reason: 'resting', until: resting };
  }
  if (row.settings.mode === 'robot') {
    const [sent] = await transaction.query(countSent, [transaction.tenantId, delivery.channel, new Date(now.getTime() - 60_000), delivery.id]);
    if (sent!.count >= robotPerMinute) return { kind: 'wait', reason: 'rate_limited', until: new Date(now.getTime() + 20_000) };
  }
  if (delivery.purpose !== 'notice') return direct(services, transaction, delivery, reach);
  const found = reach.addresses.get(delivery.channel);
  if (!found || 'reason' in found) return { kind: 'fail', reach, reason: 'no_address', code: null, problem: '' };
  const ofChannel = (reason: NotificationReason) => delivery.urgency === 'urgent' || delivery.instead_of !== null || reach.settings.channels[reason].includes(delivery.channel);
  const composed = await compose(transaction, { id: delivery.bundle_id!, staffId: delivery.staff_id, urgency: delivery.urgency, channel: delivery.channel, reasons: notificationReasons.filter(ofChannel) }, publicUrl, now);
  if (!composed) return { kind: 'leave', reason: 'already_read' };
  const common = { ...composed, reference: delivery.id };
  if (delivery.channel !== 'web_push') return { kind: 'send', reach, count: composed.count, notices: [{ notice: { ...common, address: found.address }, deviceId: null }] };
  const devices = await openDevices(transaction, secrets, delivery.staff_id);
  if (devices.length === 0) return { kind: 'fail', reach, reason: 'no_address', code: null, problem: '' };
  return { kind: 'send', reach, count: composed.count, notices: devices.map((device) => ({ notice: { ...common, address: device.subscription }, deviceId: device.id })) };
}

/** A test or a code: what it says stands in its row. */
async function direct({ secrets }: Services, transaction: Transaction, delivery: Claimed, reach: Reach): Promise<Prepared> {
  const opened = delivery.sealed ? secrets.open(directPurpose, delivery.sealed) : null;
  if (!opened) return { kind: 'fail', reach, reason: 'content', code: 'sealed', problem: 'it was sealed under another secret key' };
  const { address, code } = JSON.parse(opened.toString()) as Direct;
  const { language, organization } = await languageOf(transaction, delivery.staff_id);
  const english = language === 'en';
  const words = code === undefined
    ? { title: english ? `Test message of ${organization}` : `${organization}：测试消息`, body: english ? 'The channel works: notices will arrive here.' : '渠道可用，今后的通知会发到这里。' }
    : { title: english ? `Your code is ${code}` : `验证码 ${code}`, body: english ? `Type it in the settings of ${organization} to have notices sent here. It is good for 10 minutes; if you did not ask for it, ignore it.` : `请在${organization}的通知设置里填写，确认今后的通知发到这里。10 分钟内有效；如果不是您本人操作，请忽略。` };
  const notice = { ...words, reference: delivery.id, address, link: null, linkText: '', urgent: false, brief: { title: code === undefined ? (english ? 'Test' : '测试消息') : english ? 'Code' : '验证码', number: code ?? '0000' } };
  if (delivery.channel !== 'web_push') return { kind: 'send', reach, count: 1, notices: [{ notice, deviceId: null }] };
  const devices = await openDevices(transaction, secrets, delivery.staff_id);
  if (devices.length === 0) return { kind: 'fail', reach, reason: 'no_address', code: null, problem: '' };
  return { kind: 'send', reach, count: 1, notices: devices.map((device) => ({ notice: { ...notice, address: device.subscription }, deviceId: device.id })) };
}

/** Writes down what a channel said. */
async function conclude(services: Services, delivery: Claimed, prepared: Extract<Prepared, { kind: 'send' }>, outcome: { taken: Taken } | { failure: SendFailure }, devices: { gone: readonly string[]; reached: readonly string[] }): Promise<void> {
  const { database, clock } = services;
  const now = clock.now();
  await database.transact(delivery.tenant_id, async (transaction) => {
    for (const id of devices.gone) await forgetDevice(transaction, id);
    await noteSent(transaction, devices.reached, now);
    if ('taken' in outcome) {
      await transaction.query(settle, [delivery.tenant_id, delivery.id, delivery.attempts, outcome.taken.delivered ? 'delivered' : 'sent', null, null, outcome.taken.providerId, now, prepared.count, null]);
      await noteOutcome(transaction, delivery.channel, now, null);
      return;
    }
    const { failure } = outcome;
    await noteOutcome(transaction, delivery.channel, now, { said: failure.message, code: failure.problem, counts: failure.code === 'account' || failure.code === 'temporary' });
    const passing = failure.code === 'temporary' || failure.code === 'rate_limited';
    const pause = delivery.purpose === 'test' ? undefined : pauses[delivery.urgency][delivery.attempts - 1];
    if (passing && pause !== undefined) {
      const seconds = Math.max(pause, delivery.urgency === 'urgent' ? 0 : failure.retryAfterSeconds ?? 0);
      await transaction.query(postpone, [delivery.tenant_id, delivery.id, delivery.attempts, failure.code, failure.message, new Date(now.getTime() + seconds * 1_000), true, failure.problem]);
      return;
    }
    await fail(transaction, delivery, prepared.reach, failure.code, failure.problem, failure.message, now);
  });
}

async function finish({ database, clock }: Services, delivery: Claimed, prepared: Exclude<Prepared, { kind: 'send' }>): Promise<void> {
  const now = clock.now();
  await database.transact(delivery.tenant_id, async (transaction) => {
    if (prepared.kind === 'leave') await transaction.query(settle, [delivery.tenant_id, delivery.id, delivery.attempts, 'suppressed', prepared.reason, null, null, now, null, null]);
    else if (prepared.kind === 'wait') await transaction.query(postpone, [delivery.tenant_id, delivery.id, delivery.attempts, prepared.reason, null, prepared.until, false, null]);
    else await fail(transaction, delivery, prepared.reach, prepared.reason, prepared.code, prepared.problem, now);
  });
}

/** It failed for good: the next channel is tried. */
async function fail(transaction: Transaction, delivery: Claimed, reach: Reach | null, reason: string, code: NoticeProblem | null, problem: string, now: Date): Promise<void> {
  const settled = await transaction.query(settle, [delivery.tenant_id, delivery.id, delivery.attempts, 'failed', reason, problem === '' ? null : problem, null, now, null, code]);
  if (settled.length === 0 || delivery.bundle_id === null || !reach) return;
  const bundle = { id: delivery.bundle_id, staff_id: delivery.staff_id, urgency: delivery.urgency, step: delivery.step };
  const used = await usedChannels(transaction, delivery);
  const next = nextChannel(reach, delivery.urgency, used, now);
  if (next !== null) await putDown(transaction, bundle, next, { reach, count: delivery.count, now, insteadOf: delivery.id });
}

async function usedChannels(transaction: Transaction, delivery: Claimed): Promise<NoticeChannel[]> {
  // Two that fail at the same moment must not choose the same next one.
  await transaction.run(build.selectFrom('notice_bundle').select('id').where('tenant_id', '=', delivery.tenant_id).where('id', '=', delivery.bundle_id!).forUpdate());
  return (await transaction.query(findUsed, [delivery.tenant_id, delivery.bundle_id])).map((row) => row.channel);
}
