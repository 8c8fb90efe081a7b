import type { RouterProblem } from '../../../contract/travel.ts';
import { statement, type Statement, type Transaction } from '../../platform/db/database.ts';

/** How often a provider was asked on a day, and how that went (路径服务用量). */
export interface Usage {
  requests: number;
  pairs: number;
  failures: number;
  failure: string | null;
  failed_at: Date | null;
  resumes_at: Date | null;
}

const find = statement<Usage>('travel_usage.find', 'SELECT requests, pairs, failures, failure, failed_at, resumes_at FROM travel_usage WHERE tenant_id = $1 AND day = $2::date');
const findPause = statement<{ resumes_at: Date }>('travel_usage.pause', 'SELECT resumes_at FROM travel_usage WHERE tenant_id = $1 AND resumes_at > $2 ORDER BY resumes_at DESC LIMIT 1');
const add = statement<never>('travel_usage.add', `
  INSERT INTO travel_usage (tenant_id, day, requests, pairs, failures, failure, failed_at, resumes_at) VALUES ($1, $2::date, $3, $4, CASE WHEN $5::text IS NULL THEN 0 ELSE 1 END, $5, $6, $7)
  ON CONFLICT (tenant_id, day) DO UPDATE SET requests = travel_usage.requests + excluded.requests, pairs = travel_usage.pairs + excluded.pairs, failures = travel_usage.failures + excluded.failures,
    failure = coalesce(excluded.failure, travel_usage.failure), failed_at = coalesce(excluded.failed_at, travel_usage.failed_at),
    resumes_at = CASE WHEN excluded.failure IS NULL THEN travel_usage.resumes_at ELSE excluded.resumes_at END`);

const nothing: Usage = { requests: 0, pairs: 0, failures: 0, failure: null, failed_at: null, resumes_at: null };

/** @param day of the organization, `YYYY-MM-DD` */
export async function usageOf(transaction: Transaction, day: string): Promise<Usage> {
  return (await transaction.query(find, [transaction.tenantId, day]))[0] ?? nothing;
}

/** How many questions may still be asked today (今日余量); none while the provider is left in peace after a failure. */
export async function questionsLeft(transaction: Transaction, day: string, now: Date, dailyRequests: number): Promise<number> {
  const [paused] = await transaction.query(findPause, [transaction.tenantId, now]);
  return paused ? 0 : Math.max(0, dailyRequests - (await usageOf(transaction, day)).requests);
}

/** Counts what was asked, and what it failed by. */
export async function countUsage(transaction: Transaction, day: string, { requests, pairs, failure }: { requests: number; pairs: number; failure: { code: RouterProblem; at: Date; resumesAt: Date | null } | null }): Promise<void> {
  await transaction.query(add, [transaction.tenantId, day, requests, pairs, failure?.code ?? null, failure?.at ?? null, failure?.resumesAt ?? null]);
}

export const forgetUsage: Statement<never> = statement('chore.travel_usage', 'DELETE FROM travel_usage WHERE day < $1::date');
