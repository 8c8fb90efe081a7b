import { outboundChannels } from '../../../channels/outbound-channels.ts';
import type { Capabilities, Contact, OpenOutboundAccount, OutboundChannel } from '../../../channels/outbound.ts';
import type { Services } from '../../../platform/context.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import { findChannels, openChannel } from '../../channel/accounts.ts';
import { contactOf, type ConversationRow } from './threads.ts';
import { accountsOf as noticeAccountsOf } from '../../notice/accounts.ts';

/** Why a way cannot be taken (不可用原因). */
export type WayProblem = 'channel_off' | 'cannot_answer' | 'window_closed' | 'quota_spent' | 'no_template' | 'no_other' | 'no_phone' | 'no_sms' | 'refused' | 'consent';

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
  SELECT v.* FROM family f JOIN conversation v ON v.tenant_id = $1 AND v.customer_id = f.id WHERE v.id <> $3 AND v.last_inbound_at IS NOT NULL ORDER BY v.last_inbound_at DESC LIMIT 5`);
// Only a number that was proven: what is said on a ticket is nobody else's business.
const findPhone = statement<{ value: string }>('contact_point.proven_phone', `
  SELECT value FROM contact_point WHERE tenant_id = $1 AND customer_id = $2 AND kind = 'phone' AND verified_at IS NOT NULL ORDER BY preferred DESC, verified_at DESC LIMIT 1`);

/**
 * The ways by which somebody can be answered at a moment, the best first, each with what stands in its way (回复阶梯): in the conversation itself;
 * by a template of its account; in another conversation of the same customer; by a text message that there is an answer. Beyond the last one a person has to see to it.
 */
export async function waysFor(services: Pick<Services, 'secrets'>, transaction: Transaction, conversationId: string, now: Date): Promise<Way[]> {
  const [conversation] = await transaction.query(findConversation, [transaction.tenantId, conversationId]);
  if (!conversation) return [];
  const own = await byConversation(services, transaction, conversation, now);
  const ways: Way[] = [
    { route: 'conversation', problem: own.problem, by: own.by, phone: null },
    { route: 'template', problem: own.by === null ? own.problem : own.by.capabilities.template ? null : 'no_template', by: own.by, phone: null },
  ];
  const others = conversation.customer_id === null ? [] : await transaction.query(findOthers, [transaction.tenantId, conversation.customer_id, conversation.id]);
  for (const other of others) {
    const { problem, by } = await byConversation(services, transaction, other, now);
    ways.push({ route: `other ${other.id}`, problem, by, phone: null });
  }
  if (others.length === 0) ways.push({ route: 'other', problem: 'no_other', by: null, phone: null });
  const sms = (await noticeAccountsOf(transaction)).get('sms');
  const [phone] = conversation.customer_id === null ? [] : await transaction.query(findPhone, [transaction.tenantId, conversation.customer_id]);
  ways.push({ route: 'sms', problem: !sms?.active ? 'no_sms' : phone ? null : 'no_phone', by: null, phone: phone?.value ?? null });
  return ways;
}

async function byConversation(services: Pick<Services, 'secrets'>, transaction: Transaction, conversation: ConversationRow, now: Date): Promise<Pick<Way, 'problem' | 'by'>> {
  const [row] = await findChannels(transaction, [conversation.account_id]);
  const account = row && row.active && !row.archived_at ? openChannel(services.secrets, row) : null;
  if (!row || !account) return { problem: 'channel_off', by: null };
  const channel = outboundChannels[row.kind];
  if (!channel) return { problem: 'cannot_answer', by: null };
  const contact = contactOf(conversation);
  const capabilities = channel.capabilities(account, contact, now);
  return {
    problem: capabilities.mute ? 'cannot_answer' : !capabilities.open ? 'window_closed' : capabilities.quota?.left === 0 ? 'quota_spent' : null,
    by: { channel, account, accountName: row.name, kind: row.kind, contact, capabilities, conversationId: conversation.id },
  };
}
