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
  if (!/^[a-z0-9-]{1,64}(?:\/[a-z0-9-]{1,64}){1,4}$/.test(key)) throw new Error(`not a blob key: ${JSON.stringify(key)}`);
}
