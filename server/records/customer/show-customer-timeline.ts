import { Closed, Id } from '../../../contract/common.ts';
import { HistoryPage, ShowHistory } from '../../../contract/customer.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { familyOf } from './family.ts';
import { pageOfHistory } from './history.ts';

/** All that passed between a customer and the organization (客户往来记录), with what belongs to those merged into them. */
export const showCustomerTimeline = useCase({
  summary: 'Show the history of a customer over all channels',
  params: Closed({ id: Id }),
  query: ShowHistory,
  answer: HistoryPage,
  async run(context, { params, query }) {
    const row = await context.transaction.first(build.selectFrom('customer').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    const family = await familyOf(context, row.id);
    return pageOfHistory(context, { customerIds: family, subjectIds: family }, query);
  },
});
