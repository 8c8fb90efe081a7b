import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ReceivedFile } from './receive.ts';
import { workFile } from './work-folder.ts';

/** Bytes that were fetched, as a file that has arrived (收取字节): to be looked into and kept like an upload. */
export async function receiveBytes(bytes: Uint8Array, workFolder: string, declared: { name: string; type: string }): Promise<ReceivedFile> {
  const path = await workFile(workFolder);
  await writeFile(path, bytes, { mode: 0o600 });
  return {
    path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest(), declaredName: declared.name, declaredType: declared.type, fields: {},
    dispose: () => rm(path, { force: true }),
  };
}

/** The same of what comes piece by piece (收取分片), never all of it in memory. */
export async function receivePieces(pieces: AsyncIterable<Buffer>, workFolder: string, declared: { name: string; type: string }): Promise<ReceivedFile> {
  const path = await workFile(workFolder);
  const dispose = () => rm(path, { force: true });
  const hash = createHash('sha256');
  let size = 0;
  try {
    await pipeline(pieces, async function* (all: AsyncIterable<Buffer>) {
      for await (const piece of all) {
        hash.update(piece);
        size += piece.length;
        yield piece;
      }
    }, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, size, sha256: hash.digest(), declaredName: declared.name, declaredType: declared.type, fields: {}, dispose };
}
