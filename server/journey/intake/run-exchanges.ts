import { callEventOfAri, listenIn, openAri, record, recorderPrefix, type AriConnection, type AriEvent } from '../../channels/phone/ari.ts';
import { phone } from '../../channels/phone/read-call-events.ts';
import type { OpenInboundAccount } from '../../channels/inbound.ts';
import { outsideTools } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { build, everyTenant, statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, noteChannel, openChannel, type ChannelRow } from '../../records/channel/accounts.ts';
import { holdChannel, releaseChannel } from '../../records/channel/holds.ts';
import { keepMessages } from '../../records/channel/inbox.ts';

const lookMilliseconds = 2_000;
const holdMilliseconds = 20_000;
const farewellMilliseconds = 5_000;
const pauses = [1, 5, 15, 60, 300];

const listExchanges = statement<{ tenant_id: string; id: string }>('channel_account.exchanges', `
  SELECT tenant_id, id FROM channel_account WHERE kind = 'phone' AND active AND archived_at IS NULL AND settings ->> 'mode' = 'ari' AND sealed IS NOT NULL ORDER BY tenant_id, id LIMIT 1000`);
const isCall = statement<{ there: boolean }>('call.is_told_of', `
  SELECT EXISTS (SELECT 1 FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND thread = $3) AS there`);

interface Exchange {
  tenantId: string;
  row: ChannelRow;
}

/**
 * Listens to telephone systems that are Asterisk (监听 Asterisk ARI): one node holds each by a lease, and others take it over when it has died. What it tells of
 * a call goes the way of what other telephone systems send. Calls are never taken over: who rings is the dialplan's business.
 */
export function runExchanges(services: Services): Ongoing {
  const { database, clock, log } = services;
  const holder = newId();
  const listening = new Map<string, { tenantId: string; identity: string; stop: () => Promise<void> }>();
  const work = keepDoing(
    async () => {
      const held = new Map<string, Exchange>();
      for (const { tenant_id: tenantId, id } of await database.transact(everyTenant, (transaction) => transaction.query(listExchanges, []))) {
        const [row] = await database.transact(tenantId, (transaction) => findChannels(transaction, [id]));
        if (row && await holdChannel(database, tenantId, id, holder, clock.now(), holdMilliseconds)) held.set(id, { tenantId, row });
      }
      for (const [id, one] of listening) {
        if (held.get(id) && identityOf(held.get(id)!) === one.identity) continue;
        listening.delete(id);
        await one.stop();
        if (!held.has(id)) await releaseChannel(database, one.tenantId, id, holder);
      }
      for (const [id, one] of held) if (!listening.has(id)) listening.set(id, { tenantId: one.tenantId, identity: identityOf(one), stop: listenTo(services, one) });
      return lookMilliseconds;
    },
    (error) => {
      log.error({ error }, 'the telephone systems to listen to could not be looked up; it will be tried again');
      return lookMilliseconds;
    },
  );
  return stoppedWithin({
    wake: work.wake,
    async stop() {
      await work.stop();
      await Promise.all([...listening].map(async ([id, one]) => {
        await one.stop();
        await releaseChannel(database, one.tenantId, id, holder).catch((error: unknown) => log.warn({ error }, 'what this node listened to is free when its lease ends'));
      }));
    },
  }, farewellMilliseconds);
}

const identityOf = ({ row }: Exchange): string => `${row.id} ${row.version}`;

/** One connection, opened anew whenever it ends; after a failure after ever longer pauses. */
function listenTo(services: Services, exchange: Exchange): () => Promise<void> {
  const { tenantId, row } = exchange;
  let connection: AriConnection | undefined;
  let stopping = false;
  let failures = 0;
  const work = keepDoing(
    async () => {
      const account = openChannel(services.secrets, row);
      if (!account) throw new Error('its secrets cannot be opened with this SECRET_KEY');
      // One after another, as they came.
      let last: Promise<void> = Promise.resolve();
      connection = await openAri(account, services.privateHosts ?? [], (event) => {
        last = last.then(() => hear(services, exchange, account, event)).catch((error: unknown) => services.log.error({ error, channel: row.id }, 'what a telephone system told could not be kept'));
      });
      failures = 0;
      await noteChannel.mended(services.database, tenantId, row.id);
      if (stopping) connection.close();
      await connection.closed;
      return stopping ? 0 : pauses[0]! * 1_000;
    },
    (error) => {
      const problem = error instanceof Error ? error.message : String(error);
      services.log.warn({ channel: row.id, problem }, 'a telephone system could not be listened to; it will be tried again');
      void noteChannel.refused(services.database, tenantId, row.id, services.clock.now(), `account: ${problem}`).catch(() => {});
      failures += 1;
      return pauses[Math.min(failures, pauses.length) - 1]! * 1_000;
    },
  );
  return async () => {
    stopping = true;
    connection?.close();
    await work.stop();
  };
}

async function hear(services: Services, { tenantId, row }: Exchange, account: OpenInboundAccount, event: AriEvent): Promise<void> {
  const { database, clock } = services;
  const tools = outsideTools(clock, services.privateHosts ?? []);
  if (event.type === 'StasisStart' && event.channel?.id?.startsWith(recorderPrefix)) return void await record(account, tools, event.channel.id);
  if (event.type !== 'Dial' && event.type !== 'ChannelDestroyed' && event.type !== 'RecordingFinished') return;
  const extensions = new Set((await database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('phone_line').select('extension').where('tenant_id', '=', tenantId).where('extension', 'is not', null)))).map((line) => line.extension));
  const told = callEventOfAri(event, account, (endpoint) => extensions.has(endpoint));
  if (!told) return;
  const raw = Buffer.from(JSON.stringify(told));
  const now = clock.now();
  const messages = phone.decode(account, { method: 'POST', query: {}, headers: {}, body: raw }, now);
  const thread = messages[0]!.thread;
  // Every channel ends; only those that somebody was called by are calls.
  if (event.type === 'ChannelDestroyed' && (await database.look(tenantId, isCall, [tenantId, row.id, thread]))[0]?.there !== true) return;
  await database.transact(tenantId, (transaction) => keepMessages(transaction, row.id, messages, raw, now), { grouped: true });
  await noteChannel.received(database, tenantId, row.id, now);
  if (told['type'] === 'call.answered' && account.values['record'] === 'record_yes') await listenIn(account, tools, thread).catch((error: unknown) => services.log.warn({ error, channel: row.id }, 'a call could not be recorded'));
}
