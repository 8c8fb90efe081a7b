import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Database, type Statement } from '../../platform/db/database.ts';
import { standardIntake } from '../completion/intake-setting.ts';

export const batch = 500;
// A day's worth of a busy house; what is left waits for the next time.
const mostBatches = 100;

/** Whether something is older than an organization keeps it, whose `intake_setting` stands as `s`; `$1` is now. */
export const older = (days: 'raw_days' | 'message_days', at: string): string => `${at} < $1::timestamptz - make_interval(days => coalesce(s.${days}, ${standardIntake[days]}))`;
const settledWell = "m.state IN ('done', 'passed_over')";

// The bytes of a call stand with its first message: they stay as long as one that came with it is put aside.
const forgetBytes = statement<{ id: string }>('inbox_message.forget_bytes', `
  UPDATE inbox_message f SET raw = NULL FROM (
    SELECT m.tenant_id, m.id FROM inbox_message m LEFT JOIN intake_setting s ON s.tenant_id = m.tenant_id
    WHERE m.raw IS NOT NULL AND m.settled_at IS NOT NULL AND ${settledWell} AND ${older('raw_days', 'm.settled_at')}
      AND NOT EXISTS (SELECT 1 FROM inbox_message q WHERE q.tenant_id = m.tenant_id AND q.account_id = m.account_id AND q.state = 'quarantined' AND q.call_id = m.id)
      AND NOT EXISTS (SELECT 1 FROM inbox_message q WHERE q.tenant_id = m.tenant_id AND q.account_id = m.account_id AND q.state = 'waiting' AND q.call_id = m.id)
    ORDER BY m.settled_at LIMIT ${batch} FOR UPDATE OF m SKIP LOCKED) AS old
  WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);
const oldMessages = `
  SELECT m.tenant_id, m.id FROM inbox_message m LEFT JOIN intake_setting s ON s.tenant_id = m.tenant_id
  WHERE m.settled_at IS NOT NULL AND m.raw IS NULL AND ${settledWell} AND ${older('message_days', 'm.settled_at')}
    AND NOT EXISTS (SELECT 1 FROM inbound_media d WHERE d.tenant_id = m.tenant_id AND d.inbox_id = m.id AND d.state = 'waiting')
    AND NOT EXISTS (SELECT 1 FROM inbox_message q WHERE q.tenant_id = m.tenant_id AND q.account_id = m.account_id AND q.state = 'quarantined' AND q.call_id = m.id)
  ORDER BY m.settled_at LIMIT ${batch} FOR UPDATE OF m SKIP LOCKED`;
// In one statement each, what hangs on a message goes with it: foreign keys are looked at once it is over.
const forgetMessages = statement<{ id: string }>('inbox_message.forget', `
  WITH old AS MATERIALIZED (${oldMessages}), media AS (DELETE FROM inbound_media d USING old WHERE d.tenant_id = old.tenant_id AND d.inbox_id = old.id), greetings AS (DELETE FROM channel_greeting d USING old WHERE d.tenant_id = old.tenant_id AND d.inbox_id = old.id)
  DELETE FROM inbox_message f USING old WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);
const forgetAnswers = statement<{ id: string }>('outgoing_message.forget', `
  WITH old AS MATERIALIZED (
    SELECT m.tenant_id, m.id FROM outgoing_message m LEFT JOIN intake_setting s ON s.tenant_id = m.tenant_id
    WHERE m.settled_at IS NOT NULL AND m.state IN ('sent', 'delivered', 'read', 'failed') AND ${older('message_days', 'm.settled_at')} ORDER BY m.settled_at LIMIT ${batch} FOR UPDATE OF m SKIP LOCKED),
  names AS (DELETE FROM outgoing_name n USING old WHERE n.tenant_id = old.tenant_id AND n.outgoing_id = old.id)
  DELETE FROM outgoing_message f USING old WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);

/** Forgets in batches, each of a transaction of its own, as much as is a day's worth (分批清理). @returns how many rows */
export async function inBatches(database: Database, forget: Statement<{ id: string }>, now: Date): Promise<number> {
  let forgotten = 0;
  for (let turn = 0; turn < mostBatches; turn += 1) {
    const rows = await database.transact(everyTenant, (transaction) => transaction.query(forget, [now]));
    forgotten += rows.length;
    if (rows.length < batch) break;
  }
  return forgotten;
}

/**
 * Forgets what came in and went out long ago (渠道消息清理): first the bytes, later that it came, each after as many days as the organization says. What is put aside keeps
 * what it takes to be taken up again. What was said stands on the ticket and stays there.
 */
export async function forgetOldMessages({ database }: Pick<Services, 'database'>, now: Date): Promise<{ bytes: number; messages: number; answers: number }> {
  return { bytes: await inBatches(database, forgetBytes, now), messages: await inBatches(database, forgetMessages, now), answers: await inBatches(database, forgetAnswers, now) };
}
