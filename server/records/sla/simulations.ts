import type { Selectable } from 'kysely';
import { checkCalendar, describeCalendarProblem } from '../../../rules/calendar/check-calendar.ts';
import type { CalendarDefinition } from '../../../contract/calendar.ts';
import { Closed, Id, PageQuery, limits } from '../../../contract/common.ts';
import { describeRuleProblem } from '../../../contract/automation-problems.ts';
import type { Language } from '../../../contract/refusals.ts';
import type { Definition as RuleDefinition } from '../../../rules/automation/definition.ts';
import type { FlowDefinition } from '../../../rules/workflow/definition.ts';
import { RequestSimulation, Simulation, SimulationPage, type PolicyDefinition, type SimulationResult } from '../../../contract/sla.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { SlaSimulationTable } from '../../platform/db/tables.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal, invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { ensureStorable } from '../../platform/http/validation.ts';
import { businessCalendar } from '../calendar/holiday-sources.ts';
import { problemsOf } from '../automation/check-references.ts';
import { ensureBearable } from '../flow/flows.ts';
import { findingsOf, subflowsOf, viewFindings } from '../flow/surroundings.ts';
import { problemsOfPolicy } from './view-policies.ts';

/** What is to be tried, as it is stored. */
export interface SimulationRequest {
  from: string;
  to: string;
  /** Absent: those that hold. */
  policies?: readonly { id?: string | null; name: string; definition: PolicyDefinition }[];
  calendars?: Readonly<Record<string, unknown>>;
  rules?: readonly { id?: string | null; name: string; definition: RuleDefinition; stopAfterMatch?: boolean }[];
  /** With the flows it calls, as they stood when it was asked for. */
  flow?: { id: string; definition: FlowDefinition; subflows: Readonly<Record<string, FlowDefinition>> };
}
/** What came of it as it is stored: each name with `nameEn` beside it, as its readers choose their language later. */
export type StoredResult = SimulationResult;
type SimulationRow = Omit<Selectable<SlaSimulationTable>, 'request' | 'result'> & { request: SimulationRequest; result: StoredResult | null };

const longestDays = 366;
const params = Closed({ id: Id });

/** Asks for the past to be played through drafts of policies, rules or a flow (提交模拟). A background job does it; one at a time for each organization. */
export const requestSimulation = useCase({
  summary: 'Simulate SLA policies, automation rules or a flow on the tickets of a period',
  body: RequestSimulation,
  answer: Simulation,
  status: 201,
  async run(context, { body }) {
    const { from, to, policies, calendars, rules, flow } = body;
    if (Date.parse(to) <= Date.parse(from) || Date.parse(to) - Date.parse(from) > longestDays * 86_400_000) throw invalidInput('/to', 'period', { zh: `时间段应为 1 到 ${longestDays} 天`, en: `has to lie within ${longestDays} days after “from”` });
    ensureStorable({ policies, calendars, rules, flow }, context.language, '/policies');
    if (rules && flow) throw invalidInput('/flow', 'too_much', { zh: '规则和流程请分开模拟', en: 'has to be simulated without rules, one after the other' });
    for (const [index, policy] of (policies ?? []).entries()) await ensureSound(context, policy.definition, `/policies/${index}/definition`);
    for (const [id, definition] of Object.entries(calendars ?? {})) ensureCalendar(definition, `/calendars/${id}`);
    for (const [index, rule] of (rules ?? []).entries()) {
      const problems = await problemsOf(context, rule.definition);
      if (problems.length > 0) throw new Refusal('rule_has_problems', {}, { errors: problems.slice(0, 20).map((problem) => ({ path: `/rules/${index}/definition${problem.path}`, code: problem.code, message: describeRuleProblem(problem) })) });
    }
    if (flow) await ensureFlowSound(context, flow);
    // Of two who ask at the same moment the second sees the first.
    await context.transaction.run(build.selectFrom('organization').select('tenant_id').where('tenant_id', '=', context.tenantId).forNoKeyUpdate());
    const busy = await context.transaction.first(build.selectFrom('sla_simulation').select('id').where('tenant_id', '=', context.tenantId).where('state', 'in', ['waiting', 'running']).where('created_at', '>', new Date(context.now.getTime() - 3_600_000)));
    if (busy) throw new Refusal('simulation_under_way');
    const row: SimulationRow = {
      tenant_id: context.tenantId, id: newId(context.now.getTime()), state: 'waiting', request: { from, to, ...(policies ? { policies } : {}), ...(calendars ? { calendars } : {}), ...(rules ? { rules } : {}), ...(flow ? { flow: { ...flow, subflows: await subflowsOf(context, flow.definition) } } : {}) }, done: 0, total: null, result: null,
      created_by: context.actor.id, created_by_name: context.actor.name, created_at: context.now, ended_at: null,
    };
    await context.transaction.run(build.insertInto('sla_simulation').values({ ...row, request: JSON.stringify(row.request), result: null }));
    await recordFact(context.transaction, { kind: 'sla.simulation_requested', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: row.id, data: { from, to, policies: (policies ?? []).map(({ name }) => name), ...(rules ? { rules: rules.map(({ name }) => name).slice(0, 50) } : {}), ...(flow ? { flow: flow.id } : {}) } });
    return view(row, context.language);
  },
});

