import { everyTenant, statement, type Database } from '../../platform/db/database.ts';
import { findChannels, type ChannelRow } from './accounts.ts';

const listBrokers = statement<{ tenant_id: string; id: string; slug: string }>('channel_account.brokers', `
  SELECT a.tenant_id, a.id, g.slug FROM channel_account a JOIN organization g ON g.tenant_id = a.tenant_id
  WHERE a.kind = 'mqtt' AND a.active AND a.archived_at IS NULL AND a.sealed IS NOT NULL ORDER BY a.tenant_id, a.id LIMIT 1000`);
const take = statement<{ held: boolean }>('channel_hold.take', `
  INSERT INTO channel_hold (tenant_id, account_id, holder, held_until) VALUES ($1, $2, $3, $5)
  ON CONFLICT (tenant_id, account_id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until WHERE channel_hold.holder = excluded.holder OR channel_hold.held_until < $4 RETURNING true AS held`);
const release = statement<never>('channel_hold.release', 'DELETE FROM channel_hold WHERE tenant_id = $1 AND account_id = $2 AND holder = $3');

export interface BrokerAccount {
  tenantId: string;
  slug: string;
  row: ChannelRow;
}

/** The brokers that are to be listened to, of all organizations (设备消息服务器). */
export async function brokersToHear(database: Database): Promise<BrokerAccount[]> {
  const found = await database.transact(everyTenant, (transaction) => transaction.query(listBrokers, []));
  const lists = await Promise.all([...Map.groupBy(found, (one) => one.tenant_id)].map(async ([tenantId, ids]) => {
    const rows = await database.transact(tenantId, (transaction) => findChannels(transaction, ids.map(({ id }) => id)));
    return rows.map((row) => ({ tenantId, slug: ids[0]!.slug, row }));
  }));
  return lists.flat();
}

/** Holds the one connection of an account for a while (连接租约); false while somebody else does. */
export const holdChannel = (database: Database, tenantId: string, accountId: string, holder: string, now: Date, milliseconds: number): Promise<boolean> =>
  database.transact(tenantId, async (transaction) => (await transaction.query(take, [tenantId, accountId, holder, now, new Date(now.getTime() + milliseconds)])).length > 0);

/** Lets go of it, so that the next one need not wait. */
export const releaseChannel = (database: Database, tenantId: string, accountId: string, holder: string): Promise<unknown> =>
  database.transact(tenantId, (transaction) => transaction.query(release, [tenantId, accountId, holder]));
