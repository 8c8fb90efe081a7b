import { Refusal } from '../errors/refusal.ts';
import { kindInWords } from './file-types.ts';
import { decodableTypes, readImageHeader } from './image.ts';
import type { Inspected } from './inspect.ts';
import { DamagedFile } from './metadata/source.ts';
import { stripMetadata } from './metadata/strip-metadata.ts';
import type { ReceivedFile } from './receive.ts';

/** What a file is once its metadata is gone. */
export interface Cleaned {
  /** Bytes. */
  size: number;
  sha256: Buffer;
  width: number | null;
  height: number | null;
}

/**
 * Takes the metadata out of a received file (清除元数据): customers' photos tell where they live. A file from which it
 * cannot be taken, as it is not built the way its kind is, is not kept at all.
 *
 * @throws Refusal file_type_mismatch
 */
export async function cleanFile(received: Pick<ReceivedFile, 'path' | 'size' | 'sha256'>, { mediaType, width, height }: Pick<Inspected, 'mediaType' | 'width' | 'height'>): Promise<Cleaned> {
  const damaged = () => new Refusal('file_type_mismatch', { detected: kindInWords('application/octet-stream'), declared: mediaType });
  let stripped: Awaited<ReturnType<typeof stripMetadata>>;
  try {
    stripped = await stripMetadata(received.path, mediaType);
  } catch (error) {
    throw error instanceof DamagedFile ? damaged() : error;
  }
  if (!stripped) return { size: received.size, sha256: received.sha256, width, height };
  if (!decodableTypes.has(mediaType)) return { ...stripped, width, height };
  // What others read out of the file has to be what was left in it.
  const header = await readImageHeader(received.path);
  if (!header) throw damaged();
  return { ...stripped, width: header.width, height: header.height };
}
