import type { Context } from '../../platform/context.ts';
import { everyTenant, statement, type Database } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { senderFrom } from './sender.ts';

/** How often an hour one address may report something to one organization. */
const mostReports = 30;
const hour = 3_600_000;

const count = statement<{ count: number; oldest: Date | null }>('portal_report.count', `
  SELECT count(*)::int AS count, min(created_at) AS oldest FROM portal_report WHERE tenant_id = $1 AND sender = $2 AND created_at > $3`);
// Counted once more where it is written: calls that share a commit see what the others have written by then.
const note = statement<{ id: string }>('portal_report.note', `
  INSERT INTO portal_report (tenant_id, id, sender, created_at) SELECT $1, $2, $3, $4
  WHERE (SELECT count(*) FROM portal_report WHERE tenant_id = $1 AND sender = $3 AND created_at > $5) < ${mostReports}
  RETURNING id`);
const forget = statement<never>('portal_report.forget', 'DELETE FROM portal_report WHERE created_at < $1');

/**
 * Refuses an address that has reported too much to this organization within the hour (报修限额). Only looks, so that it
 * harms no other call of a shared commit.
 *
 * @throws Refusal too_many_reports
 */
export async function ensureMayReport(context: Context): Promise<void> {
  const [present] = await context.transaction.query(count, [context.tenantId, senderFrom(context.services.secrets, context.remoteAddress), hourBefore(context.now)]);
  if (present!.count >= mostReports) throw tooMany(present!.oldest ?? context.now, context.now);
}

/**
 * Counts a report that was taken, in its transaction. Calls at the same moment in different transactions do not see each
 * other, so that an address may get one or two more through.
 *
 * @throws Refusal too_many_reports
 */
export async function noteReport(context: Context): Promise<void> {
  const noted = await context.transaction.query(note, [context.tenantId, newId(context.now.getTime()), senderFrom(context.services.secrets, context.remoteAddress), context.now, hourBefore(context.now)]);
  if (noted.length === 0) throw tooMany(context.now, context.now);
}

/** Forgets what does not count any more. */
export async function forgetReports(database: Database, now: Date): Promise<void> {
  await database.transact(everyTenant, (transaction) => transaction.query(forget, [hourBefore(now)]));
}

const hourBefore = (now: Date): Date => new Date(now.getTime() - hour);

function tooMany(oldest: Date, now: Date): Refusal {
  return new Refusal('too_many_reports', { minutes: Math.max(1, Math.ceil((oldest.getTime() + hour - now.getTime()) / 60_000)) });
}
