import { statement, type Transaction } from '../../../platform/db/database.ts';
import { payloadsOf, signalChannel } from '../../../platform/realtime/signals.ts';

const announce = statement<never>('offer.announce', 'SELECT pg_notify($1, $2)');

/**
 * Tells people who are looking, with the commit, that something is offered to them or no longer is (抢单池变化); whoever does not hear it asks sooner or
 * later. How many are told is said with it: of many, each asks at a moment of their own.
 */
export async function announceOffers(transaction: Transaction, offerId: string, staffIds: readonly string[], what: 'offered' | 'gone'): Promise<void> {
  const { tenantId } = transaction;
  for (const payload of payloadsOf(staffIds, (some) => ({ offered: { tenantId, offerId, gone: what === 'gone', people: staffIds.length, staffIds: some } }))) await transaction.query(announce, [signalChannel, payload]);
}
