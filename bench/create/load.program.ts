/** Creates tickets over HTTP as fast as the server takes them: told what to do by messages, answers with figures. */
import { randomUUID } from 'node:crypto';
import { percentile } from '../figures.ts';
import { openConnection, requestBytes } from '../http-client.ts';
import { requestBody } from '../requests.ts';
import type { LoadAnswer, Round, RoundResult } from './load.ts';

const different = 2_000;
let next = 0;

process.on('message', (round: Round) => {
  run(round).then((result) => answer({ result }), (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => process.exit(0));

function answer(message: LoadAnswer): void {
  process.send!(message);
}

async function run(round: Round): Promise<RoundResult> {
  const url = new URL('/api/v1/tickets', round.url);
  const bodies = Array.from({ length: different }, (_, index) => requestBody(index, round.categoryIds));
  const prepared = round.keyed ? null : bodies.map((body) => requestBytes(url, round.apiKey, body));
  const connections = await Promise.all(Array.from({ length: round.connections }, () => openConnection(url.hostname, Number(url.port))));
  const latencies: number[] = [];
  const most = round.most ?? Number.POSITIVE_INFINITY;
  let begun = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + round.seconds * 1_000;
  await Promise.all(connections.map(async (connection) => {
    while (begun < most && performance.now() < end) {
      begun += 1;
      const index = next++ % different;
      const request = prepared?.[index] ?? requestBytes(url, round.apiKey, bodies[index]!, { 'idempotency-key': randomUUID() });
      const sent = performance.now();
      const { status, body } = await connection.exchange(request);
      latencies.push(performance.now() - sent);
      // A figure of tickets that were not created would be worth nothing.
      if (status !== 201) throw new Error(`creating a ticket answered ${status}: ${body.toString().slice(0, 500)}`);
    }
    connection.close();
  }));
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return {
    created: latencies.length, milliseconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), processorMilliseconds: (user + system) / 1_000,
  };
}
