import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { readText, writeText } from '../../platform/files/text-blob.ts';
import { findOrphans, readBlob, type FileBlob } from './orphans.ts';

// In no organization's part of the store.
const marker = 'store/database';
const mostLookedAt = 1_000;

// The server's own name and the database's number in it: a dump restored elsewhere, or a copy made in place, has another.
const identify = statement<{ name: string }>('file.identify_database', `
  SELECT system_identifier || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database()) AS name FROM pg_control_system()`);

/**
 * Whether this database is the one that the store belongs to (文件存储归属): the first whose files are all that lie in it
 * says so in the store. A copy of the database that was given the same store, to try something out, knows nothing of the
 * files that have come since, and would take them for leftovers.
 */
export async function ownsStore({ database, blobs, log }: Pick<Services, 'database' | 'blobs' | 'log'>, before: Date): Promise<boolean> {
  const [present] = await database.transact(everyTenant, (transaction) => transaction.query(identify, []));
  const owner = (await readText(blobs, marker))?.trim() ?? null;
  if (owner === present!.name) return true;
  if (owner !== null) {
    log.error({ marker, owner, database: present!.name }, 'the store of files belongs to another database; nothing is removed from it. Give this one a BLOB_URL of its own, or, if it has taken the place of the other, remove the marker from the store');
    return false;
  }
  const looked: FileBlob[] = [];
  for await (const blob of blobs.list('')) {
    const own = blob.storedAt < before ? readBlob(blob.key) : null;
    if (own) looked.push(own);
    if (looked.length === mostLookedAt) break;
  }
  const unknown = await findOrphans(database, looked);
  if (unknown.length > 0) {
    log.error({ marker, database: present!.name, blobs: looked.length, unknown: unknown.length }, 'there are files in the store that this database does not know, and nothing says that it belongs to it; nothing is removed. If it does, put the name of the database into the marker');
    return false;
  }
  await writeText(blobs, marker, present!.name);
  return (await readText(blobs, marker)) === present!.name;
}
