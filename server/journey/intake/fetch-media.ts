import { inboundAdapters } from '../../channels/inbound-adapters.ts';
import { MediaLost, type FetchedMedia, type MediaPart } from '../../channels/inbound.ts';
import { outsideTools, SendFailure } from '../../channels/notice-channel.ts';
import { systemActor, type Context, type Services } from '../../platform/context.ts';
import { everyTenant, statement, type Transaction } from '../../platform/db/database.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { receiveBytes } from '../../platform/files/receive-bytes.ts';
import { keepDoing, stoppedWithin, type Ongoing } from '../../platform/process/keep-doing.ts';
import { findChannels, openChannel } from '../../records/channel/accounts.ts';
import { beginningOf, insertMessage, tellOfMessage } from '../../records/conversation/add-message.ts';
import { queueNews } from '../../records/conversation/channel/outbox.ts';
import { attachFiles } from '../../records/file/attach-files.ts';
import { keepFile, storeFile, type KeptFile } from '../../records/file/store-file.ts';
import { tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding, type Landing } from '../../records/ticket/landing.ts';
import { ownContext } from './own-context.ts';

interface DueMedia {
  tenant_id: string;
  id: string;
  inbox_id: string;
  ticket_id: string;
  message_id: string | null;
  part: MediaPart;
  attempts: number;
  created_at: Date;
}

// Of whoever has not said anything by then it is known that they have died.
const leaseSeconds = 120;
const batch = 8;
const pollMilliseconds = 1_000;
// A platform that does not answer must not keep the program from ending.
const farewellMilliseconds = 5_000;
// Platforms keep them for three days.
const keptMilliseconds = 3 * 86_400_000;
const pauses = [10, 30, 120, 600, 1_800, 3_600];

const claim = statement<DueMedia>('inbound_media.claim', `
  UPDATE inbound_media m SET attempts = attempts + 1, due_at = $1::timestamptz + interval '${leaseSeconds} seconds'
  FROM (SELECT tenant_id, id FROM inbound_media WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED) AS due
  WHERE m.tenant_id = due.tenant_id AND m.id = due.id RETURNING m.tenant_id, m.id, m.inbox_id, m.ticket_id, m.message_id, m.part, m.attempts, m.created_at`);
const findCall = statement<{ raw: Buffer | null; account_id: string }>('inbound_media.call', `
  SELECT c.raw, c.account_id FROM inbox_message m JOIN inbox_message c ON c.tenant_id = $1 AND c.id = m.call_id WHERE m.tenant_id = $1 AND m.id = $2`);
const lock = statement<{ message_id: string | null }>('inbound_media.lock', "SELECT message_id FROM inbound_media WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' FOR UPDATE");
const settle = statement<never>('inbound_media.settle', 'UPDATE inbound_media SET state = $3, failure = $4, file_id = $5, settled_at = $6 WHERE tenant_id = $1 AND id = $2');
const postpone = statement<never>('inbound_media.postpone', "UPDATE inbound_media SET due_at = $3, failure = $4 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'");

let wake = (): void => {};

/** Wakes whoever fetches. */
export const announceMedia = (): void => wake();

/**
 * Fetches the pictures, recordings and files of messages that came in (媒体下载): after the platform was answered, tried again while it may
 * have them, looked into and kept like an upload. What is lost is said on the ticket.
 *
 * @returns how many there were
 */
export async function fetchDueMedia(services: Services): Promise<number> {
  const due = await services.database.transact(everyTenant, (transaction) => transaction.query(claim, [services.clock.now(), batch]));
  await Promise.all(due.map((media) => fetchOne(services, media).catch((error: unknown) => {
    services.log.error({ error, tenantId: media.tenant_id, media: media.id }, 'a file of a message could not be kept; it will be tried again');
  })));
  return due.length;
}

async function fetchOne(services: Services, media: DueMedia): Promise<void> {
  let kept: KeptFile | undefined;
  try {
    const fetched = await fetchBytes(services, media);
    const received = await receiveBytes(fetched.bytes, services.blobs.workFolder, { name: fetched.name, type: fetched.contentType ?? '' });
    try {
      kept = await keepFile(services, media.tenant_id, received, { purpose: 'attachment' });
    } finally {
      await received.dispose();
    }
    const file = kept;
    await services.database.transact(media.tenant_id, (transaction) => hangOn(services, transaction, media, file));
  } catch (error) {
    if (error instanceof SendFailure && services.clock.now().getTime() - media.created_at.getTime() < keptMilliseconds) {
      const seconds = error.retryAfterSeconds ?? pauses[Math.min(media.attempts, pauses.length) - 1]!;
      await services.database.transact(media.tenant_id, (transaction) => transaction.query(postpone, [media.tenant_id, media.id, new Date(services.clock.now().getTime() + seconds * 1_000), error.message]));
      return;
    }
    if (!(error instanceof SendFailure || error instanceof MediaLost || error instanceof Refusal)) throw error;
    if (kept) await services.blobs.remove(kept.storageKey);
    await services.database.transact(media.tenant_id, (transaction) => giveUp(services, transaction, media, error.message, reasonOf(error)));
  }
}

