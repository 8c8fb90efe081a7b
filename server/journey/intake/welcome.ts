import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import type { Sender } from '../../channels/inbound.ts';
import { outsideTools, SendFailure } from '../../channels/notice-channel.ts';
import type { Context, Services } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, noteChannel, openChannel, type ChannelRow } from '../../records/channel/accounts.ts';
import { dueGreetings, onGreetingWaiting, postponeGreeting, queueGreeting, settleGreeting, type GreetingRow } from '../../records/channel/greetings.ts';
import type { DueMessage, InboxContent } from '../../records/channel/inbox.ts';
import { identify } from '../../records/conversation/channel/identify.ts';
import type { Outcome } from './take-in.ts';

const findJoined = statement<{ joined: NonNullable<InboxContent['joined']>; received_at: Date }>('inbox_message.joined', "SELECT content->'joined' AS joined, received_at FROM inbox_message WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'");
const batch = 20;
const pollMilliseconds = 1_000;
const farewellMilliseconds = 5_000;
const pauseSeconds = 2;

/**
 * Somebody was added to the contacts of a member of the organization (客户添加): from then on they are known, by whatever way they write; where the account has a welcome,
 * they get it.
 */
export async function welcome(context: Context, channel: ChannelRow, sender: Sender): Promise<Outcome> {
  await identify(context, channel.id, sender);
  return { outcome: 'contact_added', ticketId: null };
}

/**
 * Has whoever was added welcomed, once (欢迎语入队): before anybody asks who they are, and behind nothing that waits in their thread, since the platform takes a welcome
 * for some seconds only.
 */
export async function welcomeAtOnce({ database, clock, log }: Services, { tenant_id: tenantId, id, account_id: accountId }: DueMessage): Promise<void> {
  await database.transact(tenantId, async (transaction) => {
    const [row] = await transaction.query(findJoined, [tenantId, id]);
    const [channel] = await findChannels(transaction, [accountId]);
    if (!row?.joined.greetWith || (channel?.settings['welcome'] ?? '') === '') return;
    await queueGreeting(transaction, accountId, id, row.joined.greetWith, new Date(row.received_at.getTime() + row.joined.seconds * 1_000), clock.now());
  }).catch((error: unknown) => log.warn({ error, tenantId, message: id }, 'a welcome could not be noted; it will be tried again'));
}

/**
 * Sends the welcomes that are due (发送欢迎语), tried again for as long as the platform takes them.
 *
 * @returns how many there were
 */
export async function sendDueGreetings(services: Services): Promise<number> {
  const due = await dueGreetings(services.database, services.clock.now(), batch);
  await Promise.all(due.map((row) => greet(services, row).catch((error: unknown) => {
    services.log.error({ error, tenantId: row.tenant_id, greeting: row.id }, 'a welcome could not be sent');
  })));
  return due.length;
}

async function greet(services: Services, row: GreetingRow): Promise<void> {
  const { database, clock, secrets, publicUrl } = services;
  const { channel, organization } = await database.transact(row.tenant_id, async (transaction) => ({
    channel: (await findChannels(transaction, [row.account_id]))[0],
    organization: await transaction.first(build.selectFrom('organization').select(['name', 'slug', 'language']).where('tenant_id', '=', row.tenant_id)),
  }));
  const settle = (state: 'sent' | 'failed', failure: string | null) => database.transact(row.tenant_id, (transaction) => settleGreeting(transaction, row.id, state, failure, clock.now()));
  const account = channel?.active && !channel.archived_at ? openChannel(secrets, channel) : null;
  const adapter = channel && inboundAdapters[channel.kind];
  if (!channel || !account || !adapter?.greet || !organization) return void await settle('failed', 'the channel is off');
  if (row.until <= clock.now()) return void await settle('failed', 'too late: the platform takes it within seconds only');
  try {
    await adapter.greet(account, row.context, {
      text: channel.settings['welcome'] ?? '', link: `${publicUrl}/portal/${organization.slug}`, organization: organization.name, language: organization.language === 'en' ? 'en' : 'zh-CN',
    }, outsideTools(clock, services.privateHosts ?? []));
    await settle('sent', null);
  } catch (error) {
    if (!(error instanceof SendFailure)) throw error;
    if (error.code === 'temporary' || error.code === 'rate_limited') {
      await database.transact(row.tenant_id, (transaction) => postponeGreeting(transaction, row.id, error.message, new Date(clock.now().getTime() + pauseSeconds * 1_000)));
      return;
    }
    await settle('failed', error.message);
    services.log.warn({ channel: row.account_id, said: error.message }, 'the platform took no welcome');
    // Mended by whoever looks after the account; of one person nobody has to be told.
    if (error.code === 'account') await noteChannel.refused(database, row.tenant_id, row.account_id, clock.now(), `account: ${error.message}`);
  }
}

/** Keeps welcoming until stopped; woken when somebody was added. */
export function runGreetings(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await sendDueGreetings(services) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'welcomes could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  onGreetingWaiting(work.wake);
  return stoppedWithin(work, farewellMilliseconds);
}
