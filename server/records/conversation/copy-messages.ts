import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { copyFiles } from '../file/copy-files.ts';
import { filesOfTickets } from '../file/queries.ts';
import { tellOnTicket, type Writing } from '../ticket/change.ts';
import type { TicketRow } from '../ticket/row.ts';
import { beginningOf, type MessageRow } from './add-message.ts';

/**
 * Copies messages with their files to another ticket (带入沟通记录): text, author and time as they were, with where they come
 * from. The fact of each says who copied it and names the author.
 */
export async function copyMessages(context: Writing, messages: readonly MessageRow[], ticket: TicketRow, fromNumber: string): Promise<TicketRow> {
  const files = [...(await filesOfTickets({ ...context }, [...new Set(messages.map((message) => message.ticket_id))])).values()].flat();
  let current = ticket;
  for (const message of messages) {
    const copy: MessageRow = { ...message, id: newId(context.now.getTime()), ticket_id: ticket.id, copied_from: message.id, from_ticket_id: null, parent_ticket_id: null };
    await context.transaction.run(build.insertInto('message').values(copy));
    const copies = await copyFiles(context, files.filter((file) => file.message_id === message.id), { ticketId: ticket.id, messageId: copy.id });
    current = await tellOnTicket(context, current, {
      kind: 'comment.copied', subjectId: copy.id,
      data: {
        visibility: copy.visibility, direction: copy.direction, authorName: copy.author_name, preview: beginningOf(copy.body), fileIds: copies.map((file) => file.id),
        from: { number: fromNumber, messageId: message.id, at: message.created_at.toISOString() },
      },
    });
  }
  return current;
}
