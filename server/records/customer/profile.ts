import type { CreateCustomer, UpdateCustomer } from '../../../contract/customer.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import type { Context } from '../../platform/context.ts';
import { sharedStatement } from '../../platform/db/database.ts';
import { missingInput, refuseInput } from '../../platform/errors/refusal.ts';
import { findAccount } from '../account/find.ts';
import { sealIdNumber } from './id-number.ts';
import { findTier } from './tiers.ts';
import type { CustomerRow } from './view-customer.ts';

export type CustomerPatch = Partial<Pick<CustomerRow,
  'name' | 'tier' | 'address' | 'lat' | 'lng' | 'account_id' | 'account_role' | 'language' | 'tags' | 'id_number' | 'id_number_digest' | 'external_id' | 'news'>>;

type Said = Partial<CreateCustomer> & Omit<UpdateCustomer, 'archived'>;

/**
 * What a request says of a customer, in columns (客户资料): references looked up, texts trimmed, the ID number sealed.
 *
 * @param present the row that is changed; a tier or account that it has already is not looked at again
 * @throws Refusal unknown_reference, reference_inactive, name_taken (the external id), invalid_input
 */
export async function toCustomerPatch(context: Pick<Context, 'tenantId' | 'transaction' | 'services'>, body: Said, present: CustomerRow | null): Promise<CustomerPatch> {
  const patch: CustomerPatch = {};
  const text = (value: string | null): string | null => value?.trim() || null;
  if (body.name !== undefined) {
    patch.name = oneLine(body.name);
    if (patch.name === '') throw missingInput('/name');
  }
  if (body.tier !== undefined) patch.tier = body.tier === null || body.tier === present?.tier ? body.tier : await findTier(context, body.tier);
  if (body.address !== undefined) patch.address = text(body.address);
  if (body.accountId !== undefined) patch.account_id = body.accountId === null || body.accountId === present?.account_id ? body.accountId : (await findAccount(context, body.accountId, '/accountId')).id;
  if (body.accountRole !== undefined) patch.account_role = text(body.accountRole);
  if (body.language !== undefined) patch.language = body.language;
  // Nothing said and everything is the same.
  if (body.news !== undefined) patch.news = body.news === 'all' && !present?.news ? null : body.news;
  if (body.tags !== undefined) patch.tags = [...new Set(body.tags.map((tag) => tag.trim()))];
  if (body.lat !== undefined || body.lng !== undefined) {
    const [lat, lng] = [body.lat === undefined ? present?.lat ?? null : body.lat, body.lng === undefined ? present?.lng ?? null : body.lng];
    if ((lat === null) !== (lng === null)) throw missingInput(lat === null ? '/lat' : '/lng');
    Object.assign(patch, { lat, lng });
  }
  if (body.idNumber !== undefined) Object.assign(patch, body.idNumber === null ? { id_number: null, id_number_digest: null } : sealIdNumber(context.services.secrets, context.tenantId, body.idNumber));
  if (body.externalId !== undefined) {
    patch.external_id = text(body.externalId);
    if (patch.external_id !== null && patch.external_id !== present?.external_id) await ensureExternalIdFree(context, patch.external_id);
  }
  return patch;
}

async function ensureExternalIdFree(context: Pick<Context, 'transaction'>, externalId: string): Promise<void> {
  if (await customerByExternalId(context, externalId)) throw refuseInput('/externalId', 'name_taken', { field: { zh: '外部编号', en: 'The external id' } });
}

const findByExternalId = sharedStatement<{ external_id: string }, { id: string }>('customer.by_external_id', `
  SELECT given.place, c.id FROM json_to_recordset($2) AS given (place integer, external_id text)
    CROSS JOIN LATERAL (SELECT id FROM customer WHERE tenant_id = $1 AND external_id = given.external_id OFFSET 0) c`);

/** The customer who has this id elsewhere. */
export async function customerByExternalId({ transaction }: Pick<Context, 'transaction'>, externalId: string): Promise<{ id: string } | undefined> {
  return (await transaction.queryTogether(findByExternalId, { external_id: externalId }))[0];
}
