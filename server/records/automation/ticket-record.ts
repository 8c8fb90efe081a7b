import { sql } from 'kysely';
import type { Count } from '../../../rules/automation/definition.ts';
import type { FilterRecord } from '../../../rules/conditions/filter-to-logic.ts';
import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import type { Fact } from '../../platform/facts/fact.ts';
import { priorityName, type TicketRow } from '../ticket/row.ts';
import { countToSql } from './counts.ts';

const findRelated = statement<{ account_id: string | null; site_id: string | null; watchers: string[] | null; due_at: Date | null; breached_at: Date | null }>('automation.related', `
  SELECT (SELECT account_id FROM customer WHERE tenant_id = $1 AND id = $3) AS account_id, (SELECT site_id FROM asset WHERE tenant_id = $1 AND id = $4) AS site_id,
    (SELECT array_agg(staff_id) FROM ticket_watcher WHERE tenant_id = $1 AND ticket_id = $2) AS watchers,
    clocks.due_at, clocks.breached_at FROM (SELECT 1) one LEFT JOIN sla_ticket clocks ON clocks.tenant_id = $1 AND clocks.ticket_id = $2`);

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** A ticket as conditions see it (条件中的工单), by the names of `ticketProperties`. */
export async function ticketRecord({ transaction, tenantId }: Reading, ticket: TicketRow): Promise<FilterRecord> {
  const [related] = await transaction.query(findRelated, [tenantId, ticket.id, ticket.customer_id, ticket.asset_id]);
  const at = (date: Date | null) => date?.toISOString() ?? null;
  const byStaff = ticket.created_by_kind === 'staff' || ticket.created_by_kind === 'api_key';
  return {
    number: ticket.number, subject: ticket.subject, description: ticket.description, status: ticket.status, statusId: ticket.status_id, waitingFor: ticket.waiting_for, priority: priorityName(ticket.priority),
    type: ticket.type_id, category: ticket.category_id, channel: ticket.channel, department: ticket.department_id, team: ticket.team_id, assignee: ticket.assignee_id, createdBy: byStaff ? ticket.created_by_id : null,
    watcher: related?.watchers ?? [], participant: ticket.participant_ids, customer: ticket.customer_id, account: related?.account_id ?? null, asset: ticket.asset_id, site: related?.site_id ?? null,
    parent: ticket.parent_id, tag: ticket.tags, rating: ticket.rating, reopenedCount: ticket.reopened_count,
    createdAt: at(ticket.created_at), updatedAt: at(ticket.updated_at), acceptedAt: at(ticket.accepted_at), resolvedAt: at(ticket.resolved_at), closedAt: at(ticket.closed_at),
    dueAt: at(related?.due_at ?? null), breachedAt: at(related?.breached_at ?? null),
    fields: ticket.fields as Record<string, unknown>,
  };
}

/** The counts a rule makes, of one ticket, by key. */
export async function countsOf({ transaction, tenantId }: Reading, ticketId: string, counts: readonly Count[], now: Date): Promise<Record<string, number>> {
  if (counts.length === 0) return {};
  const row = await transaction.first(sql<{ counts: number[] }>`SELECT ARRAY[${sql.join(counts.map((count) => countToSql(count, now)))}] AS counts FROM ticket WHERE ticket.tenant_id = ${tenantId} AND ticket.id = ${ticketId}`);
  return Object.fromEntries(counts.map((count, index) => [count.key, row?.counts[index] ?? 0]));
}

/** A fact as conditions see it (条件中的事件). */
export async function eventRecord({ transaction, tenantId }: Reading, fact: Fact): Promise<Record<string, unknown>> {
  const before = (fact.data['before'] ?? {}) as Record<string, unknown>;
  const after = (fact.data['after'] ?? {}) as Record<string, unknown>;
  const message = fact.kind === 'comment.added' && fact.subjectId !== null
    ? await transaction.first(build.selectFrom('message').select('body').where('tenant_id', '=', tenantId).where('id', '=', fact.subjectId)) : undefined;
  const text = message?.body ?? fact.data['reason'] ?? fact.data['resolution'] ?? fact.data['note'];
  return {
    actor: fact.actor.kind, person: fact.actor.kind === 'staff' || fact.actor.kind === 'api_key' ? fact.actor.id : null, changed: Object.keys(after), text: typeof text === 'string' ? text : null,
    visibility: fact.data['visibility'] ?? null, direction: fact.data['direction'] ?? null,
    statusBefore: before['status'] ?? null, priorityBefore: typeof before['priority'] === 'number' ? priorityName(before['priority']) : null,
    teamBefore: before['teamId'] ?? null, assigneeBefore: before['assigneeId'] ?? null,
  };
}
