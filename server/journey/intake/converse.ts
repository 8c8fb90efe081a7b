import { limits } from '../../../contract/common.ts';
import type { channels } from '../../../contract/ticket.ts';
import { isGreeting, isNowhere, saysNothingYet, subjectOf, unnamed, wordsOf } from '../../../rules/intake/conversation.ts';
import { oneLine } from '../../../rules/text/one-line.ts';
import { reckonPriority } from '../../../rules/priority/priority.ts';
import type { InboundPart, MediaPart, Sender } from '../../channels/inbound.ts';
import { systemActor, type Context } from '../../platform/context.ts';
import { build, NeedsOwnTransaction } from '../../platform/db/database.ts';
import { newId } from '../../platform/db/uuid.ts';
import type { ChannelRow } from '../../records/channel/accounts.ts';
import type { InboxRow } from '../../records/channel/inbox.ts';
import { putGuesses } from '../../records/completion/guesses.ts';
import { enter, seek } from '../../records/conversation/channel/identify.ts';
import { beginThread, findThread, noteInbound, type Thread } from '../../records/conversation/channel/threads.ts';
import { addBareMessage } from '../../records/conversation/add-message.ts';
import { configurationOf } from '../../records/organization/configuration.ts';
import { announceChat } from '../../records/chat/signals.ts';
import { attachFiles } from '../../records/file/attach-files.ts';
import { filesByIds } from '../../records/file/queries.ts';
import { changeTicket, tellOnTicket } from '../../records/ticket/change.ts';
import { lockLanding, type Landing } from '../../records/ticket/landing.ts';
import { toStoredPlace } from '../../records/ticket/references.ts';
import type { TicketRow } from '../../records/ticket/row.ts';
import { announceMedia } from './fetch-media.ts';
import { mailThread, tellOfMail } from './mail-thread.ts';
import { openTicket } from './open-ticket.ts';
import { requestOf } from './request-of.ts';
import { mayBeShortAnswer, takeShortAnswer } from './short-answer.ts';
import { answerSide } from './side-answer.ts';
import type { Outcome } from './take-in.ts';
import { tellUnclear } from './tell-unclear.ts';
import { heedOptOut, textThread } from './text-thread.ts';

/** By which channel a ticket of an account counts (工单渠道). */
const channelOf: Readonly<Record<string, (typeof channels)[number]>> = {
  email: 'email', wechat_official_account: 'wechat', wechat_mini_program: 'mini_program', wechat_kf: 'wechat', wecom: 'wecom', dingtalk: 'dingtalk', feishu: 'feishu', web_chat: 'chat',
  sms: 'sms', telegram: 'social', whatsapp: 'social', messenger: 'social', line: 'social', douyin: 'social', weibo: 'social',
};
const mostWords = 4_000;
const pinnedAddress = 0.5;

/**
 * A message of a conversation (会话消息): on the unfinished ticket that its thread is about it is what its customer writes there, as at the
 * portal; else it becomes a ticket of its own. Whoever calls sees to it that those of one thread come one after another.
 *
 * @throws NeedsOwnTransaction in a commit shared with others, before anything is written, where somebody is at what it is about, or it is no plain message
 */
