import type { NewsChoice } from '../../../rules/news/events.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { familyOf, rootOf } from '../customer/family.ts';

// Whoever chose is known later than they chose, is merged with others, and writes by several ways: the strictest that any of it says holds.
const findStrictest = statement<{ news: NewsChoice }>('customer.news', `
  WITH RECURSIVE talks AS (
    SELECT c.id, c.customer_id, c.news FROM conversation_ticket t JOIN conversation c ON c.tenant_id = $1 AND c.id = t.conversation_id WHERE t.tenant_id = $1 AND t.ticket_id = $3),
  up AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND (id = $2 OR id IN (SELECT customer_id FROM talks))
    UNION
    SELECT c.id, c.merged_into FROM up u JOIN customer c ON c.tenant_id = $1 AND c.id = u.merged_into),
  family AS (
    SELECT id FROM up WHERE merged_into IS NULL
    UNION
    SELECT c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT coalesce(said.news, 'all') AS news FROM (
    SELECT c.news FROM family f JOIN customer c ON c.tenant_id = $1 AND c.id = f.id
    UNION ALL SELECT v.news FROM family f JOIN conversation v ON v.tenant_id = $1 AND v.customer_id = f.id
    UNION ALL SELECT news FROM talks) AS said
  ORDER BY array_position(ARRAY['answers', 'results', 'all'], coalesce(said.news, 'all')) LIMIT 1`);
const setOfCustomer = statement<{ name: string }>('customer.choose_news', 'UPDATE customer SET news = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 RETURNING name');
const clearFamily = statement<never>('customer.clear_news', 'UPDATE customer SET news = NULL, version = version + 1 WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND id <> $3 AND news IS NOT NULL');
const clearConversations = statement<never>('conversation.clear_news', 'UPDATE conversation SET news = NULL WHERE tenant_id = $1 AND (customer_id = ANY($2::uuid[]) OR id = $3 OR (customer_id IS NULL AND id IN (SELECT conversation_id FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = $4))) AND news IS NOT NULL');
const setOfConversation = statement<{ id: string }>('conversation.choose_news', 'UPDATE conversation SET news = $3 WHERE tenant_id = $1 AND id = $2 RETURNING id');
const setOfTicket = statement<{ id: string }>('conversation.choose_news_of_ticket', `
  UPDATE conversation c SET news = $3 FROM conversation_ticket t
  WHERE t.tenant_id = $1 AND t.ticket_id = $2 AND c.tenant_id = $1 AND c.id = t.conversation_id RETURNING c.id`);
const lockTalks = statement<never>('conversation.lock_of_ticket', `
  SELECT 1 FROM conversation WHERE tenant_id = $1 AND id IN (SELECT conversation_id FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = $2) ORDER BY id FOR UPDATE`);

/** Whose choice it is: a customer's, for all their tickets; of who is nobody's customer, that of their conversation. */
export interface Choosing {
  customerId: string | null;
  ticketId: string | null;
}

/** What somebody chose to hear (接收选择): the strictest that they, whoever they were merged with, or any of their conversations said; null where there is nobody who could be told. */
export async function newsChoiceOf(context: Pick<Context, 'tenantId' | 'transaction'>, { customerId, ticketId }: Choosing): Promise<NewsChoice | null> {
  const [row] = await context.transaction.query(findStrictest, [context.tenantId, customerId, ticketId]);
  return row?.news ?? null;
}

/** Keeps the conversations of a ticket from being written to meanwhile: whoever writes in one locks it before its ticket, so whoever chooses for a ticket does as well. */
export const lockConversationsOf = ({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, ticketId: string): Promise<never[]> => transaction.query(lockTalks, [tenantId, ticketId]);

/**
 * Writes down what somebody wants to hear from now on; of what was said before nothing is left. The ticket is locked already.
 *
 * @returns whether there was anybody to write it down for
 */
export async function chooseNews(context: Pick<Context, 'tenantId' | 'transaction' | 'actor' | 'now'>, { customerId, ticketId, conversationId }: Choosing & { conversationId?: string }, choice: NewsChoice): Promise<boolean> {
  const { tenantId, transaction, actor, now } = context;
  const tell = (subjectId: string, data: Record<string, unknown>) => recordFact(transaction, { kind: 'news.chosen', subjectId, actor, occurredAt: now, recordedAt: now, data: { ...data, choice } });
  if (customerId !== null) {
    const root = await rootOf(context, customerId);
    const id = root?.id ?? customerId;
    const family = await familyOf(context, id);
    await transaction.query(clearConversations, [tenantId, family, conversationId ?? null, conversationId === undefined ? ticketId : null]);
    const [written] = await transaction.query(setOfCustomer, [tenantId, id, choice]);
    await transaction.query(clearFamily, [tenantId, family, id]);
    await tell(id, { name: written?.name ?? '' });
    return true;
  }
  const chosen = conversationId !== undefined ? await transaction.query(setOfConversation, [tenantId, conversationId, choice]) : ticketId === null ? [] : await transaction.query(setOfTicket, [tenantId, ticketId, choice]);
  for (const { id } of chosen) await tell(id, {});
  return chosen.length > 0;
}
