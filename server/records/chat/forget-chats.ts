import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Database, type Statement } from '../../platform/db/database.ts';
import { standardIntake } from '../completion/intake-setting.ts';

const batch = 500;
// A day's worth of a busy house; what is left waits for the next time.
const mostBatches = 100;

const forgetMessages = statement<{ id: string }>('chat_message.forget', `
  WITH old AS MATERIALIZED (
    SELECT m.tenant_id, m.visitor_id, m.seq FROM chat_message m LEFT JOIN intake_setting s ON s.tenant_id = m.tenant_id
    WHERE m.created_at < $1::timestamptz - make_interval(days => coalesce(s.chat_days, ${standardIntake.chat_days})) ORDER BY m.created_at LIMIT ${batch} FOR UPDATE OF m SKIP LOCKED)
  DELETE FROM chat_message f USING old WHERE f.tenant_id = old.tenant_id AND f.visitor_id = old.visitor_id AND f.seq = old.seq RETURNING f.id`);
// Whoever writes at this moment was heard of: they are looked at anew once they are locked.
const forgetVisitors = statement<{ id: string }>('chat_visitor.forget', `
  WITH old AS MATERIALIZED (
    SELECT v.tenant_id, v.id FROM chat_visitor v
    WHERE v.created_at < $1::timestamptz - interval '1 day' AND coalesce(v.online_until, v.created_at) < $1::timestamptz - interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM chat_message m WHERE m.tenant_id = v.tenant_id AND m.visitor_id = v.id)
    LIMIT ${batch} FOR UPDATE OF v SKIP LOCKED)
  DELETE FROM chat_visitor f USING old WHERE f.tenant_id = old.tenant_id AND f.id = old.id RETURNING f.id`);

async function inBatches(database: Database, forget: Statement<{ id: string }>, now: Date): Promise<number> {
  let forgotten = 0;
  for (let turn = 0; turn < mostBatches; turn += 1) {
    const rows = await database.transact(everyTenant, (transaction) => transaction.query(forget, [now]));
    forgotten += rows.length;
    if (rows.length < batch) break;
  }
  return forgotten;
}

/**
 * Forgets what passed in chats on websites as long ago as the organization says (聊天记录清理), and visitors of whom nothing is left, or who wrote nothing, a day after they
 * were last there. What was said stands on the ticket and stays there.
 */
export async function forgetChats({ database }: Pick<Services, 'database'>, now: Date): Promise<{ messages: number; visitors: number }> {
  return { messages: await inBatches(database, forgetMessages, now), visitors: await inBatches(database, forgetVisitors, now) };
}
