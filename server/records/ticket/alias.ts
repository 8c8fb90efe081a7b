import type { Context } from '../../platform/context.ts';
import { build, statement } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import type { TicketRow } from './row.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

const findEnd = statement<{ id: string }>('ticket.end_of_way', `
  WITH RECURSIVE way AS (
    SELECT id, merged_into FROM ticket WHERE tenant_id = $1 AND id = $2
    UNION ALL
    SELECT t.id, t.merged_into FROM way JOIN ticket t ON t.tenant_id = $1 AND t.id = way.merged_into)
  SELECT id FROM way WHERE merged_into IS NULL`);

const findSteps = statement<{ id: string }>('ticket.steps_of_way', `
  WITH RECURSIVE way AS (
    SELECT id, merged_into, 0 AS step FROM ticket WHERE tenant_id = $1 AND id = $2
    UNION ALL
    SELECT t.id, t.merged_into, step + 1 FROM way JOIN ticket t ON t.tenant_id = $1 AND t.id = way.merged_into)
  SELECT id FROM way ORDER BY step`);

const findSources = statement<TicketRow>('ticket.merged_into_it', `
  WITH RECURSIVE source AS (
    SELECT id FROM ticket WHERE tenant_id = $1 AND merged_into = $2
    UNION ALL
    SELECT t.id FROM source JOIN ticket t ON t.tenant_id = $1 AND t.merged_into = source.id)
  SELECT t.* FROM source JOIN ticket t ON t.tenant_id = $1 AND t.id = source.id ORDER BY t.id`);

const findWay = statement<{ found: boolean }>('ticket.reaches', `
  WITH RECURSIVE way AS (
    SELECT $2::uuid AS id
    UNION
    SELECT next.id FROM way JOIN ticket t ON t.tenant_id = $1 AND t.id = way.id
      CROSS JOIN LATERAL (VALUES (t.parent_id), (t.merged_into)) AS next (id) WHERE next.id IS NOT NULL)
  SELECT EXISTS (SELECT FROM way WHERE id = $3) AS found`);

const lockAll = statement<TicketRow>('ticket.lock_all', 'SELECT * FROM ticket WHERE tenant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE');
const lockStructure = statement<never>('ticket.lock_structure', "SELECT pg_advisory_xact_lock(hashtextextended('ticket structure ' || $1, 0))");

/** How many tickets may be merged into one, directly or through others. */
export const mostMerged = 500;

/** The ticket at the end of a merged ticket's way (合并终点); the ticket itself while it is not merged. */
export async function endOfWay(context: Reading, ticketId: string): Promise<string> {
  const [end] = await context.transaction.query(findEnd, [context.tenantId, ticketId]);
  return end?.id ?? ticketId;
}

/** The tickets a merged ticket's way leads over (合并路径), from the ticket itself to the end. */
export async function wayOf(context: Reading, ticketId: string): Promise<string[]> {
  return (await context.transaction.query(findSteps, [context.tenantId, ticketId])).map((row) => row.id);
}

/** The tickets merged into one, directly or through others (并入的工单), oldest first. */
export function mergedInto(context: Reading, ticketId: string): Promise<TicketRow[]> {
  return context.transaction.query(findSources, [context.tenantId, ticketId]);
}

/** Whether `upper` lies above `lower` or is it: reached by parents and merges, in whatever order. */
export async function reaches(context: Reading, lower: string, upper: string): Promise<boolean> {
  const [way] = await context.transaction.query(findWay, [context.tenantId, lower, upper]);
  return way!.found;
}

/**
 * Lets changes of how an organization's tickets hang together (merges, parents, links) go one after another: whether a
 * circle would arise can only be seen while nobody else draws the other half of it. Comes before any ticket is locked.
 */
export async function oneAtATime(context: Reading): Promise<void> {
  await context.transaction.query(lockStructure, [context.tenantId]);
}

/** Locks several tickets in the one order everybody takes (by id), so that two who want the same wait for each other. */
export async function lockTickets(context: Reading, ids: Iterable<string>): Promise<Map<string, TicketRow>> {
  const rows = await context.transaction.query(lockAll, [context.tenantId, [...new Set(ids)].sort()]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Refuses to change a ticket that was merged: what is to be done to it is done to the one it was merged into. */
export async function ensureNotMerged(context: Reading, ticket: TicketRow): Promise<void> {
  if (ticket.merged_into === null) return;
  const end = await context.transaction.first(build.selectFrom('ticket').select('number').where('tenant_id', '=', context.tenantId).where('id', '=', await endOfWay(context, ticket.id)));
  throw new Refusal('ticket_merged', { number: end?.number ?? '' });
}
