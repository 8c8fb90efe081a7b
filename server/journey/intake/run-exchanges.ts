import { callEventOfAri, listenIn, openAri, record, recordedBy, type AriConnection, type AriEvent } from '../../channels/phone/ari.ts';
import { phone } from '../../channels/phone/read-call-events.ts';
import { CallRefused, type OpenInboundAccount } from '../../channels/inbound.ts';
import { outsideTools } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { OutsideFailure } from '../../platform/egress/call-outside.ts';
import { keepDoing, type Ongoing } from '../../platform/process/keep-doing.ts';
import { keepInOrder, type Kept } from '../../platform/process/keep-in-order.ts';
import { noteChannel, openChannel } from '../../records/channel/accounts.ts';
import { exchangesToHear, type HeardAccount } from '../../records/channel/holds.ts';
import { keepMessages } from '../../records/channel/inbox.ts';
import { holdAndRun } from './hold-and-run.ts';
import { missedEvents } from './missed-events.ts';

const holdMilliseconds = 20_000;
const farewellMilliseconds = 4_000;
const pauses = [1, 5, 15, 60, 300];
// A connection that ends sooner is as good as none.
const settledMilliseconds = 10_000;
/** So many events wait for the database; then Asterisk is no longer listened to, until some are kept. */
const mostWaiting = 10_000;
const againMilliseconds = [100, 500, 2_000, 5_000];
const extensionMilliseconds = 5_000;

const isCall = statement<{ there: boolean }>('call.is_told_of', `
  SELECT EXISTS (SELECT FROM call WHERE tenant_id = $1 AND account_id = $2 AND external_id = $3)
    OR EXISTS (SELECT FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND thread = $3 AND state = 'waiting') AS there`);

/**
 * Listens to telephone systems that are Asterisk (监听 Asterisk ARI): one node holds each by a lease, and others take it over when it has died. What it tells of
 * a call goes the way of what other telephone systems send; nothing of it comes a second time, so it waits here while the database is away, and what
 * ended while nobody listened is asked for. Calls are never taken over: who rings is the dialplan's business.
 */
export const runExchanges = (services: Services): Ongoing =>
  holdAndRun(services, { list: exchangesToHear, open: (exchange) => listenTo(services, exchange), holdMilliseconds });

/** One connection, opened anew whenever it ends; after a failure after ever longer pauses. */
function listenTo(services: Services, exchange: HeardAccount): () => Promise<void> {
  const { tenantId, row } = exchange;
  const { log } = services;
  let connection: AriConnection | undefined;
  let stopping = false;
  let failures = 0;
  const waiting = keepInOrder(mostWaiting, (error, attempt) => {
    // Of what is asked for, only the database is worth waiting for.
    const never = error instanceof CallRefused || error instanceof OutsideFailure;
    if (never || attempt === 1) log.error({ error, channel: row.id }, never ? 'what a telephone system tells cannot be read' : 'what a telephone system told could not be kept; it will be tried again');
    return never ? null : againMilliseconds[Math.min(attempt, againMilliseconds.length) - 1]!;
  });
  const extensions = openExtensions(services, tenantId);
  const pauseNow = (): number => {
    failures += 1;
    return pauses[Math.min(failures, pauses.length) - 1]! * 1_000;
  };
  const work = keepDoing(
    async () => {
      const account = openChannel(services.secrets, row);
      if (!account) throw new Error('its secrets cannot be opened with this SECRET_KEY');
      const take = hearing(services, exchange, account, extensions, waiting);
      const opened = await openAri(account, services.privateHosts ?? [], (event) => {
        if (!take(event)) opened.close();
      });
      connection = opened;
      const settled = setTimeout(() => (failures = 0), settledMilliseconds);
      try {
        if (stopping) return 0;
        // How it is doing is no reason not to listen.
        await noteChannel.mended(services.database, tenantId, row.id).catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
        waiting.add('', async () => {
          if (!(await missedEvents(services, exchange, account)).every(take)) opened.close();
        });
        await opened.closed;
      } finally {
        clearTimeout(settled);
        opened.close();
      }
      return stopping ? 0 : pauseNow();
    },
    (error) => {
      const problem = error instanceof Error ? error.message : String(error);
      log.warn({ channel: row.id, problem }, 'a telephone system could not be listened to; it will be tried again');
      void noteChannel.refused(services.database, tenantId, row.id, services.clock.now(), `account: ${problem}`).catch(() => {});
      return pauseNow();
    },
  );
  return async () => {
    stopping = true;
    connection?.close();
    await work.stop();
    const lost = await waiting.end(farewellMilliseconds);
    if (lost > 0) log.error({ channel: row.id, lost }, 'what a telephone system told could not be kept before this node ended');
  };
}

/** Whose telephone is known here, as it stood a few seconds ago. */
function openExtensions({ database, clock }: Services, tenantId: string): () => Promise<ReadonlySet<string>> {
  let known = { at: Number.NEGATIVE_INFINITY, extensions: new Set<string>() };
  return async () => {
    const at = clock.now().getTime();
    if (at - known.at < extensionMilliseconds) return known.extensions;
    const lines = await database.transact(tenantId, (transaction) => transaction.run(build.selectFrom('phone_line').select('extension').where('tenant_id', '=', tenantId).where('extension', 'is not', null)));
    known = { at, extensions: new Set(lines.map((line) => line.extension!)) };
    return known.extensions;
  };
}

/** Takes an event up, behind those of the same call; false when there is no room. */
function hearing(services: Services, { tenantId, row }: HeardAccount, account: OpenInboundAccount, extensions: () => Promise<ReadonlySet<string>>, waiting: Kept): (event: AriEvent) => boolean {
  const { database, clock, log } = services;
  const tools = outsideTools(clock, services.privateHosts ?? []);
  const unrecorded = (error: unknown): void => log.warn({ error, channel: row.id }, 'a call could not be recorded');
  const keep = async (event: AriEvent): Promise<void> => {
    const known = await extensions();
    const told = callEventOfAri(event, account, (endpoint) => known.has(endpoint));
    if (!told) return;
    const raw = Buffer.from(JSON.stringify(told));
    const now = clock.now();
    const messages = phone.decode(account, { method: 'POST', query: {}, headers: {}, body: raw }, now);
    const { thread } = messages[0]!;
    // Every channel ends; only those that somebody was called by are calls.
    if (event.type === 'ChannelDestroyed' && (await database.look(tenantId, isCall, [tenantId, row.id, thread]))[0]?.there !== true) return;
    await database.transact(tenantId, (transaction) => keepMessages(transaction, row.id, messages, raw, now), { grouped: true });
    await noteChannel.received(database, tenantId, row.id, now).catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
    if (told['type'] === 'call.answered' && account.values['record'] === 'record_yes') await listenIn(account, tools, thread).catch(unrecorded);
  };
  return (event) => {
    if (event.type === 'StasisStart') {
      const call = recordedBy(event.channel?.id);
      // It does not wait for what is told of the call: what is said meanwhile would not be recorded.
      if (call !== null) void record(account, tools, event.channel!.id!).catch(unrecorded);
      return true;
    }
    if (event.type === 'Dial') return waiting.add(event.caller?.id ?? event.peer?.id ?? '', () => keep(event));
    if (event.type === 'ChannelDestroyed') return recordedBy(event.channel?.id) !== null || waiting.add(event.channel?.id ?? '', () => keep(event));
    if (event.type === 'RecordingFinished') return recordedBy(event.recording?.name) === null || waiting.add(recordedBy(event.recording?.name)!, () => keep(event));
    return true;
  };
}
