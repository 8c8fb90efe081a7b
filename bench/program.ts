import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { superuser } from '../server/platform/postgres/cluster.ts';
import { socketPort } from '../server/platform/postgres/run-folder.ts';
import { programOptions } from '../tools/launch/options.js';
import { letGoInTheEnd } from './cleanup.ts';

const root = join(import.meta.dirname, '..');
const apiKey = 'benchmark-key-of-forty-letters-and-a-few';
const startPatience = 120_000;
const stopPatience = 30_000;

/** The program as a newcomer starts it: a process of its own, with its own database under its own DATA_DIR. */
export interface Program {
  readonly url: string;
  /** Of the administrator. */
  readonly apiKey: string;
  readonly processId: number;
  /** From the start of the process to the first good answer of /readyz, in milliseconds. */
  readonly startMilliseconds: number;
  /** How its database is reached past the program: as superuser, through the private socket. */
  readonly database: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the program and waits until it is ready. */
export async function startProgram(dataDirectory: string, environment: Readonly<Record<string, string>> = {}): Promise<Program> {
  const started = performance.now();
  const child = spawn(process.execPath, [...programOptions, join(root, 'server/main.ts')], {
    cwd: root,
    // The channel tells it when this process is gone, even by SIGKILL.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], DATA_DIR: dataDirectory, PORT: '0', DEMO: '0',
      ADMIN_EMAIL: 'admin@bench.example', ADMIN_PASSWORD: 'correct horse battery', ADMIN_API_KEY: apiKey, API_KEY_LIMIT: '10000000', ...environment,
    },
  });
  const stop = letGoInTheEnd(() => stopChild(child));
  try {
    const url = await readAddress(child);
    await untilReady(url);
    const startMilliseconds = performance.now() - started;
    const folder = await readFile(join(dataDirectory, 'postgres.run'), 'utf8');
    return {
      url, apiKey, stop, startMilliseconds, processId: child.pid!,
      database: { host: join(folder, 'socket'), port: socketPort, user: superuser, database: 'bihuan' },
      call: (method, path, body, headers) => call(url, method, path, body, headers),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs work with a connection to the program's database. */
export async function withDatabase<Result>(program: Program, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ ...program.database, application_name: 'bench' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes categories for the first team and returns their ids. */
export async function makeCategories(program: Program, names: readonly string[]): Promise<string[]> {
  const { items: teams } = await program.call<{ items: { id: string }[] }>('GET', '/teams');
  const ids: string[] = [];
  for (const name of names) ids.push((await program.call<{ id: string }>('POST', '/categories', { name, teamId: teams[0]!.id })).id);
  return ids;
}

/** Waits until all readers of the fact log have taken everything there is, and tells how many milliseconds that took. */
export async function untilReadersCaughtUp(client: pg.Client): Promise<number> {
  const started = performance.now();
  for (;;) {
    // Looks at the last fact only, as its own work is in the time that is measured.
    const { rows } = await client.query<{ behind: boolean }>(`
      SELECT coalesce(bool_or((last.transaction, last.position) > (reader.transaction, reader.position)), false) AS behind
      FROM (SELECT transaction, position FROM fact ORDER BY transaction DESC, position DESC LIMIT 1) last CROSS JOIN fact_reader reader`);
    if (rows[0]?.behind === false) return performance.now() - started;
    if (performance.now() - started > 300_000) throw new Error('the readers of the fact log did not catch up within five minutes');
    await wait(25);
  }
}

function readAddress(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the program did not say its address:\n${output}`)), startPatience);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000);
      const address = /^Bihuan.*(http:\/\/\S+)$/m.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the program ended with ${signal ?? `code ${code}`}:\n${output}`));
    });
  });
}

async function untilReady(url: string): Promise<void> {
  for (const started = performance.now(); performance.now() - started < startPatience; await wait(5)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
  }
  throw new Error('the program did not become ready');
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  // Should it have been paused.
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopPatience);
  await ended;
  clearTimeout(timer);
}

async function call<Answer>(url: string, method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 500)}`);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}
