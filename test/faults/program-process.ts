import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { request as send, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { placePrepared } from '../support/prepared.ts';
import { clearRunFolder } from '../../server/platform/postgres/leftovers.ts';
import { postgresProcessesOf, signal } from '../../server/platform/postgres/processes.ts';

const root = join(import.meta.dirname, '../..');
export const apiKey = 'a-key-for-faults-0123456789';
const administrator = { email: 'admin@faults.example', password: 'correct horse battery' };

const running = new Set<ProgramProcess>();
const directories = new Set<string>();
process.on('exit', () => {
  for (const program of running) signal(program.processId, 'SIGKILL');
});
after(async () => {
  for (const program of running) program.kill('SIGKILL');
  await Promise.all([...running].map((program) => program.ended));
  for (const directory of directories) await removeDirectory(directory);
});

/** A folder of this test's own under the system's temporary one, gone with the test. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bihuan-faults-'));
  directories.add(directory);
  return directory;
}

/** The same, with a migrated database in it as a first start makes it, for tests of what comes after that. */
export async function makeStartedDirectory(): Promise<string> {
  const directory = makeDirectory();
  await placePrepared(directory);
  return directory;
}

async function removeDirectory(directory: string): Promise<void> {
  const cluster = join(directory, 'postgres');
  for (const pid of await postgresProcessesOf(cluster)) signal(pid, 'SIGQUIT');
  await until(async () => (await postgresProcessesOf(cluster)).length === 0);
  await clearRunFolder(join(directory, 'postgres.run'));
  await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Waits until something holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(20);
}

/** The program as a process of its own. */
export interface ProgramProcess {
  readonly processId: number;
  readonly url: string;
  readonly ended: Promise<Ending>;
  /** What it printed so far. */
  output(): string;
  kill(by: NodeJS.Signals): void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly complaints: string;
}

/** Starts server/main.ts without waiting for anything. Only what stands in `environment` is in its environment, and how to find programs, compiled ones too. */
export function launch(environment: Record<string, string>): { processId: number; ended: Promise<Ending>; output: () => string; complaints: () => string; kill: (by: NodeJS.Signals) => void } {
  const { PATH = '', HOME = '/', NODE_COMPILE_CACHE = '' } = process.env;
  const child = spawn(process.execPath, [join(root, 'server/main.ts')], { cwd: root, env: { PATH, HOME, NODE_COMPILE_CACHE, PORT: '0', DEMO: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const ended = new Promise<Ending>((resolve) => child.on('close', (code, by) => resolve({ code, signal: by, output, complaints })));
  return { processId: child.pid!, ended, output: () => output, complaints: () => complaints, kill: (by) => void child.kill(by) };
}

/**
 * Starts the program and waits until it is ready.
 *
 * @param options.bare without an administrator of the test's own, as `npm start` starts it
 */
export async function startProgram(environment: Record<string, string>, { bare = false } = {}): Promise<ProgramProcess> {
  const launched = launch({ ...(bare ? {} : { ADMIN_EMAIL: administrator.email, ADMIN_PASSWORD: administrator.password, ADMIN_API_KEY: apiKey }), ...environment });
  let over = false;
  void launched.ended.then(() => (over = true));
  const address = () => /^Bihuan 闭环 · (http\S+)$/m.exec(launched.output())?.[1];
  await until(() => over || address() !== undefined);
  assert.ok(!over, `the program ended instead of getting ready: ${launched.output()}${launched.complaints()}`);
  const program: ProgramProcess = { ...launched, url: address()! };
  running.add(program);
  void launched.ended.then(() => running.delete(program));
  return program;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
}

/** A hundred connections and more, each kept for further requests. */
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Asks the program with the administrator's key; rejects when no answer comes. */
export function call(program: Pick<ProgramProcess, 'url'>, method: 'GET' | 'POST', path: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const request = send(new URL(path.startsWith('/tickets') ? `/api/v1${path}` : path, program.url), {
      method, agent,
      headers: { authorization: `Bearer ${apiKey}`, 'accept-language': 'en', ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }), ...headers },
    }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the answer broke off')));
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode!, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) });
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

/** What came of one creation: its answer, or nothing because the connection broke. */
export interface Creation {
  key: string;
  subject: string;
  answer: Answer | null;
}

/** The body of the index-th ticket of a run: some with a requester who is new, some with one who is not, some plain. */
export function newTicket(run: string, index: number): Record<string, unknown> {
  return {
    subject: `${run} ${index}`, description: '厨房水管爆裂，正在漏水',
    ...(index % 3 === 0 ? { requester: { name: '住户', phone: `138${String(index).padStart(8, '0')}` } } : {}),
    ...(index % 3 === 1 ? { requester: { name: '老住户', phone: '13900000000' } } : {}),
  };
}

export async function create(program: Pick<ProgramProcess, 'url'>, run: string, index: number): Promise<Creation> {
  const key = `${run}-${index}`;
  const body = newTicket(run, index);
  const answer = await call(program, 'POST', '/tickets', { body, headers: { 'idempotency-key': key } }).catch(() => null);
  return { key, subject: `${run} ${index}`, answer };
}

/** Connects to the database that a program with this data directory runs itself. */
export async function openEmbedded(dataDirectory: string): Promise<pg.Client> {
  const folder = await readFile(join(dataDirectory, 'postgres.run'), 'utf8');
  return openClient({ host: join(folder, 'socket'), port: 5432, user: 'bihuan', database: 'bihuan' });
}

/** A connection that sees all organizations. */
export async function openClient(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  await client.connect();
  await client.query("SET app.tenant = '00000000-0000-0000-0000-000000000000'");
  return client;
}
