import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../platform/errors/refusal.ts';
import { idBytes, idFromBytes, type Secrets } from '../../platform/secrets.ts';
import { filesByIds } from './queries.ts';
import type { FileRow, FileVisibility } from './row.ts';

/** Where files are hung. */
export interface Attachment {
  ticketId: string;
  messageId?: string;
  visitId?: string;
  /** Who is to see them from now on; as it was when absent. */
  visibility?: FileVisibility;
  /** The input that named them, for refusals: `attachments` for the staff, `uploads` for customers when absent. */
  field?: string;
}

/** How long after its upload a file can be attached. */
const attachableHours = 24;
const tokenHours = 1;

/**
 * Hangs uploaded files on a ticket (关联附件), in the order given: files that hang nowhere yet, were sent within a day, and
 * by the caller. For customers, who are nobody in particular while they report, `readUploads` is the proof that these
 * ids are theirs.
 *
 * Tells nothing: the fact of whatever the files came with names them.
 *
 * @throws Refusal unknown_reference, file_already_attached
 */
export async function attachFiles(context: Context, ids: readonly string[], target: Attachment): Promise<FileRow[]> {
  if (ids.length === 0) return [];
  const { caller, now, tenantId, transaction } = context;
  const wanted = [...new Set(ids)];
  const field = target.field ?? (caller.kind === 'staff' ? 'attachments' : 'uploads');
  const oldest = new Date(now.getTime() - attachableHours * 3_600_000);
  const isTheirs = (file: FileRow) => caller.kind === 'staff'
    ? file.uploaded_by_kind === 'staff' && file.uploaded_by_id === caller.subject.staffId
    : file.uploaded_by_kind === 'customer';

  let mine = build.selectFrom('file').select('id')
    .where('tenant_id', '=', tenantId).where('id', 'in', wanted).where('ticket_id', 'is', null).where('created_at', '>', oldest);
  mine = caller.kind === 'staff'
    ? mine.where('uploaded_by_kind', '=', 'staff').where('uploaded_by_id', '=', caller.subject.staffId)
    : mine.where('uploaded_by_kind', '=', 'customer');
  // Locked in one order, so that two who want the same files wait for each other rather than for ever.
  const attached = await transaction.run(build.updateTable('file')
    .set({
      ticket_id: target.ticketId, message_id: target.messageId ?? null, visit_id: target.visitId ?? null, sender: null,
      ...(target.visibility ? { visibility: target.visibility } : {}),
    })
    .where('tenant_id', '=', tenantId).where('ticket_id', 'is', null).where('id', 'in', mine.orderBy('id').forUpdate())
    .returningAll());
  if (attached.length < wanted.length) {
    const found = await filesByIds(context, wanted);
    const elsewhere = found.some((file) => isTheirs(file) && file.ticket_id !== null && !attached.some((one) => one.id === file.id));
    throw elsewhere ? new Refusal('file_already_attached') : refuseInput(`/${field}`, 'unknown_reference', { field });
  }
  const byId = new Map(attached.map((file) => [file.id, file]));
  return wanted.map((id) => byId.get(id)!);
}

/** Writes when and where a file was recorded (录制时间与地点), WGS-84; metres. */
export async function keepRecorded({ transaction, tenantId }: Pick<Context, 'transaction' | 'tenantId'>, id: string, { at, lat, lng, accuracy }: { at: Date; lat: number | null; lng: number | null; accuracy: number | null }): Promise<void> {
  await transaction.run(build.updateTable('file').set({ recorded_at: at, recorded_lat: lat, recorded_lng: lng, recorded_accuracy: accuracy }).where('tenant_id', '=', tenantId).where('id', '=', id));
}

/** The proof that its holder sent this file (上传凭证): for customers, to name it in their report within the hour. */
export function signUploadToken(secrets: Secrets, tenantId: string, fileId: string, now: Date): string {
  return secrets.sign('upload', Buffer.concat([idBytes(tenantId), idBytes(fileId)]), new Date(now.getTime() + tokenHours * 3_600_000));
}

/** The file a token is the proof of; null when it is forged, expired or another organization's. */
export function readUploadToken(secrets: Secrets, tenantId: string, token: string, now: Date): string | null {
  const bytes = secrets.verify('upload', token, now);
  return bytes?.length === 32 && bytes.subarray(0, 16).equals(idBytes(tenantId)) ? idFromBytes(bytes.subarray(16)) : null;
}

/**
 * The files that a customer's tokens prove to be theirs, for `attachFiles`.
 *
 * @throws Refusal unknown_reference
 */
export function readUploads(context: Pick<Context, 'services' | 'tenantId' | 'now'>, tokens: readonly string[]): string[] {
  const ids = tokens.map((token, index) => {
    const id = readUploadToken(context.services.secrets, context.tenantId, token, context.now);
    if (id === null) throw refuseInput(`/uploads/${index}`, 'unknown_reference', { field: 'uploads' });
    return id;
  });
  return [...new Set(ids)];
}
