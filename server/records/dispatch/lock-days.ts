import type { Context } from '../../platform/context.ts';
import { sharedStatement, statement } from '../../platform/db/database.ts';

type Locking = Pick<Context, 'tenantId' | 'transaction'>;

// In one order, whoever takes them: first the days, then each person's, by what their keys come to.
// What many ask for in one transaction (a plan that is applied) is one statement.
interface Days {
  days: readonly string[];
  staff: readonly string[];
}
const shareDays = sharedStatement<Days, never>('dispatch.share_days', `
  SELECT pg_advisory_xact_lock_shared(k.key) FROM (
    SELECT DISTINCT hashtextextended('day ' || $1::text || ' ' || d.day, 0) AS key FROM json_to_recordset($2) AS given (days text[]) CROSS JOIN unnest(given.days) AS d (day) ORDER BY 1 OFFSET 0) k`);
const lockEach = sharedStatement<Days, never>('dispatch.lock_days', `
  SELECT pg_advisory_xact_lock(k.key) FROM (
    SELECT DISTINCT hashtextextended('day ' || $1::text || ' ' || d.day || ' ' || p.staff_id, 0) AS key
    FROM json_to_recordset($2) AS given (days text[], staff text[]) CROSS JOIN unnest(given.days) AS d (day) CROSS JOIN unnest(given.staff) AS p (staff_id) ORDER BY 1 OFFSET 0) k`);
const lockWhole = statement<never>('dispatch.lock_whole_days', `
  SELECT pg_advisory_xact_lock(k.key) FROM (SELECT DISTINCT hashtextextended('day ' || $1::text || ' ' || d.day, 0) AS key FROM unnest($2::text[]) AS d (day) ORDER BY 1 OFFSET 0) k`);

/**
 * Locks the days of some people until the transaction ends (锁定人员当天): whoever gives them something to do on one of these days waits, and then sees what was written
 * meanwhile. To be taken after the locks of tickets, offers and visits, and before it is looked whether there is room.
 *
 * @param days local days, YYYY-MM-DD
 */
export async function lockDaysOf({ transaction }: Locking, staffIds: readonly string[], days: readonly string[]): Promise<void> {
  if (staffIds.length === 0 || days.length === 0) return;
  const given = { days, staff: staffIds.map((id) => id.toLowerCase()) };
  await transaction.queryTogether(shareDays, given);
  await transaction.queryTogether(lockEach, given);
}

/** Locks days for everybody (锁定整天), where what is decided depends on all who are at work: nobody is given anything to do on them meanwhile. */
export async function lockWholeDays({ tenantId, transaction }: Locking, days: readonly string[]): Promise<void> {
  if (days.length > 0) await transaction.query(lockWhole, [tenantId, [...days]]);
}
