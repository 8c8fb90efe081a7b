import { createHash } from 'node:crypto';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { sizeInWords } from '../../platform/files/inspect.ts';

/** How many bytes an hour one address may send without attaching them to anything. */
const mostBytes = 200 * 1024 * 1024;
const hour = 3_600_000;

const sum = statement<{ size: number; oldest: Date | null }>('file.sum_of_sender', `
  SELECT coalesce(sum(size), 0)::bigint AS size, min(created_at) AS oldest FROM file
  WHERE tenant_id = $1 AND sender = $2 AND created_at > $3`);
const lock = statement<never>('file.lock_sender', 'SELECT pg_advisory_xact_lock($1)');

/**
 * Refuses files from an address that has sent too much without attaching it within the hour (上传限额): what is attached
 * has no sender any more.
 *
 * @param size bytes about to be added
 * @throws Refusal upload_allowance_used
 */
export async function ensureRoom(transaction: Transaction, sender: Buffer, size: number, now: Date): Promise<void> {
  const [present] = await transaction.query(sum, [transaction.tenantId, sender, new Date(now.getTime() - hour)]);
  if (present!.size + size <= mostBytes) return;
  const oldest = present!.oldest ?? now;
  throw new Refusal('upload_allowance_used', { limit: sizeInWords(mostBytes), minutes: Math.max(1, Math.ceil((oldest.getTime() + hour - now.getTime()) / 60_000)) });
}

/** As `ensureRoom`, and keeps the room until the transaction ends: of two files for the last of it one is refused. */
export async function takeRoom(transaction: Transaction, sender: Buffer, size: number, now: Date): Promise<void> {
  const place = createHash('sha256').update(`room ${transaction.tenantId}`).update(sender).digest();
  await transaction.query(lock, [place.readBigInt64BE(0)]);
  await ensureRoom(transaction, sender, size, now);
}
