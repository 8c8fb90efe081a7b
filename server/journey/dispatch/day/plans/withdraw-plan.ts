import { Closed, Id } from '../../../../../contract/common.ts';
import { DayPlan } from '../../../../../contract/day-plan.ts';
import { build } from '../../../../platform/db/database.ts';
import { Refusal } from '../../../../platform/errors/refusal.ts';
import { recordFact } from '../../../../platform/facts/fact.ts';
import { useCase } from '../../../../platform/http/use-case.ts';
import { findPlan } from '../../../../records/dispatch/day/plan-rows.ts';
import { configurationOf } from '../../../../records/organization/configuration.ts';
import { isVisible, viewPlan } from './view-plan.ts';

/** Gives a plan up (放弃排程), also while it is worked out. Given up again, it stays so. */
export const withdrawDayPlan = useCase({
  summary: 'Give up a plan of a day',
  params: Closed({ id: Id }),
  answer: DayPlan,
  async run(context, { params }) {
    const { tenantId, transaction, now } = context;
    const configuration = await configurationOf(context);
    const row = await findPlan(context, params.id, true);
    if (!row || !isVisible(context, configuration, row)) throw new Refusal('not_found');
    if (row.state === 'withdrawn') return viewPlan(context, configuration, row);
    if (row.state === 'applied' || row.state === 'failed') throw new Refusal('plan_over');
    const ended = { state: 'withdrawn', ended_at: now, ended_by_name: context.actor.name, version: row.version + 1 };
    await transaction.run(build.updateTable('day_plan').set(ended).where('tenant_id', '=', tenantId).where('id', '=', row.id));
    await recordFact(transaction, { kind: 'dispatch.plan_withdrawn', actor: context.actor, occurredAt: now, recordedAt: now, subjectId: row.id, data: { date: row.day } });
    return viewPlan(context, configuration, { ...row, ...ended });
  },
});
