import type { Selectable } from 'kysely';
import type { NewsEvent } from '../../../rules/news/events.ts';
import { everyTenant, sharedStatement, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import type { CustomerNewsTable } from '../../platform/db/tables.ts';
import { standardSurveyHours } from './settings.ts';

export type NewsRow = Omit<Selectable<CustomerNewsTable>, 'event'> & { event: NewsEvent };

let wake = (): void => {};

/** Says who is to be woken when there is something to tell; called once by the composition root. */
export function onNewsWaiting(callback: () => void): void {
  wake = callback;
}

/** One thing to be told. */
export interface NewNews {
  id: string;
  ticket_id: string;
  event: NewsEvent;
  about: string;
  due_at: Date;
}

const put = statement<{ id: string }>('customer_news.put', `
  INSERT INTO customer_news (tenant_id, id, ticket_id, event, about, due_at, created_at)
  SELECT $1, id, ticket_id, event, about, due_at, $3 FROM json_to_recordset($2) AS given (id uuid, ticket_id uuid, event text, about text, due_at timestamptz)
  ON CONFLICT (tenant_id, ticket_id, event, about) DO NOTHING RETURNING id`);

/** Puts down what is to be told (待通报): of one thing once, whatever is read twice. */
export async function planNews(transaction: Transaction, rows: readonly NewNews[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  const written = await transaction.query(put, [transaction.tenantId, JSON.stringify(rows), now]);
  if (written.length > 0) transaction.afterCommit(() => wake());
}

const claim = statement<{ tenant_id: string; ticket_id: string }>('customer_news.claim', `
  UPDATE customer_news n SET leased_until = $1::timestamptz + interval '60 seconds'
  FROM (SELECT tenant_id, id FROM customer_news WHERE state = 'waiting' AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE n.tenant_id = due.tenant_id AND n.id = due.id RETURNING n.tenant_id, n.ticket_id`);
const lockDue = statement<NewsRow>('customer_news.lock', `
  SELECT * FROM customer_news WHERE tenant_id = $1 AND ticket_id = $2 AND state = 'waiting' AND due_at <= $3 ORDER BY created_at, id FOR UPDATE`);
const settleRow = statement<never>('customer_news.settle', `
  UPDATE customer_news SET state = $3, reason = $4, message_id = $5, settled_at = $6 WHERE tenant_id = $1 AND id = $2`);
const postponeRows = statement<never>('customer_news.postpone', `
  UPDATE customer_news SET attempts = attempts + 1, leased_until = NULL, due_at = $3::timestamptz + attempts * interval '30 seconds', state = CASE WHEN attempts >= 9 THEN 'left_out' ELSE state END, reason = CASE WHEN attempts >= 9 THEN 'error' ELSE reason END
  WHERE tenant_id = $1 AND ticket_id = $2 AND state = 'waiting' AND due_at <= $4`);

/** Takes what is to be told now, for a minute (领取): the tickets that it is of. */
export async function claimNews(database: Database, now: Date, limit: number): Promise<{ tenant_id: string; ticket_id: string }[]> {
  const rows = await database.transact(everyTenant, (transaction) => transaction.query(claim, [now, limit]));
  return [...new Map(rows.map((row) => [`${row.tenant_id} ${row.ticket_id}`, row])).values()];
}
/** What of a ticket is to be told now; whoever else is at it is waited for, and nothing is left then. */
export const lockNews = (transaction: Transaction, ticketId: string, now: Date): Promise<NewsRow[]> => transaction.query(lockDue, [transaction.tenantId, ticketId, now]);
export const settleNews = (transaction: Transaction, id: string, state: 'told' | 'left_out', reason: string | null, messageId: string | null, now: Date): Promise<never[]> => transaction.query(settleRow, [transaction.tenantId, id, state, reason, messageId, now]);
/** Something went wrong: later once more, and not for ever. */
export const postponeNews = (database: Database, tenantId: string, ticketId: string, now: Date): Promise<unknown> => database.transact(tenantId, (transaction) => transaction.query(postponeRows, [tenantId, ticketId, new Date(now.getTime() + 30_000), now]));

const findAsked = sharedStatement<{ id: string; now: Date }, { ticket_id: string; about: string; settled_at: Date }>('customer_news.asked', `
  SELECT given.place, asked.* FROM json_to_recordset($2) AS given (place integer, id uuid, now timestamptz) CROSS JOIN LATERAL (
    SELECT n.ticket_id, n.about, n.settled_at FROM customer_news n JOIN outgoing_message o ON o.tenant_id = $1 AND o.message_id = n.message_id
    WHERE n.tenant_id = $1 AND n.event = 'survey' AND n.state = 'told'
      AND n.settled_at > given.now - coalesce((SELECT (settings ->> 'surveyHours')::int FROM news_setting WHERE tenant_id = $1), ${standardSurveyHours}) * interval '1 hour'
      AND (o.conversation_id = given.id OR o.route = 'other ' || given.id::text
        OR (o.route = 'sms' AND o.recipient_address = (SELECT c.thread FROM conversation c JOIN channel_account a ON a.tenant_id = $1 AND a.id = c.account_id AND a.kind = 'sms' WHERE c.tenant_id = $1 AND c.id = given.id)))
      AND o.state NOT IN ('queued', 'failed')
    ORDER BY n.settled_at DESC LIMIT 1) asked`);

/** The last survey that went out to a conversation (会话里的调查) and is still waited for. */
export const askedIn = async (transaction: Transaction, conversationId: string, now: Date): Promise<{ ticket_id: string; about: string; settled_at: Date } | undefined> =>
  (await transaction.queryTogether(findAsked, { id: conversationId, now }))[0];
