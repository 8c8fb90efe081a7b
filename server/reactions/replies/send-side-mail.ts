import { buffer } from 'node:stream/consumers';
import { writeSideMail } from '../../channels/email/write-mail.ts';
import { SendFailure } from '../../channels/notice-channel.ts';
import type { Services } from '../../platform/context.ts';
import { everyTenant, statement } from '../../platform/db/database.ts';
import { BlobMissing } from '../../platform/files/blob-store.ts';
import { openChannel } from '../../records/channel/accounts.ts';
import { mailAccountOf } from '../../records/channel/mail-account.ts';
import { nameOutgoing } from '../../records/conversation/channel/outbox.ts';
import { filesByIds } from '../../records/file/queries.ts';

interface DueMail {
  tenant_id: string;
  id: string;
  side_message_id: string;
  recipient_address: string;
  recipient_name: string | null;
  subject: string;
  body: string;
  file_ids: string[];
  attempts: number;
}

const leaseSeconds = 120;
const pauses = [10, 60, 300, 1_800, 3_600, 7_200];
// What has waited longer nobody expects to go out any more.
const longestDays = 3;

const claim = statement<DueMail>('outgoing_message.claim_side', `
  UPDATE outgoing_message o SET state = 'sending', attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM outgoing_message WHERE state IN ('queued', 'sending') AND side_message_id IS NOT NULL AND coalesce(due_at, created_at) <= $1 AND created_at > $1::timestamptz - interval '${longestDays} days'
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE o.tenant_id = due.tenant_id AND o.id = due.id RETURNING o.tenant_id, o.id, o.side_message_id, o.recipient_address, o.recipient_name, o.subject, o.body, o.file_ids, o.attempts`);
const findConversation = statement<{ conversation_id: string; first_id: string }>('side_message.mail_of', `
  SELECT m.conversation_id, (SELECT o.id FROM side_message f JOIN outgoing_message o ON o.tenant_id = $1 AND o.side_message_id = f.id WHERE f.tenant_id = $1 AND f.conversation_id = m.conversation_id ORDER BY o.id LIMIT 1) AS first_id
  FROM side_message m WHERE m.tenant_id = $1 AND m.id = $2`);
const settle = statement<never>('outgoing_message.settle_side', `
  UPDATE outgoing_message SET state = $4, failure = $5, failure_detail = $6, due_at = $7, sent_at = CASE WHEN $4 = 'sent' THEN $8::timestamptz END, settled_at = CASE WHEN $4 = 'queued' THEN NULL ELSE $8::timestamptz END
  WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'sending'`);

/**
 * Sends what was written to people outside beside a ticket (旁路邮件发送), by the organization's mailbox. The same Message-ID at each attempt, by which mailboxes
 * show one.
 *
 * @returns how many were taken up
 */
export async function sendSideMail(services: Services, limit = 10): Promise<number> {
  const due = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [services.clock.now(), limit]));
  await Promise.all(due.map((mail) => attempt(services, mail).catch((error: unknown) => {
    services.log.error({ error, tenantId: mail.tenant_id, outgoing: mail.id }, 'a mail beside a ticket could not be sent; it will be tried again');
  })));
  return due.length;
}

async function attempt(services: Services, mail: DueMail): Promise<void> {
  const { database, clock, secrets } = services;
  const end = (state: 'sent' | 'failed' | 'queued', failure: string | null, detail: string | null, next: Date | null, providerId: string | null, accountId: string | null) => database.transact(mail.tenant_id, async (transaction) => {
    await transaction.query(settle, [mail.tenant_id, mail.id, mail.attempts, state, failure, detail, next, clock.now()]);
    if (providerId !== null && accountId !== null) await nameOutgoing(transaction, accountId, providerId, mail.id);
  });
  const later = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1_000);
  const found = await database.transact(mail.tenant_id, async (transaction) => {
    const row = await mailAccountOf(transaction);
    const [place] = await transaction.query(findConversation, [mail.tenant_id, mail.side_message_id]);
    return { row, place, files: await filesByIds({ tenantId: mail.tenant_id, transaction }, mail.file_ids) };
  });
  const account = found.row && openChannel(secrets, found.row);
  // Until there is a mailbox again.
  if (!account || !found.place) return end('queued', 'account', null, later(600), null, null);
  try {
    const files = await Promise.all(found.files.map(async (file) => ({ name: file.name, mediaType: file.media_type, content: await buffer(await services.blobs.get(file.storage_key)) })));
    const { providerId } = await writeSideMail(account, {
      conversationId: found.place.conversation_id, key: mail.id, firstKey: found.place.first_id, to: mail.recipient_address, toName: mail.recipient_name ?? '', subject: mail.subject, body: mail.body, at: clock.now(), files,
    }, services.privateHosts ?? []);
    await end('sent', null, null, null, providerId, account.id);
  } catch (error) {
    if (error instanceof BlobMissing) return end('failed', 'content', 'a file of it is gone', null, null, null);
    if (!(error instanceof SendFailure)) throw error;
    const passes = error.code === 'temporary' || error.code === 'rate_limited' || error.code === 'unknown';
    if (passes && mail.attempts <= pauses.length) await end('queued', error.code, error.message, later(pauses[mail.attempts - 1]!), null, null);
    else await end('failed', error.code, error.message, null, null, null);
  }
}
