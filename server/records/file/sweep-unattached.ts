import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { removeLeftovers } from '../../platform/files/work-folder.ts';

interface Unattached {
  tenant_id: string;
  id: string;
  storage_key: string;
  thumbnail_key: string | null;
}

const lockUnattached = statement<Unattached>('file.lock_unattached', `
  SELECT tenant_id, id, storage_key, thumbnail_key FROM file
  WHERE ticket_id IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED`);
const remove = statement<never>('file.remove_unattached', `
  DELETE FROM file USING unnest($1::uuid[], $2::uuid[]) AS gone (tenant_id, id)
  WHERE file.tenant_id = gone.tenant_id AND file.id = gone.id`);

const batchSize = 100;

/**
 * Removes files that were sent but never attached to anything (清理未关联文件), with their bytes, and what killed programs
 * left in this machine's work folder.
 *
 * @param before what was sent before this moment; by then it can no longer be attached
 * @returns how many files were removed
 */
export async function removeUnattached({ database, blobs }: Pick<Services, 'database' | 'blobs'>, before: Date): Promise<number> {
  await removeLeftovers(blobs.workFolder, before);
  let removed = 0;
  for (;;) {
    const count = await database.transact(everyTenant, async (transaction) => {
      const files = await transaction.query(lockUnattached, [before, batchSize]);
      // The bytes first: should the rest fail, the row is still there to be found next time.
      await Promise.all(files.flatMap((file) => [file.storage_key, file.thumbnail_key ?? `${file.storage_key}-thumbnail`]).map((key) => blobs.remove(key)));
      if (files.length > 0) await transaction.query(remove, [files.map((file) => file.tenant_id), files.map((file) => file.id)]);
      return files.length;
    });
    removed += count;
    if (count < batchSize) return removed;
  }
}
