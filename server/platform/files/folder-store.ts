import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BlobMissing, checkKey, isKey, type BlobStore, type StoredBlob } from './blob-store.ts';
import { workFile } from './work-folder.ts';

/**
 * Keeps files in a folder (本地文件存储), one file a blob, readable by its owner only. A blob appears whole or not at
 * all: it is written aside, flushed, renamed, and the folders that name it are flushed.
 *
 * @param directory absolute; made on demand
 */
export function openFolderStore(directory: string): BlobStore {
  const root = resolve(directory);
  const pathOf = (key: string) => {
    checkKey(key);
    return join(root, key);
  };
  const workFolder = join(root, '.work');
  return {
    workFolder,
    async put(key, path) {
      const target = pathOf(key);
      const firstMade = await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // On the same disk, as it is moved from there; what a killed program leaves is found there.
      const aside = await workFile(workFolder);
      try {
        await copyFile(path, aside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await chmod(aside, 0o600);
        await flush(aside, 'r+');
        await rename(aside, target);
      } catch (error) {
        await rm(aside, { force: true });
        throw error;
      }
      // A folder just made stands in its own parent's list, which has to reach the disk, too.
      const last = firstMade === undefined ? dirname(target) : dirname(firstMade);
      for (let folder = dirname(target); ; folder = dirname(folder)) {
        await flushFolder(folder);
        if (folder === last) return;
      }
    },
    async get(key, range) {
      let file;
      try {
        file = await open(pathOf(key), 'r');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobMissing(key);
        throw error;
      }
      // The stream closes the file when it ends or is destroyed.
      return file.createReadStream(range ? { start: range.start, end: range.end } : {});
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
    list: (after) => listFolder(root, '', after),
  };
}

/** Everything below a folder, in the order of keys. Folders made or emptied meanwhile may be missed. */
async function* listFolder(root: string, prefix: string, after: string): AsyncGenerator<StoredBlob> {
  const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const byKey = entries.map((entry) => ({ entry, key: prefix + entry.name, sortsAs: prefix + entry.name + (entry.isDirectory() ? '/' : '') }));
  for (const { entry, key, sortsAs } of byKey.sort((a, b) => (a.sortsAs < b.sortsAs ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      // All that is in it begins with its name.
      if (sortsAs > after || after.startsWith(sortsAs)) yield* listFolder(root, sortsAs, after);
    } else if (key > after && isKey(key)) {
      const found = await stat(join(root, key)).catch(() => undefined);
      if (found) yield { key, storedAt: found.mtime };
    }
  }
}

async function flush(path: string, mode: 'r' | 'r+'): Promise<void> {
  const file = await open(path, mode);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  // Windows knows no flushing of folders.
  if (process.platform !== 'win32') await flush(path, 'r');
}
