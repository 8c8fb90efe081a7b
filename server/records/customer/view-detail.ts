import type { ContactKind, ContactPoint, CustomerDetail } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { datumOf } from './contacts.ts';
import { familyOf } from './family.ts';
import { openIdNumber } from './id-number.ts';
import { masksOf, type Masks } from './personal-data/masks.ts';
import { mayReveal } from './personal-data/reveal.ts';
import { viewCustomers, type CustomerRow } from './view-customer.ts';

export interface ContactRow {
  id: string;
  kind: string;
  value: string;
  label: string | null;
  verified_at: Date | null;
  preferred: boolean;
  created_at: Date;
  version: number;
  customer_id: string;
  customer_name: string;
}

const findContacts = statement<ContactRow>('contact_point.of_detail', `
  SELECT p.id, p.kind, p.value, p.label, p.verified_at, p.preferred, p.created_at, p.version, p.customer_id, c.name AS customer_name
  FROM contact_point p JOIN customer c ON c.tenant_id = p.tenant_id AND c.id = p.customer_id
  WHERE p.tenant_id = $1 AND p.customer_id = ANY($2::uuid[])
  ORDER BY p.customer_id <> $3, NOT p.preferred, p.verified_at NULLS LAST, p.created_at, p.kind <> 'phone', p.kind, p.value`);
const countAll = statement<{ assets: number; notes: number }>('customer.count_all', `
  SELECT (SELECT count(*)::int FROM (SELECT 1 FROM asset WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND archived_at IS NULL LIMIT 1000) a) AS assets,
    (SELECT count(*)::int FROM (SELECT 1 FROM customer_note WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND removed_at IS NULL LIMIT 1000) n) AS notes`);
const findMerged = statement<{ id: string; name: string; merged_at: Date; merged_by_name: string | null }>('customer.merged', `
  SELECT id, name, merged_at, merged_by_name FROM customer WHERE tenant_id = $1 AND merged_into = $2 ORDER BY merged_at DESC, id DESC`);

/** A customer in full, as their page shows them (客户档案视图). */
export async function viewCustomerDetail(context: Context, row: CustomerRow): Promise<CustomerDetail> {
  const { transaction, tenantId } = context;
  const family = await familyOf(context, row.id);
  const [[customer], masks, contacts, [counts], merged, allowed] = await Promise.all([
    viewCustomers(context, [row]), masksOf(context),
    transaction.query(findContacts, [tenantId, family, row.id]), transaction.query(countAll, [tenantId, family]), transaction.query(findMerged, [tenantId, row.id]),
    mayReveal(context, family),
  ]);
  // A merge may bring a second one: the customer's own comes first.
  const firstOf = new Map(contacts.filter((contact) => contact.preferred).toReversed().map((contact) => [contact.kind, contact]));
  return {
    ...customer!,
    idNumber: masks.show('id_number', openIdNumber(context.services.secrets, row.id_number)), language: row.language as CustomerDetail['language'], externalId: row.external_id, accountRole: row.account_role,
    location: row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng },
    contactPoints: contacts.map((contact) => viewContact({ ...contact, preferred: contact === firstOf.get(contact.kind) }, masks)),
    merged: merged.map((one) => ({ id: one.id, name: one.name, mergedAt: one.merged_at.toISOString(), mergedBy: one.merged_by_name })),
    news: (row.news ?? 'all') as CustomerDetail['news'],
    assetCount: counts!.assets, noteCount: counts!.notes, mayReveal: allowed,
  };
}

/** A contact point as the caller may see it (联系方式视图). */
export function viewContact(row: ContactRow, masks: Masks): ContactPoint {
  return {
    id: row.id, kind: row.kind as ContactKind, value: masks.show(datumOf(row.kind), row.value), label: row.label,
    verifiedAt: row.verified_at?.toISOString() ?? null, preferred: row.preferred, createdAt: row.created_at.toISOString(), version: row.version, customer: { id: row.customer_id, name: row.customer_name },
  };
}

/** A customer's row, about to be changed: locked until the transaction ends. */
export function lockCustomer({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, id: string): Promise<CustomerRow | undefined> {
  return transaction.first(build.selectFrom('customer').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).forNoKeyUpdate());
}
