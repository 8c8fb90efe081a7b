import type { SideConversationSide } from '../../../../rules/ticket/collaboration.ts';
import { build } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { tellOnTicket, type Writing } from '../../ticket/change.ts';
import type { TicketRow } from '../../ticket/row.ts';
import { beginningOf } from '../add-message.ts';
import type { SideConversationRow, SideMessageRow } from './view.ts';

/** What somebody writes beside a ticket. */
export interface NewSideMessage {
  body: string;
  /** outbound leaves by e-mail, inbound came by it. */
  direction: 'internal' | 'outbound' | 'inbound';
  /** Whose answer is awaited now; of the others than who wrote when absent. */
  awaits?: SideConversationSide;
  quotes: readonly Quote[];
  /** Files that are shown with it, and of these the ones that came with it. */
  fileIds: readonly string[];
  attachedIds: readonly string[];
}

/** A copy of a message: it shows what it says and nothing else of the ticket. */
export interface Quote {
  author: string | null;
  at: string;
  body: string;
}

/**
 * Writes a message into a conversation beside a ticket and tells of it on the ticket (旁路会话消息). One that leaves by
 * e-mail stands in the outbox in the same transaction. Both rows have to be locked; the conversation is one just made
 * while its count is 0.
 */
export async function postSideMessage(context: Writing, conversation: SideConversationRow, ticket: TicketRow, message: NewSideMessage): Promise<{ row: SideMessageRow; conversation: SideConversationRow; ticket: TicketRow }> {
  const { transaction, tenantId, now, actor } = context;
  const row: SideMessageRow = {
    tenant_id: tenantId, id: newId(now.getTime()), conversation_id: conversation.id, direction: message.direction,
    author_kind: actor.kind, author_id: actor.id, author_name: actor.name, body: message.body, quotes: message.quotes, file_ids: [...message.fileIds], created_at: now,
  };
  await transaction.run(build.insertInto('side_message').values({ ...row, quotes: JSON.stringify(row.quotes) }));
  const awaits = message.awaits ?? (message.direction !== 'inbound' && actor.id === conversation.opened_by_id ? 'asked' : 'asker');
  const next: SideConversationRow = { ...conversation, awaits, message_count: conversation.message_count + 1, last_message_at: now };
  await transaction.run(build.updateTable('side_conversation').set({ awaits, message_count: next.message_count, last_message_at: now }).where('tenant_id', '=', tenantId).where('id', '=', conversation.id));
  if (message.direction === 'outbound') {
    await transaction.run(build.insertInto('outgoing_message').values({
      tenant_id: tenantId, id: newId(now.getTime()), channel: 'email', ticket_id: ticket.id, side_message_id: row.id, recipient_address: conversation.address!, recipient_name: conversation.address_name,
      // By the number an answer finds its way back.
      subject: `${conversation.subject} [#${ticket.number}]`, body: textOf(message), file_ids: [...message.fileIds], state: 'queued', created_at: now,
    }));
  }
  const told = await tellOfSideConversation(context, ticket, next, conversation.message_count === 0 ? 'side_conversation.opened' : 'side_conversation.replied', {
    messageId: row.id, direction: row.direction, authorName: row.author_name, preview: beginningOf(row.body), fileIds: [...message.attachedIds],
  });
  return { row, conversation: next, ticket: told };
}

/** Starts a conversation with its first message (发起旁路会话). The ticket has to be locked. */
export async function openSideConversation(context: Writing, ticket: TicketRow, start: Pick<SideConversationRow, 'subject' | 'team_id' | 'department_id' | 'address' | 'address_name'>, message: Omit<NewSideMessage, 'direction'>): Promise<SideConversationRow> {
  const row: SideConversationRow = {
    ...start, tenant_id: context.tenantId, id: newId(context.now.getTime()), ticket_id: ticket.id, state: 'open', opened_by_id: context.actor.id, opened_by_name: context.actor.name,
    awaits: 'asked', message_count: 0, created_at: context.now, last_message_at: context.now, closed_at: null, version: 1,
  };
  await context.transaction.run(build.insertInto('side_conversation').values(row));
  return (await postSideMessage(context, row, ticket, { ...message, direction: row.address === null ? 'internal' : 'outbound' })).conversation;
}

/** Closes a conversation or opens it again, and tells of it. Both rows have to be locked. */
export async function turnSideConversation(context: Writing, conversation: SideConversationRow, ticket: TicketRow, state: 'open' | 'closed'): Promise<SideConversationRow> {
  const next: SideConversationRow = { ...conversation, state, closed_at: state === 'closed' ? context.now : null, version: conversation.version + 1 };
  await context.transaction.run(build.updateTable('side_conversation').set({ state, closed_at: next.closed_at, version: next.version }).where('tenant_id', '=', context.tenantId).where('id', '=', conversation.id));
  await tellOfSideConversation(context, ticket, next, state === 'closed' ? 'side_conversation.closed' : 'side_conversation.reopened');
  return next;
}

/** Tells of a conversation on its ticket, and for whom else that is news. */
function tellOfSideConversation(context: Writing, ticket: TicketRow, conversation: SideConversationRow, kind: 'side_conversation.opened' | 'side_conversation.replied' | 'side_conversation.closed' | 'side_conversation.reopened', data: Record<string, unknown> = {}): Promise<TicketRow> {
  return tellOnTicket(context, ticket, {
    kind, subjectId: conversation.id,
    data: { subject: conversation.subject, openedById: conversation.opened_by_id, awaits: conversation.awaits, audience: { teamId: conversation.team_id, departmentId: conversation.department_id, address: conversation.address }, visibility: 'internal', ...data },
  });
}

/** The text of the mail: what was written, and below it what is quoted. */
function textOf({ body, quotes }: NewSideMessage): string {
  return [body, ...quotes.map((quote) => `${quote.author ?? ''} ${quote.at}\n${quote.body.split('\n').map((line) => `> ${line}`).join('\n')}`.trimStart())].join('\n\n');
}
