import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError } from '../config/configuration-error.ts';
import { processBirth } from './processes.ts';

/** A data directory that belongs to this program until it lets go or dies. */
export interface DirectoryLock {
  release(): void;
}

/** Process id of whoever holds a lock, as far as it is known. */
interface Holder {
  readonly pid: string;
}

/**
 * Takes a data directory for this program alone.
 *
 * The file `lock` names the holder and when that process was born, which a later process of the same number can't
 * match. Where there is a `flock` program (Linux), the kernel besides holds a lock on the file, which ends with the
 * process however that dies and works between containers that share the folder.
 *
 * @param folder absolute path of an existing folder
 * @param options.patience how many milliseconds a holder that is just stopping may take
 * @param options.onWait called once, with the holder's process id, when there is somebody to wait for
 * @param options.withoutFlock goes the way for systems without `flock`
 * @throws {ConfigurationError} when another program keeps it
 */
export async function lockDirectory(
  folder: string,
  options: { patience: number; onWait?: (pid: string) => void; withoutFlock?: boolean },
): Promise<DirectoryLock> {
  const path = join(folder, 'lock');
  const deadline = performance.now() + options.patience;
  for (let told = false; ; told = true) {
    const kernel = options.withoutFlock ? undefined : await tryKernelLock(path);
    const outcome = kernel ?? (await tryNamedLock(path));
    if ('release' in outcome) return outcome;
    if (performance.now() >= deadline) {
      throw new ConfigurationError(
        `DATA_DIR must belong to one program alone, but ${folder} is in use by process ${outcome.pid}: stop that one, or ` +
          'give this one another DATA_DIR.',
      );
    }
    if (!told) options.onWait?.(outcome.pid);
    await wait(100);
  }
}

/** What stands in the file of a lock that this process holds; no two are the same. */
async function ownName(): Promise<string> {
  return `${process.pid} ${await processBirth(process.pid)} ${randomBytes(8).toString('hex')}\n`;
}

/** The process that a lock file names, if it lives. */
async function livingHolder(text: string): Promise<Holder | undefined> {
  const [, pid, birth] = /^(\d+) (.*) [0-9a-f]{16}\n$/s.exec(text) ?? [];
  return pid !== undefined && (await processBirth(Number(pid))) === birth ? { pid } : undefined;
}

/**
 * `flock` locks the open file, not the process that asks for it: asked for by a child on a file that this process
 * opened, the lock stays when the child ends and goes when this process closes the file or dies.
 *
 * @returns undefined when `flock` is not here or can't lock on this file system
 */
async function tryKernelLock(path: string): Promise<DirectoryLock | Holder | undefined> {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn('flock', ['-x', '-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file] });
    child.on('error', () => resolve(null));
    child.on('exit', resolve);
  });
  const text = readFileSync(file, 'utf8');
  const named = await livingHolder(text);
  if (code !== 0 || named !== undefined) {
    closeSync(file);
    // 1 says that somebody holds it. The name alone counts too: its owner may have found no flock.
    if (code === 1 || named !== undefined) return named ?? { pid: text.split(' ', 1)[0] || 'unknown' };
    return undefined;
  }
  ftruncateSync(file);
  writeSync(file, await ownName(), 0);
  return {
    release() {
      ftruncateSync(file);
      closeSync(file);
    },
  };
}

async function tryNamedLock(path: string): Promise<DirectoryLock | Holder> {
  const own = await ownName();
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(aside, own, { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      try {
        // Linked when whole, so that nobody reads a half-written name.
        await link(aside, path);
        return { release: () => releaseNamedLock(path, own) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const found = await readFile(path, 'utf8').catch(() => '');
      const holder = await livingHolder(found);
      if (holder !== undefined) return holder;
      await removeStale(path, found, `${aside}.stale`);
    }
  } finally {
    await rm(aside, { force: true });
  }
}

/** Moves a stale lock away before removing it; when somebody else has locked meanwhile, their name is put back. */
async function removeStale(path: string, stale: string, aside: string): Promise<void> {
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => stale);
  if (moved !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Synchronous, for it also runs while the process exits. */
function releaseNamedLock(path: string, own: string): void {
  try {
    if (readFileSync(path, 'utf8') === own) rmSync(path);
  } catch {
    // Already gone.
  }
}
