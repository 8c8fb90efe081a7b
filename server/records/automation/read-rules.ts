import { AutomationRule, AutomationRulePage, AutomationRuleVersionPage, ListAutomationRules } from '../../../contract/automation.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import type { Definition } from '../../../rules/automation/definition.ts';
import type { Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import type { RuleRow } from './rows.ts';
import { findRule, viewRules } from './view-rules.ts';

const params = Closed({ id: Id });
const select = (context: Pick<Context, 'tenantId'>, archived: boolean) => build.selectFrom('automation_rule').selectAll().where('tenant_id', '=', context.tenantId).where('archived', '=', archived).orderBy('position').orderBy('id');

/** All rules in use, in their order. */
export const listInOrder = async (context: Context): Promise<RuleRow[]> => await context.transaction.run(select(context, false)) as unknown as RuleRow[];

/** The rules in the order in which they are asked (规则列表). */
export const listAutomationRules = useCase({
  summary: 'List automation rules',
  query: ListAutomationRules,
  answer: AutomationRulePage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.page;
    let wanted = select(context, query.archived ?? false);
    if (query.cursor !== undefined) {
      const [position, id] = readCursor(query.cursor, 'automation_rule');
      const place = Number(position) || 0;
      wanted = wanted.where((where) => where.or([where('position', '>', place), where.and([where('position', '=', place), where('id', '>', id)])]));
    }
    const rows = await context.transaction.run(wanted.limit(limit + 1)) as unknown as RuleRow[];
    const last = rows[limit - 1];
    return { items: await viewRules(context, rows.slice(0, limit)), nextCursor: rows.length > limit && last ? writeCursor('automation_rule', [String(last.position), last.id]) : null };
  },
});

/** One rule (规则详情). */
export const showAutomationRule = useCase({
  summary: 'Show an automation rule',
  params,
  answer: AutomationRule,
  run: async (context, { params: { id } }) => (await viewRules(context, [await findRule(context, id)]))[0]!,
});

/** What a rule said before, newest first (规则历史版本). */
export const listAutomationRuleVersions = useCase({
  summary: 'List the versions of an automation rule',
  params,
  query: PageQuery,
  answer: AutomationRuleVersionPage,
  async run(context, { params: { id }, query }) {
    const rule = await findRule(context, id);
    const limit = query.limit ?? limits.defaultPage;
    let wanted = build.selectFrom('automation_rule_version').selectAll().where('tenant_id', '=', context.tenantId).where('rule_id', '=', rule.id);
    if (query.cursor !== undefined) wanted = wanted.where('number', '<', Number(readCursor(query.cursor, 'automation_rule_version')[0]) || 0);
    const rows = await context.transaction.run(wanted.orderBy('number', 'desc').limit(limit + 1));
    return {
      items: rows.slice(0, limit).map((row) => ({
        number: row.number, name: row.name, definition: row.definition as unknown as Definition, note: row.note, restored: row.restored,
        publishedBy: row.published_by === null ? null : { id: row.published_by, name: row.published_by_name ?? '' }, publishedAt: row.published_at.toISOString(), current: row.number === rule.published_version,
      })),
      nextCursor: rows.length > limit ? writeCursor('automation_rule_version', [String(rows[limit - 1]!.number), rule.id]) : null,
    };
  },
});
