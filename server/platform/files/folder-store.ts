import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BlobMissing, checkKey, type BlobStore } from './blob-store.ts';

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
  return {
    workFolder: join(root, '.work'),
    async put(key, path) {
      const target = pathOf(key);
      const firstMade = await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const aside = join(dirname(target), `.${randomUUID()}.part`);
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
  };
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
