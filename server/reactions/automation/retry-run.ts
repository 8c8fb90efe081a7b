import { AutomationRun } from '../../../contract/automation.ts';
import { Closed, Id } from '../../../contract/common.ts';
import { build } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { RunRow } from '../../records/automation/rows.ts';
import { viewRuns } from '../../records/automation/runs.ts';
import { findRule } from '../../records/automation/view-rules.ts';
import { addWork } from '../../records/automation/work.ts';
import { findReadableTicket } from '../../records/ticket/find.ts';

/** Has a rule that failed tried again (重试失败的规则): with its conditions and actions as they are now. */
export const retryAutomationRun = useCase({
  summary: 'Try a failed run of an automation rule again',
  params: Closed({ id: Id }),
  answer: AutomationRun,
  async run(context, { params: { id } }) {
    const { transaction, tenantId, now } = context;
    const row = await transaction.first(build.selectFrom('automation_run').selectAll().where('tenant_id', '=', tenantId).where('id', '=', id).forUpdate()) as RunRow | undefined;
    if (!row) throw new Refusal('not_found');
    await findReadableTicket(context, row.ticket_id);
    if (row.outcome !== 'parked') throw new Refusal('run_not_parked');
    if (!(await findRule(context, row.rule_id)).enabled) throw new Refusal('rule_not_enabled');
    await transaction.run(build.updateTable('automation_run').set({ outcome: 'retried' }).where('tenant_id', '=', tenantId).where('id', '=', id));
    await addWork(transaction, tenantId, [{ kind: 'retry', rule_id: row.rule_id, ticket_id: row.ticket_id, fact_position: row.fact_position, due_at: now, data: { attempts: 3, cause: [...row.explanation.chain] } }], now);
    return (await viewRuns(context, [{ ...row, outcome: 'retried' }]))[0]!;
  },
});
