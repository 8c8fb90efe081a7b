import type { Context, Services } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { cleanFile } from '../../platform/files/clean.ts';
import { kindInWords, type Family } from '../../platform/files/file-types.ts';
import { isBlankImage } from '../../platform/files/image.ts';
import { inspectFile } from '../../platform/files/inspect.ts';
import type { ReceivedFile } from '../../platform/files/receive.ts';
import { takeRoom } from './allowance.ts';
import { storageKeyOf, type FilePurpose, type FileRow, type FileVisibility } from './row.ts';

/** A file that was found acceptable and whose bytes lie in the store; its row is still to be written. */
export interface KeptFile {
  id: string;
  storageKey: string;
  name: string;
  mediaType: string;
  size: number;
  sha256: Buffer;
  width: number | null;
  height: number | null;
}

const familiesOfPurpose: Readonly<Record<FilePurpose, readonly Family[] | null>> = { attachment: null, photo: ['image', 'video'], signature: ['image'], recording: ['audio'] };

/**
 * Looks into a received file, takes out what its camera noted, and keeps its bytes (检查并存放文件). Outside of any transaction, as it may take a while, and
 * before the row is written: bytes without a row do no harm, a row without bytes would.
 *
 * @param terms.families what is accepted here at all; everything on the list of types when absent
 * @returns what is kept of it: length and hash are those of the stored bytes, not of the sent ones
 * @throws Refusal file_empty, file_type_refused, file_type_mismatch, file_too_large (an image of too many pixels),
 *   signature_empty
 */
export async function keepFile(
  { blobs, clock }: Pick<Services, 'blobs' | 'clock'>, tenantId: string,
  received: Pick<ReceivedFile, 'path' | 'size' | 'sha256' | 'declaredName' | 'declaredType'>,
  terms: { purpose: FilePurpose; families?: readonly Family[] },
): Promise<KeptFile> {
  const inspected = await inspectFile(received.path, received.declaredName, received.declaredType);
  const { family, mediaType, name } = inspected;
  const allowed = [terms.families, familiesOfPurpose[terms.purpose]].every((families) => !families || families.includes(family));
  if (!allowed) throw new Refusal('file_type_refused', { mediaType: kindInWords(mediaType) });
  if (terms.purpose === 'signature' && await isBlankImage(received.path)) throw new Refusal('signature_empty');
  const { size, sha256, width, height } = await cleanFile(received, inspected);
  const id = newId(clock.now().getTime());
  const storageKey = storageKeyOf(tenantId, id);
  await blobs.put(storageKey, received.path, mediaType);
  return { id, storageKey, name, mediaType, size, sha256, width, height };
}

/**
 * Writes the row of a kept file, attached to nothing yet, and tells of it (登记文件).
 *
 * @param placing.sender from where it was sent, if without an account
 * @throws Refusal upload_allowance_used
 */
export async function storeFile(context: Context, kept: KeptFile, { purpose, visibility, sender = null }: { purpose: FilePurpose; visibility: FileVisibility; sender?: Buffer | null }): Promise<FileRow> {
  const { actor, now, tenantId, transaction } = context;
  if (sender) await takeRoom(transaction, sender, kept.size, now);
  const row: FileRow = {
    tenant_id: tenantId, id: kept.id, ticket_id: null, message_id: null, visit_id: null,
    name: kept.name, media_type: kept.mediaType, size: kept.size, sha256: kept.sha256, storage_key: kept.storageKey, thumbnail_key: null,
    width: kept.width, height: kept.height, purpose, visibility,
    uploaded_by_kind: actor.kind === 'api_key' ? 'staff' : actor.kind, uploaded_by_id: actor.id, created_at: now, sender,
    recorded_at: null, recorded_lat: null, recorded_lng: null, recorded_accuracy: null,
  };
  await transaction.run(build.insertInto('file').values(row));
  await recordFact(transaction, {
    kind: 'file.uploaded', actor, subjectId: row.id, occurredAt: now, recordedAt: now,
    data: { name: row.name, mediaType: row.media_type, size: row.size, purpose },
  });
  return row;
}
