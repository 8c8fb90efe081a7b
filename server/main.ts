import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type pg from 'pg';
import { startSampleServices } from './connectors/sample/sample-services.ts';
import { connectSamples } from './founding/connect-samples.ts';
import { ensureFounded, type SignInHints } from './founding/ensure-founded.ts';
import { smsByWebhook, smsOnConsole } from './channels/sms/send.ts';
import { ensureEveryJobHandled, jobHandlers } from './jobs.ts';
import { ConfigurationError, readConfig, type Config } from './platform/config/config.ts';
import { readSecretKey } from './platform/config/secret-key.ts';
import type { Services } from './platform/context.ts';
import { openDatabase } from './platform/db/database.ts';
import { migrate, UnusableServer } from './platform/db/migrate.ts';
import { keepStatistics } from './platform/db/statistics.ts';
import { onFactsCommitted } from './platform/facts/fact.ts';
import { registerReader, runReaders } from './platform/facts/readers.ts';
import { openBlobStore } from './platform/files/open-blob-store.ts';
import { followDatabase } from './platform/clock/database-clock.ts';
import { openHistoryKey } from './platform/facts/history-key.ts';
import { addHooks } from './platform/http/hooks.ts';
import { receiveReceipts } from './reactions/notices/receive-receipts.ts';
import { receiptPath } from './records/notice/receipt-address.ts';
import { addOperations } from './platform/http/operations.ts';
import { standardLimits } from './platform/http/limits.ts';
import { addApiDocumentation, addFaces } from './platform/http/pages.ts';
import { buildServer } from './platform/http/server.ts';
import { trustedHops } from './platform/http/trusted-hops.ts';
import { openJobs } from './platform/jobs/jobs.ts';
import { openLog, type Logger } from './platform/log.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/postgres/embedded.ts';
import { whenLauncherIsGone } from './platform/process/exit-with-parent.ts';
import { coalescedNotice } from './platform/facts/notice.ts';
import { openHub } from './platform/realtime/hub.ts';
import { followSignals } from './platform/realtime/signals.ts';
import { openSecrets } from './platform/secrets.ts';
import { followTail } from './reactions/feed/tail.ts';
import { tellNotified } from './reactions/feed/tell-notified.ts';
import { runClocks } from './reactions/sla/sweep.ts';
import { runAutomation } from './reactions/automation/do-work.ts';
import { runNews } from './reactions/news/run-news.ts';
import { runNotices } from './reactions/notices/run-notices.ts';
import { reactionsTo, readersOf } from './reactions.ts';
import { channelLimits } from '../contract/channel.ts';
import { receiveCalls } from './journey/intake/receive-call.ts';
import { runCompletions } from './journey/intake/completion/run-completions.ts';
import { runMedia } from './journey/intake/fetch-media.ts';
import { runMailServer } from './journey/intake/run-mail-server.ts';
import { runDevices } from './journey/intake/run-devices.ts';
import { runMailboxes } from './journey/intake/run-mailboxes.ts';
import { runPulls } from './journey/intake/pull-channels.ts';
import { runStreams } from './journey/intake/run-streams.ts';
import { runIntake } from './journey/intake/take-in.ts';
import { runExchanges } from './journey/intake/run-exchanges.ts';
import { runCallWork } from './journey/intake/call-work.ts';
import { runTravel } from './journey/dispatch/travel/look-up.ts';
import { runHotlineReports } from './journey/process/send-hotline-reports.ts';
import { runGreetings } from './journey/intake/welcome.ts';
import { runReplies } from './reactions/replies/run-replies.ts';
import { onMessageKept } from './records/channel/inbox.ts';
import { openChatHolders } from './records/chat/doors.ts';
import { openIdentify } from './records/access/identify.ts';
import { routes } from './routes.ts';
import { ensureEveryTimerHandled, runTimers, timerHandlers } from './timers.ts';

/** What has to be let go when the program stops, newest first. */
const taken: (() => unknown)[] = [];
let stopping: Promise<void> | undefined;

