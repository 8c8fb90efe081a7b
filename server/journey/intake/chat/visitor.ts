import type { ChatFile, ChatState } from '../../../../contract/chat.ts';
import { chatLimits } from '../../../../contract/chat.ts';
import { placeholderName } from '../../../../rules/intake/placeholders.ts';
import { rawOf } from '../../../channels/web-chat/inbound.ts';
import { tellsPage } from '../../../channels/web-chat/settings.ts';
import type { InboundMessage, InboundPart, Sender } from '../../../channels/inbound.ts';
import type { Context, Services } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors/refusal.ts';
import { findChannels, type ChannelRow } from '../../../records/channel/accounts.ts';
import { keepMessages } from '../../../records/channel/inbox.ts';
import { listChatMessages, noteFetched } from '../../../records/chat/transcript.ts';
import { findVisitor, ticketOfVisitor, type VisitorRow } from '../../../records/chat/visitors.ts';
import { endOfWay } from '../../../records/ticket/alias.ts';

/** The channel a caller chats by. */
export async function channelOfChat(context: Context): Promise<ChannelRow> {
  if (context.caller.kind !== 'visitor') throw new Refusal('link_invalid');
  const [channel] = await findChannels(context.transaction, [context.caller.accountId]);
  if (!channel) throw new Refusal('link_invalid');
  return channel;
}

/** The visitor who calls: as long as their token is of the round they are in. */
export async function visitorOf(context: Context, find: typeof findVisitor = findVisitor): Promise<VisitorRow> {
  if (context.caller.kind !== 'visitor' || context.caller.visitorId === null) throw new Refusal('link_invalid');
  const visitor = await find(context.transaction, context.caller.visitorId);
  if (visitor?.token_round !== context.caller.round) throw new Refusal('link_invalid');
  return visitor;
}

/** How a visitor is called where they said nothing. */
export const shownName = ({ name, user_key: key, id }: VisitorRow, language: 'zh-CN' | 'en'): string => name ?? placeholderName('visitor', key ?? id, language);

/** By which names a visitor is known: what the site vouches for, and their browser. What they say of themselves joins them with nobody: anybody may type it. */
const senderOf = (visitor: VisitorRow): Sender => ({
  ids: [
    ...(visitor.user_key === null ? [] : [{ kind: 'site_user', value: `${visitor.account_id} ${visitor.user_key}`, verified: true as const }]), { kind: 'visitor', value: visitor.id },
  ],
  ...(visitor.name === null ? {} : { name: visitor.name }),
});

const kindOf = ({ mediaType }: ChatFile): 'image' | 'voice' | 'video' | 'file' => (mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('audio/') ? 'voice' : mediaType.startsWith('video/') ? 'video' : 'file');

/** What a visitor wrote, as the inbox takes it (访客消息归一化). */
export function messageOf(visitor: VisitorRow, { key, body, files }: { key: string; body: string; files: readonly ChatFile[] }, now: Date): InboundMessage {
  const parts: InboundPart[] = [...(body === '' ? [] : [{ kind: 'text' as const, text: body }]), ...files.map((file): InboundPart => ({ kind: kindOf(file), media: file.id, name: file.name, contentType: file.mediaType, kept: true }))];
  return {
    externalId: `${visitor.id}:${key}`, thread: visitor.id, occurredAt: now, parts, sender: senderOf(visitor),
    // Stands on the ticket as what they said.
    values: { ...(visitor.phone === null ? {} : { 'requester.phone': visitor.phone }), ...(visitor.email === null ? {} : { 'requester.email': visitor.email }) },
  };
}

/** Has it told what became of answers, by the inbox as of every channel (回执入收件箱). */
export async function keepReceipts(context: Context, visitor: VisitorRow, ids: readonly string[], state: 'delivered' | 'read'): Promise<void> {
  if (ids.length === 0) return;
  const { transaction, now } = context;
  const receipts = ids.map((id): InboundMessage => ({ externalId: `${id}:${state}`, thread: `receipt:${id}`, occurredAt: now, kind: 'receipt', parts: [], values: {}, receipt: { providerId: id, state } }));
  await keepMessages(transaction, visitor.account_id, receipts, rawOf(...receipts), now);
}

/** How a chat stands, for the page of its visitor: what it fetches of answers is delivered. */
export async function stateOf(context: Context, visitor: VisitorRow, after: number | null, typing: boolean): Promise<ChatState> {
  const { messages, more } = await listChatMessages(context.transaction, visitor.id, after, chatLimits.page);
  await keepReceipts(context, visitor, await noteFetched(context.transaction, visitor.id, messages, context.now), 'delivered');
  return { messages, more, last: Number(visitor.last_seq), seen: Number(visitor.staff_seen_seq), typing };
}

/** The ticket a visitor's chat goes on on, wherever it was merged to. */
export async function presentTicket(context: Context, visitor: VisitorRow): Promise<string | null> {
  const ticketId = await ticketOfVisitor(context.transaction, visitor);
  return ticketId === null ? null : endOfWay(context, ticketId);
}

/** Whether somebody of the staff is on the ticket, and writing. */
export interface StaffThere {
  there: boolean;
  typing: boolean;
}

const nobody: StaffThere = { there: false, typing: false };
export const staffAmong = (people: readonly { state: string; note?: true; visitor?: true }[]): StaffThere => ({ there: people.some((person) => !person.visitor), typing: people.some((person) => !person.visitor && person.state === 'typing' && !person.note) });

/** Says to colleagues on the ticket that its visitor is there (访客在场); answers whether one of them is. */
export function beatVisitor({ hub }: Pick<Services, 'hub'>, tenantId: string, channel: Pick<ChannelRow, 'settings'>, visitor: VisitorRow, ticketId: string | null, beat: { state: 'viewing' | 'typing' | 'left'; tab: string; language: 'zh-CN' | 'en' }): StaffThere {
  if (ticketId === null) return nobody;
  const page = visitor.page && tellsPage(channel.settings) ? { url: visitor.page.url.slice(0, 500), title: (visitor.page.title ?? '').slice(0, 120) } : undefined;
  return staffAmong(hub.presence.beat({ tenantId, ticketId, staffId: visitor.id, name: shownName(visitor, beat.language), tab: beat.tab, state: beat.state, visitor: true, ...(page ? { page } : {}) }));
}
