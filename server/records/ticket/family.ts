import { sql } from 'kysely';
import type { Permission } from '../../../rules/access/permissions.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { countChildren, type ChildCounts } from '../../../rules/ticket/collaboration.ts';
import type { TicketStatus } from '../../../rules/ticket/lifecycle.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { mergedInto } from './alias.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

const findStates = statement<{ status: TicketStatus; merged: boolean }>('ticket.states_of_children', `
  SELECT status, merged_into IS NOT NULL AS merged FROM ticket WHERE tenant_id = $1 AND parent_id = ANY($2::uuid[])`);

/** A ticket and those merged into it: what hangs on any of them hangs on it. */
export async function withMerged(context: Reading, ticketId: string): Promise<string[]> {
  return [ticketId, ...(await mergedInto(context, ticketId)).map((source) => source.id)];
}

/** How the children of a ticket stand (子工单进度), with those of the tickets merged into it; null without any. */
export async function childCounts(context: Reading, ticketIds: readonly string[]): Promise<ChildCounts | null> {
  const states = await context.transaction.query(findStates, [context.tenantId, ticketIds]);
  return states.length === 0 ? null : countChildren(states);
}

/**
 * The children that a step taken on their parent is carried to: in one of these statuses, not merged elsewhere, and within
 * the caller's reach for it. Permission is a condition of the query.
 */
export async function childrenFor(context: Context, ticketId: string, permission: Permission, statuses: readonly TicketStatus[]): Promise<string[]> {
  const rows = await context.transaction.run(build.selectFrom('ticket').select('id')
    .where('tenant_id', '=', context.tenantId).where('parent_id', 'in', await withMerged(context, ticketId)).where('merged_into', 'is', null)
    .where('status', 'in', statuses).where(sql<boolean>`${reachCondition(reachOf(staffOf(context), permission))}`).orderBy('id'));
  return rows.map((row) => row.id);
}
