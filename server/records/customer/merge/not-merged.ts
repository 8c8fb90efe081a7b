import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { rootOf } from '../family.ts';
import type { CustomerRow } from '../view-customer.ts';

/** Refuses work on a customer who was merged into another one: it belongs there, or the merge is undone first. */
export async function ensureNotMerged(context: Pick<Context, 'tenantId' | 'transaction'>, row: Pick<CustomerRow, 'id' | 'name' | 'merged_into'>): Promise<void> {
  if (row.merged_into === null) return;
  const root = await rootOf(context, row.id);
  throw new Refusal('customer_merged', { name: root?.name ?? row.name }, { details: { mergedInto: root ? { id: root.id, name: root.name } : null } });
}
