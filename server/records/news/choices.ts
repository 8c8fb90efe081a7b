import type { NewsChoice } from '../../../rules/news/events.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { rootOf } from '../customer/family.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

const findOfCustomer = statement<{ news: NewsChoice | null }>('customer.news', 'SELECT news FROM customer WHERE tenant_id = $1 AND id = $2');
const findOfConversation = statement<{ news: NewsChoice | null }>('conversation.news_of_ticket', `
  SELECT c.news FROM conversation_ticket t JOIN conversation c ON c.tenant_id = $1 AND c.id = t.conversation_id
  WHERE t.tenant_id = $1 AND t.ticket_id = $2 AND c.customer_id IS NULL ORDER BY t.last_at DESC LIMIT 1`);
const setOfCustomer = statement<never>('customer.choose_news', 'UPDATE customer SET news = $3 WHERE tenant_id = $1 AND id = $2');
const setOfConversation = statement<never>('conversation.choose_news', 'UPDATE conversation SET news = $3 WHERE tenant_id = $1 AND id = $2');
const setOfTicket = statement<{ id: string }>('conversation.choose_news_of_ticket', `
  UPDATE conversation c SET news = $3 FROM conversation_ticket t
  WHERE t.tenant_id = $1 AND t.ticket_id = $2 AND c.tenant_id = $1 AND c.id = t.conversation_id AND c.customer_id IS NULL RETURNING c.id`);

/** Whose choice it is: a customer's, for all their tickets; of who is nobody's customer, that of their conversation. */
export interface Choosing {
  customerId: string | null;
  ticketId: string | null;
}

/** What somebody chose to hear (接收选择); null where there is nobody who could be told. */
export async function newsChoiceOf(context: Reading, { customerId, ticketId }: Choosing): Promise<NewsChoice | null> {
  if (customerId !== null) {
    const root = await rootOf(context, customerId);
    const [row] = await context.transaction.query(findOfCustomer, [context.tenantId, root?.id ?? customerId]);
    return row ? row.news ?? 'all' : null;
  }
  if (ticketId === null) return null;
  const [row] = await context.transaction.query(findOfConversation, [context.tenantId, ticketId]);
  return row ? row.news ?? 'all' : null;
}

/** Writes down what somebody wants to hear from now on. @returns whether there was anybody to write it down for */
export async function chooseNews(context: Reading, { customerId, ticketId, conversationId }: Choosing & { conversationId?: string }, choice: NewsChoice): Promise<boolean> {
  if (customerId !== null) {
    const root = await rootOf(context, customerId);
    await context.transaction.query(setOfCustomer, [context.tenantId, root?.id ?? customerId, choice]);
    return true;
  }
  if (conversationId !== undefined) {
    await context.transaction.query(setOfConversation, [context.tenantId, conversationId, choice]);
    return true;
  }
  return ticketId !== null && (await context.transaction.query(setOfTicket, [context.tenantId, ticketId, choice])).length > 0;
}
