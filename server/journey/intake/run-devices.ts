import { hash } from 'node:crypto';
import type { InboundMessage, OpenInboundAccount } from '../../channels/inbound.ts';
import { connectDevices, isStale, type DeviceMessage } from '../../channels/mqtt/connect.ts';
import { envelope, mqtt } from '../../channels/mqtt/read-alarm.ts';
import type { Services } from '../../platform/context.ts';
import { isDatabaseError } from '../../platform/db/database.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { brokersToHear, type HeardAccount } from '../../records/channel/holds.ts';
import { keepMessages } from '../../records/channel/inbox.ts';
import { holdAndRun } from './hold-and-run.ts';

// Who has not said for so long that it is there has died.
const holdMilliseconds = 12_000;
const pauses = [1, 5, 15, 60, 300];
const repetitionMilliseconds = 60_000;

/**
 * Listens to the brokers of all accounts (监听设备消息), each on one connection of one node, which holds it for as long as it lives: a broker knows one connection
 * of a name. A message is acknowledged once it is kept; whoever dies in between is brought it again, and it is kept once by its name.
 */
export const runDevices = (services: Services): Ongoing => holdAndRun(services, { list: brokersToHear, open: (account) => hear(services, account), holdMilliseconds });

/** Listens to one broker until stopped; after a failure again, after ever longer pauses. */
function hear(services: Services, account: HeardAccount): () => Promise<void> {
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

async function hearUntil(services: Services, { tenantId, slug, row }: HeardAccount, end: AbortSignal, onHeard: () => void): Promise<void> {
  const account = openChannel(services.secrets, row);
  if (!account) throw new Error('its password cannot be opened with this SECRET_KEY');
  if (end.aborted) return;
  const said: LastSaid = new Map();
  const connection = await connectDevices(account, slug, services.privateHosts ?? [], (message) => keepDevice(services, tenantId, account, message, said));
  onHeard();
  const stop = (): void => void connection.close();
  end.addEventListener('abort', stop, { once: true });
  try {
    // How it is doing is no reason not to listen.
    await noteChannel.mended(services.database, tenantId, row.id).catch((error: unknown) => services.log.warn({ error }, 'the health of a channel could not be noted'));
    if (end.aborted) await connection.close();
    await connection.ended;
  } finally {
    end.removeEventListener('abort', stop);
    await connection.close();
  }
}

/** What was last kept of each topic, and when: what only repeats it is left out. Whoever has forgotten it keeps a repetition, which is counted on its ticket. */
export type LastSaid = Map<string, { said: string; at: number }>;
const mostTopics = 10_000;

/**
 * Keeps what a device said (设备消息落库): read by the account's mapping; the unreadable, and what the database will never take, is put aside like any other, as a
 * broker brings nothing more before it is acknowledged.
 */
export async function keepDevice({ database, clock, log }: Pick<Services, 'database' | 'clock' | 'log'>, tenantId: string, account: OpenInboundAccount, { topic, device, status, payload, retained }: DeviceMessage, said: LastSaid): Promise<void> {
  const now = clock.now();
  // Whoever subscribes is brought what was said once, perhaps long ago.
  if (retained && isStale(payload, now)) return;
  const [last, saying] = [said.get(topic), hash('sha256', payload)];
  if (last && now.getTime() - last.at < repetitionMilliseconds && last.said === saying) return;
  const raw = envelope(topic, device, status, payload, now);
  const keep = (messages: readonly InboundMessage[]) => database.transact(tenantId, (transaction) => keepMessages(transaction, account.id, messages, raw, now), { grouped: true });
  await keep(mqtt.decode(account, { method: 'POST', query: {}, headers: {}, body: raw }, now)).catch((error: unknown) => {
    if (!isRefusedForGood(error)) throw error;
    log.warn({ channel: account.id, error }, 'the database does not take what a device said; it is put aside');
    const name = hash('sha256', raw);
    return keep([{ externalId: name, thread: name, occurredAt: now, parts: [], values: {}, unreadable: true }]);
  });
  if (said.size >= mostTopics) said.clear();
  said.set(topic, { said: saying, at: now.getTime() });
  await noteChannel.received(database, tenantId, account.id, now).catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
}

/** It holds what no text of the database does (untranslatable_character, character_not_in_repertoire): so it will be next time. */
const isRefusedForGood = (error: unknown): boolean => isDatabaseError(error, '22P05') || isDatabaseError(error, '22021');
