import { sql, type RawBuilder } from 'kysely';
import { reachOf } from '../../../rules/access/policy.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { reachCondition } from '../access/reach-condition.ts';
import type { RunRow } from './rows.ts';

/** A run as it is listed; `answers`: of a rule that missed along with others, what its tests came to. */
export type FoundRun = RunRow & { answers: string | null };

interface Wanted {
  ticketId: string | null;
  rule: string | null;
  outcome: string | null;
  /** The place in its row and the id of the last one that was shown. */
  after: readonly [place: string, id: string] | null;
}

// So many rows of what others missed are looked at for one rule.
const mostLookedAt = 2_000;

/**
 * Runs of tickets the caller may read, newest first (查找运行记录). What several rules missed at once is one row, and told apart here. Of
 * one rule alone a page may be short, even empty, before the end: `next` says where it stopped.
 */
export async function findRuns(context: Context, { ticketId, rule, outcome, after }: Wanted, limit: number): Promise<{ rows: FoundRun[]; next: [string, string] | null }> {
  const place = after?.[0] ?? '';
  const last = after?.[1] ?? null;
  const from = last === null ? sql`TRUE` : place === '' ? sql`run.id < ${last}::uuid` : sql`run.id <= ${last}::uuid`;
  const shared = sql`run.tenant_id = ${context.tenantId} AND ${from} ${ticketId === null ? sql`` : sql`AND run.ticket_id = ${ticketId}::uuid`} ${outcome === null ? sql`` : sql`AND run.outcome = ${outcome}`}`;
  const readable = sql`EXISTS (SELECT FROM ticket WHERE ticket.tenant_id = run.tenant_id AND ticket.id = run.ticket_id AND ${reachCondition(reachOf(staffOf(context), 'ticket.read'))})`;
  const edge = rule === null || ticketId !== null || (outcome !== null && outcome !== 'missed') ? null : await lookedBackTo(context, rule, from);
  // One of them may be the row of the last page's end.
  const most = limit + 2;
  const found = rule === null || ticketId !== null ? sql`
      SELECT run.* FROM automation_run run WHERE ${shared} AND ${readable} ${rule === null ? sql`` : sql`AND ${concerns(rule)}`} ORDER BY run.id DESC LIMIT ${most}` : sql`
      (SELECT run.* FROM automation_run run WHERE ${shared} AND run.rule_id = ${rule}::uuid AND ${readable} ${edge === null ? sql`` : sql`AND run.id >= ${edge}::uuid`} ORDER BY run.id DESC LIMIT ${most})
      UNION ALL (SELECT run.* FROM automation_run run WHERE ${shared} AND run.rule_id <> ${rule}::uuid AND run.outcome = 'missed' AND ${heardBy(rule)} AND ${alongWith(rule)} AND ${readable} ${edge === null ? sql`` : sql`AND run.id >= ${edge}::uuid`} ORDER BY run.id DESC LIMIT ${most})`;
  const rows = await context.transaction.run(sql<FoundRun & { row_id: string; place: string | null }>`
    WITH found AS (${found})
    SELECT run.tenant_id, run.id AS row_id, CASE WHEN miss.place > 1 THEN overlay(run.id::text placing lpad(to_hex((('x' || right(run.id::text, 4))::bit(16)::int + miss.place::int - 1) & 65535), 4, '0') from 33)::uuid ELSE run.id END AS id,
      coalesce((miss.value ->> 'rule')::uuid, run.rule_id) AS rule_id, coalesce((miss.value ->> 'version')::int, run.rule_version) AS rule_version, run.ticket_id, run.fact_position, run.fact_kind, run.outcome, run.reason,
      run.explanation - 'misses' AS explanation, run.at, miss.value ->> 'answers' AS answers, miss.place
    FROM found run LEFT JOIN LATERAL jsonb_array_elements(run.explanation -> 'misses') WITH ORDINALITY AS miss (value, place) ON true
    WHERE ${rule === null ? sql`TRUE` : sql`coalesce((miss.value ->> 'rule')::uuid, run.rule_id) = ${rule}::uuid`} AND ${place === '' ? sql`TRUE` : sql`(run.id <> ${last}::uuid OR miss.place > ${Number(place) || 0})`}
    ORDER BY run.id DESC, miss.place LIMIT ${limit + 1}`);
  const end = rows[limit - 1];
  if (rows.length > limit && end) return { rows: rows.slice(0, limit), next: [end.place === null ? '' : String(end.place), end.row_id] };
  return { rows, next: edge === null ? null : ['', edge] };
}

const alongWith = (rule: string): RawBuilder<boolean> => sql`run.explanation @> ${JSON.stringify({ misses: [{ rule }] })}::jsonb`;
const concerns = (rule: string): RawBuilder<boolean> => sql`(run.rule_id = ${rule}::uuid OR ${alongWith(rule)})`;

/** Rows of what a rule has ever listened to: there it may have missed along with others. */
const heardBy = (rule: string): RawBuilder<boolean> => sql`run.explanation ? 'misses' AND run.fact_kind = ANY(ARRAY(
  SELECT DISTINCT jsonb_array_elements_text(v.definition -> 'trigger' -> 'facts') FROM automation_rule_version v WHERE v.tenant_id = run.tenant_id AND v.rule_id = ${rule}::uuid AND jsonb_typeof(v.definition -> 'trigger' -> 'facts') = 'array'))`;

/** How far back one look reaches; null: to the end. */
async function lookedBackTo(context: Context, rule: string, from: RawBuilder<unknown>): Promise<string | null> {
  const row = await context.transaction.first(sql<{ id: string }>`SELECT run.id FROM automation_run run WHERE run.tenant_id = ${context.tenantId} AND ${from} AND run.outcome = 'missed' AND ${heardBy(rule)} ORDER BY run.id DESC OFFSET ${mostLookedAt} LIMIT 1`);
  return row?.id ?? null;
}
