import { Closed, Id } from '../../../contract/common.ts';
import { HistoryPage, ShowHistory } from '../../../contract/customer.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { familiesOf } from '../customer/family.ts';
import { pageOfHistory } from '../customer/history.ts';

const mostMembers = 1_000;

/** All that passed between an account's members and the organization (客户单位往来记录), of its newest 1,000 members. */
export const showAccountTimeline = useCase({
  summary: 'Show the history of an account',
  params: Closed({ id: Id }),
  query: ShowHistory,
  answer: HistoryPage,
  async run(context, { params: { id }, query }) {
    const { transaction, tenantId } = context;
    if (!await transaction.first(build.selectFrom('account').select('id').where('tenant_id', '=', tenantId).where('id', '=', id))) throw new Refusal('not_found');
    const members = await transaction.run(build.selectFrom('customer').select('id').where('tenant_id', '=', tenantId).where('account_id', '=', id).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(mostMembers));
    const customerIds = [...new Set([...(await familiesOf(context, members.map((member) => member.id))).values()].flat())];
    return pageOfHistory(context, { customerIds, subjectIds: [id] }, query);
  },
});
