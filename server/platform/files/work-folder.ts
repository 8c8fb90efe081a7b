import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A path for one file in a work folder; the folder is made when it is not there. Whoever asks removes the file. */
export async function workFile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${randomUUID()}.part`);
}

/** Removes from a work folder what a program that was killed left there: everything last written before a moment. */
export async function removeLeftovers(folder: string, before: Date): Promise<number> {
  let removed = 0;
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  for (const name of names) {
    if (!name.endsWith('.part')) continue;
    const path = join(folder, name);
    // Another node may have removed it meanwhile.
    const found = await stat(path).catch(() => undefined);
    if (!found || found.mtime >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
