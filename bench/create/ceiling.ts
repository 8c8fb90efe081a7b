import { execFile, fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { makeFolder } from '../cleanup.ts';
import { withDatabase, type Program } from '../program.ts';
import { bareInserts, type BareInserts, type Varying } from './bare-inserts.ts';
import type { LoopRound } from './insert-loop.program.ts';

/** How many tickets (or messages) were written, and how many a second. */
export interface Written {
  written: number;
  perSecond: number;
}

/** Writes the bare rows of tickets into the program's own database, as fast as it takes them. */
export interface Ceiling {
  /** What writes them, for the table's head. */
  readonly name: string;
  /** The most clients that the server has connections for, beside the program's own. */
  readonly mostClients: number;
  /** Writes with so many clients for so long. */
  run(clients: number, seconds: number): Promise<Written>;
  close(): Promise<void>;
}

/** What is written: the rows of tickets, or of messages that came in. */
type Rows = (client: pg.Client, varying: Varying) => Promise<BareInserts[]>;

const run = promisify(execFile);

/** pgbench where it is installed, else a loop of our own, which is slower: read its ratios with that in mind. */
export async function openCeiling(program: Program, rows: Rows = bareInserts): Promise<Ceiling> {
  const version = await run('pgbench', ['--version']).then(({ stdout }) => /\d+(\.\d+)?/.exec(stdout)?.[0], () => undefined);
  const mostClients = await withDatabase(program, async (client) => {
    const { rows } = await client.query<{ most: number }>(`
      SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))::int AS most`);
    return rows[0]!.most;
  });
  return version === undefined ? nodeLoop(program, mostClients, rows) : pgbench(program, mostClients, version, rows);
}

async function pgbench(program: Program, mostClients: number, version: string, rows: Rows): Promise<Ceiling> {
  const folder = await makeFolder();
  // The time of the round and a count make ids that rise as UUIDv7 do; round and client make them different.
  const scripts = await withDatabase(program, (client) => rows(client, {
    id: "(lpad(to_hex(:time::bigint), 12, '0') || '70008' || lpad(to_hex(:round::int), 3, '0') || lpad(to_hex(:client_id::int), 12, '0'))::uuid",
    number: "'P' || :time::bigint || '-' || :round::int || '-' || :client_id::int",
  }));
  const files = await Promise.all(scripts.map(async (statements, index) => {
    const file = join(folder.path, `${index}.sql`);
    await writeFile(file, `\\set count :count + 1\n\\set time :begin + :count\nBEGIN;\n${statements.join('\n')}\nCOMMIT;\n`, { mode: 0o644 });
    return file;
  }));
  let round = 0;
  return {
    name: `pgbench ${version}`,
    mostClients,
    close: folder.remove,
    async run(clients, seconds) {
      round += 1;
      const { host, port, user, database } = program.database;
      const { stdout } = await run('pgbench', [
        '--host', host, '--port', String(port), '--username', user, '--no-vacuum', '--protocol', 'prepared', '--time', String(seconds),
        '--client', String(clients), '--jobs', String(Math.min(clients, availableParallelism())),
        '--define', `begin=${Date.now()}`, '--define', 'count=0', '--define', `round=${round}`, ...files.flatMap((file) => ['--file', file]), database,
      ], { env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
      const perSecond = /^tps = ([\d.]+) \(without/m.exec(stdout)?.[1];
      const written = /^number of transactions actually processed: (\d+)/m.exec(stdout)?.[1];
      if (perSecond === undefined || written === undefined || !/number of failed transactions: 0 /.test(stdout)) throw new Error(`pgbench answered:\n${stdout}`);
      return { perSecond: Number(perSecond), written: Number(written) };
    },
  };
}

async function nodeLoop(program: Program, mostClients: number, rows: Rows): Promise<Ceiling> {
  const inserts = await withDatabase(program, (client) => rows(client, { id: '$1::uuid', number: '$2::text' }));
  return {
    name: 'bare inserts by a loop in Node (pgbench is not in PATH)',
    mostClients,
    close: async () => {},
    run: (clients, seconds) => new Promise((resolve, reject) => {
      const child = fork(join(import.meta.dirname, 'insert-loop.program.ts'));
      child.once('message', (answer: Written | { error: string }) => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer)));
      child.once('exit', (code, signal) => reject(new Error(`the loop of inserts ended with ${signal ?? `code ${code}`}`)));
      child.send({ connection: program.database, inserts, clients, seconds } satisfies LoopRound);
    }),
  };
}
