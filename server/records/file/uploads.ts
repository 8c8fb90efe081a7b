import type { Selectable } from 'kysely';
import { uploadLimits } from '../../../contract/upload.ts';
import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { sizeInWords } from '../../platform/files/inspect.ts';
import { receiveBytes } from '../../platform/files/receive-bytes.ts';
import type { UploadTable } from '../../platform/db/tables.ts';
import { storageKeyOf } from './row.ts';

/** A file on its way in (断点续传). */
export type UploadRow = Selectable<UploadTable>;

export interface NewUpload extends Pick<UploadRow, 'id' | 'staff_id' | 'name' | 'media_type' | 'purpose' | 'visibility' | 'size' | 'sha256'> {}

const lockPerson = statement<never>('upload.lock_person', "SELECT pg_advisory_xact_lock(hashtextextended('upload ' || $1::text || $2::text, 0))");
const sumOpen = statement<{ count: number; size: string }>('upload.sum_open', 'SELECT count(*)::int AS count, coalesce(sum(size), 0) AS size FROM upload WHERE tenant_id = $1 AND staff_id = $2 AND file_id IS NULL AND expires_at > $3');
const insert = statement<UploadRow>('upload.insert', `
  INSERT INTO upload (tenant_id, id, staff_id, name, media_type, purpose, visibility, size, sha256, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, id) DO NOTHING RETURNING *`);
const find = statement<UploadRow>('upload.find', 'SELECT * FROM upload WHERE tenant_id = $1 AND id = $2 AND staff_id = $3 AND expires_at > $4');
const advance = statement<UploadRow>('upload.advance', `
  UPDATE upload SET received = received + $4, expires_at = $5 WHERE tenant_id = $1 AND id = $2 AND received = $3 AND file_id IS NULL RETURNING *`);
const insertPart = statement<never>('upload.insert_part', 'INSERT INTO upload_part (tenant_id, upload_id, begins, size, blob_id) VALUES ($1, $2, $3, $4, $5)');
const findParts = statement<{ begins: number; size: number; blob_id: string }>('upload.find_parts', 'SELECT begins, size, blob_id FROM upload_part WHERE tenant_id = $1 AND upload_id = $2 ORDER BY begins');
const claim = statement<{ id: string }>('upload.claim', `
  UPDATE upload SET settling_until = $4 WHERE tenant_id = $1 AND id = $2 AND file_id IS NULL AND received = size AND (settling_until IS NULL OR settling_until <= $3) RETURNING id`);
const release = statement<never>('upload.release', 'UPDATE upload SET settling_until = NULL WHERE tenant_id = $1 AND id = $2');
const become = statement<{ id: string }>('upload.become', 'UPDATE upload SET file_id = $3, settling_until = NULL WHERE tenant_id = $1 AND id = $2 AND file_id IS NULL RETURNING id');
const forgetParts = statement<never>('upload.forget_parts', 'DELETE FROM upload_part WHERE tenant_id = $1 AND upload_id = $2');
const remove = statement<never>('upload.remove', 'DELETE FROM upload WHERE tenant_id = $1 AND id = $2');
const findExpired = statement<{ tenant_id: string; id: string }>('upload.find_expired', `
  SELECT tenant_id, id FROM upload WHERE expires_at <= $1 AND (settling_until IS NULL OR settling_until <= $1) ORDER BY expires_at LIMIT $2`);
// A piece that came meanwhile has moved its expiry on, and whoever comes later finds none to go on with.
const lockExpired = statement<{ id: string }>('upload.lock_expired', `
  SELECT id FROM upload WHERE tenant_id = $1 AND id = $2 AND expires_at <= $3 AND (settling_until IS NULL OR settling_until <= $3) FOR UPDATE`);

const expiry = (now: Date): Date => new Date(now.getTime() + uploadLimits.hours * 3_600_000);

/**
 * Opens an upload (开始上传). The same id again is the same upload, for whoever did not get the answer.
 *
 * @throws Refusal upload_quota_used, idempotency_key_reused
 */
export async function openUpload(transaction: Transaction, given: NewUpload, now: Date): Promise<UploadRow> {
  const { tenantId } = transaction;
  await transaction.query(lockPerson, [tenantId, given.staff_id]);
  const [known] = await transaction.query(find, [tenantId, given.id, given.staff_id, now]);
  if (known) {
    if (known.size !== given.size || known.name !== given.name || known.purpose !== given.purpose) throw new Refusal('idempotency_key_reused');
    return known;
  }
  const [open] = await transaction.query(sumOpen, [tenantId, given.staff_id, now]);
  if (open!.count >= uploadLimits.atOnce || Number(open!.size) + given.size > uploadLimits.unfinishedBytes) {
    throw new Refusal('upload_quota_used', { count: uploadLimits.atOnce, limit: sizeInWords(uploadLimits.unfinishedBytes) });
  }
  const put = async (id: string) => (await transaction.query(insert, [tenantId, id, given.staff_id, given.name, given.media_type, given.purpose, given.visibility, given.size, given.sha256, now, expiry(now)]))[0];
  // Under this id lies one whose time is over.
  return await put(given.id) ?? (await put(newId(now.getTime())))!;
}

