import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { senderFrom } from './sender.ts';

/** How many text messages an hour one network may have an organization send. */
const mostTexts = 60;
const hour = 3_600_000;

const count = statement<{ count: number; oldest: Date | null }>('portal_report.count_texts', `
  SELECT count(*)::int AS count, min(created_at) AS oldest FROM portal_report WHERE tenant_id = $1 AND sender = $2 AND created_at > $3`);
const note = statement<never>('portal_report.note_text', 'INSERT INTO portal_report (tenant_id, id, sender, created_at) VALUES ($1, $2, $3, $4)');

/**
 * Counts a text message that somebody without an account has asked for, in the transaction that sends it (短信限额):
 * whoever changes numbers stays within what their network has. Calls at the same moment do not see each other, so that
 * one or two more may get through.
 *
 * @throws Refusal rate_limited
 */
export async function noteText({ transaction, tenantId, services, remoteAddress, now }: Context): Promise<void> {
  const sender = senderFrom(services.secrets, remoteAddress, 'text-sender');
  const [sent] = await transaction.query(count, [tenantId, sender, new Date(now.getTime() - hour)]);
  if (sent!.count >= mostTexts) throw new Refusal('rate_limited', { seconds: Math.max(1, Math.ceil(((sent!.oldest ?? now).getTime() + hour - now.getTime()) / 1000)) });
  await transaction.query(note, [tenantId, newId(now.getTime()), sender, now]);
}
