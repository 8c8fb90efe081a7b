import { systemActor, type Services } from '../../../../platform/context.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { giveUpWaiting } from '../../../../records/dispatch/day/plan-rows.ts';

/**
 * Ends a plan that could not be worked out after all attempts (放弃排程计算), as when its program went down each time: it failed, says why, and may
 * be asked for again. Who still works on it finds it ended, and drops what they have. A job.
 */
export async function giveUpPlan({ database, clock }: Services, { tenantId, planId }: { tenantId: string; planId: string }): Promise<void> {
  await database.transact(tenantId, async (transaction) => {
    const now = clock.now();
    if (await giveUpWaiting(transaction, planId, now)) {
      await recordFact(transaction, { kind: 'dispatch.plan_ended', actor: systemActor, occurredAt: now, recordedAt: now, subjectId: planId, data: { state: 'failed' } });
    }
  });
}
