import { sql, type RawBuilder } from 'kysely';
import { stretchMilliseconds, type Count } from '../../../rules/automation/definition.ts';
import { countProperty } from '../../../rules/automation/properties.ts';
import { comparison, type FilterColumn } from '../ticket/filter-columns.ts';

// Beyond it nobody asks how many exactly.
const mostCounted = 1_000;

/** What has to be the same as on `ticket`. Each of these begins an index that goes on by created_at. */
const alike: Record<Count['same'], RawBuilder<boolean>> = {
  asset: sql`alike.asset_id = ticket.asset_id`,
  customer: sql`alike.customer_id = ticket.customer_id`,
  category: sql`alike.category_id = ticket.category_id`,
  account: sql`alike.customer_id IN (SELECT c.id FROM customer c WHERE c.tenant_id = ticket.tenant_id AND c.account_id = (SELECT own.account_id FROM customer own WHERE own.tenant_id = ticket.tenant_id AND own.id = ticket.customer_id))`,
  site: sql`alike.asset_id IN (SELECT a.id FROM asset a WHERE a.tenant_id = ticket.tenant_id AND a.site_id = (SELECT own.site_id FROM asset own WHERE own.tenant_id = ticket.tenant_id AND own.id = ticket.asset_id))`,
};

/** How many tickets are like `ticket`, itself among them, as an SQL expression (同类工单计数); up to 1,000. */
export function countToSql({ same, within, sameType }: Count, now: Date): RawBuilder<number> {
  const from = new Date(now.getTime() - stretchMilliseconds(within));
  return sql<number>`(SELECT count(*)::int FROM (SELECT 1 FROM ticket alike WHERE alike.tenant_id = ticket.tenant_id AND ${alike[same]}
    AND alike.created_at > ${from}::timestamptz AND alike.created_at <= ${now}::timestamptz AND alike.status <> 'cancelled' AND alike.merged_into IS NULL
    ${sameType ? sql`AND alike.type_id = ticket.type_id` : sql``} LIMIT ${sql.lit(mostCounted)}) counted)`;
}

// Of each ticket; who has more alike has passed every limit anyway.
const mostTimes = 5_000;

/** When the tickets like `ticket` were made, in milliseconds and its own among them, as an SQL expression (同类工单的创建时间). */
export function alikeTimes({ same, sameType }: Pick<Count, 'same' | 'sameType'>): RawBuilder<string[]> {
  return sql<string[]>`ARRAY(SELECT floor(extract(epoch FROM alike.created_at) * 1000)::bigint FROM ticket alike WHERE alike.tenant_id = ticket.tenant_id AND ${alike[same]}
    AND alike.status <> 'cancelled' AND alike.merged_into IS NULL ${sameType ? sql`AND alike.type_id = ticket.type_id` : sql``} ORDER BY alike.created_at DESC LIMIT ${sql.lit(mostTimes)})`;
}

/** Counts as columns that a filter can be compiled with. */
export function countColumns(counts: readonly Count[], now: Date): Map<string, FilterColumn> {
  return new Map(counts.map((count) => {
    const value = countToSql(count, now);
    return [countProperty(count), {
      oneOf: (values) => sql<boolean>`${value} = ANY(${values.filter((one) => typeof one === 'number')}::float8[])`,
      empty: sql<boolean>`FALSE`,
      bound: (test, limit) => (typeof limit === 'number' ? sql<boolean>`${value} ${comparison(test)} ${limit}::float8` : sql<boolean>`FALSE`),
    } satisfies FilterColumn];
  }));
}
