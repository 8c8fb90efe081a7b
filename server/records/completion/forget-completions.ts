import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { batch, inBatches, older } from '../channel/forget-old-messages.ts';

// As long as a ticket is open, what filled it in may still follow what changes.
const overLongAgo = `t.status IN ('closed', 'cancelled') AND ${older('message_days', 't.updated_at')}`;
const forgetAsked = statement<{ id: string }>('ticket_completion.forget', `
  DELETE FROM ticket_completion f USING (
    SELECT c.tenant_id, c.ticket_id, c.source FROM ticket_completion c JOIN ticket t ON t.tenant_id = c.tenant_id AND t.id = c.ticket_id LEFT JOIN intake_setting s ON s.tenant_id = c.tenant_id
    WHERE c.state <> 'waiting' AND ${older('message_days', 'c.settled_at')} AND ${overLongAgo} ORDER BY c.settled_at LIMIT ${batch} FOR UPDATE OF c SKIP LOCKED) AS old
  WHERE f.tenant_id = old.tenant_id AND f.ticket_id = old.ticket_id AND f.source = old.source RETURNING f.ticket_id AS id`);
const forgetGuesses = statement<{ id: string }>('ticket_guess.forget', `
  DELETE FROM ticket_guess f USING (
    SELECT g.tenant_id, g.ticket_id, g.field FROM ticket_guess g JOIN ticket t ON t.tenant_id = g.tenant_id AND t.id = g.ticket_id LEFT JOIN intake_setting s ON s.tenant_id = g.tenant_id
    WHERE ${older('message_days', 'g.made_at')} AND ${overLongAgo} ORDER BY g.made_at LIMIT ${batch} FOR UPDATE OF g SKIP LOCKED) AS old
  WHERE f.tenant_id = old.tenant_id AND f.ticket_id = old.ticket_id AND f.field = old.field RETURNING f.ticket_id AS id`);

/** Forgets what was guessed and asked of tickets that were over long ago (自动填写清理); what was filled in stays on them. */
export async function forgetCompletions({ database }: Pick<Services, 'database'>, now: Date): Promise<{ completions: number; guesses: number }> {
  return { completions: await inBatches(database, forgetAsked, now), guesses: await inBatches(database, forgetGuesses, now) };
}
