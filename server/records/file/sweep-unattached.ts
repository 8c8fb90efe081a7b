import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { removeLeftovers } from '../../platform/files/work-folder.ts';

interface Unattached {
  tenant_id: string;
  id: string;
  storage_key: string;
  thumbnail_key: string | null;
}

const findUnattached = statement<Unattached>('file.find_unattached', `
  SELECT tenant_id, id, storage_key, thumbnail_key FROM file
  WHERE ticket_id IS NULL AND purpose <> 'recording' AND created_at < $1 ORDER BY created_at LIMIT $2`);
const remove = statement<{ id: string }>('file.remove_unattached', `
  DELETE FROM file USING unnest($1::uuid[], $2::uuid[]) AS gone (tenant_id, id)
  WHERE file.tenant_id = gone.tenant_id AND file.id = gone.id AND file.ticket_id IS NULL AND file.purpose <> 'recording'
  RETURNING file.id`);

const batchSize = 100;

/**
 * Removes files that were sent but never attached to anything (清理未关联文件), with their bytes, and what killed programs
 * left in this machine's work folder. No transaction is open while bytes are removed: the readers of the fact log wait
 * for the oldest one, and a store may be slow. Two nodes may do it at once.
 *
 * @param before what was sent before this moment; it has to lie so far back that nothing of it can be attached any more
 * @returns how many files were removed
 */
export async function removeUnattached({ database, blobs }: Pick<Services, 'database' | 'blobs'>, before: Date): Promise<number> {
  await removeLeftovers(blobs.workFolder, before);
  let removed = 0;
  for (;;) {
    const files = await database.transact(everyTenant, (transaction) => transaction.query(findUnattached, [before, batchSize]));
    // The bytes first: should the rest fail, the row is still there to be found next time.
    await Promise.all(files.flatMap((file) => [file.storage_key, file.thumbnail_key || `${file.storage_key}-thumbnail`]).map((key) => blobs.remove(key)));
    if (files.length > 0) {
      const gone = await database.transact(everyTenant, (transaction) => transaction.query(remove, [files.map((file) => file.tenant_id), files.map((file) => file.id)]));
      removed += gone.length;
    }
    if (files.length < batchSize) return removed;
  }
}
