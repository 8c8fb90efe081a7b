import { statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { recordFact } from '../../platform/facts/fact.ts';

const attemptsBeforeLock = 5;
const lockMinutes = 15;
const mostLogins = 10_000;

export interface Attempt {
  /** Whether it was the last one, should it fail. */
  locks: boolean;
}

/** Until when an account is locked whose last attempt failed now. */
export const lockedFrom = (now: Date): Date => new Date(now.getTime() + lockMinutes * 60_000);

// One statement, so that of many attempts at the same moment no more are made than are left.
const take = statement<{ failed_sign_ins: number }>('staff.take_attempt', `
  UPDATE staff SET
    failed_sign_ins = CASE WHEN locked_until IS NULL THEN failed_sign_ins ELSE 0 END + 1,
    locked_until = CASE WHEN locked_until IS NULL AND failed_sign_ins + 1 >= ${attemptsBeforeLock} THEN $4::timestamptz END
  WHERE tenant_id = $1 AND id = $2 AND (locked_until IS NULL OR locked_until <= $3) RETURNING failed_sign_ins`);
const giveBack = statement<never>('staff.give_back_attempt', `
  UPDATE staff SET failed_sign_ins = greatest(failed_sign_ins - 1, 0), locked_until = CASE WHEN failed_sign_ins < ${attemptsBeforeLock} THEN locked_until END
  WHERE tenant_id = $1 AND id = $2`);

/** Refuses to look at a password or code of an account that is locked (登录锁定), right or wrong. */
export function ensureNotLocked(staff: { locked_until: Date | null }, now: Date): void {
  if (staff.locked_until && staff.locked_until > now) throw lockedUntil(staff.locked_until, now);
}

/** The refusal of an account that is locked until then. */
export function lockedUntil(until: Date, now: Date, more: { keepsWrites?: true } = {}): Refusal {
  return new Refusal('account_locked', { minutes: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000)) }, more);
}

/**
 * Takes one of an account's attempts before a password or code is looked at; null when none is left. Five that failed in
 * a row, wherever they were made, lock the account for a quarter of an hour; whoever takes a right password or code sets
 * `failed_sign_ins` back to nought and `locked_until` to null.
 */
export async function takeAttempt(transaction: Transaction, staffId: string, now: Date): Promise<Attempt | null> {
  const [row] = await transaction.query(take, [transaction.tenantId, staffId, now, lockedFrom(now)]);
  return row ? { locks: row.failed_sign_ins >= attemptsBeforeLock } : null;
}

/** Gives an attempt back that was neither wrong nor the end of signing in, and with it the lock it brought. */
export async function returnAttempt(transaction: Transaction, staffId: string): Promise<void> {
  await transaction.query(giveBack, [transaction.tenantId, staffId]);
}

/** Records that an attempt failed. */
export async function recordFailure(transaction: Transaction, staff: { id: string; name: string }, now: Date, { factor, address, locked }: { factor: 'password' | 'second_factor'; address: string; locked: boolean }): Promise<void> {
  await recordFact(transaction, {
    kind: 'session.refused', actor: { kind: 'system', id: null, name: null }, occurredAt: now, recordedAt: now, subjectId: staff.id,
    data: { staffName: staff.name, factor, address, locked },
  });
}

/** Takes an attempt for a wrong password or code of somebody whose row the transaction holds, and records it. */
export async function noteFailure(transaction: Transaction, staff: { id: string; name: string }, now: Date, more: { factor: 'password' | 'second_factor'; address: string }): Promise<void> {
  const attempt = await takeAttempt(transaction, staff.id, now);
  await recordFailure(transaction, staff, now, { ...more, locked: attempt?.locks ?? true });
}

interface LoginCount {
  failures: number;
  lockedUntil: Date | null;
}

/** Failures by what was given as e-mail or phone, whether anybody has it or not. */
export interface LoginCounts {
  /** Until when a login is locked, or null. */
  lockOf(login: string, now: Date): Date | null;
  note(login: string, now: Date): void;
  forget(login: string): void;
}

/**
 * Counts failures by login as `takeAttempt` counts them by account, so that one that nobody has answers `account_locked`
 * after as many. It decides on the answer only, never on whether a password is looked at. Kept in this process for the
 * 10,000 logins that failed last: after a restart, or asked at another node, a login nobody has is counted anew.
 */
export function countLogins(): LoginCounts {
  const counts = new Map<string, LoginCount>();
  const lockOf = (login: string, now: Date) => {
    const until = counts.get(login)?.lockedUntil ?? null;
    return until && until > now ? until : null;
  };
  return {
    lockOf,
    note(login, now) {
      if (lockOf(login, now)) return;
      const present = counts.get(login);
      const failures = (present && !present.lockedUntil ? present.failures : 0) + 1;
      counts.delete(login);
      if (counts.size >= mostLogins) counts.delete(counts.keys().next().value!);
      counts.set(login, { failures, lockedUntil: failures >= attemptsBeforeLock ? lockedFrom(now) : null });
    },
    forget: (login) => void counts.delete(login),
  };
}
