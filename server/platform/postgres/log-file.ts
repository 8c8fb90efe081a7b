import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { copyFile, stat, truncate } from 'node:fs/promises';

/** The file that PostgreSQL writes its own messages to. It never grows past its limit, nor does the one before it. */
export interface LogFile {
  /** Open for appending; for a child's stdout and stderr. */
  readonly descriptor: number;
  /** What was written since this was opened, at most the last 2,000 bytes. */
  tail(): string;
  /** Moves the contents to `<path>.1` when they are past the limit. */
  rotate(): Promise<void>;
  close(): void;
}

/**
 * Opens a log file for appending.
 *
 * PostgreSQL writes to it directly and not through this program, so that it can still tell why it stops when this
 * program has been killed. A writer can't be moved to another file, so a full one is copied and emptied in place; what
 * is written in between is lost, which for this log is cheaper than a second process.
 *
 * @param limit in bytes
 */
export async function openLogFile(path: string, limit: number): Promise<LogFile> {
  const rotate = async () => {
    if ((await stat(path)).size <= limit) return;
    await copyFile(path, `${path}.1`);
    await truncate(path);
  };
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(path, flags, 0o600);
  await rotate();
  const start = fstatSync(descriptor).size;
  return {
    descriptor,
    tail() {
      const reader = openSync(path, 'r');
      try {
        const end = fstatSync(reader).size;
        const bytes = Buffer.alloc(Math.min(2000, Math.max(0, end - start)));
        readSync(reader, bytes, 0, bytes.length, end - bytes.length);
        return bytes.toString('utf8').trim();
      } finally {
        closeSync(reader);
      }
    },
    rotate,
    close: () => closeSync(descriptor),
  };
}
