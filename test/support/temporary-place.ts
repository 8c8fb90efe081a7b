import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** A file system in memory, on Linux. */
const memory = '/dev/shm';
const roomy = 2 * 1024 ** 3;

/**
 * The folder for what a test writes much of and throws away: in memory where there is room, for a database cloned there
 * takes 20 ms and one on a busy disk ten times that; else the system's folder for temporary files.
 */
export function temporaryPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > roomy ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
