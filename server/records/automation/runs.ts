import { sql, type Selectable } from 'kysely';
import { AutomationRunPage, AutomationCallPage, ListAutomationRuns, type AutomationRun, type Effect } from '../../../contract/automation.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { describeRefusal, refusals, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import type { Explained } from '../../../rules/automation/explain.ts';
import type { SkipReason } from '../../../rules/automation/guard.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import type { AutomationCallTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { findReadableTicket } from '../ticket/find.ts';
import type { RunRow } from './rows.ts';

/** Why a rule failed: a refusal with its parameters, so that the sentence is made for whoever reads it; `unexpected` for anything else. */
export interface RunFailure {
  code: string;
  parameters: Record<string, RefusalParameter>;
  action: number | null;
}
export interface RunExplanation {
  conditions: Explained | null;
  effects: Effect[];
  failure: RunFailure | null;
  chain: string[];
}
export interface NewRun {
  ruleId: string;
  ruleVersion: number;
  ticketId: string;
  factPosition: number | null;
  factKind: string | null;
  outcome: RunRow['outcome'];
  reason?: SkipReason;
  explanation: RunExplanation;
}

/** Writes down what became of rules that were asked, in their order (规则运行记录). */
export async function keepRuns(transaction: Transaction, runs: readonly NewRun[], now: Date): Promise<string[]> {
  if (runs.length === 0) return [];
  const ids = runs.map(() => newId(now.getTime())).sort();
  await transaction.run(build.insertInto('automation_run').values(runs.map((run, index) => ({
    tenant_id: transaction.tenantId, id: ids[index]!, rule_id: run.ruleId, rule_version: run.ruleVersion, ticket_id: run.ticketId, fact_position: run.factPosition, fact_kind: run.factKind,
    outcome: run.outcome, reason: run.reason ?? null, explanation: JSON.stringify(run.explanation), at: now,
  }))));
  return ids;
}

const countActed = statement<{ count: number }>('automation_run.acted', "SELECT count(*)::int AS count FROM automation_run WHERE tenant_id = $1 AND rule_id = $2 AND ticket_id = $3 AND outcome = 'matched' AND at > $4");

/** How often a rule has acted on a ticket within the last hour. */
export async function actedWithinHour(transaction: Transaction, ruleId: string, ticketId: string, now: Date): Promise<number> {
  return (await transaction.query(countActed, [transaction.tenantId, ruleId, ticketId, new Date(now.getTime() - 3_600_000)]))[0]!.count;
}

/** A failure in words, for whoever reads it. */
export function describeFailure({ code, parameters }: Pick<RunFailure, 'code' | 'parameters'>, language: Context['language']): string {
  if (Object.hasOwn(refusals, code)) return describeRefusal(code as RefusalCode, parameters, language);
  if (code === 'unexpected') return language === 'en' ? 'Something went wrong inside the program. The log has the details.' : '程序内部出错，详情见运行日志。';
  const sentence = describeRuleProblem({ path: '/conditions', code, params: parameters as Record<string, string | number> });
  return language === 'en' ? `The conditions could not be evaluated: ${sentence.en}.` : `条件无法求值：${sentence.zh}。`;
}

/** Why each rule did something or did not (规则运行记录), newest first: of tickets the reader may see. */
export const listAutomationRuns = useCase({
  summary: 'List what became of automation rules',
  query: ListAutomationRuns,
  answer: AutomationRunPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const ticket = query.ticket === undefined ? null : await findReadableTicket(context, query.ticket);
    const rows = await context.transaction.run(sql<RunRow>`select run.* FROM automation_run run JOIN ticket ON ticket.tenant_id = run.tenant_id AND ticket.id = run.ticket_id
      WHERE run.tenant_id = ${context.tenantId} AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))}
        ${query.rule === undefined ? sql`` : sql`AND run.rule_id = ${query.rule}::uuid`} ${ticket === null ? sql`` : sql`AND run.ticket_id = ${ticket.id}::uuid`}
        ${query.outcome === undefined ? sql`` : sql`AND run.outcome = ${query.outcome}`} ${query.cursor === undefined ? sql`` : sql`AND run.id < ${readCursor(query.cursor, 'automation_run')[1]}::uuid`}
      ORDER BY run.id DESC LIMIT ${limit + 1}`);
    return { items: await viewRuns(context, rows.slice(0, limit)), nextCursor: rows.length > limit ? writeCursor('automation_run', ['', rows[limit - 1]!.id]) : null };
  },
});

