import type { TimerKind } from '../../../contract/timers.ts';
import type { Logger } from '../log.ts';
import { everyTenant, sharedStatement, statement, type Database, type Transaction } from '../db/database.ts';

/** Something that will happen at a moment unless it is called off before (定时器). One of a kind for a subject. */
export interface Timer {
  kind: TimerKind;
  subjectId: string;
  dueAt: Date;
  data?: Record<string, unknown>;
}

export interface DueTimer {
  tenantId: string;
  kind: TimerKind;
  subjectId: string;
  dueAt: Date;
  data: Record<string, unknown>;
}

/** What happens when a timer of a kind is due; runs in the transaction that takes the timer away. */
export interface TimerHandler {
  (transaction: Transaction, timer: DueTimer, now: Date): Promise<void>;
  /**
   * Locks what the timer is about, before the timer itself is locked. Whoever works on a subject locks it and then sets
   * or clears its timers; in the other order the two would wait for each other. Needed wherever the handler locks it.
   */
  lock?: (transaction: Transaction, subjectId: string) => Promise<unknown>;
}

const upsert = statement<never>('timer.set', `
  INSERT INTO timer (tenant_id, kind, subject_id, due_at, data) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant_id, kind, subject_id) DO UPDATE SET due_at = excluded.due_at, data = excluded.data, attempts = 0`);
const insertNew = sharedStatement<{ kind: TimerKind; subject_id: string; due_at: Date; data: Record<string, unknown> }, never>('timer.set_together', `
  INSERT INTO timer (tenant_id, kind, subject_id, due_at, data)
  SELECT $1, kind, subject_id, due_at, data FROM json_to_recordset($2) AS given (kind text, subject_id uuid, due_at timestamptz, data jsonb)`);
const remove = statement<never>('timer.clear', 'DELETE FROM timer WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3');
const findDue = statement<{ tenant_id: string; kind: TimerKind; subject_id: string }>('timer.find_due', `
  SELECT tenant_id, kind, subject_id FROM timer WHERE due_at <= $1 ORDER BY due_at LIMIT $2`);
const take = statement<{ due_at: Date; data: Record<string, unknown> }>('timer.take', `
  DELETE FROM timer WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3 AND due_at <= $4
    AND EXISTS (SELECT 1 FROM timer t WHERE t.tenant_id = $1 AND t.kind = $2 AND t.subject_id = $3 FOR UPDATE SKIP LOCKED)
  RETURNING due_at, data`);
// A timer whose handler fails comes back later and later, and never blocks those behind it. One that was moved
// meanwhile keeps its new moment.
const postpone = statement<never>('timer.postpone', `
  UPDATE timer SET attempts = attempts + 1, due_at = $4::timestamptz + least(3600, 5 * 2 ^ least(attempts, 10)) * interval '1 second'
  WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3 AND due_at <= $4`);

/** Sets a timer, or moves it. */
export async function setTimer(transaction: Transaction, timer: Timer): Promise<void> {
  await transaction.query(upsert, [transaction.tenantId, timer.kind, timer.subjectId, timer.dueAt, JSON.stringify(timer.data ?? {})]);
}

/** Sets a timer that is not set yet, together with those that others of this transaction set at the same moment. */
export async function setNewTimer(transaction: Transaction, timer: Timer): Promise<void> {
  await transaction.queryTogether(insertNew, { kind: timer.kind, subject_id: timer.subjectId, due_at: timer.dueAt, data: timer.data ?? {} });
}

/** Calls a timer off; no error when there is none. */
export async function clearTimer(transaction: Transaction, kind: TimerKind, subjectId: string): Promise<void> {
  await transaction.query(remove, [transaction.tenantId, kind, subjectId]);
}

/** Carries out what is due, oldest first, each timer in a transaction of its own; returns how many were. */
export async function runDueTimers(database: Database, handlers: Record<TimerKind, TimerHandler>, now: Date, log: Logger, limit = 100): Promise<number> {
  const due = await database.transact(everyTenant, (transaction) => transaction.query(findDue, [now, limit]));
  let done = 0;
  for (const { tenant_id: tenantId, kind, subject_id: subjectId } of due) {
    try {
      await database.transact(tenantId, async (transaction) => {
        await handlers[kind].lock?.(transaction, subjectId);
        const [timer] = await transaction.query(take, [tenantId, kind, subjectId, now]);
        // Another node has it, or it was called off meanwhile.
        if (!timer) return;
        await handlers[kind](transaction, { tenantId, kind, subjectId, dueAt: timer.due_at, data: timer.data }, now);
        done += 1;
      });
    } catch (error) {
      log.error({ error, tenantId, kind, subjectId }, 'a timer failed; it will be tried again');
      await database.transact(tenantId, (transaction) => transaction.query(postpone, [tenantId, kind, subjectId, now]));
    }
  }
  return done;
}
