import { statement, type Transaction } from '../../platform/db/database.ts';
import { findChannels, type ChannelRow } from './accounts.ts';

const find = statement<{ id: string }>('channel_account.mail_out', `
  SELECT id FROM channel_account WHERE tenant_id = $1 AND kind = 'email' AND active AND archived_at IS NULL AND coalesce(settings ->> 'smtpHost', '') <> '' ORDER BY id LIMIT 1`);

/** The account by which an organization writes mail to people outside, and reads what they answer (对外邮箱); undefined where there is none. */
export async function mailAccountOf(transaction: Transaction): Promise<ChannelRow | undefined> {
  const [found] = await transaction.query(find, [transaction.tenantId]);
  return found && (await findChannels(transaction, [found.id]))[0];
}
