import { customerLimits } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { findAccount } from './find.ts';

// Changes of the tree wait for one another: what lies above an account is then still so when it is written.
const lockTree = statement<never>('account.lock_tree', "SELECT pg_advisory_xact_lock(hashtextextended('account tree ' || $1, 0))");
const findWay = statement<{ id: string }>('account.way_up', `
  WITH RECURSIVE way AS (
    SELECT id, parent_id, 1 AS step FROM account WHERE tenant_id = $1 AND id = $2
    UNION ALL
    SELECT a.id, a.parent_id, w.step + 1 FROM way w JOIN account a ON a.tenant_id = $1 AND a.id = w.parent_id WHERE w.step <= $3)
  SELECT id FROM way`);
const findDepth = statement<{ depth: number }>('account.depth', `
  WITH RECURSIVE below AS (
    SELECT $2::uuid AS id, 1 AS step
    UNION ALL
    SELECT a.id, b.step + 1 FROM below b JOIN account a ON a.tenant_id = $1 AND a.parent_id = b.id WHERE b.step <= $3)
  SELECT max(step)::int AS depth FROM below`);

/**
 * The account above another (上级单位), as a request names it: in use, not below the account itself, and no more than ten
 * levels in all.
 *
 * @param id the account that is changed; null for a new one
 * @throws Refusal unknown_reference, reference_inactive, invalid_input
 */
export async function findParent(context: Pick<Context, 'tenantId' | 'transaction'>, parentId: string, id: string | null): Promise<string> {
  const { transaction, tenantId } = context;
  const most = customerLimits.accountDepth;
  await transaction.query(lockTree, [tenantId]);
  const parent = await findAccount(context, parentId, '/parentId');
  const way = await transaction.query(findWay, [tenantId, parent.id, most]);
  if (id !== null && way.some((above) => above.id === id)) throw invalidInput('/parentId', 'circle', { zh: '不能把单位放到它自己或它的下级单位之下', en: 'would put the account below itself' });
  const below = id === null ? 1 : (await transaction.query(findDepth, [tenantId, id, most]))[0]!.depth;
  if (way.length + below > most) throw invalidInput('/parentId', 'maxDepth', { zh: `单位层级最多 ${most} 层`, en: `would make more than ${most} levels` });
  return parent.id;
}
