import { CreateCustomer, CustomerDetail } from '../../../contract/customer.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureContactFree } from './contacts.ts';
import { createCustomer as writeCustomer } from './match.ts';
import { toStoredPhone } from './phone.ts';
import { toCustomerPatch } from './profile.ts';
import { viewCustomerDetail } from './view-detail.ts';

/** Adds a customer (新建客户); a phone number or e-mail address belongs to one customer only. */
export const createCustomer = useCase({
  summary: 'Create a customer',
  body: CreateCustomer,
  answer: CustomerDetail,
  status: 201,
  async run(context, { body }) {
    const id = await addCustomer(context, body);
    const row = await context.transaction.first(build.selectFrom('customer').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id));
    return viewCustomerDetail(context, row!);
  },
});

/**
 * Writes a new customer as a request says them, and tells of it. Two who enter the same contact data at once meet its
 * primary key; the later one, run once more, is refused.
 *
 * @param known.contactsFree whoever asks has looked already that nobody has these contact data
 */
export async function addCustomer(context: Context, body: CreateCustomer, known: { contactsFree?: true } = {}): Promise<string> {
  const { phone: saidPhone, email: saidEmail, ...said } = body;
  const phone = saidPhone === undefined ? null : toStoredPhone(context, saidPhone, '/phone');
  const email = saidEmail?.toLowerCase() ?? null;
  if (phone !== null && !known.contactsFree) await ensureContactFree(context, { kind: 'phone', value: phone }, '/phone');
  if (email !== null && !known.contactsFree) await ensureContactFree(context, { kind: 'email', value: email }, '/email');
  const { name, tier, address, lat, lng, ...profile } = await toCustomerPatch(context, said, null);
  const id = newId(context.now.getTime());
  await writeCustomer(context, { id, name: name!, phone, email, tier: tier ?? null, address: address ?? null, lat: lat ?? null, lng: lng ?? null, profile });
  return id;
}
