import { everyTenant, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';

/** A welcome that is due (待发欢迎语). */
export interface GreetingRow {
  tenant_id: string;
  id: string;
  account_id: string;
  /** What the platform gave to greet with, by name. */
  context: Record<string, string>;
  until: Date;
  attempts: number;
}

const leaseSeconds = 10;
const put = statement<never>('channel_greeting.put', `
  INSERT INTO channel_greeting (tenant_id, id, account_id, inbox_id, context, due_at, until, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $6) ON CONFLICT (tenant_id, inbox_id) DO NOTHING`);
const claim = statement<GreetingRow>('channel_greeting.claim', `
  UPDATE channel_greeting g SET attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM channel_greeting WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE g.tenant_id = due.tenant_id AND g.id = due.id RETURNING g.tenant_id, g.id, g.account_id, g.context, g.until, g.attempts`);
const settle = statement<never>('channel_greeting.settle', "UPDATE channel_greeting SET state = $3, failure = $4, settled_at = $5 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'");
const postpone = statement<never>('channel_greeting.postpone', "UPDATE channel_greeting SET due_at = $3, failure = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'");

let wake = (): void => {};

/** Says who is to be woken when somebody is to be welcomed; called once by the composition root. */
export function onGreetingWaiting(callback: () => void): void {
  wake = callback;
}

/** Has somebody welcomed, in the transaction in which they become known. */
export async function queueGreeting(transaction: Transaction, accountId: string, inboxId: string, context: Readonly<Record<string, string>>, until: Date, now: Date): Promise<void> {
  await transaction.query(put, [transaction.tenantId, newId(now.getTime()), accountId, inboxId, JSON.stringify(context), now, until]);
  transaction.afterCommit(() => wake());
}

/** What is due; held for some seconds by whoever sends. */
export const dueGreetings = (database: Database, now: Date, limit: number): Promise<GreetingRow[]> => database.transact(everyTenant, (transaction) => transaction.query(claim, [now, limit]));

export const settleGreeting = (transaction: Transaction, id: string, state: 'sent' | 'failed', failure: string | null, now: Date): Promise<never[]> => transaction.query(settle, [transaction.tenantId, id, state, failure?.slice(0, 500) ?? null, now]);
export const postponeGreeting = (transaction: Transaction, id: string, failure: string, next: Date): Promise<never[]> => transaction.query(postpone, [transaction.tenantId, id, next, failure.slice(0, 500)]);
