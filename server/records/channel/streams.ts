import { everyTenant, statement, type Database } from '../../platform/db/database.ts';
import { findChannels, type ChannelRow } from './accounts.ts';

/** An account whose platform hands messages over on connections of ours. */
export interface StreamAccount {
  tenantId: string;
  row: ChannelRow;
}

const listStreams = statement<{ tenant_id: string; id: string }>('channel_account.streams', `
  SELECT tenant_id, id FROM channel_account WHERE kind = 'dingtalk' AND active AND archived_at IS NULL AND settings ->> 'mode' = 'stream' AND sealed IS NOT NULL ORDER BY tenant_id, id LIMIT 1000`);

/** The accounts that are to be listened to, of all organizations (待监听渠道). */
export async function streamsToHear(database: Database): Promise<StreamAccount[]> {
  const byTenant = Map.groupBy(await database.transact(everyTenant, (transaction) => transaction.query(listStreams, [])), (one) => one.tenant_id);
  const lists = await Promise.all([...byTenant].map(async ([tenantId, ids]) => (await database.transact(tenantId, (transaction) => findChannels(transaction, ids.map(({ id }) => id)))).map((row) => ({ tenantId, row }))));
  return lists.flat();
}
