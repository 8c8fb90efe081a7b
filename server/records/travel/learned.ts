import { learnFrom, leastObservations, nothingLearned, type Learned } from '../../../rules/travel/learn.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';

// What is older than some thousand journeys is of other roads and another traffic.
const newest = 20_000;
const findObserved = statement<{ from_zone: number; to_zone: number; workday: boolean; hour: number; ratios: number[] }>('travel_observation.find', `
  SELECT from_zone, to_zone, workday, hour, jsonb_agg(ratio) AS ratios FROM (
    SELECT from_zone, to_zone, workday, hour, round(seconds::numeric / estimate, 4) AS ratio FROM travel_observation WHERE tenant_id = $1 ORDER BY at DESC LIMIT ${newest}) AS o
  GROUP BY from_zone, to_zone, workday, hour`);

interface Kept { at: number; learned: Learned; /** Of which enough is known. */ ways: number }

const fresh = 600_000;
const mostKept = 30;
const kept = new Map<string, Kept>();

/** What an organization's journeys have taught (车程学习结果); reckoned anew every ten minutes, and after this process has observed something. */
export async function learnedTravel(transaction: Transaction, now: Date): Promise<Kept> {
  const known = kept.get(transaction.tenantId);
  if (known && Math.abs(now.getTime() - known.at) < fresh) return known;
  const rows = await transaction.query(findObserved, [transaction.tenantId]);
  const counts = new Map<string, number>();
  for (const row of rows) {
    const way = `${row.from_zone} ${row.to_zone} ${row.workday}`;
    counts.set(way, (counts.get(way) ?? 0) + row.ratios.length);
  }
  const found: Kept = {
    at: now.getTime(), ways: [...counts.values()].filter((count) => count >= leastObservations).length,
    learned: rows.length === 0 ? nothingLearned : learnFrom(rows.map((row) => ({ fromZone: row.from_zone, toZone: row.to_zone, workday: row.workday, hour: row.hour, ratios: row.ratios }))),
  };
  kept.delete(transaction.tenantId);
  kept.set(transaction.tenantId, found);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return found;
}

/** Lets what was reckoned go, as there is news of these organizations. */
export function learnAnew(tenantIds: Iterable<string>): void {
  for (const tenantId of tenantIds) kept.delete(tenantId);
}