/** An upload of somebody's own; undefined when there is none, or its time is over. */
export const findUpload = async (transaction: Transaction, id: string, staffId: string, now: Date): Promise<UploadRow | undefined> => (await transaction.query(find, [transaction.tenantId, id, staffId, now]))[0];

/**
 * Keeps the next bytes of an upload (保存分片): durable when it returns.
 *
 * @returns the upload as it is then; null when somebody else went on with it meanwhile
 */
export async function keepPart({ blobs, database, clock }: Pick<Services, 'blobs' | 'database' | 'clock'>, upload: UploadRow, bytes: Uint8Array): Promise<UploadRow | null> {
  const now = clock.now();
  const blobId = newId(now.getTime());
  const key = storageKeyOf(upload.tenant_id, blobId);
  const received = await receiveBytes(bytes, blobs.workFolder, { name: '', type: '' });
  try {
    await blobs.put(key, received.path, 'application/octet-stream');
  } finally {
    await received.dispose();
  }
  const next = await database.transact(upload.tenant_id, async (transaction) => {
    const [row] = await transaction.query(advance, [upload.tenant_id, upload.id, upload.received, bytes.byteLength, expiry(now)]);
    if (row) await transaction.query(insertPart, [upload.tenant_id, upload.id, upload.received, bytes.byteLength, blobId]);
    return row ?? null;
  });
  if (next === null) await blobs.remove(key);
  return next;
}

const settleMilliseconds = 120_000;

/** Takes on putting the pieces together; false when somebody else is at it. */
export async function claimWhole(transaction: Transaction, id: string, now: Date): Promise<boolean> {
  return (await transaction.query(claim, [transaction.tenantId, id, now, new Date(now.getTime() + settleMilliseconds)])).length > 0;
}

export const releaseWhole = (transaction: Transaction, id: string): Promise<never[]> => transaction.query(release, [transaction.tenantId, id]);

/** The bytes of an upload, piece after piece; none may be missing. */
export async function* bytesOf({ blobs, database }: Pick<Services, 'blobs' | 'database'>, upload: UploadRow): AsyncGenerator<Buffer> {
  const parts = await database.transact(upload.tenant_id, (transaction) => transaction.query(findParts, [upload.tenant_id, upload.id]));
  let reached = 0;
  for (const { begins, size } of parts) {
    if (begins !== reached) break;
    reached += size;
  }
  if (reached !== upload.size) throw new Error(`Of upload ${upload.id}, ${reached} of ${upload.size} bytes lie in a row.`);
  for (const { blob_id } of parts) yield* (await blobs.get(storageKeyOf(upload.tenant_id, blob_id))) as AsyncIterable<Buffer>;
}

/** Says what an upload became; false when it became something already. */
export async function becomeFile(transaction: Transaction, id: string, fileId: string): Promise<boolean> {
  return (await transaction.query(become, [transaction.tenantId, id, fileId])).length > 0;
}

/** Removes the pieces of an upload, which has become a file or never will (清除分片): the bytes first. */
export async function dropParts({ blobs, database }: Pick<Services, 'blobs' | 'database'>, { tenant_id: tenantId, id }: Pick<UploadRow, 'tenant_id' | 'id'>): Promise<void> {
  const parts = await database.transact(tenantId, (transaction) => transaction.query(findParts, [tenantId, id]));
  for (const { blob_id } of parts) await blobs.remove(storageKeyOf(tenantId, blob_id));
  await database.transact(tenantId, (transaction) => transaction.query(forgetParts, [tenantId, id]));
}

/** Ends an upload and removes what came of it (放弃上传). */
export async function dropUpload(services: Pick<Services, 'blobs' | 'database'>, upload: Pick<UploadRow, 'tenant_id' | 'id'>): Promise<void> {
  await dropParts(services, upload);
  await services.database.transact(upload.tenant_id, (transaction) => transaction.query(remove, [upload.tenant_id, upload.id]));
}

const batchSize = 100;

/** Removes uploads whose time is over (清理过期上传), with their pieces. Two nodes may do it at once. */
export async function forgetUploads(services: Pick<Services, 'blobs' | 'database'>, now: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const expired = await services.database.transact(everyTenant, (transaction) => transaction.query(findExpired, [now, batchSize]));
    for (const { tenant_id: tenantId, id } of expired) {
      // The rows before the bytes: what a program killed in between leaves lying, the sweep of files without an owner finds.
      const parts = await services.database.transact(tenantId, async (transaction) => {
        if ((await transaction.query(lockExpired, [tenantId, id, now])).length === 0) return null;
        const parts = await transaction.query(findParts, [tenantId, id]);
        await transaction.query(remove, [tenantId, id]);
        return parts;
      });
      if (parts === null) continue;
      for (const { blob_id } of parts) await services.blobs.remove(storageKeyOf(tenantId, blob_id));
      removed += 1;
    }
    if (expired.length < batchSize) return removed;
  }
}
