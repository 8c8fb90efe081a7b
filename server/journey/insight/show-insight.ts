import { sql, type RawBuilder } from 'kysely';
import { Closed, OneOf } from '../../../contract/common.ts';
import { Insight, InsightQuery, measures } from '../../../contract/insight.ts';
import { reachOf, type Reach } from '../../../rules/access/policy.ts';
import { priorities } from '../../../rules/ticket/lifecycle.ts';
import { localDay } from '../../platform/clock/clock.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { invalidInput, type Refusal } from '../../platform/errors/refusal.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { daysOf, periodOf } from './period.ts';
import { rowsOf, type By, type Sum } from './rows.ts';

const unfinished = ['new', 'open', 'waiting'] as const;
// Their value is a mean; the others count tickets.
const units: Partial<Record<string, 'stars' | 'seconds'>> = { rating: 'stars', resolution_time: 'seconds' };

/** A measure of the board (看板指标): over a period by one dimension, or how many tickets are unfinished now. */
export const showInsight = useCase({
  summary: 'Show a measure over a period',
  params: Closed({ measure: OneOf(measures) }),
  query: InsightQuery,
  answer: Insight,
  run: (context, { params: { measure }, query }) => (measure === 'backlog' ? showBacklog(context, query) : showPeriod(context, measure, query)),
});

async function showPeriod(context: Context, measure: string, query: InsightQuery): Promise<Insight> {
  const configuration = await configurationOf(context);
  const by = query.by ?? 'day';
  if (by === 'status') throw refuseDimension(['day', 'team', 'channel', 'priority', 'category']);
  const period = periodOf(query, context.now, configuration.organization.timeZone);
  // Both periods in one query, so that they tell of the same moment.
  const sums = await context.transaction.run(build.selectFrom('insight_daily')
    .select([columns[by].as('key'), sql<boolean>`day >= ${period.from}`.as('current'), sql<number>`sum(count)::bigint`.as('count'), sql<number>`sum(total)`.as('total')])
    .where('tenant_id', '=', context.tenantId).where('measure', '=', measure)
    .where('day', '>=', period.previousFrom).where('day', '<=', period.to)
    .where(rollUpCondition(reachOf(staffOf(context), 'insight.read')))
    .groupBy([sql`1`, sql`2`]));
  const unit = units[measure];
  const value = ({ count, total }: Omit<Sum, 'key'>) => (unit === undefined ? count : count === 0 ? null : total / count);
  const current = sums.filter((sum) => sum.current);
  const always = by === 'day' ? daysOf(period) : by === 'priority' && unit === undefined ? priorities : [];
  return {
    measure, unit: unit ?? 'tickets', from: period.from, to: period.to,
    total: value(whole(current)), previousTotal: value(whole(sums.filter((sum) => !sum.current))),
    rows: rowsOf(by, current, always, value, configuration, context.language),
  };
}

/** What is unfinished at this moment (积压): a period has no say in it, nor is there one before to compare with. */
async function showBacklog(context: Context, query: InsightQuery): Promise<Insight> {
  const configuration = await configurationOf(context);
  const by = query.by ?? 'status';
  if (by === 'day') throw refuseDimension(['status', 'team', 'channel', 'priority', 'category']);
  const sums = await context.transaction.run(build.selectFrom('insight_standing')
    .select([columns[by].as('key'), sql<number>`sum(count)::bigint`.as('count'), sql<number>`0`.as('total')])
    .where('tenant_id', '=', context.tenantId).where('status', 'in', unfinished)
    .where(rollUpCondition(reachOf(staffOf(context), 'insight.read')))
    .groupBy(sql`1`));
  const today = localDay(context.now, configuration.organization.timeZone);
  return {
    measure: 'backlog', unit: 'tickets', from: today, to: today, total: whole(sums).count, previousTotal: null,
    rows: rowsOf(by, sums, by === 'status' ? unfinished : by === 'priority' ? priorities : [], ({ count }) => count, configuration, context.language),
  };
}

const columns: Record<By, RawBuilder<string>> = {
  day: sql<string>`day::text`, team: sql<string>`team_id::text`, status: sql<string>`status`, channel: sql<string>`channel`,
  priority: sql<string>`priority::text`, category: sql<string>`category_id::text`,
};

/**
 * The part of a reach that a roll-up can tell (统计权限): teams and departments. Who a ticket belongs to and what type
 * it has are not kept in roll-ups, so a way in by people or narrowed to types opens nothing here.
 */
function rollUpCondition(reach: Reach): RawBuilder<boolean> {
  const ways = reach.filter((path) => path.people === undefined && path.typeIds === undefined).map((path) => {
    const conditions: RawBuilder<unknown>[] = [];
    if (path.teamIds) conditions.push(sql`team_id = ANY(${path.teamIds}::uuid[])`);
    if (path.departmentIds) conditions.push(sql`department_id = ANY(${path.departmentIds}::uuid[])`);
    return conditions.length === 0 ? sql`TRUE` : sql`(${sql.join(conditions, sql` AND `)})`;
  });
  return ways.length === 0 ? sql<boolean>`FALSE` : sql<boolean>`(${sql.join(ways, sql` OR `)})`;
}

function whole(sums: readonly { count: number; total: number }[]): { count: number; total: number } {
  return { count: sums.reduce((sum, { count }) => sum + count, 0), total: sums.reduce((sum, { total }) => sum + total, 0) };
}

function refuseDimension(open: readonly By[]): Refusal {
  return invalidInput('/by', 'enum', { zh: `应为其中之一：${open.join('、')}`, en: `must be one of: ${open.join(', ')}` });
}
