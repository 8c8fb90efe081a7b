import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresProcessesOf, readPostmasterPid, signal } from './processes.ts';

/** Where a start tells, in one line each, what it does that takes time or that somebody should know. */
export type StartLog = (message: string) => void;

/** A cluster is made in a folder of this name and renamed when it is whole. */
export const halfMadePrefix = 'postgres.new-';

/** How long processes may take to go after each stronger signal, in milliseconds. */
const patience: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * Clears away what a program that was killed left behind: a PostgreSQL that outlived it, a stale `postmaster.pid`,
 * half-made clusters.
 *
 * A server that still runs is stopped rather than taken over. It may run with yesterday's settings or binaries, its
 * sessions still hold locks for a program that is dead, and nobody could be told of its end, for it is not our child;
 * stopping and starting it costs a fraction of a second.
 *
 * To be called only by the holder of the data directory's lock.
 */
export async function clearLeftovers(dataDirectory: string, cluster: string, log: StartLog): Promise<void> {
  await stopAll(cluster, log);
  // Nothing works on the cluster any more, so the file is stale whatever it says. PostgreSQL would find that out
  // itself unless the number has gone to another living process, or to a zombie; then it would refuse to start.
  await rm(join(cluster, 'postmaster.pid'), { force: true });

  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(halfMadePrefix)) continue;
    const path = join(dataDirectory, name);
    for (const pid of await postgresProcessesOf(path)) signal(pid, 'SIGKILL');
    await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

async function stopAll(cluster: string, log: StartLog): Promise<void> {
  let left = await postgresProcessesOf(cluster);
  if (left.length === 0) return;
  log(`A PostgreSQL outlived the program that started it (process ${left.join(', ')}); it is being stopped.`);
  const postmaster = await readPostmasterPid(cluster);
  for (const [name, milliseconds] of patience) {
    // A postmaster tells its children; without one each must be told.
    const told = postmaster !== undefined && left.includes(postmaster) && name !== 'SIGKILL' ? [postmaster] : left;
    for (const pid of told) signal(pid, name);
    const deadline = performance.now() + milliseconds;
    while (performance.now() < deadline) {
      await wait(20);
      left = await postgresProcessesOf(cluster);
      if (left.length === 0) return;
    }
  }
  throw new Error(`A PostgreSQL that outlived its program cannot be stopped (process ${left.join(', ')} of ${cluster}).`);
}

/** Removes the folder for sockets that a killed program had noted down. */
export async function clearRunFolder(note: string): Promise<void> {
  const path = await readFile(note, 'utf8').catch(() => '');
  // Only what this program can have made: the note lies where only it writes, yet a wrong one must not cost anything.
  if (/^bihuan-[0-9a-f]{16}$/.test(basename(path))) await rm(path, { recursive: true, force: true });
  await rm(note, { force: true });
}
