import { outboundChannels } from '../../../channels/outbound-channels.ts';
import type { Capabilities, Contact, OpenOutboundAccount, OutboundChannel } from '../../../channels/outbound.ts';
import type { Services } from '../../../platform/context.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import { findChannels, openChannel } from '../../channel/accounts.ts';
import { wholeFamilyOf } from '../../customer/family.ts';
import { newsSettingsOf } from '../../news/settings.ts';
import { accountsOf as noticeAccountsOf } from '../../notice/accounts.ts';
import { grantsOf } from './grants.ts';
import { hasOptedOut } from './opt-outs.ts';
import { chatWaysOf, type ChatWays } from './chat-ways.ts';
import { contactOf, type ConversationRow } from './threads.ts';

/** Why a way cannot be taken (不可用原因). */
export type WayProblem = 'channel_off' | 'cannot_answer' | 'window_closed' | 'quota_spent' | 'no_template' | 'no_other' | 'no_phone' | 'no_sms' | 'sms_spent' | 'not_so_far' | 'news_off' | 'no_grant' | 'refused' | 'consent' | 'visitor_away' | 'no_address' | 'no_mailbox';

/** A way by which an answer may go out (回复路径). */
export interface Way {
  /** conversation, template, `other <conversation>`, sms */
  route: string;
  problem: WayProblem | null;
  /** How it goes, but by text message. */
  by: { channel: OutboundChannel; account: OpenOutboundAccount; accountName: string; kind: string; contact: Contact; capabilities: Capabilities; conversationId: string } | null;
  /** A proven number, where it goes by text message. */
  phone: string | null;
}

const findConversation = statement<ConversationRow>('conversation.find', 'SELECT * FROM conversation WHERE tenant_id = $1 AND id = $2');
const findOthers = statement<ConversationRow>('conversation.others', `
  WITH RECURSIVE root AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT c.id, c.merged_into FROM root r JOIN customer c ON c.tenant_id = $1 AND c.id = r.merged_into),
  family AS (
    SELECT id FROM root WHERE merged_into IS NULL
    UNION
    SELECT c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT v.* FROM family f JOIN conversation v ON v.tenant_id = $1 AND v.customer_id = f.id WHERE v.id IS DISTINCT FROM $3 AND v.last_inbound_at IS NOT NULL ORDER BY v.last_inbound_at DESC LIMIT 5`);
// Only a number that was proven: what is said on a ticket is nobody else's business.
const findPhone = statement<{ value: string }>('contact_point.proven_phone', `
  WITH RECURSIVE up AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT c.id, c.merged_into FROM up u JOIN customer c ON c.tenant_id = $1 AND c.id = u.merged_into),
  family AS (
    SELECT id FROM up WHERE merged_into IS NULL
    UNION
    SELECT c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT p.value FROM family f JOIN contact_point p ON p.tenant_id = $1 AND p.customer_id = f.id WHERE p.kind = 'phone' AND p.verified_at IS NOT NULL ORDER BY p.preferred DESC, p.verified_at DESC LIMIT 1`);
// By whom they are for: a customer writes by several conversations, and about several tickets.
const countTexted = statement<{ own: number; everybody: number }>('outgoing_message.texted', `
  SELECT count(*)::int AS everybody, count(*) FILTER (WHERE t.customer_id = ANY($3::uuid[]))::int AS own
  FROM outgoing_message o LEFT JOIN ticket t ON t.tenant_id = $1 AND t.id = o.ticket_id WHERE o.tenant_id = $1 AND o.route = 'sms' AND (o.sent_at > $2 OR (o.sent_at IS NULL AND o.state = 'sending' AND o.under_way))`);
const lock = statement<never>('outgoing_message.lock_texts', "SELECT pg_advisory_xact_lock(hashtextextended('texts ' || $1, 0))");
const findOwner = statement<{ customer_id: string | null }>('ticket.customer_of', 'SELECT customer_id FROM ticket WHERE tenant_id = $1 AND id = $2');
const anyTexts = statement<{ id: string }>('channel_account.any_texts', "SELECT id FROM channel_account WHERE tenant_id = $1 AND kind = 'sms' AND active AND archived_at IS NULL LIMIT 1");
const day = 86_400_000;

/** Whom and of what: the conversation it would go by, null where there is none, and the ticket it is about. */
export interface Answering {
  conversationId: string | null;
  ticketId: string | null;
}

/**
 * The ways by which somebody can be answered at a moment, the best first, each with what stands in its way (回复阶梯): in the conversation itself;
 * by a template of its account; in another conversation of the same customer; by a text message that there is an answer. Beyond the last one a person has to see to it.
 */