/** Simulations, newest first (模拟列表). */
export const listSimulations = useCase({
  summary: 'List SLA simulations',
  query: PageQuery,
  answer: SimulationPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    let wanted = build.selectFrom('sla_simulation').selectAll().where('tenant_id', '=', context.tenantId);
    if (query.cursor !== undefined) wanted = wanted.where('id', '<', readCursor(query.cursor, 'sla_simulation')[1]);
    const rows = await context.transaction.run(wanted.orderBy('id', 'desc').limit(limit + 1)) as unknown as SimulationRow[];
    const last = rows[limit - 1];
    return { items: rows.slice(0, limit).map((row) => view({ ...row, result: null }, context.language)), nextCursor: rows.length > limit && last ? writeCursor('sla_simulation', ['', last.id]) : null };
  },
});

/** How far a simulation is, and what came of it (模拟结果). */
export const showSimulation = useCase({
  summary: 'Show an SLA simulation',
  params,
  answer: Simulation,
  run: async (context, { params: { id } }) => view(await find(context, id), context.language),
});

/** Stops a simulation (取消模拟). */
export const cancelSimulation = useCase({
  summary: 'Cancel an SLA simulation',
  params,
  answer: Simulation,
  async run(context, { params: { id } }) {
    const row = await find(context, id, true);
    if (row.state !== 'waiting' && row.state !== 'running') throw new Refusal('simulation_ended');
    await context.transaction.run(build.updateTable('sla_simulation').set({ state: 'cancelled', ended_at: context.now }).where('tenant_id', '=', context.tenantId).where('id', '=', id));
    await recordFact(context.transaction, { kind: 'sla.simulation_ended', actor: context.actor, occurredAt: context.now, recordedAt: context.now, subjectId: id, data: { state: 'cancelled' } });
    return view({ ...row, state: 'cancelled', ended_at: context.now }, context.language);
  },
});

/** Simulations are kept for a while. */
export const forgetSimulations = statement<never>('chore.sla_simulations', 'DELETE FROM sla_simulation WHERE created_at < $1');

async function ensureSound(context: Context, definition: PolicyDefinition, at: string): Promise<void> {
  const problems = await problemsOfPolicy(context, definition);
  if (problems.length > 0) throw new Refusal('policy_has_problems', {}, { errors: problems.slice(0, 20).map(({ path, code, message }) => ({ path: `${at}${path === '/' ? '' : path}`, code, message: { zh: message, en: message } })) });
}

function ensureCalendar(definition: unknown, at: string): void {
  const given = definition as CalendarDefinition;
  const problems = Array.isArray(given?.sources) ? checkCalendar(businessCalendar(given)) : [{ path: '', code: 'not_a_calendar' }];
  if (problems.length > 0) throw new Refusal('calendar_has_problems', {}, { errors: problems.slice(0, 20).map((problem) => ({ path: `${at}${problem.path}`, code: problem.code, message: { zh: describeCalendarProblem(problem, 'zh'), en: describeCalendarProblem(problem, 'en') } })) });
}

async function ensureFlowSound(context: Context, { id, definition }: { id: string; definition: FlowDefinition }): Promise<void> {
  ensureBearable(definition);
  if (!await context.transaction.first(build.selectFrom('flow').select('id').where('tenant_id', '=', context.tenantId).where('id', '=', id))) throw refuseInput('/flow/id', 'unknown_reference', { field: 'flow' });
  const errors = viewFindings(context, await findingsOf(context, id, definition)).filter((finding) => finding.level === 'error');
  if (errors.length > 0) throw new Refusal('flow_cannot_run', {}, { errors: errors.slice(0, 20).map((finding) => ({ path: `/flow/definition${finding.node === null ? '' : `/${finding.node}`}`, code: finding.code, message: finding.message })) });
}

async function find(context: Context, id: string, change = false): Promise<SimulationRow> {
  const select = build.selectFrom('sla_simulation').selectAll().where('tenant_id', '=', context.tenantId).where('id', '=', id);
  const row = await context.transaction.first(change ? select.forUpdate() : select);
  if (!row) throw new Refusal('not_found');
  return row as unknown as SimulationRow;
}

/** Every name in it in one language. */
function spoken<Value>(value: Value, language: Language): Value {
  if (Array.isArray(value)) return value.map((item: unknown) => spoken(item, language)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const { nameEn, ...rest } = value as { nameEn?: unknown };
  const said = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, spoken(inner, language)]));
  return (language === 'en' && nameEn !== undefined ? { ...said, name: nameEn } : said) as Value;
}

function view(row: SimulationRow, language: Language): Simulation {
  return {
    id: row.id, state: row.state as Simulation['state'], from: row.request.from, to: row.request.to, done: row.done, total: row.total, result: row.result && spoken(row.result, language),
    createdBy: row.created_by === null ? null : { id: row.created_by, name: row.created_by_name ?? '' }, createdAt: row.created_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null,
  };
}
