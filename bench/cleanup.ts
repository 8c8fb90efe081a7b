import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folderPrefix = 'bihuan-bench-';

/** What has to be let go when the benchmark ends, however it ends; newest first. */
const taken = new Set<() => Promise<void>>();

/** Sees to it that something is let go in the end; the function returned lets it go now. */
export function letGoInTheEnd(release: () => Promise<unknown>): () => Promise<void> {
  let released: Promise<void> | undefined;
  const once = () => (released ??= release().then(() => void taken.delete(once)));
  taken.add(once);
  return once;
}

/** Lets go of everything that is still held, in order, also when it is called a second time meanwhile. */
export async function letGoOfEverything(): Promise<void> {
  for (const release of [...taken].reverse()) {
    await release().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
  }
}

/** A folder for this run only, on the disk of the temporary folder. */
export async function makeFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  return { path, remove: letGoInTheEnd(() => removeFolder(path)) };
}

/** Removes the folders of runs that were killed. */
export async function removeFoldersOfTheDead(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${folderPrefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') await removeFolder(join(tmpdir(), name));
    }
  }
}

const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
