import type { LinkedTicket, Ticket } from '../../../contract/ticket.ts';
import { permits, reachOf } from '../../../rules/access/policy.ts';
import { wordsFor } from '../../../rules/intake/placeholders.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { mergedInto } from './alias.ts';
import { childCounts } from './family.ts';
import { accessOf, statusOf, type TicketRow } from './row.ts';

const findEnds = statement<TicketRow & { start: string }>('ticket.ends_of_ways', `
  WITH RECURSIVE way AS (
    SELECT id AS start, id, merged_into FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[])
    UNION ALL
    SELECT way.start, t.id, t.merged_into FROM way JOIN ticket t ON t.tenant_id = $1 AND t.id = way.merged_into)
  SELECT way.start, t.* FROM way JOIN ticket t ON t.tenant_id = $1 AND t.id = way.id WHERE way.merged_into IS NULL`);

/** The tickets that some go on as (合并终点), by id; of one that was not merged, itself. */
export async function endsOf(context: Pick<Context, 'tenantId' | 'transaction'>, ids: readonly string[]): Promise<Map<string, TicketRow>> {
  if (ids.length === 0) return new Map();
  return new Map((await context.transaction.query(findEnds, [context.tenantId, [...new Set(ids)]])).map(({ start, ...ticket }) => [start, ticket]));
}

/** Another ticket as the caller may see it (关联工单视图): in full, or its number only. */
export function viewLinked(context: Context, ticket: TicketRow): LinkedTicket {
  if (!permits(reachOf(staffOf(context), 'ticket.read'), accessOf(ticket))) return { id: null, number: ticket.number, subject: null, status: null };
  return { id: ticket.id, number: ticket.number, subject: wordsFor(ticket.subject, context.language), status: statusOf(ticket) };
}

/** How a ticket hangs together with others (工单关系): what was merged into it, its parent, and how its children stand. */
export async function relationsOf(context: Context, ticket: TicketRow): Promise<Pick<Ticket, 'mergedFrom' | 'parent' | 'children'>> {
  const [sources, parents] = await Promise.all([mergedInto(context, ticket.id), endsOf(context, ticket.parent_id === null ? [] : [ticket.parent_id])]);
  const parent = ticket.parent_id === null ? undefined : parents.get(ticket.parent_id);
  return {
    mergedFrom: sources.map((source) => viewLinked(context, source)),
    parent: parent && parent.id !== ticket.id ? viewLinked(context, parent) : null,
    children: await childCounts(context, [ticket.id, ...sources.map((source) => source.id)]),
  };
}