export async function converse(context: Context, channel: ChannelRow, row: InboxRow, sender: Sender, withFields: boolean): Promise<Outcome> {
  const { transaction, now } = context;
  const answered = await answerSide(context, channel, row, sender);
  if (answered) return answered;
  const { thread, beside, replyContext } = await mailThread(context, channel, row, sender);
  const { sender: from, about } = await textThread(context, channel, row, sender);
  const [present, sought] = await Promise.all([findThread(transaction, channel.id, thread), seek(context, channel.id, from)]);
  const ahead = transaction.shared ? await lockAhead(context, row, present) : undefined;
  const conversation = present ?? await beginThread(transaction, channel.id, thread, now);
  const { customerId, name } = await enter(context, channel.id, sought);
  const writing: Context = { ...context, actor: { kind: 'customer', id: customerId, name: name?.slice(0, limits.name) ?? null } };
  const stopped = await heedOptOut(writing, channel, row, about ?? conversation.ticket_id);
  const short = stopped ? { outcome: stopped } : transaction.shared ? null : await takeShortAnswer(writing, channel, row, conversation, customerId);
  const heard = (ticketId: string | null) => noteInbound(transaction, conversation.id, { sender, ...(replyContext ? { replyContext } : {}), occurredAt: row.occurred_at }, { ticketId, customerId });
  if (short?.outcome) {
    await heard(conversation.ticket_id);
    return short.outcome;
  }
  const landing = short?.landing ?? (about === null ? null : goingOn(await lockLanding(context, about))) ?? (conversation.ticket_id === null ? null : goingOn(ahead ?? await lockLanding(context, conversation.ticket_id)));
  // About the ticket it began with, wherever that was merged to: so a merge can be undone.
  const written = landing ? (await Promise.all([addTo(writing, channel, landing, row), heard(landing.named.id)]))[0] : await open(writing, channel, row, customerId, name, withFields);
  const { ticket, messageId, opened } = written;
  if (!landing) await heard(ticket.id);
  await awaitMedia(context, row, ticket.id, messageId);
  await hangOnKept(writing, row, ticket, messageId);
  if (channel.kind === 'web_chat') transaction.afterCommit(() => announceChat(context.services, context.tenantId, row.thread));
  if (opened && channel.kind === 'email') await tellOfMail({ ...context, actor: systemActor }, ticket, row.content, beside);
  return { outcome: opened ? 'ticket_opened' : 'message_added', ticketId: ticket.id };
}

/** What a plain message goes on with, before anything is written (先锁后写); whatever else a message may be has a commit of its own. */
async function lockAhead(context: Context, row: InboxRow, thread: Thread | undefined): Promise<Landing | undefined> {
  const [short, landing] = await Promise.all([mayBeShortAnswer(context, row, thread), thread?.ticket_id == null ? undefined : lockLanding(context, thread.ticket_id)]);
  if (short) throw new NeedsOwnTransaction();
  return landing;
}

/** Where the thread goes on; null where its matter is over, so that this is another one. */
const goingOn = (landing: Landing | undefined): Landing | null => (landing && landing.ticket.status !== 'closed' && landing.ticket.status !== 'cancelled' ? landing : null);

interface Written {
  ticket: TicketRow;
  messageId: string | null;
  opened: boolean;
}

async function addTo(context: Context, channel: ChannelRow, { named, ticket }: Landing, row: InboxRow): Promise<Written> {
  const said = wordsOf(row.content.parts.map(asMeasured), context.language).slice(0, limits.comment).toWellFormed();
  const { row: message, ticket: told } = await addBareMessage(context, ticket, {
    body: said || '…', visibility: 'public', direction: 'inbound', mentions: [], channel: channelOf[channel.kind] ?? 'chat', fromTicketId: named.id === ticket.id ? undefined : named.id,
  });
  let current = told;
  // Who began with a greeting or a picture says only now what the matter is; nobody has begun, so nobody is taken by surprise.
  if (current.status === 'new' && current.assignee_id === null && named.id === ticket.id && saysNothingYet(current.subject) && !saysNothingYet(said)) {
    const subject = oneLine(subjectOf(textOf(row.content.parts)));
    const request = isGreeting(current.description) ? { description: `${current.description}\n${said}`.slice(0, limits.description).toWellFormed() } : {};
    if (subject !== '') current = await changeTicket(context, current, { subject, ...request }, { kind: 'ticket.changed', data: {} });
  }
  const place = pinIn(row.content.parts);
  if (place && current.lat === null && named.id === ticket.id) current = await changeTicket(context, current, pinOn(current.address, place), { kind: 'ticket.changed', data: {} });
  await markPinned(context, ticket.address, current, place);
  return { ticket: current, messageId: message.id, opened: false };
}

