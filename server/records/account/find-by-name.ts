import { sql } from 'kysely';
import { textQuery } from '../../../rules/text/record-words.ts';
import type { Context } from '../../platform/context.ts';
import { eachWordIn, idWithWords, rowsOf } from '../customer/search/branches.ts';

const mostAccounts = 20;
const walkedAccounts = 2_000;

/** Ids of accounts whose name holds what was typed (按名称找客户单位), the newest twenty. */
export async function accountsNamed({ transaction, tenantId }: Pick<Context, 'tenantId' | 'transaction'>, q: string): Promise<string[]> {
  const words = textQuery(q);
  if (words === null) return [];
  const named = eachWordIn(q, [sql`a.name`]);
  const rows = await rowsOf<{ id: string }>(transaction, sql`select found.id FROM ((SELECT a.id FROM (SELECT a.id, a.name, a.created_at FROM account a WHERE a.tenant_id = ${tenantId} AND a.archived_at IS NULL ORDER BY a.created_at DESC, a.id DESC LIMIT ${walkedAccounts}) a WHERE ${named} ORDER BY a.created_at DESC, a.id DESC LIMIT ${mostAccounts})
    UNION
    (SELECT a.id FROM account a WHERE ${idWithWords(sql`a.id`, tenantId, 'account', words)} AND a.tenant_id = ${tenantId} AND a.archived_at IS NULL AND ${named} LIMIT ${mostAccounts})) AS found`);
  return rows.map((row) => row.id);
}
