/** Follows the feed with several receivers while it creates tickets at a steady pace: told what to do by one message. */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../figures.ts';
import { openConnection, requestBytes, type Connection } from '../http-client.ts';
import { requestBody } from '../requests.ts';
import type { FeedResult, FeedRound } from './feed.ts';

/** When a ticket's request was due and when it was answered. */
interface Creation {
  due: number;
  answered: number;
}

const mostConnections = 64;
const patience = 10_000;

process.once('message', (round: FeedRound) => {
  run(round)
    .then((result) => process.send!({ result }), (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }))
    .finally(() => process.exit());
});
process.on('disconnect', () => process.exit(0));

async function run(round: FeedRound): Promise<FeedResult> {
  const arrivals = Array.from({ length: round.receivers }, () => new Map<string, number[]>());
  const streams = await Promise.all(arrivals.map((seen) => follow(round, (ticketId) => {
    const times = seen.get(ticketId);
    if (times) times.push(performance.now());
    else seen.set(ticketId, [performance.now()]);
  })));
  // The first tickets pay for the compiler and the connections.
  await createSteadily(round, Math.min(round.perSecond, round.tickets));
  const started = performance.now();
  const creations = await createSteadily(round, round.tickets);
  const milliseconds = performance.now() - started;
  const ids = [...creations.keys()];
  for (const begun = performance.now(); performance.now() - begun < patience && arrivals.some((seen) => ids.some((id) => !seen.has(id)));) await wait(50);
  // What would come twice would come about now.
  await wait(500);
  for (const stream of streams) stream.destroy();

  const [fromRequest, fromAnswer]: [number[], number[]] = [[], []];
  let [missed, doubled] = [0, 0];
  for (const seen of arrivals) {
    for (const [id, { due, answered }] of creations) {
      const [first, ...more] = seen.get(id) ?? [];
      if (first === undefined) missed += 1;
      else {
        fromRequest.push(first - due);
        fromAnswer.push(first - answered);
      }
      doubled += more.length;
    }
  }
  return {
    perSecond: (creations.size * 1_000) / milliseconds, created: creations.size, missed, doubled,
    fromRequest: { p50: percentile(fromRequest, 0.5), p99: percentile(fromRequest, 0.99) },
    fromAnswer: { p50: percentile(fromAnswer, 0.5), p99: percentile(fromAnswer, 0.99) },
  };
}

/** Opens the feed and resolves once it says that it is ready. */
function follow(round: FeedRound, onTicket: (ticketId: string) => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(new URL('/api/v1/feed', round.url), { headers: { authorization: `Bearer ${round.apiKey}` }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the feed answered ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const events = (rest + chunk).split('\n\n');
        rest = events.pop()!;
        for (const event of events) {
          if (/^event: ready$/m.test(event)) resolve(response);
          const ticketId = event.includes('"kind":"ticket.created"') ? /"ticketId":"([^"]+)"/.exec(event)?.[1] : undefined;
          if (ticketId !== undefined) onTicket(ticketId);
        }
      });
      response.on('error', reject);
      return undefined;
    }).on('error', reject);
  });
}

/** Creates tickets at the round's pace, whether the server keeps up or not; a ticket's time runs from when it was due. */
async function createSteadily(round: FeedRound, count: number): Promise<Map<string, Creation>> {
  const url = new URL('/api/v1/tickets', round.url);
  const idle: Connection[] = [];
  const all: Connection[] = [];
  const creations = new Map<string, Creation>();
  const running: Promise<void>[] = [];
  const started = performance.now();
  for (let index = 0; index < count;) {
    const due = started + (index * 1_000) / round.perSecond;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    if (idle.length === 0 && all.length < mostConnections) {
      const fresh = await openConnection(url.hostname, Number(url.port));
      all.push(fresh);
      idle.push(fresh);
    }
    const connection = idle.pop();
    if (connection === undefined) {
      await wait(1);
      continue;
    }
    running.push(create(connection, requestBytes(url, round.apiKey, requestBody(index, round.categoryIds)), due));
    index += 1;
  }
  await Promise.all(running);
  for (const connection of all) connection.close();
  return creations;

  async function create(connection: Connection, request: Buffer, due: number): Promise<void> {
    const { status, body } = await connection.exchange(request);
    const answered = performance.now();
    idle.push(connection);
    if (status !== 201) throw new Error(`creating a ticket answered ${status}: ${body.toString().slice(0, 500)}`);
    creations.set((JSON.parse(body.toString()) as { id: string }).id, { due, answered });
  }
}
