import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { makeFolder } from '../cleanup.ts';
import { bareMessages } from '../create/bare-inserts.ts';
import { openCeiling, type Ceiling } from '../create/ceiling.ts';
import { median, percentile, show } from '../figures.ts';
import { postgresVersion } from '../machine.ts';
import { keepToOneCore, processorTime } from '../processes.ts';
import { startProgram, untilReadersCaughtUp, withDatabase, type Program } from '../program.ts';
import type { Report } from '../report.ts';
import { startPlatform, type Account, type InboundResult, type Platform } from './load.ts';

const levels = [1, 32];
const people = 500;
/** More than a core takes within a second. */
const mostPerSecond = 6_000;
const pace = 20;
/** Steady loads, a second: one that is kept up with, and more than a core can make tickets and entries of. */
const steadyPaces = [100, 400];

/** One round: what the platform saw, and what it took of the processor, in milliseconds. */
interface Measured extends Omit<InboundResult, 'answered'> {
  perSecond: number;
  program: number;
  database: number;
  /** How long after the last answer everything had become what it was to become. */
  behind: number;
}

/** Callbacks of WeChat, verified, decrypted, stored, answered, on one core; and how soon what came is a ticket that can be seen. */
export async function measureInbound({ quick }: { quick: boolean }): Promise<{ report: Report; postgres: string }> {
  const [rounds, seconds] = quick ? [1, 2] : [5, 5];
  const folder = await makeFolder();
  const platform = await startPlatform();
  const program = await startProgram(folder.path, { OUTGOING_PRIVATE_HOSTS: new URL(platform.address).host });
  const answer = await withDatabase(program, async (client) => {
    const account = await connect(program, platform.address);
    const oneCore = keepToOneCore(program.processId);
    // Everybody writes once, and the compiler settles.
    await measure(program, client, platform, { account, connections: 8, seconds: quick ? 3 : 10 });
    const ceiling = await openCeiling(program, bareMessages);
    const rows: string[][] = [];
    const behind: string[] = [];
    for (const connections of levels) {
      const calls: Measured[] = [];
      const bare: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        calls.push(await measure(program, client, platform, { account, connections, seconds }));
        bare.push(await measureBare(program, client, ceiling, Math.min(connections, ceiling.mostClients), seconds));
      }
      const middle = (of: (one: Measured) => number) => median(calls.map(of));
      const [perSecond, most] = [middle((one) => one.perSecond), median(bare)];
      rows.push([
        String(connections), show(perSecond), show(most), `${Math.round((100 * perSecond) / most)} %`, show(middle((one) => one.p50)), show(middle((one) => one.p99)), show(Math.max(...calls.map((one) => one.most))),
        show(middle((one) => one.program + one.database)), show(middle((one) => one.program)), show(middle((one) => one.database)), connections === 32 ? '≥ 1,500/s, p99 ≤ 100' : '',
      ]);
      behind.push(`${show(middle((one) => one.behind / 1_000))} s at ${connections}`);
      console.log(`  ${rows.at(-1)!.join(' · ')}`);
    }
    await ceiling.close();
    const visible = await measureVisible(program, client, platform, account, quick ? 4 : 20);
    const steady: string[][] = [];
    for (const perSecond of steadyPaces) steady.push(await measureSteady(client, platform, account, { perSecond, seconds: quick ? 4 : 30 }));
    const report: Report = [{
      title: 'Callbacks of WeChat',
      columns: ['Connections', 'callbacks/s', `${ceiling.name.split(' ')[0]} rows/s`, 'Ratio', 'p50 ms', 'p99 ms', 'most ms', 'CPU ms/callback', 'of it program', 'database', 'wanted'],
      rows,
      remarks: [
        `${rounds} rounds of ${seconds} s each, median, messages of ${people} people; ceiling: ${ceiling.name}, one row of the inbox for each commit, on the same server with the program paused.`,
        oneCore ? 'The program and its database have one core between them, the platform that calls and pgbench what is left of the machine.' : 'The program could not be kept to one core here.',
        `CPU is what was taken until the last answer. What came in such a burst had become tickets and entries ${behind.join(', ')} connections after the last answer; callbacks go before.`,
      ],
    }, {
      title: 'From an accepted message to a ticket that is seen',
      columns: ['Messages', 'a second', 'p50 ms', 'p99 ms', 'most ms', 'wanted'],
      rows: [[String(visible.length), String(pace), show(percentile(visible, 0.5)), show(percentile(visible, 0.99)), show(Math.max(...visible)), '≤ 1,000']],
      remarks: ['From the answer to the callback to the event on the live feed, each message from somebody new, whose name is asked for at the platform meanwhile.'],
    }, {
      title: 'A steady load',
      columns: ['Callbacks/s', 'answered', 'p99 ms', 'oldest waiting, most s', 'at the end s', 'all done after s'],
      rows: steady,
      remarks: [`Over 32 connections for ${quick ? 4 : 30} s, messages of ${people} people, on the one core. The oldest waiting is the age of the message that has waited longest to become something, asked for every quarter of a second; where it grows with the load, more comes than is taken in.`],
    }];
    return { report, postgres: await postgresVersion(client) };
  });
  await platform.stop();
  await program.stop();
  await folder.remove();
  return answer;
}

