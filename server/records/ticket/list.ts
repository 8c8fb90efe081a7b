import { sql } from 'kysely';
import { channels, type ListTickets } from '../../../contract/ticket.ts';
import { limits } from '../../../contract/common.ts';
import { reachOf } from '../../../rules/access/policy.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import { bigramQuery } from '../../../rules/text/bigrams.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { build } from '../../platform/db/database.ts';
import { isId } from '../../platform/db/uuid.ts';
import { invalidInput, refuseInput } from '../../platform/errors/refusal.ts';
import { readCursor, writeCursor } from '../../platform/http/cursor.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { categoryTree, configurationOf } from '../organization/configuration.ts';
import type { TicketRow } from './row.ts';

/**
 * One page of the tickets a member of staff may read (工单列表). Permission is a condition of the query itself. Pages go
 * by key: the cursor holds the sort values of the last row, so that a page costs the same however deep it lies.
 */
export async function listTickets(context: Context, query: ListTickets): Promise<{ rows: TicketRow[]; nextCursor: string | null }> {
  const subject = staffOf(context);
  const configuration = await configurationOf(context);
  const limit = query.limit ?? limits.defaultPage;
  const sort = query.sort ?? '-createdAt';
  let select = build.selectFrom('ticket').selectAll('ticket')
    .where('ticket.tenant_id', '=', context.tenantId)
    .where(reachCondition(reachOf(subject, 'ticket.read')));

  if (query.status !== undefined) {
    const statuses = words(query.status, ticketStatuses, '/status');
    // As literals: a partial index is only chosen when the planner can see the values.
    select = select.where(sql<boolean>`ticket.status IN (${sql.join(statuses.map((status) => sql.lit(status)))})`);
  }
  if (query.priority !== undefined) {
    select = select.where('ticket.priority', 'in', words(query.priority, priorities, '/priority').map((name) => priorities.indexOf(name) + 1));
  }
  if (query.assignee !== undefined) {
    if (query.assignee === 'none') select = select.where('ticket.assignee_id', 'is', null);
    else select = select.where('ticket.assignee_id', '=', query.assignee === 'me' ? subject.staffId : identifier(query.assignee, '/assignee'));
  }
  if (query.team !== undefined) {
    if (query.team === 'none') select = select.where('ticket.team_id', 'is', null);
    else if (query.team === 'mine') select = select.where(sql<boolean>`ticket.team_id = ANY(${subject.teamIds}::uuid[])`);
    else select = select.where('ticket.team_id', '=', identifier(query.team, '/team'));
  }
  if (query.type !== undefined) {
    const type = [...configuration.types.values()].find((candidate) => candidate.id === query.type || candidate.key === query.type);
    if (!type) throw refuseInput('/type', 'unknown_reference', { field: 'type' });
    select = select.where('ticket.type_id', '=', type.id);
  }
  if (query.category !== undefined) {
    if (!configuration.categories.has(query.category)) throw refuseInput('/category', 'unknown_reference', { field: 'category' });
    select = select.where('ticket.category_id', 'in', categoryTree(configuration, query.category));
  }
  if (query.channel !== undefined) select = select.where('ticket.channel', 'in', words(query.channel, channels, '/channel'));
  if (query.tag !== undefined) select = select.where(sql<boolean>`ticket.tags @> ARRAY[${query.tag}]::text[]`);
  if (query.customer !== undefined) select = select.where('ticket.customer_id', '=', identifier(query.customer, '/customer'));
  if (query.asset !== undefined) select = select.where('ticket.asset_id', '=', identifier(query.asset, '/asset'));
  const q = query.q?.trim();
  if (q) {
    if (/^\d{8}-\d{1,9}$/.test(q)) select = select.where('ticket.number', '=', q);
    else {
      const words = bigramQuery(q);
      // Nothing that could be looked for: no ticket holds it.
      if (words === null) return { rows: [], nextCursor: null };
      select = select.where(sql<boolean>`ticket.id IN (SELECT tickets_with_words(${context.tenantId}, ${words}::tsquery))`);
    }
  }

  const columns = sortColumns[sort];
  if (query.cursor !== undefined) {
    const [key, id] = readCursor(query.cursor, sort);
    if (sort === 'priority') {
      const [rank, created] = key.split('|');
      select = select.where(sql<boolean>`(ticket.priority > ${rank}::smallint OR (ticket.priority = ${rank}::smallint AND (ticket.created_at, ticket.id) < (${created}::timestamptz, ${id}::uuid)))`);
    } else {
      select = select.where(sql<boolean>`(${sql.ref(columns.column)}, ticket.id) ${sql.raw(columns.direction === 'asc' ? '>' : '<')} (${key}${sql.raw(columns.cast)}, ${id}::uuid)`);
    }
  }
  // Within one priority the newest first, as the index of unfinished tickets has them.
  const ordered = sort === 'priority'
    ? select.orderBy('ticket.priority', 'asc').orderBy('ticket.created_at', 'desc').orderBy('ticket.id', 'desc')
    : select.orderBy(columns.column, columns.direction).orderBy('ticket.id', columns.direction);
  const rows = await context.transaction.run(ordered.limit(limit + 1)) as TicketRow[];
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page,
    nextCursor: rows.length > limit && last ? writeCursor(sort, [columns.key(last), last.id]) : null,
  };
}

const sortColumns = {
  '-createdAt': { column: 'ticket.created_at', direction: 'desc', cast: '::timestamptz', key: (row: TicketRow) => row.created_at.toISOString() },
  createdAt: { column: 'ticket.created_at', direction: 'asc', cast: '::timestamptz', key: (row: TicketRow) => row.created_at.toISOString() },
  '-updatedAt': { column: 'ticket.updated_at', direction: 'desc', cast: '::timestamptz', key: (row: TicketRow) => row.updated_at.toISOString() },
  updatedAt: { column: 'ticket.updated_at', direction: 'asc', cast: '::timestamptz', key: (row: TicketRow) => row.updated_at.toISOString() },
  priority: { column: 'ticket.priority', direction: 'asc', cast: '::smallint', key: (row: TicketRow) => `${row.priority}|${row.created_at.toISOString()}` },
} as const satisfies Record<string, { column: string; direction: 'asc' | 'desc'; cast: string; key: (row: TicketRow) => string }>;

function words<const Known extends readonly string[]>(text: string, known: Known, path: string): Known[number][] {
  return text.split(',').map((word) => {
    const trimmed = word.trim();
    if (!known.includes(trimmed)) throw invalidInput(path, 'enum', { zh: `应为其中之一：${known.join('、')}`, en: `must be one of: ${known.join(', ')}` });
    return trimmed;
  });
}

function identifier(text: string, path: string): string {
  if (!isId(text)) throw invalidInput(path, 'format', { zh: '不是有效的编号', en: 'is not an id' });
  return text.toLowerCase();
}
