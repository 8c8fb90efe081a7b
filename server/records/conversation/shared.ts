import { statement } from '../../platform/db/database.ts';
import type { Context } from '../../platform/context.ts';
import type { MessageRow } from './add-message.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

/** How many messages a customer's page shows. */
export const mostMessages = 500;

// Each merge, undone or not, opens a window; over several merges the windows narrow. As merges never form a circle at
// any one time, a window that leads back is empty.
const windows = `
  WITH RECURSIVE hop AS (
    SELECT target_id, merged_at AS since, coalesce(undone_at, 'infinity') AS until FROM ticket_merge WHERE tenant_id = $1 AND source_id = $2
    UNION ALL
    SELECT m.target_id, greatest(hop.since, m.merged_at), least(hop.until, coalesce(m.undone_at, 'infinity'))
    FROM hop JOIN ticket_merge m ON m.tenant_id = $1 AND m.source_id = hop.target_id
    WHERE greatest(hop.since, m.merged_at) < least(hop.until, coalesce(m.undone_at, 'infinity')))`;

const findShared = statement<{ id: string; ticket_id: string }>('message.shared', `${windows}
  SELECT id, ticket_id FROM message WHERE tenant_id = $1 AND from_ticket_id = $2 AND purpose IS NULL
  UNION
  SELECT m.id, m.ticket_id FROM hop JOIN message m ON m.tenant_id = $1 AND m.ticket_id = hop.target_id
    AND m.visibility = 'public' AND m.direction = 'outbound' AND m.purpose IS NULL AND m.created_at >= hop.since AND m.created_at < hop.until
  LIMIT 2000`);

const findForCustomer = statement<MessageRow>('message.for_customer', `${windows}
  SELECT * FROM message WHERE tenant_id = $1 AND ticket_id = $2 AND visibility = 'public' AND purpose IS NULL
  UNION
  SELECT * FROM message WHERE tenant_id = $1 AND from_ticket_id = $2 AND visibility = 'public' AND purpose IS NULL
  UNION
  SELECT m.* FROM hop JOIN message m ON m.tenant_id = $1 AND m.ticket_id = hop.target_id
    AND m.visibility = 'public' AND m.direction = 'outbound' AND m.purpose IS NULL AND m.created_at >= hop.since AND m.created_at < hop.until
  ORDER BY id LIMIT $3`);

/**
 * The messages that lie on other tickets and are shown on a ticket as well, because it is or was merged into them
 * (合并期间的沟通): what was written to it meanwhile, and the public replies of that time. The same holds after the merge was
 * undone: what came meanwhile stays where it landed, and is shown on both.
 */
export function sharedWith(context: Reading, ticketId: string): Promise<{ id: string; ticket_id: string }[]> {
  return context.transaction.query(findShared, [context.tenantId, ticketId]);
}

/**
 * What the customer of a ticket reads, oldest first (客户可见沟通): the public messages of their own ticket, and of those it
 * was merged into what they wrote themselves and the replies of that time. What other customers wrote there is not theirs
 * to read, whoever merged the two. What the program told of its progress stands among the steps, not here.
 */
export function messagesForCustomer(context: Reading, ticketId: string, limit: number): Promise<MessageRow[]> {
  return context.transaction.query(findForCustomer, [context.tenantId, ticketId, limit]);
}
