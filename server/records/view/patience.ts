import type { Context } from '../../platform/context.ts';
import { isDatabaseError, type Database, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';

/** How long lists are read for, and how many slow ones at a time. */
export interface Patience {
  /** Milliseconds until a list counts as slow. */
  quick: number;
  /** Milliseconds that a slow one may take. */
  slow: number;
  /** Slow ones of one organization at a time, and of all: most connections are left to everybody else. */
  mostOfOne: number;
  mostOfAll: number;
}

const standard: Patience = { quick: 1_000, slow: 5_000, mostOfOne: 2, mostOfAll: 3 };
const secondsUntilAgain = 5;

const slowOnes = new WeakMap<Database, string[]>();

/** It takes longer than it may. */
class OutOfTime extends Error {}

/**
 * Reads tickets by a filter that anybody may have made (查询时限). What no index leads to (words within a description, a
 * field without one, NOT) is looked for in every ticket there is: whatever takes longer than a moment is given up and
 * begun anew as a slow one, of which only so many run at a time. Refuses with filter_too_slow what takes too long all
 * the same, and with too_many_slow_filters when others are at it. It only reads: what was begun is undone.
 */
export async function withPatience<Result>(context: Context, read: (context: Context) => Promise<Result>, { quick, slow, mostOfOne, mostOfAll }: Patience = standard): Promise<Result> {
  const first = await within(context, quick, read);
  if (first) return first.result;
  const { database } = context.services;
  const running = slowOnes.get(database) ?? [];
  slowOnes.set(database, running);
  if (running.length >= mostOfAll || running.filter((tenantId) => tenantId === context.tenantId).length >= mostOfOne) throw new Refusal('too_many_slow_filters', { seconds: secondsUntilAgain });
  running.push(context.tenantId);
  try {
    const second = await within(context, slow, read);
    if (second) return second.result;
    throw new Refusal('filter_too_slow');
  } finally {
    running.splice(running.indexOf(context.tenantId), 1);
  }
}

/** What came of reading for so long; null when that was not enough, and the transaction is as it was. */
async function within<Result>(context: Context, milliseconds: number, read: (context: Context) => Promise<Result>): Promise<{ result: Result } | null> {
  const { transaction } = context;
  const until = performance.now() + milliseconds;
  let over = false;
  // A list by groups is many statements; each alone would be quick enough.
  const inTime = <Rows>(ask: () => Promise<Rows>): Promise<Rows> => (over || performance.now() > until ? Promise.reject(new OutOfTime()) : ask());
  const limited: Transaction = {
    ...transaction,
    query: (statement, values) => inTime(() => transaction.query(statement, values)),
    queryTogether: (statement, given) => inTime(() => transaction.queryTogether(statement, given)),
    run: (query) => inTime(() => transaction.run(query)),
    first: (query) => inTime(() => transaction.first(query)),
  };
  try {
    const [, result] = await Promise.all([transaction.query({ name: '', text: `SAVEPOINT patience; SET LOCAL statement_timeout = ${milliseconds}` }, []), read({ ...context, transaction: limited })]);
    return { result };
  } catch (error) {
    over = true;
    if (!(error instanceof OutOfTime) && !isDatabaseError(error, '57014')) throw error;
    await transaction.query({ name: '', text: 'ROLLBACK TO SAVEPOINT patience' }, []);
    return null;
  }
}
