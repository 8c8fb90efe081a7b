import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { senderFrom } from './sender.ts';

/** How many new visitors of a chat an hour one network may bring: a whole office, school or mobile carrier may stand behind one address. */
const mostVisits = 600;
const hour = 3_600_000;

const count = statement<{ count: number; oldest: Date | null }>('portal_report.count_visits', `
  SELECT count(*)::int AS count, min(created_at) AS oldest FROM portal_report WHERE tenant_id = $1 AND sender = $2 AND created_at > $3`);
const note = statement<never>('portal_report.note_visit', 'INSERT INTO portal_report (tenant_id, id, sender, created_at) VALUES ($1, $2, $3, $4)');

/**
 * Counts a new visitor of a chat, in the transaction that writes them down (访客限额): each may become a ticket. Calls at the same moment do
 * not see each other, so that one or two more may get through.
 *
 * @throws Refusal rate_limited
 */
export async function noteVisit({ transaction, tenantId, services, remoteAddress, now }: Context): Promise<void> {
  const sender = senderFrom(services.secrets, remoteAddress, 'visit-sender');
  const [present] = await transaction.query(count, [tenantId, sender, new Date(now.getTime() - hour)]);
  if (present!.count >= mostVisits) throw new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil(((present!.oldest ?? now).getTime() + hour - now.getTime()) / 1000)) });
  await transaction.query(note, [tenantId, newId(now.getTime()), sender, now]);
}
