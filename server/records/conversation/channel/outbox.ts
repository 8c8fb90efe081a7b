import type { Selectable } from 'kysely';
import type { InboundReceipt } from '../../../channels/inbound.ts';
import type { NewsReach } from '../../../../rules/news/events.ts';
import { receiptOrder } from '../../../channels/outbound.ts';
import { statement, type Transaction } from '../../../platform/db/database.ts';
import type { OutgoingMessageTable } from '../../../platform/db/tables.ts';
import { newId } from '../../../platform/db/uuid.ts';

export type OutgoingRow = Selectable<OutgoingMessageTable>;

/** Why a way was left out (跳过原因). */
export interface Skip {
  route: string;
  reason: string;
}

/** Skips as they are shown: of which kind a way was, and why it was left out. What the other side itself refused is remembered with `said:`. */
export const shownSkips = (skips: readonly Skip[]): Skip[] => skips.map(({ route, reason }) => ({ route: route.split(' ', 1)[0]!, reason: reason.replace(/^said:/, '') }));

let wake = (): void => {};

/** Says who is to be woken when something is to go out; called once by the composition root. */
export function onReplyWaiting(callback: () => void): void {
  wake = callback;
}

// By the conversation that a ticket was last written to by; those of tickets that were merged into it hear it as well, under their own.
const queue = statement<{ id: string }>('outgoing_message.queue', `
  WITH RECURSIVE family AS (
    SELECT $3::uuid AS id
    UNION
    SELECT t.id FROM family f JOIN ticket t ON t.tenant_id = $1 AND t.merged_into = f.id),
  way AS (
    SELECT DISTINCT ON (c.id) c.id, latest.ticket_id, c.account_id FROM family f
      CROSS JOIN LATERAL (SELECT ticket_id, conversation_id FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = f.id ORDER BY last_at DESC, conversation_id LIMIT 1) latest
      JOIN conversation c ON c.tenant_id = $1 AND c.id = latest.conversation_id)
  INSERT INTO outgoing_message (tenant_id, id, channel, ticket_id, message_id, conversation_id, state, created_at, due_at)
  SELECT $1, (array[$4::uuid, gen_random_uuid()])[least(2, row_number() OVER (ORDER BY way.ticket_id))], a.kind, way.ticket_id, $2, way.id, 'queued', $5, $5
  FROM way JOIN channel_account a ON a.tenant_id = $1 AND a.id = way.account_id RETURNING id`);

/** Puts an answer to a customer into the outbox, in the transaction of the message (回复入发件箱); nothing where the ticket came by no conversation. */
export async function queueReply(transaction: Transaction, ticketId: string, messageId: string, now: Date): Promise<void> {
  const queued = await transaction.query(queue, [transaction.tenantId, messageId, ticketId, newId(now.getTime()), now]);
  if (queued.length > 0) transaction.afterCommit(() => wake());
}

// The conversation the ticket came by; else the one in which its customer last wrote; else, by a proven number, none at all.
const findWay = statement<{ conversation_id: string; account_id: string; kind: string }>('outgoing_message.way_to_tell', `
  WITH RECURSIVE up AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = $3
    UNION SELECT c.id, c.merged_into FROM up u JOIN customer c ON c.tenant_id = $1 AND c.id = u.merged_into),
  family AS (
    SELECT id FROM up WHERE merged_into IS NULL
    UNION SELECT c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id),
  found AS (
    SELECT conversation_id AS id, 0 AS place, last_at AS at FROM conversation_ticket WHERE tenant_id = $1 AND ticket_id = $2
    UNION ALL SELECT v.id, 1, v.last_inbound_at FROM family f JOIN conversation v ON v.tenant_id = $1 AND v.customer_id = f.id WHERE v.last_inbound_at IS NOT NULL)
  SELECT c.id AS conversation_id, c.account_id, a.kind FROM found JOIN conversation c ON c.tenant_id = $1 AND c.id = found.id JOIN channel_account a ON a.tenant_id = $1 AND a.id = c.account_id
  ORDER BY found.place, found.at DESC, c.id LIMIT 1`);
const hasNumber = statement<{ found: boolean }>('outgoing_message.number_to_tell', `
  WITH RECURSIVE up AS (
    SELECT id, merged_into FROM customer WHERE tenant_id = $1 AND id = $2
    UNION SELECT c.id, c.merged_into FROM up u JOIN customer c ON c.tenant_id = $1 AND c.id = u.merged_into),
  family AS (
    SELECT id FROM up WHERE merged_into IS NULL
    UNION SELECT c.id FROM family f JOIN customer c ON c.tenant_id = $1 AND c.merged_into = f.id)
  SELECT EXISTS (SELECT FROM family f JOIN contact_point p ON p.tenant_id = $1 AND p.customer_id = f.id WHERE p.kind = 'phone' AND p.verified_at IS NOT NULL) AS found`);

/** Where something that is told by itself sets out (通报起点). */
export interface WayToTell {
  conversationId: string | null;
  accountId: string | null;
  channel: string;
}

/** By which conversation a ticket's customer is told (通报起点); null where there is neither one nor a proven number. */
export async function wayToTell(transaction: Transaction, ticketId: string, customerId: string | null): Promise<WayToTell | null> {
  const [way] = await transaction.query(findWay, [transaction.tenantId, ticketId, customerId]);
  if (way) return { conversationId: way.conversation_id, accountId: way.account_id, channel: way.kind };
  const [number] = customerId === null ? [] : await transaction.query(hasNumber, [transaction.tenantId, customerId]);
  return number?.found ? { conversationId: null, accountId: null, channel: 'sms' } : null;
}

