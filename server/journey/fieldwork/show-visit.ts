import { Closed, Id } from '../../../contract/common.ts';
import { Visit } from '../../../contract/visit.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { staffOf } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { accessOf } from '../../records/ticket/row.ts';
import { visits } from '../../records/visit/queries.ts';
import { viewVisit } from './view-visit.ts';

/** One visit (上门任务详情). */
export const showVisit = useCase({
  summary: 'Show a visit',
  params: Closed({ id: Id }),
  answer: Visit,
  async run(context, { params }) {
    const visit = await context.transaction.first(visits().where('visit.tenant_id', '=', context.tenantId).where('visit.id', '=', params.id));
    const ticket = visit && await context.transaction.first(build.selectFrom('ticket').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', visit.ticket_id));
    const subject = staffOf(context);
    if (!visit || !ticket || (visit.technician_id !== subject.staffId && !permits(reachOf(subject, 'ticket.read'), accessOf(ticket)))) throw new Refusal('not_found');
    return viewVisit(context, visit, ticket);
  },
});
