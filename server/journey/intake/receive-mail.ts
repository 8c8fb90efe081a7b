import { proveMail, type MailOrigin, type Resolver } from '../../channels/email/authenticate.ts';
import { email, unreadableMessage } from '../../channels/email/inbound.ts';
import { CallRefused, type InboundMessage } from '../../channels/inbound.ts';
import type { Services } from '../../platform/context.ts';
import { statement, type Transaction } from '../../platform/db/database.ts';
import { idSince } from '../../platform/db/uuid.ts';
import { noteChannel, openChannel, type ChannelRow } from '../../records/channel/accounts.ts';
import { keepMessages } from '../../records/channel/inbox.ts';

/** So many mails of one sender within an hour are a person's; what goes beyond is two machines that answer each other. */
const mostOfOneSender = 30;
const hour = 3_600_000;

const countOfSender = statement<{ count: number }>('inbox_message.of_sender', `
  SELECT count(*)::int AS count FROM inbox_message WHERE tenant_id = $1 AND account_id = $2 AND id > $3::uuid AND content #>> '{sender,ids,0,value}' = $4`);
const putAside = statement<never>('inbox_message.put_aside_unread', `
  UPDATE inbox_message SET state = 'quarantined', failure = $4, failure_detail = $5, settled_at = $6 WHERE tenant_id = $1 AND account_id = $2 AND external_id = $3 AND state = 'waiting' AND attempts = 0`);

/** What goes with a mail. */
export interface MailDelivery {
  origin: MailOrigin | null;
  /** Done in the transaction that keeps it; false when somebody else has kept it already. */
  along?: (transaction: Transaction) => Promise<boolean>;
  /** It was too large to be fetched: `raw` is its head only. */
  tooLarge?: boolean;
  resolver?: Resolver;
}

/**
 * Keeps a mail (接收邮件): read, looked into for who it is from, and written down; once, by whatever way it comes. One that cannot be read is put
 * aside as it is, and those behind it go on.
 */
export async function receiveMail(services: Services, channel: ChannelRow, tenantId: string, raw: Buffer, { origin, along, tooLarge = false, resolver }: MailDelivery): Promise<void> {
  const { database, clock, secrets, log } = services;
  const account = openChannel(secrets, channel);
  if (!account) throw new Error(`the secrets of channel ${channel.id} cannot be opened with this SECRET_KEY`);
  const now = clock.now();
  let messages: readonly InboundMessage[];
  let problem: { code: 'unreadable' | 'too_large'; said: string } | null = tooLarge ? { code: 'too_large', said: '' } : null;
  try {
    if (problem) messages = [unreadableMessage(raw, now)];
    else {
      const proof = await proveMail(raw, origin, resolver);
      messages = await email.read!(account, raw, now, { 'mail.spf': proof.spf, 'mail.dkim': proof.dkim, 'mail.dmarc': proof.dmarc });
    }
  } catch (error) {
    if (!(error instanceof CallRefused)) throw error;
    problem = { code: 'unreadable', said: error.message };
    messages = [unreadableMessage(raw, now)];
  }
  await database.transact(tenantId, async (transaction) => {
    if (along && !await along(transaction)) return;
    const sender = messages[0]?.sender?.ids[0]?.value;
    const [sent] = sender === undefined ? [] : await transaction.query(countOfSender, [tenantId, channel.id, idSince(now.getTime() - hour), sender]);
    await keepMessages(transaction, channel.id, (sent?.count ?? 0) >= mostOfOneSender ? messages.map((message) => ({ ...message, passOver: message.passOver ?? 'loop' as const })) : messages, raw, now);
    if (problem) await transaction.query(putAside, [tenantId, channel.id, messages[0]!.externalId, problem.code, problem.said.slice(0, 1_000), now]);
  });
  await noteChannel.received(database, tenantId, channel.id, now).catch((error: unknown) => log.warn({ error }, 'the health of a channel could not be noted'));
}
