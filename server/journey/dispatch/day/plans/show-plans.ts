import { sql } from 'kysely';
import { Closed, Id, limits } from '../../../../../contract/common.ts';
import { DayPlan, DayPlanPage, ListDayPlans } from '../../../../../contract/day-plan.ts';
import { build } from '../../../../platform/db/database.ts';
import { Refusal } from '../../../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../../../platform/http/cursor.ts';
import { useCase } from '../../../../platform/http/use-case.ts';
import { findPlan, type DayPlanRow } from '../../../../records/dispatch/day/plan-rows.ts';
import { dispatchScope } from '../../../../records/dispatch/day/scope.ts';
import { configurationOf } from '../../../../records/organization/configuration.ts';
import { isVisible, viewPlan, viewPlanHead } from './view-plan.ts';

// What is in a plan may be much.
const headColumns = ['tenant_id', 'id', 'state', 'day', 'team_ids', 'event', 'request', 'failure', 'requested_by', 'requested_by_name', 'requested_at', 'started_at', 'ready_at', 'ended_at', 'ended_by_name', 'version'] as const;

/** Plans of the teams one gives work to, newest first (排程列表). */
export const listDayPlans = useCase({
  summary: 'List plans of days',
  query: ListDayPlans,
  answer: DayPlanPage,
  async run(context, { query }) {
    const configuration = await configurationOf(context);
    const limit = query.limit ?? limits.defaultPage;
    const { teamIds } = dispatchScope(context, configuration);
    let wanted = build.selectFrom('day_plan').select(headColumns).select(sql`result - 'items' - 'leftOut'`.as('result')).where('tenant_id', '=', context.tenantId).where(sql<boolean>`team_ids <@ ${[...teamIds]}::uuid[]`);
    if (query.date !== undefined) wanted = wanted.where('day', '=', query.date);
    if (query.cursor !== undefined) wanted = wanted.where('id', '<', readCursor(query.cursor, 'day_plan')[1]);
    const rows = await context.transaction.run(wanted.orderBy('id', 'desc').limit(limit + 1)) as unknown as DayPlanRow[];
    const last = rows[limit - 1];
    return { items: rows.slice(0, limit).map((row) => viewPlanHead(context, configuration, row)), nextCursor: rows.length > limit && last ? writeCursor('day_plan', ['', last.id]) : null };
  },
});

/** A plan: how far it is, and what came of it (排程结果). */
export const showDayPlan = useCase({
  summary: 'Show a plan of a day',
  params: Closed({ id: Id }),
  answer: DayPlan,
  async run(context, { params }) {
    const configuration = await configurationOf(context);
    const row = await findPlan(context, params.id);
    if (!row || !isVisible(context, configuration, row)) throw new Refusal('not_found');
    return viewPlan(context, configuration, row);
  },
});