async function open(context: Context, channel: ChannelRow, row: InboxRow, customerId: string | null, name: string | null, withFields: boolean): Promise<Written> {
  const { parts, values } = row.content;
  const { request, unclear } = await requestOf(context, await configurationOf(context), values, withFields, { written: true });
  const said = wordsOf(parts.filter((part) => part.kind !== 'location' || isNowhere(part)), context.language).slice(0, mostWords).toWellFormed();
  const place = pinIn(parts);
  const { requester, ...asked } = request;
  const { ticket } = await openTicket(context, {
    ...asked, subject: request.subject || oneLine(subjectOf(textOf(parts))) || oneLine(subjectOf(wordsOf(parts.map(asMeasured), context.language))) || unnamed(channel.name), description: request.description || said,
    channel: channelOf[channel.kind] ?? 'chat', trusted: false,
    requester: customerId !== null ? { ...(channel.kind === 'web_chat' ? requester : {}), customerId, ...(name ? { name: name.slice(0, limits.name) } : {}) } : { ...(name ? { name: name.slice(0, limits.name) } : {}), ...requester },
    ...(place && request.location?.lat == null ? { location: { lat: place.lat, lng: place.lng, crs: place.crs, ...addressOf(request.location?.address ?? place.address) } } : {}),
  }, reckonPriority);
  await markPinned(context, request.location?.address ?? null, ticket, place);
  return { ticket: await tellUnclear({ ...context, actor: systemActor }, ticket, unclear), messageId: null, opened: true };
}

const addressOf = (address: string | null | undefined): { address?: string } => (address ? { address: address.slice(0, 300) } : {});

/** What a map calls a place is a guess at the address: what they say of it themselves may take its place. */
async function markPinned(context: Context, before: string | null, ticket: TicketRow, place: Extract<InboundPart, { kind: 'location' }> | undefined): Promise<void> {
  if (!place || before !== null || ticket.address === null || ticket.address !== placeOf(place).address) return;
  await putGuesses(context.transaction, ticket.id, [{ field: 'address', value: ticket.address, words: ticket.address, confidence: pinnedAddress, source: 'rule' }], context.now);
}

const pinIn = (parts: readonly InboundPart[]): Extract<InboundPart, { kind: 'location' }> | undefined => parts.find((part) => part.kind === 'location' && !isNowhere(part)) as Extract<InboundPart, { kind: 'location' }> | undefined;

/** A pin in the numbers the ticket keeps, or two would be told of one place. */
function asMeasured(part: InboundPart): InboundPart {
  if (part.kind !== 'location' || isNowhere(part)) return part;
  const { lat, lng } = placeOf(part);
  return lat === null || lng === null ? part : { ...part, lat, lng, crs: 'WGS84' };
}

const textOf = (parts: readonly InboundPart[]): string => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : part.kind === 'link' ? [part.title] : [])).join('\n');

/** A pin says where it is, and how it is called only where nobody said so: what they said or somebody entered stays. */
function pinOn(address: string | null, part: Extract<InboundPart, { kind: 'location' }>): ReturnType<typeof placeOf> {
  const pin = placeOf(part);
  return { ...pin, address: address ?? pin.address };
}

function placeOf(part: Extract<InboundPart, { kind: 'location' }>): { address: string | null; lat: number | null; lng: number | null } {
  return toStoredPlace({ lat: part.lat, lng: part.lng, crs: part.crs, ...(part.address ? { address: part.address.slice(0, 300) } : {}) });
}

/** Files that lie here already are hung on at once. What is gone, or was sent with another message, keeps no words out. */
async function hangOnKept(context: Context, row: InboxRow, ticket: TicketRow, messageId: string | null): Promise<void> {
  const ids = row.content.parts.flatMap((part) => ('media' in part && part.kept ? [part.media] : []));
  const free = (await filesByIds(context, ids)).filter((file) => file.ticket_id === null && file.uploaded_by_kind === 'customer');
  if (free.length === 0) return;
  const files = await attachFiles(context, free.map(({ id }) => id), { ticketId: ticket.id, ...(messageId === null ? {} : { messageId }), visibility: 'public' });
  await tellOnTicket(context, ticket, { kind: 'file.attached', data: { fileIds: files.map(({ id }) => id), names: files.map(({ name }) => name), ...(messageId === null ? {} : { messageId }) } });
}

async function awaitMedia(context: Context, row: InboxRow, ticketId: string, messageId: string | null): Promise<void> {
  const media = row.content.parts.filter((part): part is MediaPart => 'media' in part && !part.kept);
  if (media.length === 0) return;
  await context.transaction.run(build.insertInto('inbound_media').values(media.map((part) => ({
    tenant_id: context.tenantId, id: newId(context.now.getTime()), inbox_id: row.id, ticket_id: ticketId, message_id: messageId, part: JSON.stringify(part), due_at: context.now, created_at: context.now,
  }))));
  context.transaction.afterCommit(announceMedia);
}
