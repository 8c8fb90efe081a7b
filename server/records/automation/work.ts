import { everyTenant, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { WorkRow } from './rows.ts';

export type NewWork = Pick<WorkRow, 'kind' | 'ticket_id' | 'due_at'> & Partial<Pick<WorkRow, 'rule_id' | 'fact_position' | 'data'>>;

let wake = (): void => {};

/** Says who is to be woken when work has been committed; called once by the composition root. */
export function onWorkWaiting(callback: () => void): void {
  wake = callback;
}

const insert = statement<never>('automation_work.insert', `
  INSERT INTO automation_work (tenant_id, id, kind, rule_id, ticket_id, fact_position, due_at, data)
  SELECT $1, given.* FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::bigint[], $7::timestamptz[], $8::jsonb[]) AS given ON CONFLICT DO NOTHING`);

/** Puts work down for the rules (规则待办), of one organization, at a moment. A ticket that waits for a rule already waits once. */
export async function addWork(transaction: Transaction, tenantId: string, work: readonly NewWork[], now: Date): Promise<void> {
  if (work.length === 0) return;
  const ids = work.map(() => newId(now.getTime())).sort();
  await transaction.query(insert, [
    tenantId, ids, work.map((one) => one.kind), work.map((one) => one.rule_id ?? null), work.map((one) => one.ticket_id), work.map((one) => one.fact_position ?? null), work.map((one) => one.due_at),
    work.map((one) => JSON.stringify(one.data ?? {})),
  ]);
  transaction.afterCommit(() => wake());
}

const findDue = statement<{ tenant_id: string; id: string; ticket_id: string }>('automation_work.find_due', 'SELECT tenant_id, id, ticket_id FROM automation_work WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2');
// As timers are taken: another node that is at it keeps it.
const take = statement<WorkRow>('automation_work.take', `
  DELETE FROM automation_work WHERE tenant_id = $1 AND id = $2 AND due_at <= $3
    AND EXISTS (SELECT 1 FROM automation_work w WHERE w.tenant_id = $1 AND w.id = $2 FOR UPDATE SKIP LOCKED)
  RETURNING *`);
const postpone = statement<never>('automation_work.postpone', `
  UPDATE automation_work SET attempts = attempts + 1, due_at = $3::timestamptz + least(3600, 5 * 2 ^ least(attempts, 10)) * interval '1 second' WHERE tenant_id = $1 AND id = $2`);

/** What is due, oldest first. */
export const dueWork = (database: Database, now: Date, limit: number): Promise<{ tenant_id: string; id: string; ticket_id: string }[]> =>
  database.transact(everyTenant, (transaction) => transaction.query(findDue, [now, limit]));

/** Takes a piece of work away, for the transaction that does it; undefined when another node has it. */
export const takeWork = async (transaction: Transaction, id: string, now: Date): Promise<WorkRow | undefined> => (await transaction.query(take, [transaction.tenantId, id, now]))[0];

/** Leaves work that could not be done for later, and later still each time. */
export const postponeWork = (database: Database, tenantId: string, id: string, now: Date): Promise<unknown> =>
  database.transact(tenantId, (transaction) => transaction.query(postpone, [tenantId, id, now]));
