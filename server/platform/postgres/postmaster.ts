import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { reach } from './cluster.ts';
import { commandAs } from './identity.ts';
import type { Identity } from './identity.ts';
import type { StartLog } from './leftovers.ts';
import type { LogFile } from './log-file.ts';
import { postgresProcessesOf, signal } from './processes.ts';
import type { Settings } from './settings.ts';

/** How a server ended: by itself with a code, or by a signal that nothing in it caught. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running server: PostgreSQL calls its first process the postmaster. */
export interface Postmaster {
  readonly processId: number;
  readonly ended: Promise<Ending>;
  stop(): Promise<void>;
}

/** A server that replays its log after a power cut may take long; it says so in the meantime. */
const readyPatience = 15 * 60_000;
const stopPatience: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 60_000],
  ['SIGQUIT', 10_000],
];

/**
 * Starts the server and waits until it takes connections.
 *
 * @throws {Error} when it ends instead, with what it had to say
 */
export async function startPostmaster(options: {
  cluster: string;
  binaries: Binaries;
  identity: Identity;
  logFile: LogFile;
  log: StartLog;
  settings: Settings;
}): Promise<Postmaster> {
  const { cluster, binaries, identity, logFile } = options;
  const folder = reach(cluster, identity);
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, options: as } = commandAs(identity, 'INT', binaries.postgres, ['-D', folder.path, ...settings]);
  const child = spawn(file, args, {
    ...as,
    // In a session of its own: Ctrl-C in the terminal must reach this program only, which then stops in order.
    detached: true,
    stdio: ['ignore', logFile.descriptor, logFile.descriptor, folder.descriptor ?? 'ignore'],
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on('error', () => resolve({ code: null, signal: null }));
    child.on('exit', (code, by) => resolve({ code, signal: by }));
  });
  const failed = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, by) => resolve(`it ended with ${by ?? `code ${code}`}`));
  });
  folder.close();

  const processId = child.pid;
  // A program that exits without stopping the server must not leave it behind where nothing signals its death.
  const stopAtExit = () => processId !== undefined && signal(processId, 'SIGINT');
  process.on('exit', stopAtExit);
  void ended.then(() => process.removeListener('exit', stopAtExit));

  const failure = processId === undefined ? await failed : await waitUntilReady(cluster, processId, failed, options.log);
  if (failure !== undefined || processId === undefined) {
    throw new Error(`PostgreSQL did not start: ${failure}.\n${logFile.tail()}`);
  }
  // The server alone is no reason for a program to go on that has nothing else to do.
  child.unref();
  return { processId, ended, stop: () => stop(child, processId, cluster, binaries, ended) };
}

/** @returns why it never became ready; undefined when it did */
async function waitUntilReady(
  cluster: string,
  processId: number,
  failed: Promise<string>,
  log: StartLog,
): Promise<string | undefined> {
  const started = performance.now();
  let failure: string | undefined;
  void failed.then((reason) => (failure = reason));
  for (let told = started; failure === undefined; ) {
    if (await saysReady(cluster, processId)) return undefined;
    const now = performance.now();
    if (now - started > readyPatience) return 'it was not ready after 15 minutes';
    if (now - told > 5000) {
      log('PostgreSQL is still starting; after a crash it first replays its log.');
      told = now;
    }
    await wait(15);
  }
  return failure;
}

/** The postmaster writes its state into the eighth line of `postmaster.pid`, its number into the first. */
async function saysReady(cluster: string, processId: number): Promise<boolean> {
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  // On Windows the child is the postmaster's parent.
  const own = process.platform === 'win32' || Number(lines[0]) === processId;
  return own && lines[7]?.trim() === 'ready';
}

async function stop(
  child: ChildProcess,
  processId: number,
  cluster: string,
  binaries: Binaries,
  ended: Promise<Ending>,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.ref();
  if (process.platform === 'win32') {
    // There are no signals to ask with.
    await new Promise((resolve) => execFile(binaries.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w'], resolve));
  }
  for (const [name, milliseconds] of stopPatience) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    signal(processId, name);
    const controller = new AbortController();
    const patience = wait(milliseconds, undefined, { signal: controller.signal }).catch(() => undefined);
    await Promise.race([ended, patience]);
    controller.abort();
  }
  if (child.exitCode !== null || child.signalCode !== null) return;
  for (const pid of [processId, ...(await postgresProcessesOf(cluster))]) signal(pid, 'SIGKILL');
  await ended;
}
