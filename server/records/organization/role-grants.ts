import { exceedsOwn } from '../../../rules/access/exceeds-own.ts';
import { permissions, type Grant } from '../../../rules/access/permissions.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import { findAll } from './references.ts';

/** Whether two grants say the same, in whatever order they say it. */
export const sameGrant = (a: Grant, b: Grant): boolean => canonicalJson(a) === canonicalJson(b);

interface NamedGrant extends Grant { ticketTypeIds?: string[] }

/**
 * The grants of a role as they are kept (权限矩阵校验): of ticket types that are there, and none that is wider than what
 * the caller holds, those apart that the role had already.
 *
 * @throws Refusal grant_exceeds_own, unknown_reference
 */
export async function ensureGrantsOwned(context: Context, wanted: readonly NamedGrant[], had: readonly Grant[]): Promise<NamedGrant[]> {
  // Tickets are compared with grants outside of the database too, where case counts.
  const grants = wanted.map(({ permission, scope, ticketTypeIds }) => ({ permission, scope, ...(ticketTypeIds ? { ticketTypeIds: ticketTypeIds.map((id) => id.toLowerCase()) } : {}) }));
  const excess = exceedsOwn(staffOf(context), grants.filter((grant) => !had.some((held) => sameGrant(held, grant))));
  if (excess) {
    const { zh, en } = permissions[excess.permission];
    throw refuseInput(`/grants/${grants.findIndex((grant) => grant === excess)}`, 'grant_exceeds_own', { permission: { zh, en } });
  }
  for (const [index, grant] of grants.entries()) {
    await findAll(grant.ticketTypeIds ?? [], `/grants/${index}/ticketTypeIds`, (ids) => context.transaction.run(build.selectFrom('ticket_type').select('id').where('tenant_id', '=', context.tenantId).where('id', 'in', ids)));
  }
  return grants;
}
