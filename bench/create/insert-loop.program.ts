/** Stands in for pgbench where that is missing: writes the bare rows of tickets over pipelined connections. */
import pg from 'pg';
import { newId } from '../../server/platform/db/uuid.ts';
import type { BareInserts } from './bare-inserts.ts';
import type { Written } from './ceiling.ts';

export interface LoopRound {
  connection: { host: string; port: number; user: string; database: string };
  inserts: BareInserts[];
  clients: number;
  seconds: number;
}

process.once('message', (round: LoopRound) => {
  run(round)
    .then((written) => process.send!(written), (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }))
    .finally(() => process.disconnect());
});

async function run({ connection, inserts, clients, seconds }: LoopRound): Promise<Written> {
  const open = await Promise.all(Array.from({ length: clients }, async () => {
    const client = new pg.Client({ ...connection, pipeline: true } as pg.ClientConfig);
    await client.connect();
    return client;
  }));
  let written = 0;
  const started = performance.now();
  const end = started + seconds * 1_000;
  await Promise.all(open.map(async (client) => {
    while (performance.now() < end) {
      const number = written++;
      const id = newId();
      const at = number % inserts.length;
      const results = await Promise.all([
        client.query('BEGIN'),
        ...inserts[at]!.map((text, place) => client.query({ name: `row.${at}.${place}`, text, values: text.includes('$2::') ? [id, `L${id}`] : [id] })),
        client.query('COMMIT'),
      ]);
      if (results.at(-1)?.command !== 'COMMIT') throw new Error('a transaction was rolled back');
    }
  }));
  const perSecond = (written * 1_000) / (performance.now() - started);
  await Promise.all(open.map((client) => client.end()));
  return { written, perSecond };
}
