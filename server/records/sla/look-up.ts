import type { FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import { ticketRecord } from '../automation/ticket-record.ts';
import type { TicketRow } from '../ticket/row.ts';
import type { SlaNeeds } from './active-policies.ts';
import type { LookedUp } from './events.ts';

const findTiers = statement<{ id: string; tier: string | null }>('sla.tiers', `
  SELECT t.id, c.tier FROM ticket t LEFT JOIN customer c ON c.tenant_id = t.tenant_id AND c.id = t.customer_id WHERE t.tenant_id = $1 AND t.id = ANY($2::uuid[])`);
const findSteps = statement<{ id: string; node: string }>('sla.steps', 'SELECT id, node FROM task WHERE tenant_id = $1 AND id = ANY($2::uuid[])');

/** What policies have to know of tickets and facts do not tell: one look for all of them, and none where nobody asks. */
export async function lookUp(transaction: Transaction, tenantId: string, needs: SlaNeeds, ticketIds: readonly string[], taskIds: readonly string[]): Promise<(ticketId: string) => LookedUp> {
  const ids = [...new Set(ticketIds)];
  const [tiers, steps, records] = await Promise.all([
    needs.tier && ids.length > 0 ? transaction.query(findTiers, [tenantId, ids]) : [],
    needs.step && taskIds.length > 0 ? transaction.query(findSteps, [tenantId, [...new Set(taskIds)]]) : [],
    needs.record && ids.length > 0 ? recordsOf(transaction, tenantId, ids) : new Map<string, FilterRecord>(),
  ]);
  const tierOf = new Map(tiers.map((row) => [row.id, row.tier]));
  const stepOf = new Map(steps.map((row) => [row.id, row.node]));
  return (ticketId) => {
    const record = records.get(ticketId);
    return { tier: tierOf.get(ticketId) ?? null, steps: stepOf, ...(record ? { record } : {}) };
  };
}

async function recordsOf(transaction: Transaction, tenantId: string, ids: readonly string[]): Promise<Map<string, FilterRecord>> {
  const rows = await transaction.run(build.selectFrom('ticket').selectAll().where('tenant_id', '=', tenantId).where('id', 'in', [...ids])) as TicketRow[];
  return new Map(await Promise.all(rows.map(async (row) => [row.id, await ticketRecord({ transaction, tenantId }, row)] as const)));
}