async function connect(program: Program, platform: string): Promise<Account> {
  const [appId, token, encodingAesKey] = ['wx0123456789abcdef', randomBytes(12).toString('hex'), randomBytes(32).toString('base64').replace(/=$/, '').replaceAll(/[+/]/g, 'x').replace(/.$/, 'A')];
  const { url } = await program.call<{ url: string }>('POST', '/channels', { kind: 'wechat_official_account', name: 'benchmark', settings: { appId, appSecret: 'secret-of-the-benchmark', token, encodingAesKey, baseUrl: platform } });
  return { url: new URL(new URL(url).pathname, program.url).href, appId, token, encodingAesKey };
}

async function measure(program: Program, client: pg.Client, platform: Platform, round: { account: Account; connections: number; seconds: number }): Promise<Measured> {
  await client.query('CHECKPOINT');
  const before = processorTime(program.processId);
  const { answered: _answered, ...result } = await platform.run({ ...round, people, messages: round.seconds * mostPerSecond });
  const after = processorTime(program.processId);
  const each = (part: 'program' | 'database') => (before && after ? (after[part] - before[part]) / result.accepted : Number.NaN);
  const behind = await untilTakenIn(client);
  await untilReadersCaughtUp(client);
  return { ...result, perSecond: (result.accepted * 1_000) / result.milliseconds, program: each('program'), database: each('database'), behind };
}

/** Waits until everything that came has become something; told in milliseconds. What was put aside would spoil the figure. */
async function untilTakenIn(client: pg.Client): Promise<number> {
  const started = performance.now();
  for (;;) {
    const { rows: [left] } = await client.query<{ waiting: boolean; aside: boolean }>(
      "SELECT EXISTS (SELECT 1 FROM inbox_message WHERE state = 'waiting' AND due_at < 'infinity') AS waiting, EXISTS (SELECT 1 FROM inbox_message WHERE state = 'quarantined') AS aside");
    if (left?.aside) throw new Error('messages were put aside');
    if (!left?.waiting) return performance.now() - started;
    if (performance.now() - started > 600_000) throw new Error('what came was not taken in within ten minutes');
    await wait(100);
  }
}

async function measureBare(program: Program, client: pg.Client, ceiling: Ceiling, clients: number, seconds: number): Promise<number> {
  await client.query('CHECKPOINT');
  process.kill(program.processId, 'SIGSTOP');
  try {
    return (await ceiling.run(clients, seconds)).perSecond;
  } finally {
    // Never to be taken in: rows like these stand for no message.
    await client.query("DELETE FROM inbox_message WHERE due_at = 'infinity'");
    process.kill(program.processId, 'SIGCONT');
  }
}

/** Callbacks at a steady pace: how old what waits becomes meanwhile. */
async function measureSteady(client: pg.Client, platform: Platform, account: Account, { perSecond, seconds }: { perSecond: number; seconds: number }): Promise<string[]> {
  await client.query('CHECKPOINT');
  const ages: number[] = [];
  let over = false;
  const looking = (async () => {
    while (!over) {
      const { rows: [oldest] } = await client.query<{ age: number | null }>("SELECT extract(epoch FROM clock_timestamp() - min(received_at))::float8 AS age FROM inbox_message WHERE state = 'waiting' AND due_at < 'infinity'");
      ages.push(oldest?.age ?? 0);
      await wait(250);
    }
  })();
  const result = await platform.run({ account, connections: 32, seconds, perSecond, people, messages: perSecond * seconds }).finally(() => (over = true));
  await looking;
  const behind = await untilTakenIn(client);
  await untilReadersCaughtUp(client);
  const row = [String(perSecond), String(result.accepted), show(result.p99), show(Math.max(...ages)), show(ages.at(-1)!), show(behind / 1_000)];
  console.log(`  ${row.join(' · ')}`);
  return row;
}

/** People write at a steady pace; how long after the answer each one's ticket shows on the feed, in milliseconds. */
async function measureVisible(program: Program, client: pg.Client, platform: Platform, account: Account, seconds: number): Promise<number[]> {
  const seen = new Map<string, number>();
  const stream = await follow(program, (ticketId) => void (seen.has(ticketId) || seen.set(ticketId, performance.timeOrigin + performance.now())));
  const messages = pace * seconds;
  const { answered } = await platform.run({ account, connections: 8, seconds: seconds + 1, perSecond: pace, people: 1_000_000_000, messages });
  await untilTakenIn(client);
  const names = Object.keys(answered);
  const { rows } = await client.query<{ external_id: string; ticket_id: string }>('SELECT external_id, ticket_id FROM inbox_message WHERE external_id = ANY($1)', [names]);
  for (const begun = performance.now(); rows.some((row) => !seen.has(row.ticket_id));) {
    if (performance.now() - begun > 30_000) throw new Error('a ticket was never seen on the feed');
    await wait(50);
  }
  stream.destroy();
  return rows.map((row) => seen.get(row.ticket_id)! - answered[row.external_id]!);
}

function follow(program: Program, onTicket: (ticketId: string) => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(new URL('/api/v1/feed', program.url), { headers: { authorization: `Bearer ${program.apiKey}` }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the feed answered ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const events = (rest + chunk).split('\n\n');
        rest = events.pop()!;
        for (const event of events) {
          if (/^event: ready$/m.test(event)) resolve(response);
          const ticketId = event.includes('"kind":"ticket.created"') ? /"ticketId":"([^"]+)"/.exec(event)?.[1] : undefined;
          if (ticketId !== undefined) onTicket(ticketId);
        }
      }).on('error', reject);
      return undefined;
    }).on('error', reject);
  });
}
