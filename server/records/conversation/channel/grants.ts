import { statement, type Transaction } from '../../../platform/db/database.ts';

const find = statement<{ template_id: string; remaining: number }>('subscription_grant.find', `
  SELECT template_id, max(remaining)::int AS remaining FROM subscription_grant WHERE tenant_id = $1 AND account_id = $2 AND identity = ANY($3::text[]) AND remaining > 0 GROUP BY template_id`);
const add = statement<never>('subscription_grant.add', `
  INSERT INTO subscription_grant AS g (tenant_id, account_id, identity, template_id, remaining, updated_at) VALUES ($1, $2, $3, $4, 1, $5)
  ON CONFLICT (tenant_id, account_id, identity, template_id) DO UPDATE SET remaining = least(1000, g.remaining + 1), updated_at = excluded.updated_at`);
const take = statement<never>('subscription_grant.take', `
  UPDATE subscription_grant SET remaining = remaining - 1, updated_at = $5 WHERE tenant_id = $1 AND account_id = $2 AND identity = ANY($3::text[]) AND template_id = $4 AND remaining > 0`);
const end = statement<never>('subscription_grant.end', `
  UPDATE subscription_grant SET remaining = 0, updated_at = $4 WHERE tenant_id = $1 AND account_id = $2 AND identity = ANY($3::text[]) AND ($5::text IS NULL OR template_id = $5) AND remaining > 0`);

const names = (contact: Readonly<Record<string, string>>): string[] => Object.values(contact);

/** What somebody on an account agreed to and that is left (订阅消息余额), by template. */
export async function grantsOf(transaction: Transaction, accountId: string, contact: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  return Object.fromEntries((await transaction.query(find, [transaction.tenantId, accountId, names(contact)])).map((row) => [row.template_id, row.remaining]));
}

/** They agreed to one more message of a template (授权一次). */
export const addGrant = (transaction: Transaction, accountId: string, identity: string, templateId: string, now: Date): Promise<never[]> => transaction.query(add, [transaction.tenantId, accountId, identity, templateId, now]);
/** One went out. */
export const takeGrant = (transaction: Transaction, accountId: string, contact: Readonly<Record<string, string>>, templateId: string, now: Date): Promise<never[]> => transaction.query(take, [transaction.tenantId, accountId, names(contact), templateId, now]);
/** The platform says that nothing is left, or they take nothing any more; of every template where none is named. */
export const endGrants = (transaction: Transaction, accountId: string, contact: Readonly<Record<string, string>>, templateId: string | null, now: Date): Promise<never[]> => transaction.query(end, [transaction.tenantId, accountId, names(contact), now, templateId]);
