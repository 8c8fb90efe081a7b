import type { Context } from '../../platform/context.ts';
import { attachFiles } from '../file/attach-files.ts';
import { tellOnTicket } from './change.ts';
import type { TicketRow } from './row.ts';

/** Hangs uploaded files on a ticket and tells of them (添加附件). Who may see them stays as they were sent, unless given. */
export async function attachToTicket(context: Context, ticket: TicketRow, fileIds: readonly string[], visibility?: 'public' | 'internal'): Promise<TicketRow> {
  const files = await attachFiles(context, fileIds, { ticketId: ticket.id, ...(visibility ? { visibility } : {}) });
  return tellOnTicket(context, ticket, { kind: 'file.attached', data: { fileIds: files.map((file) => file.id), names: files.map((file) => file.name) } });
}
