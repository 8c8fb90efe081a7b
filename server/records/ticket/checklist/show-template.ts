import { ChecklistTemplate } from '../../../../contract/collaboration.ts';
import { Closed, Id } from '../../../../contract/common.ts';
import { build } from '../../../platform/db/database.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { viewTemplates } from './templates.ts';

/** One checklist template (检查清单模板详情). */
export const showChecklistTemplate = useCase({
  summary: 'Show a checklist template',
  params: Closed({ id: Id }),
  answer: ChecklistTemplate,
  async run(context, { params }) {
    const row = await context.transaction.first(build.selectFrom('checklist_template').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', params.id));
    if (!row) throw new Refusal('not_found');
    return (await viewTemplates(context, [row]))[0]!;
  },
});
