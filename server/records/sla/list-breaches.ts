import { sql, type RawBuilder } from 'kysely';
import type { Static } from 'typebox';
import { BreachPage, BreachSummary, ListBreaches, SummarizeBreaches, type Breach } from '../../../contract/sla.ts';
import { limits } from '../../../contract/common.ts';
import type { BreachReason } from '../../../rules/sla/breach-reasons.ts';
import type { SlaMetric } from '../../../rules/sla/policy.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { isId } from '../../platform/db/uuid.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { useCase } from '../../platform/http/use-case.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { configurationOf, nameIn } from '../organization/configuration.ts';
import { namesOfStaff } from '../staff/names.ts';
import { priorityName, statusOf, type TicketRow } from '../ticket/row.ts';
import { clockName } from './clock-name.ts';

interface Row extends Pick<TicketRow, 'id' | 'number' | 'subject' | 'status' | 'priority' | 'assignee_id' | 'team_id'> {
  key: string; metric: SlaMetric; clock_team: string | null; step: string | null; due_at: Date | null; breached_at: Date; stopped_at: Date | null;
  reason: BreachReason | null; reason_note: string | null; reason_by: string | null; reason_by_name: string | null; reason_at: Date | null;
}

/** Promises that were broken on tickets one may read, newest first (超时记录): with the reason, and those that still ask for one. */
export const listBreaches = useCase({
  summary: 'List broken promises',
  query: ListBreaches,
  answer: BreachPage,
  async run(context, { query }) {
    const limit = query.limit ?? limits.defaultPage;
    const conditions = conditionsOf(context, query);
    // Of one ticket several clocks may break at one moment: a page ends between moments or tickets, never within.
    if (query.cursor !== undefined) {
      const [moment, id] = readCursor(query.cursor, '-breachedAt');
      conditions.push(sql`(c.breached_at, c.ticket_id) < (${moment}::timestamptz, ${id}::uuid)`);
    }
    const rows = await context.transaction.run(sql<Row>`select ticket.id, ticket.number, ticket.subject, ticket.status, ticket.priority, ticket.assignee_id, ticket.team_id,
        c.key, c.metric, c.team_id AS clock_team, c.step, c.due_at, c.breached_at, c.stopped_at, c.reason, c.reason_note, c.reason_by, c.reason_by_name, c.reason_at
      FROM sla_clock c JOIN ticket ON ticket.tenant_id = c.tenant_id AND ticket.id = c.ticket_id
      WHERE ${sql.join(conditions, sql` AND `)} ORDER BY c.breached_at DESC, c.ticket_id DESC, c.key LIMIT ${limit + 50}`);
    const over = rows.length > limit;
    const page = over ? wholeMoments(rows, limit) : rows;
    const configuration = await configurationOf(context);
    const names = await namesOfStaff(context, page.map((row) => row.assignee_id));
    const team = (id: string) => {
      const found = configuration.teams.get(id);
      return found ? nameIn(context.language, found) : id;
    };
    const last = page.at(-1);
    return {
      items: page.map((row): Breach => {
        const teamId = row.clock_team ?? row.team_id;
        return {
          ticket: { id: row.id, number: row.number, subject: row.subject, status: statusOf(row), priority: priorityName(row.priority) },
          clock: row.key, metric: row.metric, name: clockName({ metric: row.metric, team: row.clock_team, step: row.step }, team, context.language), internal: row.clock_team !== null,
          team: teamId === null ? null : { id: teamId, name: team(teamId) }, assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: names.get(row.assignee_id) ?? '' },
          dueAt: row.due_at?.toISOString() ?? null, breachedAt: row.breached_at.toISOString(), endedAt: row.stopped_at?.toISOString() ?? null,
          reason: row.reason === null ? null : { reason: row.reason, note: row.reason_note, by: row.reason_by === null ? null : { id: row.reason_by, name: row.reason_by_name ?? '' }, at: row.reason_at!.toISOString() },
        };
      }),
      nextCursor: over && last ? writeCursor('-breachedAt', [last.breached_at.toISOString(), last.id]) : null,
    };
  },
});

