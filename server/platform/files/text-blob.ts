import { rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { BlobMissing, type BlobStore } from './blob-store.ts';
import { workFile } from './work-folder.ts';

/** The text under a key; null when there is none. */
export async function readText(blobs: BlobStore, key: string): Promise<string | null> {
  try {
    return await text(await blobs.get(key));
  } catch (error) {
    if (error instanceof BlobMissing) return null;
    throw error;
  }
}

/** Stores a short text under a key; durable when it returns. */
export async function writeText(blobs: BlobStore, key: string, content: string): Promise<void> {
  const path = await workFile(blobs.workFolder);
  try {
    await writeFile(path, content, { mode: 0o600 });
    await blobs.put(key, path, 'text/plain');
  } finally {
    await rm(path, { force: true });
  }
}
