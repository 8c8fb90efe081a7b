import { everyTenant, statement, type Database, type Statement } from '../../platform/db/database.ts';
import { findChannels, type ChannelRow } from './accounts.ts';

/** An account that is heard on a connection of ours (待监听渠道). */
export interface HeardAccount {
  tenantId: string;
  /** Of the organization. */
  slug: string;
  row: ChannelRow;
}

type List = Statement<{ tenant_id: string; id: string; slug: string }>;
const list = (name: string, which: string): List => statement(name, `
  SELECT a.tenant_id, a.id, g.slug FROM channel_account a JOIN organization g ON g.tenant_id = a.tenant_id
  WHERE ${which} AND a.active AND a.archived_at IS NULL AND a.sealed IS NOT NULL ORDER BY a.tenant_id, a.id LIMIT 1000`);
const listBrokers = list('channel_account.brokers', "a.kind = 'mqtt'");
const listStreams = list('channel_account.streams', "a.kind = 'dingtalk' AND a.settings ->> 'mode' = 'stream'");
const listExchanges = list('channel_account.exchanges', "a.kind = 'phone' AND a.settings ->> 'mode' = 'ari'");

// All accounts at once. Renewed when half of the lease is over, so that mostly nothing is written.
const take = statement<{ account_id: string }>('channel_hold.take', `
  WITH wanted AS (SELECT w.tenant_id, w.account_id, h.holder, h.held_until FROM unnest($1::uuid[], $2::uuid[]) AS w (tenant_id, account_id) LEFT JOIN channel_hold h ON h.tenant_id = w.tenant_id AND h.account_id = w.account_id),
  taken AS (
    INSERT INTO channel_hold (tenant_id, account_id, holder, held_until)
    SELECT tenant_id, account_id, $3, $5 FROM wanted WHERE holder IS NULL OR CASE WHEN holder = $3 THEN held_until < $6 ELSE held_until < $4 END ORDER BY tenant_id, account_id
    ON CONFLICT (tenant_id, account_id) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until WHERE channel_hold.holder = excluded.holder OR channel_hold.held_until < $4 RETURNING account_id)
  SELECT account_id FROM taken UNION ALL SELECT account_id FROM wanted WHERE holder = $3 AND held_until >= $6`);
const release = statement<never>('channel_hold.release', 'DELETE FROM channel_hold WHERE tenant_id = $1 AND account_id = $2 AND holder = $3');

async function accountsOf(database: Database, listed: List): Promise<HeardAccount[]> {
  const found = await database.transact(everyTenant, (transaction) => transaction.query(listed, []));
  const lists = await Promise.all([...Map.groupBy(found, (one) => one.tenant_id)].map(async ([tenantId, ids]) => {
    const rows = await database.transact(tenantId, (transaction) => findChannels(transaction, ids.map(({ id }) => id)));
    return rows.map((row) => ({ tenantId, slug: ids[0]!.slug, row }));
  }));
  return lists.flat();
}

/** The brokers of devices that are to be listened to, of all organizations (设备消息服务器). */
export const brokersToHear = (database: Database): Promise<HeardAccount[]> => accountsOf(database, listBrokers);

/** The accounts whose platform hands messages over on connections of ours (Stream 渠道). */
export const streamsToHear = (database: Database): Promise<HeardAccount[]> => accountsOf(database, listStreams);

/** The telephone systems that are Asterisk (Asterisk 话务系统). */
export const exchangesToHear = (database: Database): Promise<HeardAccount[]> => accountsOf(database, listExchanges);

/**
 * Holds the one connection of each account for a while (连接租约), and goes on holding it once half of the while is over.
 *
 * @returns the ids of those that are held; somebody else holds the others
 */
export async function holdChannels(database: Database, accounts: readonly { tenantId: string; id: string }[], holder: string, now: Date, milliseconds: number): Promise<Set<string>> {
  if (accounts.length === 0) return new Set();
  const [half, whole] = [new Date(now.getTime() + milliseconds / 2), new Date(now.getTime() + milliseconds)];
  const held = await database.transact(everyTenant, (transaction) => transaction.query(take, [accounts.map((one) => one.tenantId), accounts.map((one) => one.id), holder, now, whole, half]), { lasting: false });
  return new Set(held.map((one) => one.account_id));
}

/** Lets go of it, so that the next one need not wait. */
export const releaseChannel = (database: Database, tenantId: string, accountId: string, holder: string): Promise<unknown> =>
  database.transact(tenantId, (transaction) => transaction.query(release, [tenantId, accountId, holder]));
