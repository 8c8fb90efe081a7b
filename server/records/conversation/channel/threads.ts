import type { Selectable } from 'kysely';
import type { InboundMessage } from '../../../channels/inbound.ts';
import type { Contact } from '../../../channels/outbound.ts';
import { NeedsOwnTransaction, sharedStatement, statement, type Transaction } from '../../../platform/db/database.ts';
import type { ConversationTable } from '../../../platform/db/tables.ts';
import { newId } from '../../../platform/db/uuid.ts';

export type ConversationRow = Selectable<ConversationTable>;

const put = sharedStatement<Pick<ConversationRow, 'id' | 'account_id' | 'thread' | 'created_at'>, never>('conversation.put', `
  INSERT INTO conversation (tenant_id, id, account_id, thread, created_at)
  SELECT $1, id, account_id, thread, created_at FROM json_to_recordset($2) AS given (id uuid, account_id uuid, thread text, created_at timestamptz) ON CONFLICT (tenant_id, account_id, thread) DO NOTHING`);
const lock = statement<ConversationRow>('conversation.lock', 'SELECT * FROM conversation WHERE tenant_id = $1 AND account_id = $2 AND thread = $3 FOR NO KEY UPDATE');
const lockFree = sharedStatement<Pick<ConversationRow, 'account_id' | 'thread'>, ConversationRow & { place: number; present: boolean }>('conversation.lock_free', `
  SELECT given.place, EXISTS (SELECT FROM conversation p WHERE p.tenant_id = $1 AND p.account_id = given.account_id AND p.thread = given.thread) AS present, c.*
  FROM json_to_recordset($2) AS given (place integer, account_id uuid, thread text)
    LEFT JOIN LATERAL (SELECT * FROM conversation f WHERE f.tenant_id = $1 AND f.account_id = given.account_id AND f.thread = given.thread FOR NO KEY UPDATE SKIP LOCKED) c ON true`);
interface Heard { id: string; ticket_id: string | null; customer_id: string | null; contact: Record<string, string>; contact_name: string | null; reply_context: Readonly<Record<string, string>>; at: Date }
// What comes late must not open the window anew.
const note = sharedStatement<Heard, never>('conversation.note_inbound', `
  UPDATE conversation c SET ticket_id = given.ticket_id, customer_id = given.customer_id, contact = c.contact || given.contact, contact_name = coalesce(given.contact_name, c.contact_name),
    reply_context = CASE WHEN c.last_inbound_at > given.at THEN c.reply_context ELSE given.reply_context END,
    sent_since = CASE WHEN c.last_inbound_at > given.at THEN c.sent_since ELSE 0 END, last_inbound_at = greatest(c.last_inbound_at, given.at)
  FROM json_to_recordset($2) AS given (id uuid, ticket_id uuid, customer_id uuid, contact jsonb, contact_name text, reply_context jsonb, at timestamptz)
  WHERE c.tenant_id = $1 AND c.id = given.id AND c.id = ANY (ARRAY(SELECT id FROM json_to_recordset($2) AS listed (id uuid)))`);
const join = sharedStatement<{ ticket_id: string; conversation_id: string; at: Date }, never>('conversation_ticket.put', `
  INSERT INTO conversation_ticket (tenant_id, ticket_id, conversation_id, last_at)
  SELECT $1, ticket_id, conversation_id, at FROM json_to_recordset($2) AS given (ticket_id uuid, conversation_id uuid, at timestamptz)
  ON CONFLICT (tenant_id, ticket_id, conversation_id) DO UPDATE SET last_at = greatest(conversation_ticket.last_at, excluded.last_at)`);
const noteSent = statement<never>('conversation.note_sent', 'UPDATE conversation SET sent_since = sent_since + 1 WHERE tenant_id = $1 AND id = $2');

/** What of a conversation its messages are taken in by. */
export type Thread = Pick<ConversationRow, 'id' | 'ticket_id'>;

/**
 * The conversation of a thread, locked (会话); undefined where there is none so far. Whoever calls sees to it that nobody else takes in messages of this thread.
 *
 * @throws NeedsOwnTransaction in a commit shared with others, where somebody has it
 */
export async function findThread(transaction: Transaction, accountId: string, thread: string): Promise<Thread | undefined> {
  if (!transaction.shared) return (await transaction.query(lock, [transaction.tenantId, accountId, thread]))[0];
  const [found] = await transaction.queryTogether(lockFree, { account_id: accountId, thread });
  if (found?.present === true && found.id === null) throw new NeedsOwnTransaction();
  return found?.present === true ? found : undefined;
}

/** Begins the conversation of a thread, with its first message (新会话). */
export async function beginThread(transaction: Transaction, accountId: string, thread: string, now: Date): Promise<Thread> {
  const id = newId(now.getTime());
  await transaction.queryTogether(put, { id, account_id: accountId, thread, created_at: now });
  // By another way somebody may have begun it at this very moment.
  return transaction.shared ? { id, ticket_id: null } : (await transaction.query(lock, [transaction.tenantId, accountId, thread]))[0]!;
}

/** Writes down what a message said of its conversation: who, when, and what it is about from now on. */
export async function noteInbound(transaction: Transaction, id: string, message: Pick<InboundMessage, 'sender' | 'replyContext'> & { occurredAt: Date }, about: { ticketId: string | null; customerId: string | null }): Promise<void> {
  const contact = Object.fromEntries((message.sender?.ids ?? []).map(({ kind, value }) => [kind, value]));
  const at = message.occurredAt;
  await Promise.all([
    transaction.queryTogether(note, { id, ticket_id: about.ticketId, customer_id: about.customerId, contact, contact_name: message.sender?.name?.slice(0, 200) ?? null, reply_context: message.replyContext ?? {}, at }),
    about.ticketId === null ? [] : transaction.queryTogether(join, { ticket_id: about.ticketId, conversation_id: id, at }),
  ]);
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
