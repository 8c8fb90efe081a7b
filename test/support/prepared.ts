import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { migrate } from '../../server/platform/db/migrate.ts';
import { lockDirectory } from '../../server/platform/postgres/directory-lock.ts';
import { startEmbeddedPostgres } from '../../server/platform/postgres/embedded.ts';

/** Longer than making a cluster takes on the slowest machine. */
const patience = 120_000;

/**
 * Puts a cluster (数据目录) with a migrated database, as the program makes it on its first start, where a program or a test's own
 * server will find it: `<data directory>/postgres`. It is made once for a run of the tests, in the folder that the runner names
 * in TEST_SHELF, by whoever needs it first, and copied from then on: making it takes seconds of the processor.
 *
 * @param dataDirectory an existing folder, without a cluster
 * @returns false where there is nothing to copy from, so that it has to be made: without the runner, or on Windows, where each
 *   cluster has a password of its own
 */
export async function placePrepared(dataDirectory: string): Promise<boolean> {
  const shelf = process.env['TEST_SHELF'];
  if (shelf === undefined || process.platform === 'win32') return false;
  const cluster = join(shelf, 'cluster');
  if (!existsSync(cluster)) {
    const lock = await lockDirectory(shelf, { patience });
    try {
      if (!existsSync(cluster)) await make(join(shelf, 'making'), cluster);
    } finally {
      lock.release();
    }
  }
  // It belongs to another user when root runs the tests, and PostgreSQL wants owner and rights as they are.
  await promisify(execFile)('cp', ['-a', cluster, join(dataDirectory, 'postgres')]);
  return true;
}

async function make(aside: string, cluster: string): Promise<void> {
  await rm(aside, { recursive: true, force: true });
  // Nothing that outlives the server's stop; small, as all of it is copied.
  const settings = { fsync: 'off', full_page_writes: 'off', min_wal_size: '32MB', max_wal_size: '32MB', autovacuum: 'off' };
  const postgres = await startEmbeddedPostgres({ dataDirectory: aside, log: () => undefined, settings });
  try {
    await migrate(postgres.connection);
  } finally {
    await postgres.stop();
  }
  // Whole or not there: a process that dies meanwhile leaves it to the next.
  await rename(join(aside, 'postgres'), cluster);
  await rm(aside, { recursive: true, force: true });
}