/** Runs as they are shown, with the names of rules and tickets. */
export async function viewRuns(context: Context, rows: readonly RunRow[]): Promise<AutomationRun[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId, language } = context;
  const ruleIds = [...new Set(rows.flatMap((row) => [row.rule_id, ...row.explanation.chain]))];
  const [rules, tickets] = await Promise.all([
    transaction.run(build.selectFrom('automation_rule').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', ruleIds)),
    transaction.run(build.selectFrom('ticket').select(['id', 'number', 'subject']).where('tenant_id', '=', tenantId).where('id', 'in', [...new Set(rows.map((row) => row.ticket_id))])),
  ]);
  const nameOf = new Map(rules.map((rule) => [rule.id, rule.name]));
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  return rows.map((row) => {
    const { conditions, effects, failure, chain } = row.explanation;
    return {
      id: row.id, rule: { id: row.rule_id, name: nameOf.get(row.rule_id) ?? '', version: row.rule_version }, ticket: ticketOf.get(row.ticket_id) ?? null,
      factKind: row.fact_kind, outcome: row.outcome as AutomationRun['outcome'], reason: row.reason as AutomationRun['reason'], conditions, effects,
      failure: failure && { code: failure.code, message: describeFailure(failure, language), action: failure.action },
      chain: chain.map((id) => ({ id, name: nameOf.get(id) ?? null })), at: row.at.toISOString(),
    };
  });
}

/** The calls that a rule made to systems outside (外部调用记录), newest first: of tickets the reader may see. */
export const listAutomationCalls = useCase({
  summary: 'List the calls of an automation rule',
  params: Closed({ id: Id }),
  query: PageQuery,
  answer: AutomationCallPage,
  async run(context, { params, query }) {
    const limit = query.limit ?? limits.defaultPage;
    if (!await context.transaction.first(build.selectFrom('automation_rule').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', params.id))) throw new Refusal('not_found');
    const rows = await context.transaction.run(sql<Selectable<AutomationCallTable>>`select made.* FROM automation_call made JOIN ticket ON ticket.tenant_id = made.tenant_id AND ticket.id = made.ticket_id
      WHERE made.tenant_id = ${context.tenantId} AND made.rule_id = ${params.id} AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))}
        ${query.cursor === undefined ? sql`` : sql`AND made.id < ${readCursor(query.cursor, 'automation_call')[1]}::uuid`}
      ORDER BY made.id DESC LIMIT ${limit + 1}`);
    return {
      items: rows.slice(0, limit).map((row) => ({
        id: row.id, ruleId: row.rule_id, ticketId: row.ticket_id, method: row.method, url: row.url, state: row.state as 'waiting' | 'done' | 'failed', attempts: row.attempts, statusCode: row.status_code,
        answer: row.answer, problem: row.problem, createdAt: row.created_at.toISOString(), settledAt: row.settled_at?.toISOString() ?? null,
      })),
      nextCursor: rows.length > limit ? writeCursor('automation_call', ['', rows[limit - 1]!.id]) : null,
    };
  },
});

// A few thousand at a time; what is left goes at the next turn.
const forgetMissed = statement<never>('automation_run.forget', `
  DELETE FROM automation_run WHERE (tenant_id, id) IN (
    SELECT tenant_id, id FROM automation_run WHERE at < $1 AND (outcome IN ('missed', 'skipped') OR at < $2) AND outcome <> 'parked' ORDER BY at LIMIT 5000)`);
const forgetParked = statement<never>('automation_run.forget_parked', "DELETE FROM automation_run WHERE outcome = 'parked' AND at < $1");
const forgetCalls = statement<never>('automation_call.forget', "DELETE FROM automation_call WHERE state <> 'waiting' AND created_at < $1");

/** Forgets what is old (清理运行记录): misses after 7 days, what was done after 90, what nobody looked after in 180. */
export async function forgetRuns(transaction: Transaction, now: Date): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  await transaction.query(forgetMissed, [ago(7), ago(90)]);
  await transaction.query(forgetParked, [ago(180)]);
  await transaction.query(forgetCalls, [ago(30)]);
}
