import { build, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';

const attemptsBeforeLock = 5;
const lockMinutes = 15;

/** Refuses to look at a password or code of an account that is locked (登录锁定), right or wrong. */
export function ensureNotLocked(staff: { locked_until: Date | null }, now: Date): void {
  if (!staff.locked_until || staff.locked_until <= now) return;
  throw new Refusal('account_locked', { minutes: Math.max(1, Math.ceil((staff.locked_until.getTime() - now.getTime()) / 60_000)) });
}

/**
 * Counts a wrong password or code. Five in a row, wherever they were given, lock the account for a quarter of an hour;
 * whoever takes a right one sets `failed_sign_ins` back to nought.
 */
export async function noteFailure(transaction: Transaction, staff: { id: string; name: string }, now: Date, { factor, address }: { factor: 'password' | 'second_factor'; address: string }): Promise<void> {
  const failures = (await transaction.first(build.updateTable('staff')
    .set((update) => ({ failed_sign_ins: update('failed_sign_ins', '+', 1) }))
    .where('tenant_id', '=', transaction.tenantId).where('id', '=', staff.id).returning('failed_sign_ins')))!.failed_sign_ins;
  const locked = failures >= attemptsBeforeLock;
  if (locked) {
    await transaction.run(build.updateTable('staff').set({ failed_sign_ins: 0, locked_until: new Date(now.getTime() + lockMinutes * 60_000) })
      .where('tenant_id', '=', transaction.tenantId).where('id', '=', staff.id));
  }
  await recordFact(transaction, {
    kind: 'session.refused', actor: { kind: 'system', id: null, name: null }, occurredAt: now, recordedAt: now, subjectId: staff.id,
    data: { staffName: staff.name, factor, address, locked },
  });
}
