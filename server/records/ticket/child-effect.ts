import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

type Writing = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

const claim = statement<{ ticket_id: string }>('child_effect.claim', `
  INSERT INTO child_effect (tenant_id, fact_position, ticket_id, outcome, done_at) VALUES ($1, $2, $3, 'done', $4) ON CONFLICT DO NOTHING RETURNING ticket_id`);
const note = statement<never>('child_effect.note', 'UPDATE child_effect SET outcome = $4 WHERE tenant_id = $1 AND fact_position = $2 AND ticket_id = $3');
const findOutcomes = statement<{ number: string; outcome: string }>('child_effect.outcomes', `
  SELECT t.number, e.outcome FROM child_effect e JOIN ticket t ON t.tenant_id = e.tenant_id AND t.id = e.ticket_id
  WHERE e.tenant_id = $1 AND e.fact_position = $2 ORDER BY t.number`);

/**
 * Takes it upon this transaction to give a fact its effect on a ticket (认领); false when it has had it. Of two who try at
 * once the second waits for the first.
 */
export async function claimEffect(context: Writing, factPosition: number, ticketId: string): Promise<boolean> {
  return (await context.transaction.query(claim, [context.tenantId, factPosition, ticketId, context.now])).length > 0;
}

/** What became of it, where it is not simply done: a code. */
export async function noteEffect(context: Writing, factPosition: number, ticketId: string, outcome: string): Promise<void> {
  await context.transaction.query(note, [context.tenantId, factPosition, ticketId, outcome]);
}

/** What a fact has done to which tickets, by number. */
export function outcomesOf(context: Writing, factPosition: number): Promise<{ number: string; outcome: string }[]> {
  return context.transaction.query(findOutcomes, [context.tenantId, factPosition]);
}
