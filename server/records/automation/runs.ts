import { sql, type Selectable } from 'kysely';
import { AutomationRunPage, AutomationCallPage, ListAutomationRuns, type AutomationRun, type Effect } from '../../../contract/automation.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { describeRefusal, refusals, type RefusalCode, type RefusalParameter } from '../../../contract/refusals.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import { holds, reachOf } from '../../../rules/access/policy.ts';
import type { Count } from '../../../rules/automation/definition.ts';
import { retellConditions, type Explained } from '../../../rules/automation/explain.ts';
import type { SkipReason } from '../../../rules/automation/guard.ts';
import type { Filter } from '../../../rules/conditions/filter.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build, statement, type Transaction } from '../../platform/db/database.ts';
import type { AutomationCallTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { configurationOf } from '../organization/configuration.ts';
import { findReadableTicket } from '../ticket/find.ts';
import { closedByType } from '../ticket/shown-fields.ts';
import { findRuns } from './find-runs.ts';
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
  /** Most rules miss most events: those that looked at the same ticket are one row, that of the first of them. */
  misses?: Miss[];
  /** What they found there, by property. */
  found?: Record<string, unknown>;
}
/** A rule that missed (未命中): what its tests came to, as rules/automation/explain.ts keeps it. */
export interface Miss {
  rule: string;
  version: number;
  answers: string;
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
export async function keepRuns(transaction: Transaction, runs: readonly NewRun[], now: Date): Promise<void> {
  if (runs.length === 0) return;
  const ids = runs.map(() => newId(now.getTime())).sort();
  await transaction.run(build.insertInto('automation_run').values(runs.map((run, index) => ({
    tenant_id: transaction.tenantId, id: ids[index]!, rule_id: run.ruleId, rule_version: run.ruleVersion, ticket_id: run.ticketId, fact_position: run.factPosition, fact_kind: run.factKind,
    outcome: run.outcome, reason: run.reason ?? null, explanation: JSON.stringify(run.explanation), at: now,
  }))));
}

// What a count is called says how it counts, and what was answered is told with what was asked.
const findAsked = statement<{ rule_id: string; number: number; counts: readonly Count[]; conditions: Filter }>('automation_rule_version.asked', `
  SELECT DISTINCT v.rule_id, v.number, coalesce(v.definition -> 'counts', '[]') AS counts, v.definition -> 'conditions' AS conditions FROM unnest($2::uuid[], $3::int[]) AS wanted (rule_id, number)
    JOIN automation_rule_version v ON v.tenant_id = $1 AND v.rule_id = wanted.rule_id AND v.number = wanted.number`);
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

/**
 * Why each rule did something or did not (规则运行记录), newest first: of tickets the reader may see. For those who keep rules or read
 * the audit trail; the latter see of fields closed to them that they were asked for, not what for nor what was found.
 */
export const listAutomationRuns = useCase({
  summary: 'List what became of automation rules, for those who keep them or read the audit trail',
  query: ListAutomationRuns,
  answer: AutomationRunPage,
  async run(context, { query }) {
    const subject = staffOf(context);
    if (!holds(subject, 'automation.manage') && !holds(subject, 'audit.read')) throw new Refusal('forbidden');
    const limit = query.limit ?? limits.defaultPage;
    const ticket = query.ticket === undefined ? null : await findReadableTicket(context, query.ticket);
    const { rows, next } = await findRuns(context, { ticketId: ticket?.id ?? null, rule: query.rule ?? null, outcome: query.outcome ?? null, after: query.cursor === undefined ? null : readCursor(query.cursor, 'automation_run') }, limit);
    return { items: await viewRuns(context, rows), nextCursor: next && writeCursor('automation_run', next) };
  },
});

/** Runs as they are shown, with the names of rules and tickets. */
export async function viewRuns(context: Context, rows: readonly (RunRow & { answers?: string | null })[]): Promise<AutomationRun[]> {
  if (rows.length === 0) return [];
  const { transaction, tenantId, language } = context;
  const ruleIds = [...new Set(rows.flatMap((row) => [row.rule_id, ...row.explanation.chain]))];
  const [rules, tickets, versions, closed] = await Promise.all([
    transaction.run(build.selectFrom('automation_rule').select(['id', 'name']).where('tenant_id', '=', tenantId).where('id', 'in', ruleIds)),
    transaction.run(build.selectFrom('ticket').select(['id', 'number', 'subject', 'type_id']).where('tenant_id', '=', tenantId).where('id', 'in', [...new Set(rows.map((row) => row.ticket_id))])),
    transaction.query(findAsked, [tenantId, rows.map((row) => row.rule_id), rows.map((row) => row.rule_version)]),
    closedToReader(context),
  ]);
  const nameOf = new Map(rules.map((rule) => [rule.id, rule.name]));
  const ticketOf = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  const askedOf = new Map(versions.map((version) => [`${version.rule_id} ${version.number}`, version]));
  return rows.map((row) => {
    const { effects, failure, chain, found = {} } = row.explanation;
    const asked = askedOf.get(`${row.rule_id} ${row.rule_version}`);
    const conditions = typeof row.answers === 'string' ? asked ? retellConditions(asked.conditions, row.answers, found) : null : row.explanation.conditions;
    const ticket = ticketOf.get(row.ticket_id);
    const hidden = closed && (closed.get(ticket?.type_id ?? '') ?? []).map((key) => `fields.${key}`);
    return {
      id: row.id, rule: { id: row.rule_id, name: nameOf.get(row.rule_id) ?? '', version: row.rule_version, counts: [...asked?.counts ?? []] }, ticket: ticket ? { id: ticket.id, number: ticket.number, subject: ticket.subject } : null,
      factKind: row.fact_kind, outcome: row.outcome as AutomationRun['outcome'], reason: row.reason as AutomationRun['reason'],
      conditions: conditions && (hidden ? hiding(conditions, hidden) : conditions), effects: hidden ? effects.map(withoutAnswers) : effects,
      failure: failure && { code: failure.code, message: describeFailure(failure, language), action: failure.action },
      chain: chain.map((id) => ({ id, name: nameOf.get(id) ?? null })), at: row.at.toISOString(),
    };
  });
}

/** The fields closed to whoever does not keep rules, by ticket type; null for those who do, as a rule of theirs asks for every field. */
async function closedToReader(context: Context): Promise<ReadonlyMap<string, readonly string[]> | null> {
  return holds(staffOf(context), 'automation.manage') ? null : closedByType(context, await configurationOf(context));
}

function hiding(explained: Explained, properties: readonly string[]): Explained {
  if ('parts' in explained) return { ...explained, parts: explained.parts.map((part) => hiding(part, properties)) };
  if (!properties.includes(explained.property)) return explained;
  const { property, operator, holds: held } = explained;
  return { property, operator, holds: held, found: null, hidden: true };
}

/** What a rule wrote into a ticket's fields stands on the ticket, for those who may see it there. */
const withoutAnswers = ({ detail: { fields: _fields, ...detail }, ...effect }: Effect): Effect => ({ ...effect, detail });

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
