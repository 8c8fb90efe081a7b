import { CreateCustomer, Customer } from '../../../contract/organization.ts';
import { build, isDatabaseError } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { createCustomer as writeCustomer, ensureContactsFree } from './match.ts';
import { toStoredPhone } from './phone.ts';
import { viewCustomers } from './view-customer.ts';

/** Adds a customer (新建客户); a phone number or e-mail address belongs to one customer only. */
export const createCustomer = useCase({
  summary: 'Create a customer',
  body: CreateCustomer,
  answer: Customer,
  status: 201,
  async run(context, { body }) {
    const { transaction, tenantId } = context;
    const phone = body.phone === undefined ? null : toStoredPhone(context, body.phone, '/phone');
    const email = body.email?.toLowerCase() ?? null;
    await ensureContactsFree(context, phone, email);
    const id = newId(context.now.getTime());
    await writeCustomer(context, { id, name: body.name.trim(), phone, email, tier: body.tier?.trim() || null, address: body.address?.trim() || null }).catch((error: unknown) => {
      // Somebody entered the same contact data a moment ago.
      if (isDatabaseError(error, '23505', 'contact_point_pkey')) throw new Refusal('name_taken', { field: { zh: '电话或邮箱', en: 'The phone number or e-mail address' } });
      throw error;
    });
    const rows = await transaction.run(build.selectFrom('customer').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id));
    const [customer] = await viewCustomers(context, rows);
    return customer!;
  },
});
