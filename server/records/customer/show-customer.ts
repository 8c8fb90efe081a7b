import { Closed, Id } from '../../../contract/common.ts';
import { Customer } from '../../../contract/organization.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { viewCustomers } from './view-customer.ts';

/** One customer (客户详情). */
export const showCustomer = useCase({
  summary: 'Show a customer',
  params: Closed({ id: Id }),
  answer: Customer,
  async run(context, { params }) {
    const rows = await context.transaction.run(build.selectFrom('customer').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    const [customer] = await viewCustomers(context, rows);
    if (!customer) throw new Refusal('not_found');
    return customer;
  },
});
