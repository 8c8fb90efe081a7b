import { reachOf } from '../../../../rules/access/policy.ts';
import { sql } from 'kysely';
import { staffOf, type Context } from '../../../platform/context.ts';
import { build, statement } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { reachCondition } from '../../access/reach-condition.ts';
import { maskPolicyOf } from './masks.ts';

const hour = 3_600_000;

// One statement, so that of many at the same moment no more are let through than are left.
const take = statement<{ count: number; hour_started_at: Date }>('reveal.take', `
  INSERT INTO reveal_count AS present (tenant_id, staff_id, hour_started_at, count) VALUES ($1, $2, $3, 1)
  ON CONFLICT (tenant_id, staff_id) DO UPDATE SET
    count = CASE WHEN present.hour_started_at <= $4 THEN 1 ELSE present.count + 1 END,
    hour_started_at = CASE WHEN present.hour_started_at <= $4 THEN $3 ELSE present.hour_started_at END
  RETURNING count, hour_started_at`);

/**
 * Counts one look behind the mask (查看次数限制): whoever has had as many as the policy allows within an hour is refused.
 *
 * @throws Refusal too_many_reveals
 */
export async function countReveal(context: Context): Promise<void> {
  const { policy } = await maskPolicyOf(context);
  const [row] = await context.transaction.query(take, [context.tenantId, staffOf(context).staffId, context.now, new Date(context.now.getTime() - hour)]);
  if (row!.count <= policy.revealsPerHour) return;
  const minutes = Math.max(1, Math.ceil((row!.hour_started_at.getTime() + hour - context.now.getTime()) / 60_000));
  throw new Refusal('too_many_reveals', { limit: policy.revealsPerHour, minutes });
}

/** How many more within this hour. */
export async function revealsLeft({ transaction, tenantId, now }: Context, staffId: string, most: number): Promise<number> {
  const row = await transaction.first(build.selectFrom('reveal_count').select(['count', 'hour_started_at']).where('tenant_id', '=', tenantId).where('staff_id', '=', staffId));
  if (!row || row.hour_started_at.getTime() <= now.getTime() - hour) return most;
  return Math.max(0, most - row.count);
}

/** Whether the caller may have every customer's data revealed: the permission for the whole organization and all ticket types. */
export function mayRevealAll(context: Pick<Context, 'caller'>): boolean {
  return context.caller.kind === 'staff' && reachOf(context.caller.subject, 'personal_data.reveal').some((path) => Object.keys(path).length === 0);
}

/** Whether the caller may have the data of these customers, who are one, revealed (查看权限): for the organization, or on a ticket of theirs. */
export async function mayReveal(context: Context, customerIds: readonly string[]): Promise<boolean> {
  if (mayRevealAll(context)) return true;
  return mayRevealOn(context, sql<boolean>`ticket.customer_id = ANY(${customerIds}::uuid[])`);
}

/** Whether the caller may have the data of an account's places revealed: for the organization, or on a ticket of a member. */
export async function mayRevealOfAccount(context: Context, accountId: string): Promise<boolean> {
  if (mayRevealAll(context)) return true;
  return mayRevealOn(context, sql<boolean>`ticket.customer_id IN (SELECT c.id FROM customer c WHERE c.tenant_id = ${context.tenantId} AND c.account_id = ${accountId})`);
}

async function mayRevealOn(context: Context, which: ReturnType<typeof sql<boolean>>): Promise<boolean> {
  const reach = reachOf(staffOf(context), 'personal_data.reveal');
  if (reach.length === 0) return false;
  return await context.transaction.first(build.selectFrom('ticket').select('ticket.id').where('ticket.tenant_id', '=', context.tenantId).where(which).where(reachCondition(reach)).limit(1)) !== undefined;
}
