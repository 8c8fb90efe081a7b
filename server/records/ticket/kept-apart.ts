import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

type Reading = Pick<Context, 'tenantId' | 'transaction'>;

const find = statement<{ id: string }>('distinct_pair.of', `
  SELECT other_id AS id FROM distinct_pair WHERE tenant_id = $1 AND kind = $2 AND one_id = $3
  UNION ALL SELECT one_id FROM distinct_pair WHERE tenant_id = $1 AND kind = $2 AND other_id = $3`);
const put = statement<{ one_id: string }>('distinct_pair.put', `
  INSERT INTO distinct_pair (tenant_id, kind, one_id, other_id, decided_by, decided_at) VALUES ($1, $2, least($3::uuid, $4::uuid), greatest($3::uuid, $4::uuid), $5, $6)
  ON CONFLICT DO NOTHING RETURNING one_id`);

/** Those of which somebody said that they are not the same as one (已排除的疑似重复). */
export async function keptApart({ tenantId, transaction }: Reading, kind: 'ticket' | 'customer', id: string): Promise<Set<string>> {
  return new Set((await transaction.query(find, [tenantId, kind, id])).map((row) => row.id));
}

/** Remembers for good that two are not the same (不是同一件事、不是同一个人). @returns whether it was not known before */
export async function keepApart(context: Pick<Context, 'tenantId' | 'transaction' | 'now' | 'actor'>, kind: 'ticket' | 'customer', one: string, other: string): Promise<boolean> {
  return (await context.transaction.query(put, [context.tenantId, kind, one, other, context.actor.id, context.now])).length > 0;
}