export async function waysFor(services: Pick<Services, 'secrets'>, transaction: Transaction, { conversationId, ticketId }: Answering, now: Date): Promise<Way[]> {
  const [conversation] = conversationId === null ? [] : await transaction.query(findConversation, [transaction.tenantId, conversationId]);
  if (conversationId !== null && !conversation) return [];
  const ways: Way[] = [];
  let chat: ChatWays | null = null;
  if (conversation) {
    const own = await byConversation(services, transaction, conversation, now);
    chat = own.by?.kind === 'web_chat' ? await chatWaysOf(services, transaction, conversation, own, now) : null;
    ways.push({ route: 'conversation', problem: own.problem ?? (chat?.away ? 'visitor_away' : null), by: own.by, phone: null });
    const template = own.by?.capabilities.template;
    // A chat on a website knows no templates: none is missed there.
    if (own.by?.kind !== 'web_chat') ways.push({ route: 'template', problem: own.by === null ? own.problem : template ? null : own.by.capabilities.needsGrant ? 'no_grant' : 'no_template', by: own.by, phone: null });
  }
  const [owner] = conversation?.customer_id != null || ticketId === null ? [] : await transaction.query(findOwner, [transaction.tenantId, ticketId]);
  const customerId = conversation?.customer_id ?? owner?.customer_id ?? null;
  const others = customerId === null ? [] : await transaction.query(findOthers, [transaction.tenantId, customerId, conversationId]);
  for (const other of others) {
    const { problem, by } = await byConversation(services, transaction, other, now);
    ways.push({ route: `other ${other.id}`, problem, by, phone: null });
  }
  if (others.length === 0) ways.push({ route: 'other', problem: 'no_other', by: null, phone: null });
  if (chat) ways.push(chat.mail);
  ways.push(await byText(transaction, customerId, now));
  if (chat) ways.push(chat.page);
  return ways;
}

/** Lets one after another count the day's text messages (短信配额): until the transaction ends nobody else sets out with one. */
export const lockTexts = (transaction: Transaction): Promise<never[]> => transaction.query(lock, [transaction.tenantId]);

/** A text message (短信), to a number that was proven, as far as the day's allowance goes. */
async function byText(transaction: Transaction, customerId: string | null, now: Date): Promise<Way> {
  const way = (problem: WayProblem | null, phone: string | null = null): Way => ({ route: 'sms', problem, by: null, phone });
  const sms = (await noticeAccountsOf(transaction)).get('sms');
  const [phone] = customerId === null ? [] : await transaction.query(findPhone, [transaction.tenantId, customerId]);
  // Where text messages come in by a channel, the number is what is missing first.
  if (!sms?.active) return way(!phone && (await transaction.query(anyTexts, [transaction.tenantId])).length > 0 ? 'no_phone' : 'no_sms');
  if (!phone) return way('no_phone');
  if (await hasOptedOut(transaction, phone.value)) return way('consent');
  const [{ textsADay }, [texted]] = await Promise.all([newsSettingsOf(transaction), transaction.query(countTexted, [transaction.tenantId, new Date(now.getTime() - day), await wholeFamilyOf({ tenantId: transaction.tenantId, transaction }, customerId!)])]);
  return texted!.own >= textsADay.customer || texted!.everybody >= textsADay.organization ? way('sms_spent') : way(null, phone.value);
}

async function byConversation(services: Pick<Services, 'secrets'>, transaction: Transaction, conversation: ConversationRow, now: Date): Promise<Pick<Way, 'problem' | 'by'>> {
  const [row] = await findChannels(transaction, [conversation.account_id]);
  const account = row && row.active && !row.archived_at ? openChannel(services.secrets, row) : null;
  if (!row || !account) return { problem: 'channel_off', by: null };
  const channel = outboundChannels[row.kind];
  if (!channel) return { problem: 'cannot_answer', by: null };
  if (row.kind === 'sms' && await hasOptedOut(transaction, conversation.thread)) return { problem: 'consent', by: null };
  const contact = { ...contactOf(conversation), grants: await grantsOf(transaction, row.id, conversation.contact as Record<string, string>) };
  const capabilities = channel.capabilities(account, contact, now);
  return {
    problem: capabilities.mute ? 'cannot_answer' : !capabilities.open ? 'window_closed' : capabilities.quota?.left === 0 ? 'quota_spent' : null,
    by: { channel, account, accountName: row.name, kind: row.kind, contact, capabilities, conversationId: conversation.id },
  };
}
