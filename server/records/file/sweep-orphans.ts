import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { findOrphans, readBlob, type FileBlob } from './orphans.ts';

const findStart = statement<{ tenant_id: string }>('file.find_start', 'SELECT tenant_id FROM organization ORDER BY random() LIMIT 1');

const mostInOneRun = 10_000;
// In a store of any size, more lost than kept is no accident of single uploads.
const enoughToDoubt = 100;

/**
 * Removes bytes that no row tells of (清理无主文件): a program that was killed between storing a file and writing its row
 * leaves them. Looks at so many blobs in one run, beginning where the last run ended; the first begins anywhere, so that
 * nothing is passed over for good where programs live shortly. Two nodes may do it at once.
 *
 * Only for the database that the store belongs to (`ownsStore`), and only blobs of its organizations are touched, as others
 * may keep theirs in the same place. Where most are unknown, the database is probably not as new as the store (a backup of
 * another day, for instance): then nothing is removed, and the log says so.
 *
 * @returns runs once; `before`: what was stored before this moment, so far back that no upload of it can still be going on;
 *   answers how many blobs were removed
 */
export function openOrphanSweep(): (services: Pick<Services, 'database' | 'blobs' | 'log'>, before: Date) => Promise<number> {
  let place: string | undefined;
  return async ({ database, blobs, log }, before) => {
    place ??= await somewhere(database);
    const seen: FileBlob[] = [];
    let ended = true;
    for await (const { key, storedAt } of blobs.list(place)) {
      place = key;
      const blob = storedAt < before ? readBlob(key) : null;
      if (blob) seen.push(blob);
      if (seen.length === mostInOneRun) {
        ended = false;
        break;
      }
    }
    if (ended) place = '';
    const orphans = await findOrphans(database, seen);
    if (orphans.length >= enoughToDoubt && orphans.length > seen.length / 2) {
      log.error({ blobs: seen.length, unknown: orphans.length }, 'most files in the store are unknown to the database; none was removed');
      return 0;
    }
    for (const key of orphans) await blobs.remove(key);
    if (orphans.length > 0) log.info({ blobs: seen.length, removed: orphans.length }, 'files that no upload finished were removed from the store');
    return orphans.length;
  };
}

async function somewhere(database: Services['database']): Promise<string> {
  const [organization] = await database.transact(everyTenant, (transaction) => transaction.query(findStart, []));
  return organization ? `${organization.tenant_id}/` : '';
}
