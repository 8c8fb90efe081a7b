import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { storageKeyOf } from './row.ts';

/** Bytes in the store, and the file they belong to. */
export interface FileBlob {
  key: string;
  tenantId: string;
  fileId: string;
}

const findUnknown = statement<{ key: string }>('file.find_unknown', `
  SELECT k.key FROM unnest($1::text[], $2::uuid[], $3::uuid[]) AS k (key, tenant_id, id)
  JOIN organization o ON o.tenant_id = k.tenant_id
  WHERE NOT EXISTS (SELECT FROM file f WHERE f.tenant_id = k.tenant_id AND f.id = k.id)
    AND NOT EXISTS (SELECT FROM upload_part p WHERE p.tenant_id = k.tenant_id AND p.blob_id = k.id)`);

const batchSize = 500;

/** The keys of those of which no row tells, of organizations of this database. */
export async function findOrphans(database: Services['database'], blobs: readonly FileBlob[]): Promise<string[]> {
  const orphans: string[] = [];
  for (let start = 0; start < blobs.length; start += batchSize) {
    const batch = blobs.slice(start, start + batchSize);
    const unknown = await database.transact(everyTenant, (transaction) => transaction.query(findUnknown, [batch.map((blob) => blob.key), batch.map((blob) => blob.tenantId), batch.map((blob) => blob.fileId)]));
    orphans.push(...unknown.map((row) => row.key));
  }
  return orphans;
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ours = new RegExp(`^(${uuid})/[0-9a-f]{2}/(${uuid})(?:-thumbnail)?$`);

/** Which file a blob belongs to; null when its key is none that is made here. */
export function readBlob(key: string): FileBlob | null {
  const [, tenantId, fileId] = ours.exec(key) ?? [];
  if (tenantId === undefined || fileId === undefined || !key.startsWith(storageKeyOf(tenantId, fileId))) return null;
  return { key, tenantId, fileId };
}
