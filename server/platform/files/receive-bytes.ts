import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
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