async function fetchBytes(services: Services, media: DueMedia): Promise<FetchedMedia> {
  const { channel, raw } = await services.database.transact(media.tenant_id, async (transaction) => {
    const [call] = await transaction.query(findCall, [media.tenant_id, media.inbox_id]);
    return { raw: call?.raw ?? null, channel: call ? (await findChannels(transaction, [call.account_id]))[0] : undefined };
  });
  const account = channel ? openChannel(services.secrets, channel) : null;
  const adapter = channel ? inboundAdapters[channel.kind] : undefined;
  if (!account || !adapter?.fetchMedia) throw new MediaLost('the channel it came by cannot fetch it', 'account');
  return adapter.fetchMedia(account, { method: 'POST', query: {}, headers: {}, body: raw ?? Buffer.alloc(0) }, media.part, outsideTools(services.clock, services.privateHosts ?? []));
}

async function hangOn(services: Services, transaction: Transaction, media: DueMedia, kept: KeptFile): Promise<void> {
  const now = services.clock.now();
  const context = await ownContext(services, transaction, now);
  const landing = await lockLanding(context, media.ticket_id);
  if (!landing || (await transaction.query(lock, [media.tenant_id, media.id])).length === 0) return;
  const customer: Context = { ...context, actor: { kind: 'customer', id: landing.named.customer_id, name: landing.named.contact_name } };
  const file = await storeFile(customer, kept, { purpose: 'attachment', visibility: 'public' });
  await attachFiles(customer, [file.id], { ticketId: media.ticket_id, ...(media.message_id === null ? {} : { messageId: media.message_id }), visibility: 'public' });
  await transaction.query(settle, [media.tenant_id, media.id, 'fetched', null, file.id, now]);
  await tellOnTicket(customer, landing.ticket, { kind: 'file.attached', data: { fileIds: [file.id], names: [file.name], ...(media.message_id === null ? {} : { messageId: media.message_id }) } });
}

const nouns = { image: { zh: '一张图片', en: 'A picture' }, voice: { zh: '一段语音', en: 'A voice message' }, video: { zh: '一段视频', en: 'A video' }, file: { zh: '一个文件', en: 'A file' } } as const;

/** Why it will not come; `account`: our side cannot fetch it, whatever they send. */
type Reason = 'gone' | 'too_large' | 'kind' | 'damaged' | 'account';
const reasons: Readonly<Record<Reason, { zh: string; en: string }>> = {
  gone: { zh: '平台上已经取不到了', en: 'it cannot be had any more' }, too_large: { zh: '太大了', en: 'it is too large' }, kind: { zh: '这种文件不能接收', en: 'such files are not taken' }, damaged: { zh: '文件打不开', en: 'it cannot be opened' },
  account: { zh: '我们的渠道账号取不到文件', en: 'our account with the channel cannot fetch it' },
};
/** What whoever sent it can do. */
const advice: Readonly<Record<Reason, { zh: string; en: string }>> = {
  gone: { zh: '请重新发送。', en: 'Please send it again.' }, too_large: { zh: '请压缩后重新发送。', en: 'Please send it again, smaller.' }, kind: { zh: '请换一种格式重新发送。', en: 'Please send it again as another kind of file.' },
  damaged: { zh: '请重新发送。', en: 'Please send it again.' }, account: { zh: '请先用文字说明。', en: 'For now, please tell us in words.' },
};
/** What whoever works on the ticket can do. */
const advised: Readonly<Record<Reason, { zh: string; en: string }>> = {
  gone: { zh: '请客户重新发送。', en: 'Ask them to send it again.' }, too_large: { zh: '请客户压缩后重新发送。', en: 'Ask them to send it again, smaller.' }, kind: { zh: '请客户换一种格式重新发送。', en: 'Ask them to send it again as another kind of file.' },
  damaged: { zh: '请客户重新发送。', en: 'Ask them to send it again.' }, account: { zh: '重新发送也收不到，请管理员检查渠道设置。', en: 'Sent again it would not come either: have the settings of the channel looked at.' },
};

