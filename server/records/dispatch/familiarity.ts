import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

const findFamiliar = statement<{ technician_id: string; visits: number }>('dispatch.familiar', `
  SELECT v.technician_id, count(*)::int AS visits
  FROM (
    SELECT id FROM ticket WHERE tenant_id = $1 AND customer_id = $2 AND id <> $4 ORDER BY created_at DESC, id DESC LIMIT 200
  ) t JOIN visit v ON v.tenant_id = $1 AND v.ticket_id = t.id AND v.status = 'completed'
  GROUP BY v.technician_id
  UNION ALL
  SELECT v.technician_id, count(*)::int
  FROM (
    SELECT id FROM ticket WHERE tenant_id = $1 AND asset_id = $3 AND id <> $4 ORDER BY created_at DESC, id DESC LIMIT 200
  ) t JOIN visit v ON v.tenant_id = $1 AND v.ticket_id = t.id AND v.status = 'completed'
  GROUP BY v.technician_id`);

/** After so many visits nobody knows it better. */
const knowsItWell = 3;

/** Who was there before (熟悉度): by how many visits to the customer and to the asset, from 0 to 1. */
export async function familiarWith({ tenantId, transaction }: Pick<Context, 'tenantId' | 'transaction'>, ticket: { id: string; customer_id: string | null; asset_id: string | null }): Promise<Record<string, number>> {
  if (ticket.customer_id === null && ticket.asset_id === null) return {};
  const rows = await transaction.query(findFamiliar, [tenantId, ticket.customer_id, ticket.asset_id, ticket.id]);
  const known: Record<string, number> = {};
  for (const { technician_id: id, visits } of rows) known[id] = Math.min(1, (known[id] ?? 0) + visits / knowsItWell);
  return known;
}
