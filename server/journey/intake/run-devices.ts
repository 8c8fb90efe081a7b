import { CallRefused, type InboundMessage, type OpenInboundAccount } from '../../channels/inbound.ts';
import { connectDevices, isStale, type DeviceMessage } from '../../channels/mqtt/connect.ts';
import { envelope, mqtt } from '../../channels/mqtt/read-alarm.ts';
import type { Services } from '../../platform/context.ts';
import { newId } from '../../platform/db/uuid.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { brokersToHear, holdChannel, releaseChannel, type BrokerAccount } from '../../records/channel/holds.ts';
import { keepMessages } from '../../records/channel/inbox.ts';

const lookMilliseconds = 2_000;
// Who has not said for so long that it is there has died.
const holdMilliseconds = 12_000;
const pauses = [1, 5, 15, 60, 300];
const mostBytes = 262_144;
const farewellMilliseconds = 5_000;

/**
 * Listens to the brokers of all accounts (监听设备消息), each on one connection of one node, which holds it for as long as it lives: a broker knows one connection
 * of a name. A message is acknowledged once it is kept; whoever dies in between is brought it again, and it is kept once by its name.
 */
export function runDevices(services: Services): Ongoing {
  const { database, clock, log } = services;
  const holder = newId();
  const heard = new Map<string, { tenantId: string; identity: string; stop: () => Promise<void> }>();
  const work = keepDoing(
    async () => {
      const wanted = new Map<string, BrokerAccount>();
      for (const account of await brokersToHear(database)) if (await holdChannel(database, account.tenantId, account.row.id, holder, clock.now(), holdMilliseconds)) wanted.set(account.row.id, account);
      for (const [id, one] of heard) {
        if (wanted.get(id) && identityOf(wanted.get(id)!) === one.identity) continue;
        heard.delete(id);
        // The broker ends the older of two connections by itself; nobody else's lease is to wait for it.
        void one.stop().catch((error: unknown) => log.warn({ error }, 'a connection to a broker did not end in order'));
      }
      for (const [id, account] of wanted) if (!heard.has(id)) heard.set(id, { tenantId: account.tenantId, identity: identityOf(account), stop: hear(services, account) });
      return lookMilliseconds;
    },
    (error) => {
      log.error({ error }, 'the brokers of devices could not be looked up; it will be tried again');
      return lookMilliseconds;
    },
  );
  return stoppedWithin({
    wake: work.wake,
    async stop() {
      await work.stop();
      await Promise.all([...heard].map(async ([id, one]) => {
        await one.stop();
        await releaseChannel(database, one.tenantId, id, holder).catch(() => {});
      }));
    },
  }, farewellMilliseconds);
}

const identityOf = ({ row }: BrokerAccount): string => `${row.id} ${row.version}`;

/** Listens to one broker until stopped; after a failure again, after ever longer pauses. */
function hear(services: Services, account: BrokerAccount): () => Promise<void> {
  const { database, clock, log } = services;
  const end = new AbortController();
  let failures = 0;
  const work = keepDoing(
    async () => {
      await hearUntil(services, account, end.signal, () => (failures = 0));
      return 0;
    },
    (error) => {
      const problem = error instanceof Error ? error.message.slice(0, 250) : 'unknown';
      log.warn({ channel: account.row.id, problem }, 'a broker of devices could not be listened to; it will be tried again');
      void noteChannel.refused(database, account.tenantId, account.row.id, clock.now(), `account: ${problem}`).catch(() => {});
      failures += 1;
      return pauses[Math.min(failures, pauses.length) - 1]! * 1_000;
    },
  );
  return async () => {
    end.abort();
    await work.stop();
  };
}

async function hearUntil(services: Services, { tenantId, slug, row }: BrokerAccount, end: AbortSignal, onHeard: () => void): Promise<void> {
  const account = openChannel(services.secrets, row);
  if (!account) throw new Error('its password cannot be opened with this SECRET_KEY');
  if (end.aborted) return;
  const connection = await connectDevices(account, slug, services.privateHosts ?? [], (message) => keepDevice(services, tenantId, account, message));
  onHeard();
  const stop = (): void => void connection.close();
  end.addEventListener('abort', stop, { once: true });
  try {
    await noteChannel.mended(services.database, tenantId, row.id);
    if (end.aborted) await connection.close();
    await connection.ended;
  } finally {
    end.removeEventListener('abort', stop);
    await connection.close();
  }
}

/** Keeps what a device said (设备消息落库): read by the account's mapping; the unreadable put aside like any other. */
export async function keepDevice({ database, clock, log }: Pick<Services, 'database' | 'clock' | 'log'>, tenantId: string, account: OpenInboundAccount, { topic, device, status, payload, retained }: DeviceMessage): Promise<void> {
  const now = clock.now();
  // Whoever subscribes is brought what was said once, perhaps long ago.
  if (retained && isStale(payload, now)) return;
  const raw = envelope(topic, device, status, payload.length > mostBytes ? Buffer.from('too large') : payload, now);
  let messages: readonly InboundMessage[];
  try {
    messages = mqtt.decode(account, { method: 'POST', query: {}, headers: {}, body: raw }, now);
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    log.warn({ channel: account.id, said: error.message }, 'what a device said cannot be read');
    return;
  }
  await database.transact(tenantId, (transaction) => keepMessages(transaction, account.id, messages, raw, now), { grouped: true });
  await noteChannel.received(database, tenantId, account.id, now).catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
}
