import { statement, type Transaction } from '../../../platform/db/database.ts';
import { payloadsOf, signalChannel } from '../../../platform/realtime/signals.ts';

const announce = statement<never>('offer.announce', 'SELECT pg_notify($1, $2)');

/** Tells people who are looking, with the commit, that what is offered to them is another thing now (抢单池变化); whoever does not hear it asks sooner or later. */
export async function announceOffers(transaction: Transaction, staffIds: readonly string[]): Promise<void> {
  const { tenantId } = transaction;
  for (const payload of payloadsOf(staffIds.map((staffId) => ({ tenantId, staffId })), (some) => ({ offered: some }))) await transaction.query(announce, [signalChannel, payload]);
}
