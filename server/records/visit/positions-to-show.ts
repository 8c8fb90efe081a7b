import { sql } from 'kysely';
import type { StaffPosition } from '../../../contract/field.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { lastPositions } from './positions.ts';

/**
 * Where those are who are on the way to a visit or on one (可见位置): during visits of tickets only that the caller may read and assign, as where somebody is
 * tells where the customer lives.
 *
 * @param staffIds of these people; of all when absent
 */
export async function positionsToShow(context: Context, staffIds?: readonly string[]): Promise<StaffPosition[]> {
  if (staffIds?.length === 0) return [];
  const subject = staffOf(context);
  let wanted = build.selectFrom('visit').innerJoin('ticket', (join) => join.onRef('ticket.tenant_id', '=', 'visit.tenant_id').onRef('ticket.id', '=', 'visit.ticket_id'))
    .select(['visit.technician_id', 'visit.id']).where('visit.tenant_id', '=', context.tenantId).where(sql<boolean>`visit.status IN ('travelling', 'on_site')`)
    .where(sql<boolean>`${reachCondition(reachOf(subject, 'ticket.assign'))}`).where(sql<boolean>`${reachCondition(reachOf(subject, 'ticket.read'))}`);
  if (staffIds) wanted = wanted.where(sql<boolean>`visit.technician_id = ANY(${[...staffIds]}::uuid[])`);
  const visits = await context.transaction.run(wanted.limit(5_000));
  const shown = new Set(visits.map(({ id }) => id));
  return (await lastPositions(context, [...new Set(visits.map((row) => row.technician_id))])).filter(({ visitId }) => shown.has(visitId));
}