/** The broken promises that are meant, on tickets the caller may read. */
function conditionsOf(context: Context, query: Static<typeof SummarizeBreaches>): RawBuilder<unknown>[] {
  const subject = staffOf(context);
  const conditions: RawBuilder<unknown>[] = [sql`c.tenant_id = ${context.tenantId}`, sql`c.breached_at IS NOT NULL`, reachCondition(reachOf(subject, 'ticket.read'))];
  if (query.team === 'mine') conditions.push(sql`coalesce(c.team_id, ticket.team_id) = ANY(${[...subject.teamIds]}::uuid[])`);
  else if (query.team !== undefined) {
    if (!isId(query.team)) throw invalidInput('/team', 'format', { zh: '不是有效的编号', en: 'is not an id' });
    conditions.push(sql`coalesce(c.team_id, ticket.team_id) = ${query.team}::uuid`);
  }
  if (query.explained !== undefined) conditions.push(query.explained ? sql`c.reason IS NOT NULL` : sql`c.reason IS NULL`);
  if (query.metric !== undefined) conditions.push(sql`c.metric = ${query.metric}`);
  if (query.reason !== undefined) conditions.push(sql`c.reason = ${query.reason}`);
  if (query.from !== undefined) conditions.push(sql`c.breached_at >= ${query.from}::timestamptz`);
  if (query.to !== undefined) conditions.push(sql`c.breached_at < ${query.to}::timestamptz`);
  return conditions;
}

/** How many promises were broken, by team and by reason (超时汇总): what a manager reads before the list. */
export const summarizeBreaches = useCase({
  summary: 'Count broken promises by team and by reason',
  query: SummarizeBreaches,
  answer: BreachSummary,
  async run(context, { query }) {
    const rows = await context.transaction.run(sql<{ team_id: string | null; reason: BreachReason | null; count: number }>`select coalesce(c.team_id, ticket.team_id) AS team_id, c.reason, count(*)::int AS count
      FROM sla_clock c JOIN ticket ON ticket.tenant_id = c.tenant_id AND ticket.id = c.ticket_id WHERE ${sql.join(conditionsOf(context, query), sql` AND `)} GROUP BY 1, 2`);
    const { teams } = await configurationOf(context);
    const sum = (some: readonly { count: number }[]) => some.reduce((total, row) => total + row.count, 0);
    const untold = (some: typeof rows) => sum(some.filter((row) => row.reason === null));
    return {
      breached: sum(rows), unexplained: untold(rows),
      teams: [...Map.groupBy(rows, (row) => row.team_id)].map(([id, own]) => {
        const team = id === null ? undefined : teams.get(id);
        return { team: id === null ? null : { id, name: team ? nameIn(context.language, team) : id }, breached: sum(own), unexplained: untold(own) };
      }).toSorted((one, other) => other.breached - one.breached || (one.team?.name ?? '').localeCompare(other.team?.name ?? '')),
      reasons: [...Map.groupBy(rows, (row) => row.reason)].map(([reason, own]) => ({ reason, breached: sum(own) })).toSorted((one, other) => other.breached - one.breached),
    };
  },
});

const samePlace = (one: Row, other: Row) => one.id === other.id && one.breached_at.getTime() === other.breached_at.getTime();

/** As many rows as fit without splitting a ticket's clocks that broke together; those of the first place in any case. */
function wholeMoments(rows: readonly Row[], limit: number): Row[] {
  let end = limit;
  while (end > 0 && samePlace(rows[end - 1]!, rows[end]!)) end -= 1;
  if (end === 0) {
    end = limit;
    while (end < rows.length && samePlace(rows[end]!, rows[0]!)) end += 1;
  }
  return rows.slice(0, end);
}
