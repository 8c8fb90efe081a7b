import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from './blob-store.ts';
import { workFile } from './work-folder.ts';

/** Stores what is made piece by piece under a key (流式写入), never all of it in memory; its length in bytes. */
export async function writeBlob(blobs: BlobStore, key: string, mediaType: string, pieces: AsyncIterable<Buffer>): Promise<number> {
  const path = await workFile(blobs.workFolder);
  let size = 0;
  try {
    await pipeline(Readable.from((async function* () {
      for await (const piece of pieces) {
        size += piece.length;
        yield piece;
      }
    })(), { objectMode: true }), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    await blobs.put(key, path, mediaType);
    return size;
  } finally {
    await rm(path, { force: true });
  }
}
