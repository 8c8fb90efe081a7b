import { openStream, type Stream } from '../../channels/dingtalk/stream.ts';
import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import type { OpenInboundAccount } from '../../channels/inbound.ts';
import { outsideTools } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { streamsToHear, type HeardAccount } from '../../records/channel/holds.ts';
import { keepMessages } from '../../records/channel/inbox.ts';
import { holdAndRun } from './hold-and-run.ts';
import { readAll } from './receive-call.ts';

/** A node that says nothing for so long has died. */
export const holdMilliseconds = 20_000;
const pauses = [1, 5, 15, 60, 300];
// A connection that ends sooner is as good as none.
const settledMilliseconds = 10_000;
// While one is closed and opened anew, the other goes on hearing.
const connectionsOfEach = 2;

/**
 * Listens to the accounts whose platform hands messages over on connections of ours (监听 Stream 渠道): one node holds an account by a lease, and others take it
 * over when it has died. Each account is heard on two connections. What comes is kept before it is answered; what comes twice, or on both, is kept once.
 */
export const runStreams = (services: Services): Ongoing => holdAndRun(services, { list: streamsToHear, open: (account) => listenTo(services, account), holdMilliseconds });

function listenTo(services: Services, listened: HeardAccount): () => Promise<void> {
  const lines = Array.from({ length: connectionsOfEach }, () => openLine(services, listened));
  return async () => void await Promise.all(lines.map((stop) => stop()));
}

/** One connection, opened anew whenever it ends; after a failure after ever longer pauses. */
function openLine(services: Services, { tenantId, row }: HeardAccount): () => Promise<void> {
  const end = new AbortController();
  const stopped = new Promise<'stopped'>((resolve) => end.signal.addEventListener('abort', () => resolve('stopped'), { once: true }));
  const open = new Set<Stream>();
  let failures = 0;
  const pauseNow = (): number => {
    failures += 1;
    return pauses[Math.min(failures, pauses.length) - 1]! * 1_000;
  };
  const work = keepDoing(
    async () => {
      const account = openChannel(services.secrets, row);
      if (!account) throw new Error('its secrets cannot be opened with this SECRET_KEY');
      const stream = await openStream(account, outsideTools(services.clock, services.privateHosts ?? []), (raw) => keepFrame(services, tenantId, row.id, account, raw));
      open.add(stream);
      void stream.closed.then(() => open.delete(stream));
      if (end.signal.aborted) return 0;
      // How it is doing is no reason not to listen.
      await noteChannel.mended(services.database, tenantId, row.id).catch((error: unknown) => services.log.warn({ error }, 'the health of a channel could not be noted'));
      let hasSettled = false;
      const settled = setTimeout(() => {
        hasSettled = true;
        failures = 0;
      }, settledMilliseconds);
      const how = await Promise.race([stream.ending, stopped]);
      clearTimeout(settled);
      // Told that it will be closed, another is opened while it is still heard; it is closed by the platform. One that says so at once is not asked without a pause.
      return how === 'stopped' || (how === 'told' && hasSettled) ? 0 : pauseNow();
    },
    (error) => {
      const problem = error instanceof Error ? error.message : String(error);
      services.log.warn({ channel: row.id, problem }, 'a channel could not be listened to; it will be tried again');
      void noteChannel.refused(services.database, tenantId, row.id, services.clock.now(), `account: ${problem}`).catch(() => {});
      return pauseNow();
    },
  );
  return async () => {
    end.abort();
    await work.stop();
    await Promise.all([...open].map((stream) => stream.close()));
  };
}

async function keepFrame(services: Services, tenantId: string, accountId: string, account: OpenInboundAccount, raw: Buffer): Promise<void> {
  const now = services.clock.now();
  try {
    const messages = readAll(inboundAdapters.dingtalk, 'dingtalk', account, { method: 'POST', query: {}, headers: {}, body: raw }, now);
    await services.database.transact(tenantId, (transaction) => keepMessages(transaction, accountId, messages, raw, now), { grouped: true });
  } catch (error) {
    services.log.warn({ error, channel: accountId }, 'a message of a stream could not be kept; the platform sends it again');
    throw error;
  }
  await noteChannel.received(services.database, tenantId, accountId, now).catch((error: unknown) => services.log.warn({ error }, 'the health of a channel could not be noted'));
}
