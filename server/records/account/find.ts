import type { Reference } from '../../../contract/common.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { refuseInput } from '../../platform/errors/refusal.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** The account an id of a request names; refused when there is none, or when it is no longer in use. */
export async function findAccount({ transaction, tenantId }: Reading, id: string, path: string): Promise<Reference> {
  const row = await transaction.first(build.selectFrom('account').select(['id', 'name', 'archived_at']).where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!row) throw refuseInput(path, 'unknown_reference', { field: 'accountId' });
  if (row.archived_at) throw refuseInput(path, 'reference_inactive', { field: 'accountId' });
  return { id: row.id, name: row.name };
}

/** The site an id of a request names, with its account; refused as an account is. */
export async function findSite({ transaction, tenantId }: Reading, id: string, path: string): Promise<Reference & { accountId: string }> {
  const row = await transaction.first(build.selectFrom('site').select(['id', 'name', 'account_id', 'archived_at']).where('tenant_id', '=', tenantId).where('id', '=', id));
  if (!row) throw refuseInput(path, 'unknown_reference', { field: 'siteId' });
  if (row.archived_at) throw refuseInput(path, 'reference_inactive', { field: 'siteId' });
  return { id: row.id, name: row.name, accountId: row.account_id };
}