async function start(config: Config, log: Logger): Promise<void> {
  const say = (line: string) => console.log(line);
  const embedded = config.database.kind === 'embedded' ? await startEmbedded(config, log) : null;
  const connection: pg.ClientConfig = embedded ? embedded.connection : { connectionString: (config.database as { url: string }).url };
  const { role } = await migrate(connection).catch((error: unknown) => {
    throw error instanceof UnusableServer && !embedded ? new ConfigurationError(`DATABASE_URL must lead to a PostgreSQL that can be used: ${error.message}.`) : error;
  });
  const secrets = openSecrets(await readSecretKey(config));
  const database = openDatabase({ connection, role, historyKey: openHistoryKey(secrets) });
  taken.push(() => database.close());
  const clock = await followDatabase(database, log);
  taken.push(() => clock.stop());
  const publicUrl = config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`;
  const hub = openHub();
  const sendSms = config.smsWebhookUrl ? smsByWebhook(config.smsWebhookUrl) : smsOnConsole(log);
  const services: Services = {
    database, secrets, hub, log, publicUrl, clock, blobs: openBlobStore(config),
    smsConfigured: config.smsWebhookUrl !== undefined || config.demo, privateHosts: config.outgoingPrivateHosts, ...(config.smtpPort === undefined ? {} : { mailPort: config.smtpPort }),
    ...(config.mapTiles === undefined ? {} : { mapTiles: config.mapTiles }),
  };
  const hints = await ensureFounded({ database, clock, secrets, demo: config.demo, administrator: config.administrator, publicUrl, say });

  if (config.demo && config.role !== 'web') {
    // Allowed to be called for as long as they listen, and in the demonstration only.
    const samples = await startSampleServices();
    taken.push(() => samples.stop());
    services.privateHosts = [...services.privateHosts ?? [], samples.host];
    await connectSamples(services, samples.url);
  }
  const jobs = await openJobs(connection, log);
  taken.push(() => jobs.stop());
  const readers = readersOf(reactionsTo(services, jobs));
  const handlers = jobHandlers(services, sendSms);
  ensureEveryJobHandled(handlers);
  ensureEveryTimerHandled(timerHandlers);

  const wakeUps: (() => void)[] = [];
  const notice = await coalescedNotice(database, () => wakeUps.forEach((wake) => wake()));
  taken.push(() => notice.stop());
  onFactsCommitted(notice.announce);

  if (config.role !== 'web') {
    const statistics = keepStatistics(connection, log);
    taken.push(() => statistics.stop());
    for (const reader of readers) await registerReader(database, reader.name);
    const running = runReaders(database, readers, log);
    wakeUps.push(running.wake);
    taken.push(() => running.stop());
    const timers = runTimers(services);
    taken.push(() => timers.stop());
    const clocks = runClocks(services);
    taken.push(() => clocks.stop());
    const automation = runAutomation(services);
    taken.push(() => automation.stop());
    const notices = runNotices(services);
    taken.push(() => notices.stop());
    const intake = runIntake(services);
    onMessageKept(intake.wake);
    taken.push(() => intake.stop());
    for (const work of [runPulls(services), runMedia(services), runCompletions(services), runReplies(services), runCallWork(services), runExchanges(services), runHotlineReports(services), runNews(services)]) taken.push(() => work.stop());
    const mailboxes = runMailboxes(services);
    taken.push(() => mailboxes.stop());
    const devices = runDevices(services);
    taken.push(() => devices.stop());
    for (const work of [runStreams(services), runGreetings(services)]) taken.push(() => work.stop());
    await jobs.work(handlers);
  }
  // Where people look, and where plans are worked out: each asks for what its own wanted to know.
  const travel = runTravel(services);
  taken.push(() => travel.stop());
  if (config.role !== 'worker') {
    const tail = await followTail(services);
    wakeUps.push(tail.wake);
    taken.push(() => tail.stop());
    const signals = await followSignals(database, hub, log, (people) => {
      tellNotified(services, people).catch((error: unknown) => log.warn({ error }, 'people could not be told of new notifications; they find them when they look'));
    });
    taken.push(() => signals.stop());
  }
  if (config.smtpPort !== undefined && config.role !== 'worker') {
    const mail = await runMailServer(services, { host: config.host, port: config.smtpPort }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? new ConfigurationError(`SMTP_PORT must be free, but ${config.smtpPort} is in use by another program.`) : error;
    });
    taken.push(() => mail.stop());
  }
  await serve(config, services, log, hints, say);
  embedded?.ended.then(() => {
    if (stopping) return;
    log.fatal('the database stopped by itself');
    void stop(1);
  }, () => {});
}

async function startEmbedded(config: Config, log: Logger): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory, log: (line) => log.info(line) });
  taken.push(() => embedded.stop());
  return embedded;
}

/** Opens the port: for people and programs, or, in a worker, only for those who look after it. */
async function serve(config: Config, services: Services, log: Logger, hints: SignInHints, say: (line: string) => void): Promise<void> {
  let ready = false;
  const app = await buildServer({
    routes: config.role === 'worker' ? [] : routes, services, identify: openIdentify(services), log,
    trustProxy: trustProxy(config), secureCookies: services.publicUrl.startsWith('https:'),
    ...(config.apiKeyLimit === undefined ? {} : { limits: { ...standardLimits, apiKey: config.apiKeyLimit } }),
  });
  addOperations(app, services, () => ready);
  if (config.role !== 'worker') {
    await addHooks(app, '/hooks/:channel/:account', channelLimits.body, receiveCalls(services));
    await addHooks(app, `${receiptPath}/:account`, channelLimits.body, receiveReceipts(services));
    await addApiDocumentation(app);
    addFaces(app, join(import.meta.dirname, '../web/dist'), openChatHolders(services), services.mapTiles?.urls);
  }
  app.addHook('preClose', async () => services.hub.endAll());
  const closeIdle = followConnections(app.server);
  taken.push(async () => {
    // A connection falls idle when its answer is out, and callers would keep it open for a minute and more.
    const sweep = setInterval(closeIdle, 50);
    await app.close();
    clearInterval(sweep);
  });
  const address = await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    throw namingVariable(error, config);
  });
  ready = true;
  if (config.port === 0) services.publicUrl = config.publicUrl ?? address;
  greet(services.publicUrl, hints, say);
}

/** Why the port could not be opened, in terms of the variable that is wrong. */
function namingVariable(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new ConfigurationError(`PORT must be free, but ${port} is in use by another program.`);
    case 'EACCES': return new ConfigurationError(`PORT must be one that the program may open, but it may not open ${port}.`);
    case 'EADDRNOTAVAIL': case 'ENOTFOUND': case 'EAI_AGAIN': return new ConfigurationError(`HOST must be an address of this machine, but is "${host}".`);
    default: return error;
  }
}

/** Gives a way to close all connections on which no request is under way, also those on which none has come yet. */
function followConnections(server: Server): () => void {
  const underWay = new Map<Socket, number>();
  const change = (socket: Socket, by: number) => underWay.has(socket) && underWay.set(socket, underWay.get(socket)! + by);
  server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    change(socket, 1);
    // Once the answer has left, or cannot any more.
    response.once('close', () => change(socket, -1));
  });
  return () => {
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
  };
}

function trustProxy({ trustProxy: trusted }: Config): boolean | string | ((address: string, hop: number) => boolean) {
  if (trusted === false) return false;
  return typeof trusted === 'number' ? trustedHops(trusted) : trusted.join(',');
}

function greet(url: string, { slug, demoAccounts, demoPassword }: SignInHints, say: (line: string) => void): void {
  say(`\nBihuan 闭环 · ${url}`);
  say(`  工作台 Console   ${url}/`);
  say(`  工程师 Field     ${url}/field/`);
  if (slug) say(`  客户门户 Portal  ${url}/portal/${slug}`);
  say(`  接口文档 API     ${url}/api/docs`);
  if (demoPassword !== null) {
    say(`\n演示账号 Demo accounts (密码 password: ${demoPassword})`);
    for (const account of demoAccounts) say(`  ${account.email.padEnd(28)} ${account.role}`);
  } else if (slug === null) {
    say('\n还没有企业：请设置 ADMIN_EMAIL 与 ADMIN_PASSWORD 后重新启动。No organization yet: set ADMIN_EMAIL and ADMIN_PASSWORD and start again.');
  }
  say('');
}

/** Lets everything go in the reverse order it was taken, and ends the process. */
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    // Whatever hangs must not keep the process.
    setTimeout(() => process.exit(code || 1), 15_000).unref();
    for (const letGo of taken.reverse()) {
      try {
        await letGo();
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
      }
    }
    process.exit(code);
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
whenLauncherIsGone(() => void stop(0));
try {
  const config = readConfig(process.env);
  const log = openLog(config.logLevel);
  process.on('unhandledRejection', (error) => log.error({ error }, 'a promise was rejected and nobody looked'));
  await start(config, log);
} catch (error) {
  console.error(error instanceof ConfigurationError ? error.message : error);
  await stop(1);
}