function reasonOf(error: SendFailure | MediaLost | Refusal): Reason {
  if (error instanceof MediaLost) return error.reason;
  if (error instanceof SendFailure) return error.code === 'account' ? 'account' : 'gone';
  return error.code === 'file_too_large' ? 'too_large' : error.code === 'file_type_refused' ? 'kind' : 'damaged';
}

const findConversation = statement<{ id: string; kind: string; language: string | null }>('inbound_media.conversation', `
  SELECT c.id, a.kind, k.language FROM inbox_message m JOIN conversation c ON c.tenant_id = $1 AND c.account_id = m.account_id AND c.thread = m.thread JOIN channel_account a ON a.tenant_id = $1 AND a.id = m.account_id
    LEFT JOIN customer k ON k.tenant_id = $1 AND k.id = c.customer_id
  WHERE m.tenant_id = $1 AND m.id = $2`);
const toldLately = statement<{ id: string }>('inbound_media.told', "SELECT id FROM inbound_media WHERE tenant_id = $1 AND ticket_id = $2 AND state = 'lost' AND NOT part ? 'adorns' AND id <> $3 AND settled_at > $4 LIMIT 1");
// Of ten pictures that are lost together one word is enough.
const onceMinutes = 10;

/** Whoever sent it is told once by the way they came, in their language: they believe that we have it. */
async function tellSender(context: Context, landing: Landing, media: DueMedia, reason: Reason): Promise<void> {
  const { transaction, tenantId, now } = context;
  const [lately, [conversation]] = [await transaction.query(toldLately, [tenantId, media.ticket_id, media.id, new Date(now.getTime() - onceMinutes * 60_000)]), await transaction.query(findConversation, [tenantId, media.inbox_id])];
  if (lately.length > 0 || !conversation) return;
  const noun = nouns[media.part.kind];
  // What is wrong with our account is nothing to them.
  const said = reason === 'account' ? { zh: '我们这边出了问题', en: 'something is wrong on our side' } : reasons[reason];
  const body = (conversation.language ?? context.language) === 'en' ? `${noun.en} you sent did not reach us: ${said.en}. ${advice[reason].en}` : `您发来的${noun.zh}没有收到：${said.zh}。${advice[reason].zh}`;
  const { named, ticket } = landing;
  const message = await insertMessage(context, ticket, { body, visibility: 'public', direction: 'outbound', mentions: [], purpose: 'notice', ...(named.id === ticket.id ? {} : { fromTicketId: named.id }) });
  await queueNews(transaction, { messageId: message.id, ticketId: named.id, conversationId: conversation.id, channel: conversation.kind, reach: 'chat' }, now);
  await tellOnTicket(context, ticket, { kind: 'news.told', subjectId: message.id, quiet: true, data: { event: 'notice', preview: beginningOf(body), visibility: 'public' } });
}

/** It will not come any more: whoever works on the ticket is told, so that they can ask for it, and whoever sent it. */
async function giveUp(services: Services, transaction: Transaction, media: DueMedia, why: string, reason: Reason): Promise<void> {
  const now = services.clock.now();
  const context: Context = { ...await ownContext(services, transaction, now), actor: systemActor };
  const landing = await lockLanding(context, media.ticket_id);
  if ((await transaction.query(lock, [media.tenant_id, media.id])).length === 0) return;
  await transaction.query(settle, [media.tenant_id, media.id, 'lost', why.slice(0, 500), null, now]);
  if (!landing) return;
  const noun = nouns[media.part.kind];
  const name = media.part.name === undefined ? '' : `“${media.part.name.slice(0, 100).toWellFormed()}”`;
  const body = context.language === 'en' ? `${noun.en}${name === '' ? '' : ` ${name}`} of the customer could not be kept: ${reasons[reason].en}. ${advised[reason].en}` : `客户发来的${noun.zh}${name}未能保存：${reasons[reason].zh}。${advised[reason].zh}`;
  const note = await insertMessage(context, landing.ticket, { body, visibility: 'internal', direction: 'internal', mentions: [] });
  const ticket = await tellOfMessage(context, landing.ticket, note, []);
  if (!media.part.adorns) await tellSender(context, { ...landing, ticket }, media, reason);
}

/** Keeps fetching until stopped; woken when a message with media was taken in. */
export function runMedia(services: Services): Ongoing {
  const work = keepDoing(
    async () => (await fetchDueMedia(services) >= batch ? 0 : pollMilliseconds),
    (error) => {
      services.log.error({ error }, 'files of messages could not be looked up; it will be tried again');
      return pollMilliseconds;
    },
  );
  wake = work.wake;
  return stoppedWithin(work, farewellMilliseconds);
}
