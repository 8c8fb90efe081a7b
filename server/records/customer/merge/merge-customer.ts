import { Closed, Id } from '../../../../contract/common.ts';
import { CustomerDetail, MergeCustomer, UnmergeCustomer } from '../../../../contract/customer.ts';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal, refuseInput } from '../../../platform/errors/refusal.ts';
import { recordFact } from '../../../platform/facts/fact.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { familyOf, rootOf } from '../family.ts';
import { lockCustomer, viewCustomerDetail } from '../view-detail.ts';
import type { MergeLayers } from '../../../../rules/customers/merge-layers.ts';
import { giveBack, takeOver } from './taken.ts';

// Merges of one organization wait for one another: what they look at on the way is then still so when they write.
const lockMerges = statement<never>('customer.lock_merges', "SELECT pg_advisory_xact_lock(hashtextextended('customer merges ' || $1, 0))");
const mostMerged = 100;

/**
 * Says that two customers are one (合并客户). The one that is merged becomes an alias: nothing of theirs is moved, contact
 * points, tickets, notes and assets are shown together, and what comes in by their number from now on is the other's.
 * Naming a target that was itself merged means the one it was merged into. What that one is to take over (`take`) is
 * remembered, so that it can be put back.
 */
export const mergeCustomer = useCase({
  summary: 'Merge a customer into another',
  params: Closed({ id: Id }),
  body: MergeCustomer,
  answer: CustomerDetail,
  async run(context, { params, body }) {
    const { transaction, tenantId, now, actor } = context;
    await transaction.query(lockMerges, [tenantId]);
    const target = await rootOf(context, body.into);
    const source = await lockCustomer(context, params.id);
    if (!source) throw new Refusal('not_found');
    if (!target) throw refuseInput('/into', 'unknown_reference', { field: 'customerId' });
    if (source.merged_into !== null) throw new Refusal('customer_already_merged', { name: source.name }, { details: { mergedInto: source.merged_into } });
    if (target.id === source.id) throw new Refusal('customer_merge_circle', { name: target.name });
    if ((await familyOf(context, target.id)).length + (await familyOf(context, source.id)).length > mostMerged) throw new Refusal('too_many_merged_customers', { limit: mostMerged });
    // Nobody would find the one that is merged: lists leave out what is archived.
    const into = (await lockCustomer(context, target.id))!;
    if (into.archived_at !== null) throw refuseInput('/into', 'reference_inactive', { field: 'into' });
    const taken = body.take?.length ? await takeOver(context, source, into, body.take) : null;
    await transaction.run(build.updateTable('customer')
      .set({ merge_taken: taken === null ? null : JSON.stringify(taken), merged_into: target.id, merged_at: now, merged_by: staffOf(context).staffId, merged_by_name: actor.name, version: source.version + 1 })
      .where('tenant_id', '=', tenantId).where('id', '=', source.id));
    const reason = body.reason?.trim();
    await tell(context, 'customer.merged', source, target, reason);
    return viewCustomerDetail(context, (await lockCustomer(context, target.id))!);
  },
});

/**
 * Takes a merge back (撤销合并): contact points, tickets, notes and assets are the customer's own again, exactly those that
 * were before; what came in meanwhile stays with the other one.
 */
export const unmergeCustomer = useCase({
  summary: 'Undo the merge of a customer',
  params: Closed({ id: Id }),
  body: UnmergeCustomer,
  answer: CustomerDetail,
  async run(context, { params, body }) {
    const { transaction, tenantId } = context;
    await transaction.query(lockMerges, [tenantId]);
    const row = await lockCustomer(context, params.id);
    if (!row) throw new Refusal('not_found');
    if (row.merged_into === null) throw new Refusal('customer_not_merged', { name: row.name });
    const target = (await rootOf(context, row.merged_into))!;
    // What was taken over was taken by the one that was named then; if it was merged on since, it still lies with it.
    if (row.merge_taken !== null) await giveBack(context, { id: row.id, merged_into: row.merged_into, merged_at: row.merged_at! }, (await lockCustomer(context, row.merged_into))!, row.merge_taken as unknown as MergeLayers);
    const next = { ...row, merge_taken: null, merged_into: null, merged_at: null, merged_by: null, merged_by_name: null, version: row.version + 1 };
    await transaction.run(build.updateTable('customer')
      .set({ merge_taken: null, merged_into: null, merged_at: null, merged_by: null, merged_by_name: null, version: next.version })
      .where('tenant_id', '=', tenantId).where('id', '=', row.id));
    await tell(context, 'customer.unmerged', row, target, body.reason?.trim());
    return viewCustomerDetail(context, next);
  },
});

/** One fact for each of the two, so that it stands in both histories. */
async function tell(context: Context, kind: 'customer.merged' | 'customer.unmerged', source: { id: string; name: string }, target: { id: string; name: string }, reason: string | undefined): Promise<void> {
  const { transaction, now, actor } = context;
  const data = { source: { id: source.id, name: source.name }, target: { id: target.id, name: target.name }, ...(reason ? { reason } : {}) };
  for (const subjectId of [source.id, target.id]) await recordFact(transaction, { kind, actor, data, occurredAt: now, recordedAt: now, subjectId });
}
