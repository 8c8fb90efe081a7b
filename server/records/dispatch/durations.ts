import type { Taken } from '../../../rules/routing/durations.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

// Of the last forty visits of each; what took no time, or days, was not checked in and out as it happened.
const findTaken = statement<{ category_id: string; technician_id: string | null; count: number; median: number }>('dispatch.taken', `
  SELECT d.category_id, d.technician_id, count(*)::int AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.minutes) AS median
  FROM staff s CROSS JOIN LATERAL (
    SELECT v.technician_id, t.category_id, extract(epoch FROM v.completed_at - v.checked_in_at)::float8 / 60 AS minutes
    FROM visit v JOIN ticket t ON t.tenant_id = v.tenant_id AND t.id = v.ticket_id
    WHERE v.tenant_id = s.tenant_id AND v.technician_id = s.id AND v.status = 'completed' AND v.checked_in_at IS NOT NULL AND t.category_id IS NOT NULL
    ORDER BY v.id DESC LIMIT 40) d
  WHERE s.tenant_id = $1 AND s.active AND s.job = 'technician' AND d.minutes BETWEEN 2 AND 720
  GROUP BY GROUPING SETS ((d.category_id), (d.category_id, d.technician_id))`);

/** How long work of a category took on site: everybody, and each. */
export interface TakenOfCategory {
  all: Taken;
  by: ReadonlyMap<string, Taken>;
}

const fresh = 600_000;
const mostKept = 30;
const kept = new Map<string, { at: number; taken: Map<string, TakenOfCategory> }>();

/** How long work took on site (以往用时), by category; reckoned anew every ten minutes. */
export async function takenOnSite({ tenantId, transaction, now }: Pick<Context, 'tenantId' | 'transaction' | 'now'>): Promise<ReadonlyMap<string, TakenOfCategory>> {
  const known = kept.get(tenantId);
  if (known && Math.abs(now.getTime() - known.at) < fresh) return known.taken;
  const rows = await transaction.query(findTaken, [tenantId]);
  const taken = new Map([...Map.groupBy(rows, (row) => row.category_id)].map(([category, own]): [string, TakenOfCategory] => {
    const whole = own.find((row) => row.technician_id === null)!;
    return [category, { all: { count: whole.count, median: whole.median }, by: new Map(own.flatMap((row) => (row.technician_id === null ? [] : [[row.technician_id, { count: row.count, median: row.median }] as const]))) }];
  }));
  kept.delete(tenantId);
  kept.set(tenantId, { at: now.getTime(), taken });
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  return taken;
}
