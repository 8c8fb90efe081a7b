import { threadOf } from '../../../channels/email/message-ids.ts';
import { outboundChannels } from '../../../channels/outbound-channels.ts';
import type { OutgoingFile } from '../../../channels/outbound.ts';
import type { Services } from '../../../platform/context.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { openChannel } from '../../channel/accounts.ts';
import { mailAccountOf } from '../../channel/mail-account.ts';
import { chatFileOf, layAnswer } from '../../chat/transcript.ts';
import { findVisitor, isThere } from '../../chat/visitors.ts';
import { filesByIds } from '../../file/queries.ts';
import type { ConversationRow } from './threads.ts';
import type { Way } from './ways.ts';

/** How somebody is answered who wrote on a website (网页访客回复方式). */
export interface ChatWays {
  /** Their page is closed: an answer on it may never be seen. */
  away: boolean;
  /** By mail, to the address they left. */
  mail: Way;
  /** It lies on the page all the same, for when they come again. */
  page: Way;
}

/** The ways of a chat on a website beside the chat itself: by mail to the address its visitor left, and, when there is no other, on the page for when they come again. */
export async function chatWaysOf(services: Pick<Services, 'secrets'>, transaction: Transaction, conversation: ConversationRow, own: Pick<Way, 'problem' | 'by'>, now: Date): Promise<ChatWays | null> {
  const visitor = await findVisitor(transaction, conversation.thread);
  if (!visitor) return null;
  return {
    away: !isThere(visitor, now), page: { route: 'page', problem: own.problem, by: own.by, phone: null },
    mail: { route: 'email', phone: null, ...(visitor.email === null ? { problem: 'no_address', by: null } : await byMail(services, transaction, conversation, visitor.email, now)) },
  };
}

async function byMail(services: Pick<Services, 'secrets'>, transaction: Transaction, conversation: ConversationRow, email: string, now: Date): Promise<Pick<Way, 'problem' | 'by'>> {
  const row = await mailAccountOf(transaction);
  const [account, channel] = [row && openChannel(services.secrets, row), outboundChannels.email];
  if (!row || !account || !channel) return { problem: 'no_mailbox', by: null };
  const contact = { thread: mailThreadOf(conversation.id), ids: { email }, name: conversation.contact_name, lastInboundAt: null, sentSince: 0, replyContext: {} };
  const capabilities = channel.capabilities(account, contact, now);
  return { problem: capabilities.mute ? 'no_mailbox' : null, by: { channel, account, accountName: row.name, kind: 'email', contact, capabilities, conversationId: conversation.id } };
}

const mailThreadOf = (conversationId: string): string => threadOf(`chat ${conversationId}`);

const joinThread = statement<never>('conversation.join_mail', `
  INSERT INTO conversation (tenant_id, id, account_id, thread, customer_id, ticket_id, contact, contact_name, created_at)
  SELECT $1, $3, $4, $5, customer_id, $6, $7::jsonb, contact_name, $8 FROM conversation WHERE tenant_id = $1 AND id = $2
  ON CONFLICT (tenant_id, account_id, thread) DO UPDATE SET ticket_id = excluded.ticket_id, contact = conversation.contact || excluded.contact`);

/** A mail answered a chat: what is written back to it comes to the same ticket (邮件接续聊天). */
export async function joinMailThread(transaction: Transaction, way: Way, ticketId: string, now: Date): Promise<void> {
  if (way.route !== 'email' || !way.by) return;
  const { conversationId, account, contact } = way.by;
  await transaction.query(joinThread, [transaction.tenantId, conversationId, newId(now.getTime()), account.id, contact.thread, ticketId, JSON.stringify(contact.ids), now]);
}

/** Lays an answer on a visitor's page (回复上网页); null where there is no such visitor. */
export async function layOnPage(transaction: Transaction, answer: { thread: string; key: string; text: string; author: string | null; files: readonly OutgoingFile[] }, now: Date): Promise<string | null> {
  const files = await filesByIds({ tenantId: transaction.tenantId, transaction }, answer.files.map(({ id }) => id));
  return layAnswer(transaction, answer.thread, { ...answer, files: files.map(chatFileOf) }, now);
}
