import type { AutomationRule, RuleProblem } from '../../../contract/automation.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import type { DefinitionProblem } from '../../../rules/conditions/json.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { problemsOf } from './check-references.ts';
import { describeFailure } from './runs.ts';
import type { RuleRow } from './rows.ts';

const findParked = statement<{ rule_id: string; count: number }>('automation_run.parked_count', "SELECT rule_id, count(*)::int AS count FROM automation_run WHERE tenant_id = $1 AND outcome = 'parked' AND rule_id = ANY($2::uuid[]) GROUP BY rule_id");
const findLast = statement<{ rule_id: string; at: Date }>('automation_run.last_matched', `
  SELECT wanted.id AS rule_id, last.at FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT at FROM automation_run WHERE tenant_id = $1 AND rule_id = wanted.id AND outcome = 'matched' ORDER BY id DESC LIMIT 1) last`);

/** Rules as those who keep them see them (规则视图). */
export async function viewRules(context: Context, rows: readonly RuleRow[]): Promise<AutomationRule[]> {
  const ids = rows.map((row) => row.id);
  const [parked, last] = ids.length === 0 ? [[], []] : await Promise.all([context.transaction.query(findParked, [context.tenantId, ids]), context.transaction.query(findLast, [context.tenantId, ids])]);
  const parkedOf = new Map(parked.map((row) => [row.rule_id, row.count]));
  const lastOf = new Map(last.map((row) => [row.rule_id, row.at]));
  const views: AutomationRule[] = [];
  for (const row of rows) {
    const shown = row.draft ?? row.definition;
    views.push({
      id: row.id, name: row.name, description: row.description, position: row.position, enabled: row.enabled, stopAfterMatch: row.stop_after_match, archived: row.archived,
      definition: row.definition, draft: row.draft, publishedVersion: row.published_version, problems: shown ? viewProblems(await problemsOf(context, shown), context.language) : [],
      suspended: row.suspended_at && { at: row.suspended_at.toISOString(), reason: describeFailure({ code: row.suspended_reason?.code ?? 'unexpected', parameters: (row.suspended_reason?.parameters ?? {}) as Record<string, string> }, context.language) },
      failures: row.failures, parked: parkedOf.get(row.id) ?? 0, lastMatchedAt: lastOf.get(row.id)?.toISOString() ?? null, updatedAt: row.updated_at.toISOString(), version: row.version,
    });
  }
  return views;
}

/** Problems in the reader's language. */
export function viewProblems(problems: readonly DefinitionProblem[], language: Context['language']): RuleProblem[] {
  return problems.slice(0, 50).map((problem) => {
    const sentence = describeRuleProblem(problem);
    return { path: problem.path || '/', code: problem.code, message: language === 'en' ? sentence.en : sentence.zh };
  });
}

/** One rule; locked when it is about to be changed. */
export async function findRule(context: Pick<Context, 'transaction' | 'tenantId'>, id: string, { change = false } = {}): Promise<RuleRow> {
  const select = build.selectFrom('automation_rule').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id);
  const row = await context.transaction.first(change ? select.forNoKeyUpdate() : select);
  if (!row) throw new Refusal('not_found');
  return row as unknown as RuleRow;
}
