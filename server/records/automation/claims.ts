import { stretchMilliseconds, type Definition } from '../../../rules/automation/definition.ts';
import { sql, type RawBuilder } from 'kysely';
import { statement, type Transaction } from '../../platform/db/database.ts';
import type { TicketRow } from '../ticket/row.ts';

// One statement, so that of two that come at once one waits and then finds the other's claim.
const claim = statement<{ subject: string }>('automation_claim.take', `
  INSERT INTO automation_claim (tenant_id, rule_id, subject, at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tenant_id, rule_id, subject) DO UPDATE SET at = excluded.at WHERE automation_claim.at <= $5
  RETURNING subject`);

const never = new Date(0);

/** For what a rule acts at most once, and since when that counts; null when it may act as often as it is asked. */
function limitOf(definition: Definition, ticket: Pick<TicketRow, 'id' | 'asset_id' | 'customer_id' | 'updated_at'>, now: Date): { subject: string; before: Date } | null {
  const { once, trigger } = definition;
  if (once) {
    const id = once.per === 'ticket' ? ticket.id : once.per === 'asset' ? ticket.asset_id : ticket.customer_id;
    // Without an asset or a customer there is nothing the limit could count by but the ticket itself.
    return { subject: id === null ? `ticket ${ticket.id}` : `${once.per} ${id}`, before: once.within ? new Date(now.getTime() - stretchMilliseconds(once.within)) : never };
  }
  // Once for each stretch in which nobody touched it.
  return trigger.kind === 'untouched' ? { subject: `ticket ${ticket.id}`, before: new Date(ticket.updated_at.getTime() - 1) } : null;
}

/** Claims the right to act once (频率限制): false when the rule has acted for the same thing already. Undone with the transaction, or to its savepoint. */
export async function claimOnce(transaction: Transaction, ruleId: string, definition: Definition, ticket: TicketRow, now: Date): Promise<boolean> {
  const limit = limitOf(definition, ticket, now);
  if (!limit) return true;
  return (await transaction.query(claim, [transaction.tenantId, ruleId, limit.subject, now, limit.before])).length > 0;
}

/** On `ticket`: the rule has not acted for it, so that a schedule takes up others instead. */
export function unclaimed(ruleId: string, { once, trigger }: Definition, now: Date): RawBuilder<boolean>[] {
  if (!once && trigger.kind !== 'untouched') return [];
  const subject = !once || once.per === 'ticket' ? sql`'ticket ' || ticket.id` : once.per === 'asset'
    ? sql`CASE WHEN ticket.asset_id IS NULL THEN 'ticket ' || ticket.id ELSE 'asset ' || ticket.asset_id END`
    : sql`CASE WHEN ticket.customer_id IS NULL THEN 'ticket ' || ticket.id ELSE 'customer ' || ticket.customer_id END`;
  const since = !once ? sql`ticket.updated_at` : once.within ? sql`${new Date(now.getTime() - stretchMilliseconds(once.within))}::timestamptz` : sql`'-infinity'::timestamptz`;
  return [sql<boolean>`NOT EXISTS (SELECT 1 FROM automation_claim made WHERE made.tenant_id = ticket.tenant_id AND made.rule_id = ${ruleId} AND made.subject = ${subject} AND made.at >= ${since})`];
}
