import type { Selectable } from 'kysely';
import { readableText } from '../../../rules/text/one-line.ts';
import type { Context } from '../../platform/context.ts';
import { build, sharedStatement } from '../../platform/db/database.ts';
import type { FileTable, MessageTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { attachFiles } from '../file/attach-files.ts';
import { tellOnTicket, type Writing } from '../ticket/change.ts';
import type { TicketRow } from '../ticket/row.ts';
import { queueReply } from './channel/outbox.ts';

export type MessageRow = Selectable<MessageTable>;

/** Where a message comes from, other than by being written here. */
export interface MessageOrigin {
  /** It was written to this ticket, which has been merged into the one it lands on. */
  fromTicketId?: string | undefined;
  /** It is a copy of this message. */
  copiedFrom?: string | undefined;
  /** It was sent to the children of this ticket. */
  parentTicketId?: string | undefined;
}

export interface NewMessage extends MessageOrigin {
  body: string;
  visibility: 'public' | 'internal';
  direction: 'inbound' | 'outbound' | 'internal';
  mentions: readonly string[];
  fileIds: readonly string[];
  /** The program wrote it by itself: whoever has it written puts it into the outbox. */
  purpose?: 'progress' | 'survey' | 'notice';
}

/** Writes a message of a ticket's conversation, hangs its files on it and tells of it (沟通记录). */
export async function addMessage(context: Context, ticket: TicketRow, message: NewMessage, more: Record<string, unknown> = {}): Promise<{ row: MessageRow; files: Selectable<FileTable>[]; ticket: TicketRow }> {
  const row = await insertMessage(context, ticket, message);
  const files = message.fileIds.length === 0 ? [] : await attachFiles(context, message.fileIds, { ticketId: ticket.id, messageId: row.id, visibility: message.visibility });
  return { row, files, ticket: await tellOfMessage(context, ticket, row, files.map((file) => file.id), more) };
}

const insertTogether = sharedStatement<Record<string, unknown>, never>('message.insert_together', `
  INSERT INTO message (tenant_id, id, ticket_id, direction, visibility, author_kind, author_id, author_name, body, mentions, channel, created_at, from_ticket_id, copied_from, parent_ticket_id, purpose)
  SELECT $1, id, ticket_id, direction, visibility, author_kind, author_id, author_name, body, mentions, channel, created_at, from_ticket_id, copied_from, parent_ticket_id, purpose
  FROM json_to_recordset($2) AS given (id uuid, ticket_id uuid, direction text, visibility text, author_kind text, author_id uuid, author_name text, body text, mentions uuid[], channel text,
    created_at timestamptz, from_ticket_id uuid, copied_from uuid, parent_ticket_id uuid, purpose text)`);

type Bare = Omit<NewMessage, 'fileIds'> & { channel?: string | undefined };

/** The message itself, without files and without telling. What answers a customer goes out by the conversation the ticket came by. */
export async function insertMessage(context: Writing, ticket: TicketRow, message: Bare): Promise<MessageRow> {
  const row = messageOf(context, ticket, message);
  await writeMessage(context, row);
  return row;
}

/** As `insertMessage` and `tellOfMessage`, sent together. */
export async function addBareMessage(context: Writing, ticket: TicketRow, message: Bare): Promise<{ row: MessageRow; ticket: TicketRow }> {
  const row = messageOf(context, ticket, message);
  const [, told] = await Promise.all([writeMessage(context, row), tellOfMessage(context, ticket, row, [])]);
  return { row, ticket: told };
}

function messageOf(context: Writing, ticket: TicketRow, message: Bare): MessageRow {
  return {
    tenant_id: context.tenantId, id: newId(context.now.getTime()), ticket_id: ticket.id, direction: message.direction, visibility: message.visibility,
    author_kind: context.actor.kind, author_id: context.actor.id, author_name: context.actor.name ?? (message.direction === 'inbound' ? ticket.contact_name : null),
    body: readableText(message.body), mentions: [...message.mentions], channel: message.channel ?? (message.direction === 'internal' ? 'console' : ticket.channel), created_at: context.now,
    from_ticket_id: message.fromTicketId ?? null, copied_from: message.copiedFrom ?? null, parent_ticket_id: message.parentTicketId ?? null, purpose: message.purpose ?? null,
  };
}

async function writeMessage(context: Writing, row: MessageRow): Promise<void> {
  if (context.imported || context.transaction.shared) await context.transaction.queryTogether(insertTogether, row);
  else await context.transaction.run(build.insertInto('message').values(row));
  if (row.visibility === 'public' && row.direction === 'outbound' && row.purpose === null && !context.imported && !context.holdRow) await queueReply(context.transaction, row.ticket_id, row.id, context.now);
}

/** The fact that tells of a message; `more` stands in it besides. */
export function tellOfMessage(context: Writing, ticket: TicketRow, row: MessageRow, fileIds: readonly string[], more: Record<string, unknown> = {}): Promise<TicketRow> {
  return tellOnTicket(context, ticket, {
    kind: 'comment.added', subjectId: row.id,
    data: { visibility: row.visibility, direction: row.direction, authorName: row.author_name, mentions: row.mentions, preview: beginningOf(row.body), fileIds, ...more },
  });
}

const previewCharacters = 140;

/** The beginning of a text, cut between characters: half of an emoji is no text that can be stored. */
export function beginningOf(text: string): string {
  return [...text.slice(0, 2 * previewCharacters)].slice(0, previewCharacters).join('').toWellFormed();
}
