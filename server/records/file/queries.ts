import { build } from '../../platform/db/database.ts';
import type { FileRow, Reading } from './row.ts';

/** All files of a ticket, oldest first: its own, its messages' and its visits'. */
export function filesOfTicket(context: Reading, ticketId: string): Promise<FileRow[]> {
  return context.transaction.run(build.selectFrom('file').selectAll()
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).orderBy('id'));
}

/** All files of some tickets, by ticket, oldest first. */
export async function filesOfTickets(context: Reading, ticketIds: readonly string[]): Promise<Map<string, FileRow[]>> {
  if (ticketIds.length === 0) return new Map();
  const files = await context.transaction.run(build.selectFrom('file').selectAll()
    .where('tenant_id', '=', context.tenantId).where('ticket_id', 'in', ticketIds).orderBy('id'));
  return Map.groupBy(files, (file) => file.ticket_id!);
}

/** A file, whoever may see it. */
export function fileById(context: Reading, id: string): Promise<FileRow | undefined> {
  return context.transaction.first(build.selectFrom('file').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
}

/** Those of these files that there are, oldest first. */
export async function filesByIds(context: Reading, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return [];
  return context.transaction.run(build.selectFrom('file').selectAll().where('tenant_id', '=', context.tenantId).where('id', 'in', ids).orderBy('id'));
}

/** The files of messages of one ticket, by message, oldest first. */
export async function filesOfMessages(context: Reading, ticketId: string, messageIds: readonly string[]): Promise<Map<string, FileRow[]>> {
  if (messageIds.length === 0) return new Map();
  // By the ticket, as that is what the index goes by.
  const files = await context.transaction.run(build.selectFrom('file').selectAll()
    .where('tenant_id', '=', context.tenantId).where('ticket_id', '=', ticketId).where('message_id', 'in', messageIds).orderBy('id'));
  return Map.groupBy(files, (file) => file.message_id!);
}
