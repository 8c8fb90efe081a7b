import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { FileRow } from './row.ts';

/**
 * Hangs copies of attached files on another ticket (复制附件). The bytes are not copied: both rows name the same ones, which
 * is safe as long as the bytes of attached files are never removed. `ids`: those that copies have to have, by those of the files.
 */
export async function copyFiles(context: Pick<Context, 'tenantId' | 'transaction' | 'now'>, files: readonly FileRow[], target: { ticketId: string; messageId?: string; ids?: ReadonlyMap<string, string> }): Promise<FileRow[]> {
  if (files.length === 0) return [];
  const copies: FileRow[] = files.map((file) => ({ ...file, id: target.ids?.get(file.id) ?? newId(context.now.getTime()), ticket_id: target.ticketId, message_id: target.messageId ?? null, visit_id: null, created_at: context.now }));
  await context.transaction.run(build.insertInto('file').values(copies));
  return copies;
}
