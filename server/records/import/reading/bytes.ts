import type { BlobStore } from '../../../platform/files/blob-store.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import type { RefusalParameter } from '../../../../contract/refusals.ts';

/** The bytes of a file that is read here and there, or through (按需读取). */
export interface Bytes {
  readonly size: number;
  /** The bytes from a place up to another, not included. */
  read(start: number, end: number): Promise<Buffer>;
  /** The same, piece by piece. */
  pieces(start?: number, end?: number): AsyncIterable<Buffer>;
}

/** The bytes of a blob. */
export function bytesOf(blobs: Pick<BlobStore, 'get'>, key: string, size: number): Bytes {
  const pieces = async function* (start = 0, end = size): AsyncGenerator<Buffer> {
    if (end <= start) return;
    const stream = await blobs.get(key, { start, end: Math.min(end, size) - 1 });
    for await (const piece of stream) yield piece as Buffer;
  };
  return {
    size, pieces,
    async read(start, end) {
      const parts: Buffer[] = [];
      for await (const part of pieces(Math.max(0, start), Math.min(end, size))) parts.push(part);
      return Buffer.concat(parts);
    },
  };
}

/** Bytes at hand. */
export function bytesAtHand(content: Buffer): Bytes {
  return {
    size: content.length,
    read: async (start, end) => content.subarray(start, end),
    async *pieces(start = 0, end = content.length) {
      for (let at = start; at < end; at += 65_536) yield content.subarray(at, Math.min(at + 65_536, end));
    },
  };
}

/** Refuses a file that is not what it should be, saying why. */
export function unreadable(zh: string, en: string): Refusal {
  return new Refusal('import_unreadable', { reason: { zh, en } satisfies RefusalParameter });
}
