import { everyTenant, statement, type Database, type Transaction } from '../../platform/db/database.ts';
import { findChannels, type ChannelRow } from './accounts.ts';

/** How far a mailbox was read (邮箱读取进度). */
export interface PlaceRow {
  /** As text, being larger than a number may be. */
  uid_validity: string;
  last_uid: string;
  read_at: Date;
}

const find = statement<PlaceRow>('mailbox_place.find', 'SELECT uid_validity::text, last_uid::text, read_at FROM mailbox_place WHERE tenant_id = $1 AND account_id = $2 AND mailbox = $3');
const put = statement<{ moved: boolean }>('mailbox_place.put', `
  INSERT INTO mailbox_place (tenant_id, account_id, mailbox, uid_validity, last_uid, read_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (tenant_id, account_id, mailbox) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, read_at = excluded.read_at
  WHERE mailbox_place.uid_validity <> excluded.uid_validity OR mailbox_place.last_uid < excluded.last_uid RETURNING true AS moved`);
const listMailboxes = statement<{ tenant_id: string; id: string }>('channel_account.mailboxes', `
  SELECT tenant_id, id FROM channel_account WHERE kind = 'email' AND active AND archived_at IS NULL AND settings ->> 'mode' = 'imap' AND sealed IS NOT NULL ORDER BY tenant_id, id LIMIT 1000`);
const findAddress = statement<{ tenant_id: string; id: string }>('channel_account.of_address', `
  SELECT tenant_id, id FROM channel_account WHERE kind = 'email' AND archived_at IS NULL AND lower(settings ->> 'address') = ANY($1::text[]) ORDER BY tenant_id, id LIMIT 100`);

export const placeOf = (database: Database, tenantId: string, accountId: string, mailbox: string): Promise<PlaceRow | undefined> =>
  database.transact(tenantId, async (transaction) => (await transaction.query(find, [tenantId, accountId, mailbox]))[0]);

/** Moves a mailbox's place on, in the transaction of the mail that was kept; false when somebody else has come as far. */
export const movePlace = async (transaction: Transaction, accountId: string, mailbox: string, place: { validity: bigint; uid: number }, now: Date): Promise<boolean> =>
  (await transaction.query(put, [transaction.tenantId, accountId, mailbox, String(place.validity), place.uid, now])).length > 0;

export interface MailAccount {
  tenantId: string;
  row: ChannelRow;
}

async function rowsOf(database: Database, found: readonly { tenant_id: string; id: string }[]): Promise<MailAccount[]> {
  const byTenant = Map.groupBy(found, (one) => one.tenant_id);
  const lists = await Promise.all([...byTenant].map(async ([tenantId, ids]) => (await database.transact(tenantId, (transaction) => findChannels(transaction, ids.map(({ id }) => id)))).map((row) => ({ tenantId, row }))));
  return lists.flat();
}

/** The mailboxes that are to be read, of all organizations (待读邮箱). */
export const mailboxesToRead = async (database: Database): Promise<MailAccount[]> => rowsOf(database, await database.transact(everyTenant, (transaction) => transaction.query(listMailboxes, [])));

/** The accounts that mail to some addresses is for, those that are paused among them (收件地址). */
export const accountsOfAddresses = async (database: Database, addresses: readonly string[]): Promise<MailAccount[]> => rowsOf(database, await database.transact(everyTenant, (transaction) => transaction.query(findAddress, [addresses])));
