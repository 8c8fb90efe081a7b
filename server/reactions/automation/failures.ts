import { automationLimits } from '../../../rules/automation/definition.ts';
import { retrySeconds } from '../../../rules/automation/guard.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { clearTimer } from '../../platform/timers/timers.ts';
import { raiseRulesVersion, type ActiveRule } from '../../records/automation/active-rules.ts';
import type { WorkRow } from '../../records/automation/rows.ts';
import type { RunFailure } from '../../records/automation/runs.ts';
import { addWork } from '../../records/automation/work.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockTicket } from '../../records/ticket/find.ts';
import type { Considered } from './consider.ts';

type Scene = Pick<Context, 'tenantId' | 'transaction' | 'now'>;

/** Tries a rule that failed by accident again in a while; false when it was tried often enough (自动重试). */
export async function tryAgain({ transaction, tenantId, now }: Scene, work: WorkRow, { run }: Considered): Promise<boolean> {
  const attempts = work.kind === 'retry' ? work.data.attempts ?? 0 : 0;
  const seconds = retrySeconds(attempts);
  if (seconds === null) return false;
  await addWork(transaction, tenantId, [{
    kind: 'retry', rule_id: run.ruleId, ticket_id: run.ticketId, fact_position: run.factPosition, due_at: new Date(now.getTime() + seconds * 1_000),
    data: { attempts: attempts + 1, cause: [...run.explanation.chain] },
  }], now);
  return true;
}

/** Parks what failed where people see it (挂起失败): on the ticket and in the log; a rule that fails again and again is switched off. */
export async function park(scene: Scene, rule: Pick<ActiveRule, 'id' | 'name'>, ticketId: string, failure: RunFailure): Promise<void> {
  const { transaction, tenantId, now } = scene;
  const ticket = await lockTicket(scene, ticketId);
  if (ticket) {
    await tellOnTicket({ tenantId, transaction, now, actor: { kind: 'rule', id: rule.id, name: rule.name } }, ticket, {
      kind: 'automation.failed', quiet: true, subjectId: rule.id, data: { ruleName: rule.name, code: failure.code, parameters: failure.parameters, action: failure.action, visibility: 'internal' },
    });
  }
  const row = await transaction.first(build.updateTable('automation_rule').set((set) => ({ failures: set('failures', '+', 1) })).where('tenant_id', '=', tenantId).where('id', '=', rule.id).returning(['failures', 'enabled']));
  if (!row?.enabled || row.failures < automationLimits.failures) return;
  await transaction.run(build.updateTable('automation_rule').set((set) => ({
    enabled: false, suspended_at: now, suspended_reason: JSON.stringify({ code: failure.code, parameters: failure.parameters }), version: set('version', '+', 1), updated_at: now,
  })).where('tenant_id', '=', tenantId).where('id', '=', rule.id));
  await raiseRulesVersion(transaction);
  await clearTimer(transaction, 'automation.sweep', rule.id);
  await recordFact(transaction, { kind: 'automation_rule.suspended', actor: systemActor, occurredAt: now, recordedAt: now, subjectId: rule.id, data: { name: rule.name, failures: row.failures, preview: rule.name } });
}

/** What worked ends the count of failures in a row. */
export async function forgetFailures({ transaction, tenantId }: Scene, ruleId: string): Promise<void> {
  await transaction.run(build.updateTable('automation_rule').set({ failures: 0 }).where('tenant_id', '=', tenantId).where('id', '=', ruleId).where('failures', '>', 0));
}
