import { sql } from 'kysely';
import { checkFilter } from '../../../../rules/conditions/check-filter.ts';
import type { Filter } from '../../../../rules/conditions/filter.ts';
import type { Context } from '../../../platform/context.ts';
import { configurationOf } from '../../organization/configuration.ts';
import { filterSetting, plainFilter } from '../../ticket/filter-setting.ts';
import { predicateToSql } from '../../ticket/filter-to-sql.ts';

/**
 * Which of some conditions hold for a ticket and the one who asks (宏的适用条件), as a view with the same filter would show it:
 * all in one query. No condition holds always, one that cannot be read any more never.
 */
export async function conditionsHold(context: Context, ticketId: string, conditions: readonly (Filter | null)[]): Promise<boolean[]> {
  if (conditions.every((condition) => condition === null)) return conditions.map(() => true);
  const setting = await filterSetting(context, await configurationOf(context));
  const tests = conditions.map((condition) => (condition === null ? sql<boolean>`TRUE`
    : checkFilter(condition, setting.properties).length > 0 ? sql<boolean>`FALSE`
    : sql<boolean>`coalesce(${predicateToSql(plainFilter(condition, setting), setting.target)}, FALSE)`));
  const row = await context.transaction.first(sql<{ held: boolean[] }>`SELECT ARRAY[${sql.join(tests)}] AS held FROM ticket WHERE ticket.tenant_id = ${context.tenantId} AND ticket.id = ${ticketId}`);
  return row?.held ?? conditions.map(() => false);
}
