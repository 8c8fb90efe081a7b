import { execFile } from 'node:child_process';
import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Something about a living process that no later process of the same number shares.
 *
 * @returns undefined when there is no such process, or only its remains (a zombie)
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    // The fields after the name, which stands in brackets and may hold anything: state is the first, start the 20th.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${fields[19]}@${boot.trim()}`;
  }
  if (process.platform === 'win32') return isSignallable(pid) ? 'alive' : undefined;
  const [state, birth] = (await ps(pid, 'stat=,lstart='))?.split(/\s+(.*)/) ?? [];
  return state === undefined || state.startsWith('Z') ? undefined : birth;
}

/**
 * The living PostgreSQL processes that work on a cluster.
 *
 * On Linux by their working directory, which is the cluster's folder for every one of them: that holds however the
 * folder was named to them and says nothing wrong about a process that got an old number. Elsewhere only the
 * postmaster is looked at, by its command line.
 *
 * @param cluster absolute path of the cluster's folder
 * @returns their process ids
 */
export async function postgresProcessesOf(cluster: string): Promise<number[]> {
  if (process.platform === 'linux') return byWorkingDirectory(cluster);
  const pid = await readPostmasterPid(cluster);
  if (pid === undefined || process.platform === 'win32') return [];
  const command = await ps(pid, 'command=');
  return command !== undefined && /\bpostgres\b/.test(command) && command.includes(cluster) ? [pid] : [];
}

/** The number in `postmaster.pid`, which may be stale or belong to something else by now. */
export async function readPostmasterPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

async function byWorkingDirectory(cluster: string): Promise<number[]> {
  const folder = await stat(cluster).catch(() => undefined);
  if (folder === undefined) return [];
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // Processes of other users can't be looked at, and a cluster's processes all belong to its owner.
    const place = await stat(`/proc/${name}/cwd`).catch(() => undefined);
    if (place === undefined || place.dev !== folder.dev || place.ino !== folder.ino) continue;
    const program = await readlink(`/proc/${name}/exe`).catch(() => '');
    if (basename(program).startsWith('postgres')) found.push(Number(name));
  }
  return found;
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isSignallable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function ps(pid: number, format: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', format, '-p', String(pid)], (error, output) => {
      resolve(error === null && output.trim() !== '' ? output.trim() : undefined);
    });
  });
}
