import type { Readable } from 'node:stream';

/** Where the bytes of files lie (文件存储): a folder or an object store. Keys are made by the program, never by callers. */
export interface BlobStore {
  /**
   * A folder on this machine for files on their way in and out; made on demand, private, emptied of leftovers by
   * `removeLeftovers`.
   */
  readonly workFolder: string;
  /** Stores the file at `path` under `key`; durable when it returns. */
  put(key: string, path: string, mediaType: string): Promise<void>;
  /** The bytes, optionally a range of them (`end` included); throws `BlobMissing` when there are none. */
  get(key: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Removes the bytes; no error when they are gone already. */
  remove(key: string): Promise<void>;
  /** Every blob whose key comes after one (all of them after an empty text), in the order of their keys. What lies there and is no blob of ours is passed over. */
  list(after: string): AsyncIterable<StoredBlob>;
}

/** A blob as a list shows it. */
export interface StoredBlob {
  key: string;
  storedAt: Date;
}

/** There are no bytes under this key. */
export class BlobMissing extends Error {
  constructor(key: string) {
    super(`no blob ${key}`);
    this.name = 'BlobMissing';
  }
}

/**
 * Refuses a key that is none of ours: two to five parts of lower-case letters, digits and hyphens, joined by slashes.
 * Without dots no key leads out of its folder, and none is mistaken for a file still being written.
 */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new Error(`not a blob key: ${JSON.stringify(key)}`);
}

export function isKey(key: string): boolean {
  return /^[a-z0-9-]{1,64}(?:\/[a-z0-9-]{1,64}){1,4}$/.test(key);
}
