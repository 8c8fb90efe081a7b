import type { Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { indexTickets, writeWordsOf } from './index-tickets.ts';
import { holdReader } from './refresh-customer.ts';

const findUnfinished = statement<{ tenant_id: string }>('search_refill.unfinished', 'SELECT tenant_id FROM search_refill ORDER BY tenant_id');
const lockPlace = statement<{ created_at: string; ticket_id: string }>('search_refill.lock', 'SELECT created_at::text AS created_at, ticket_id FROM search_refill WHERE tenant_id = $1 FOR UPDATE SKIP LOCKED');
// What was found before by all its words has no resolution and no conversations beside it.
const findSlice = statement<{ id: string; created_at: string; wanting: boolean }>('search_refill.slice', `
  SELECT t.id, t.created_at::text AS created_at, t.resolution IS NOT NULL OR EXISTS (SELECT FROM side_conversation c WHERE c.tenant_id = t.tenant_id AND c.ticket_id = t.id) AS wanting
  FROM ticket t WHERE t.tenant_id = $1 AND (t.created_at, t.id) < ($2::timestamptz, $3::uuid) ORDER BY t.created_at DESC, t.id DESC LIMIT $4`);
const movePlace = statement<never>('search_refill.move', 'UPDATE search_refill SET created_at = $2::timestamptz, ticket_id = $3 WHERE tenant_id = $1');
const finish = statement<never>('search_refill.finish', 'DELETE FROM search_refill WHERE tenant_id = $1');

// The reader of new words waits for so many.
const slice = 200;
/** So many slices of an organization are done in one go. */
const slicesAtOnce = 25;

/**
 * Writes the words of old tickets anew that came into the index later (补建检索词): what solved them, and what was said beside
 * them. Newest first, in slices, each with the place it came to in one transaction: whoever is stopped goes on there.
 */
export async function refillWords({ database }: Pick<Services, 'database'>): Promise<void> {
  for (const { tenant_id: tenantId } of await database.transact(everyTenant, (transaction) => transaction.query(findUnfinished, []))) {
    for (let done = 0; done < slicesAtOnce; done += 1) if (!await database.transact(tenantId, (transaction) => refillSlice(transaction, tenantId), { lasting: false })) break;
  }
}

/** Whether there is more to do here. */
async function refillSlice(transaction: Transaction, tenantId: string): Promise<boolean> {
  const [place] = await transaction.query(lockPlace, [tenantId]);
  if (!place) return false;
  await transaction.query(holdReader, [indexTickets.name]);
  const tickets = await transaction.query(findSlice, [tenantId, place.created_at, place.ticket_id, slice]);
  const wanting = tickets.filter((ticket) => ticket.wanting);
  if (wanting.length > 0) await writeWordsOf(transaction, tenantId, wanting.map((ticket) => ticket.id));
  const last = tickets.at(-1);
  if (!last || tickets.length < slice) {
    await transaction.query(finish, [tenantId]);
    return false;
  }
  await transaction.query(movePlace, [tenantId, last.created_at, last.id]);
  return true;
}