const queueOne = statement<never>('outgoing_message.queue_news', `
  INSERT INTO outgoing_message (tenant_id, id, channel, ticket_id, message_id, conversation_id, state, created_at, due_at, reach) VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $7, $8)`);

/** Puts what the program says by itself into the outbox (通报入发件箱), to go as far as `reach` says. */
export async function queueNews(transaction: Transaction, news: { messageId: string; ticketId: string; conversationId: string | null; channel: string; reach: NewsReach }, now: Date): Promise<void> {
  await transaction.query(queueOne, [transaction.tenantId, newId(now.getTime()), news.channel, news.ticketId, news.messageId, news.conversationId, now, news.reach]);
  transaction.afterCommit(() => wake());
}

const findByName = statement<OutgoingRow>('outgoing_message.by_name', `
  SELECT o.* FROM outgoing_name n JOIN outgoing_message o ON o.tenant_id = $1 AND o.id = n.outgoing_id WHERE n.tenant_id = $1 AND n.account_id = $2 AND n.provider_id = $3 FOR NO KEY UPDATE OF o`);
const setState = statement<never>('outgoing_message.receipt', `
  UPDATE outgoing_message SET state = $3, failure = $4, failure_detail = $5, settled_at = $6 WHERE tenant_id = $1 AND id = $2`);
const putName = statement<never>('outgoing_name.put', `
  INSERT INTO outgoing_name (tenant_id, account_id, provider_id, outgoing_id) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, account_id, provider_id) DO NOTHING`);

/** Writes down what the other side calls what it took. */
export const nameOutgoing = (transaction: Transaction, accountId: string, providerId: string, outgoingId: string): Promise<never[]> =>
  transaction.query(putName, [transaction.tenantId, accountId, providerId.slice(0, 300), outgoingId]);

/**
 * What became of something that was sent (回执): it only ever moves forward, in whatever order receipts come.
 *
 * @returns the row as it was and whether anything is new; null where nothing of this name was sent
 */
export async function noteReceipt(transaction: Transaction, accountId: string, receipt: InboundReceipt, now: Date): Promise<{ row: OutgoingRow; changed: boolean } | null> {
  const [row] = await transaction.query(findByName, [transaction.tenantId, accountId, receipt.providerId.slice(0, 300)]);
  if (!row) return null;
  const changed = receiptOrder[receipt.state] > receiptOrder[row.state as keyof typeof receiptOrder];
  if (changed) await transaction.query(setState, [transaction.tenantId, row.id, receipt.state, receipt.state === 'failed' ? 'refused' : null, receipt.state === 'failed' ? receipt.said?.slice(0, 500) ?? null : null, now]);
  return { row, changed };
}

const findOf = statement<DeliveryRow>('outgoing_message.of_messages', `
  SELECT o.id, o.message_id, o.channel, o.state, o.route, o.skips, o.failure, o.failure_detail, o.created_at, o.sent_at, o.settled_at, o.attempts, o.due_at, coalesce(a.name, '') AS account_name, c.contact_name
  FROM outgoing_message o LEFT JOIN conversation c ON c.tenant_id = $1 AND c.id = o.conversation_id LEFT JOIN channel_account a ON a.tenant_id = $1 AND a.id = c.account_id
  WHERE o.tenant_id = $1 AND o.message_id = ANY($2::uuid[]) ORDER BY o.id`);

export type DeliveryRow = Pick<OutgoingRow, 'id' | 'message_id' | 'channel' | 'state' | 'route' | 'skips' | 'failure' | 'failure_detail' | 'created_at' | 'sent_at' | 'settled_at' | 'attempts' | 'due_at'> & { account_name: string; contact_name: string | null };

/** What became of some answers, by message (送达情况). */
export async function deliveriesOf(transaction: Transaction, messageIds: readonly string[]): Promise<Map<string, DeliveryRow[]>> {
  if (messageIds.length === 0) return new Map();
  return Map.groupBy(await transaction.query(findOf, [transaction.tenantId, messageIds]), (row) => row.message_id!);
}

const again = statement<OutgoingRow>('outgoing_message.again', `
  UPDATE outgoing_message SET state = 'queued', failure = NULL, failure_detail = NULL, settled_at = NULL, skips = '[]', attempts = 0, due_at = $3, under_way = false,
    round = round + CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END, next_piece = CASE WHEN sent_at IS NULL THEN next_piece ELSE 0 END, sent_at = NULL, route = CASE WHEN sent_at IS NULL AND next_piece > 0 THEN route END
  WHERE tenant_id = $1 AND id = $2 AND state IN ('failed', 'held') RETURNING *`);
const arrived = statement<OutgoingRow>('outgoing_message.arrived', `
  UPDATE outgoing_message SET state = 'sent', failure = NULL, failure_detail = NULL, under_way = false, sent_at = coalesce(sent_at, $3), settled_at = $3 WHERE tenant_id = $1 AND id = $2 AND state IN ('failed', 'held') RETURNING *`);

/** Lets an answer that did not go out go once more; one that only failed later as a new message. Undefined where there is nothing to be done. */
export async function sendAgain(transaction: Transaction, id: string, now: Date): Promise<OutgoingRow | undefined> {
  const [row] = await transaction.query(again, [transaction.tenantId, id, now]);
  if (row) transaction.afterCommit(() => wake());
  return row;
}

/** Somebody knows that it arrived after all. */
export const markArrived = async (transaction: Transaction, id: string, now: Date): Promise<OutgoingRow | undefined> => (await transaction.query(arrived, [transaction.tenantId, id, now]))[0];
