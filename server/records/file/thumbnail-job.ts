import type { Services } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { decodableTypes } from '../../platform/files/image.ts';
import { makeThumbnailBlob } from '../../platform/files/thumbnail.ts';
import { fileById } from './queries.ts';
import type { FileRow } from './row.ts';

type Needed = Pick<Services, 'database' | 'blobs' | 'log'>;

/** Makes the thumbnail of an uploaded image (生成缩略图); does nothing when there is one already or can be none. */
export async function makeThumbnail(services: Needed, { tenantId, fileId }: { tenantId: string; fileId: string }): Promise<void> {
  const file = await services.database.transact(tenantId, (transaction) => fileById({ tenantId, transaction }, fileId));
  if (file) await ensureThumbnail(services, file);
}

/** What stands in place of a thumbnail's key when the image cannot be decoded, so that it is not tried again. */
const impossible = '';

/** The key of a file's thumbnail, which is made when it is not there yet; null when none can be made. That it cannot is kept. */
export async function ensureThumbnail({ database, blobs, log }: Needed, file: FileRow): Promise<string | null> {
  if (file.thumbnail_key !== null) return file.thumbnail_key === impossible ? null : file.thumbnail_key;
  if (!decodableTypes.has(file.media_type)) return null;
  const key = `${file.storage_key}-thumbnail`;
  let made: boolean;
  try {
    made = await makeThumbnailBlob(blobs, file.storage_key, key);
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    log.warn({ tenant: file.tenant_id, file: file.id }, 'an image has no bytes to make a thumbnail of');
    return null;
  }
  const kept = await database.transact(file.tenant_id, (transaction) => transaction.run(build.updateTable('file').set({ thumbnail_key: made ? key : impossible })
    .where('tenant_id', '=', file.tenant_id).where('id', '=', file.id).returning('id')));
  if (!made) return null;
  if (kept.length > 0) return key;
  // The file was removed while its thumbnail was made.
  await blobs.remove(key);
  return null;
}
