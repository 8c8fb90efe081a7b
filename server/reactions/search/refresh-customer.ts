import type { Services } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { indexTickets, writeWordsOf } from './index-tickets.ts';

/** Keeps the reader of new words waiting until the transaction ends. */
export const holdReader = statement<never>('fact_reader.hold', 'SELECT 1 FROM fact_reader WHERE name = $1 FOR UPDATE');
const nextTickets = statement<{ id: string; created_at: Date }>('ticket_search.of_customer', `
  SELECT id, created_at FROM ticket WHERE tenant_id = $1 AND customer_id = $2 AND (created_at, id) < ($3::timestamptz, $4::uuid)
  ORDER BY created_at DESC, id DESC LIMIT $5`);

// The reader of new words waits for so many.
const slice = 200;

/**
 * The job that lets the tickets of a customer be found by the name they have now (客户改名后重建索引), the newest first.
 * It takes the place of the reader for one slice after another. Running it twice does no harm.
 */
export async function refreshCustomer({ database }: Pick<Services, 'database'>, { tenantId, customerId }: { tenantId: string; customerId: string }): Promise<void> {
  let place = { moment: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
  for (;;) {
    const tickets = await database.transact(tenantId, async (transaction) => {
      await transaction.query(holdReader, [indexTickets.name]);
      const some = await transaction.query(nextTickets, [tenantId, customerId, place.moment, place.id, slice]);
      if (some.length > 0) await writeWordsOf(transaction, tenantId, some.map((ticket) => ticket.id));
      return some;
    });
    const last = tickets.at(-1);
    if (!last || tickets.length < slice) return;
    place = { moment: last.created_at.toISOString(), id: last.id };
  }
}
