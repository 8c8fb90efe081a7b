import type { PullHint } from '../../channels/inbound.ts';
import { everyTenant, statement, type Database, type Transaction } from '../../platform/db/database.ts';

/** What of an account is to be asked for, from where on (拉取进度). */
export interface PullRow {
  tenant_id: string;
  account_id: string;
  place: string;
  cursor: string | null;
  hint: string | null;
  attempts: number;
}

const leaseSeconds = 60;
const ask = statement<never>('channel_pull.ask', `
  INSERT INTO channel_pull (tenant_id, account_id, place, hint, due_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant_id, account_id, place) DO UPDATE SET hint = excluded.hint, due_at = least(channel_pull.due_at, excluded.due_at), attempts = 0`);
const claim = statement<PullRow>('channel_pull.claim', `
  UPDATE channel_pull p SET due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, account_id, place FROM channel_pull WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE p.tenant_id = due.tenant_id AND p.account_id = due.account_id AND p.place = due.place RETURNING p.tenant_id, p.account_id, p.place, p.cursor, p.hint, p.attempts`);
// Whoever was asked meanwhile is asked again.
const move = statement<{ moved: boolean }>('channel_pull.move', `
  UPDATE channel_pull SET cursor = $5, attempts = 0, failure = NULL, due_at = CASE WHEN hint IS DISTINCT FROM $6::text THEN $8::timestamptz ELSE $7::timestamptz END
  WHERE tenant_id = $1 AND account_id = $2 AND place = $3 AND cursor IS NOT DISTINCT FROM $4 RETURNING true AS moved`);
const postpone = statement<never>('channel_pull.postpone', 'UPDATE channel_pull SET attempts = attempts + 1, failure = $4, due_at = $5 WHERE tenant_id = $1 AND account_id = $2 AND place = $3');

let wake = (): void => {};

/** Says who is to be woken when something is to be asked for; called once by the composition root. */
export function onPullAsked(callback: () => void): void {
  wake = callback;
}

/** Writes down that there is something to be asked for. */
export async function askToPull(transaction: Transaction, accountId: string, hints: readonly PullHint[], now: Date): Promise<void> {
  for (const { place, hint } of hints) await transaction.query(ask, [transaction.tenantId, accountId, place, hint, now]);
  transaction.afterCommit(() => wake());
}

/** What is due to be asked for; held for a minute by whoever asks. */
export const duePulls = (database: Database, now: Date, limit: number): Promise<PullRow[]> => database.transact(everyTenant, (transaction) => transaction.query(claim, [now, limit]));

/** Moves the cursor on, in the transaction of what came; false when somebody else did before. */
export const moveCursor = async (transaction: Transaction, row: PullRow, cursor: string, next: Date, now: Date): Promise<boolean> =>
  (await transaction.query(move, [row.tenant_id, row.account_id, row.place, row.cursor, cursor, row.hint, next, now])).length > 0;

/** Leaves it for later. */
export const postponePull = (transaction: Transaction, row: PullRow, failure: string, next: Date): Promise<never[]> => transaction.query(postpone, [row.tenant_id, row.account_id, row.place, failure.slice(0, 500), next]);
