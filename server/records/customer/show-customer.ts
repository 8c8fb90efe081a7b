import { Closed, Id } from '../../../contract/common.ts';
import { CustomerDetail } from '../../../contract/customer.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { viewCustomerDetail } from './view-detail.ts';

/** One customer (客户详情). One that was merged into another says into which. */
export const showCustomer = useCase({
  summary: 'Show a customer',
  params: Closed({ id: Id }),
  answer: CustomerDetail,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('customer').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return viewCustomerDetail(context, row);
  },
});
