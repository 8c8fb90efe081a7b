import type { Selectable } from 'kysely';
import type { InboundMessage } from '../../../channels/inbound.ts';
import type { Contact } from '../../../channels/outbound.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import type { ConversationTable } from '../../../platform/db/tables.ts';
import { newId } from '../../../platform/db/uuid.ts';

export type ConversationRow = Selectable<ConversationTable>;

const put = statement<never>('conversation.put', `
  INSERT INTO conversation (tenant_id, id, account_id, thread, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, account_id, thread) DO NOTHING`);
const lock = statement<ConversationRow>('conversation.lock', 'SELECT * FROM conversation WHERE tenant_id = $1 AND account_id = $2 AND thread = $3 FOR NO KEY UPDATE');
// What comes late must not open the window anew.
const note = statement<never>('conversation.note_inbound', `
  UPDATE conversation SET ticket_id = $3, customer_id = $4, contact = contact || $5::jsonb, contact_name = coalesce($6, contact_name), reply_context = CASE WHEN last_inbound_at > $8 THEN reply_context ELSE $7::jsonb END,
    sent_since = CASE WHEN last_inbound_at > $8 THEN sent_since ELSE 0 END, last_inbound_at = greatest(last_inbound_at, $8) WHERE tenant_id = $1 AND id = $2`);
const join = statement<never>('conversation_ticket.put', `
  INSERT INTO conversation_ticket (tenant_id, ticket_id, conversation_id, last_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, ticket_id, conversation_id) DO UPDATE SET last_at = greatest(conversation_ticket.last_at, excluded.last_at)`);
const noteSent = statement<never>('conversation.note_sent', 'UPDATE conversation SET sent_since = sent_since + 1 WHERE tenant_id = $1 AND id = $2');

/** The conversation of a thread, locked; begun with its first message (会话). */
export async function openThread(transaction: Transaction, accountId: string, thread: string, now: Date): Promise<ConversationRow> {
  await transaction.query(put, [transaction.tenantId, newId(now.getTime()), accountId, thread, now]);
  return (await transaction.query(lock, [transaction.tenantId, accountId, thread]))[0]!;
}

/** Writes down what a message said of its conversation: who, when, and what it is about from now on. */
export async function noteInbound(transaction: Transaction, id: string, message: Pick<InboundMessage, 'sender' | 'replyContext'> & { occurredAt: Date }, about: { ticketId: string | null; customerId: string | null }): Promise<void> {
  const contact = Object.fromEntries((message.sender?.ids ?? []).map(({ kind, value }) => [kind, value]));
  await transaction.query(note, [transaction.tenantId, id, about.ticketId, about.customerId, JSON.stringify(contact), message.sender?.name?.slice(0, 200) ?? null, JSON.stringify(message.replyContext ?? {}), message.occurredAt]);
  if (about.ticketId !== null) await transaction.query(join, [transaction.tenantId, about.ticketId, id, message.occurredAt]);
}

const share = statement<never>('conversation_ticket.share', `
  INSERT INTO conversation_ticket (tenant_id, ticket_id, conversation_id, last_at)
  SELECT $1, $3, conversation_id, max(last_at) FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = ANY($2::uuid[]) GROUP BY conversation_id
  ON CONFLICT (tenant_id, ticket_id, conversation_id) DO NOTHING`);

/** What is split off a ticket is answered the way that came. */
export const shareConversations = (transaction: Transaction, fromIds: readonly string[], toId: string): Promise<never[]> => transaction.query(share, [transaction.tenantId, fromIds, toId]);

/** One more free message went out since they wrote. */
export const noteOutbound = (transaction: Transaction, id: string): Promise<never[]> => transaction.query(noteSent, [transaction.tenantId, id]);

/** The other side of a conversation, as channels are told of it. */
export const contactOf = (row: ConversationRow): Contact => ({
  thread: row.thread, ids: row.contact as Record<string, string>, name: row.contact_name, lastInboundAt: row.last_inbound_at, sentSince: row.sent_since, replyContext: row.reply_context as Record<string, string>,
});
