import { Type, type Static } from 'typebox';
import { ChatContact, ChatMessage, ChatPresence, ChatSeen, ChatState, ChatWindow, OpenVisit, SendChatMessage, ShowVisit, Visit } from '../../../../contract/chat.ts';
import { Closed } from '../../../../contract/common.ts';
import { isWorkingTime } from '../../../../rules/calendar/working-time.ts';
import { oneLine, readableText } from '../../../../rules/text/one-line.ts';
import { rawOf } from '../../../channels/web-chat/inbound.ts';
import { isSigned, originsOf, tellsPage, wordsOf } from '../../../channels/web-chat/settings.ts';
import type { Context } from '../../../platform/context.ts';
import { newId } from '../../../platform/db/uuid.ts';
import { Refusal, missingInput, refuseInput } from '../../../platform/errors/refusal.ts';
import { useCase } from '../../../platform/http/use-case.ts';
import { activeCalendars } from '../../../records/calendar/active-calendars.ts';
import { noteChannel, openChannel, type ChannelRow } from '../../../records/channel/accounts.ts';
import { keepMessages } from '../../../records/channel/inbox.ts';
import { announceChat } from '../../../records/chat/signals.ts';
import { addChatMessage, chatFileOf, findChatMessage, noteRead, whenWritten } from '../../../records/chat/transcript.ts';
import { endVisitorTokens, findUserVisitor, insertVisitor, keepVisitorOnline, lockVisitor, noteSeenByStaff, noteVisitorOnline, readVisit, signVisit, takeVisitorOffline, ticketOfVisitor, updateVisitor, type VisitorRow } from '../../../records/chat/visitors.ts';
import { toStoredPhone } from '../../../records/customer/phone.ts';
import { readUploads } from '../../../records/file/attach-files.ts';
import { filesByIds } from '../../../records/file/queries.ts';
import { configurationOf } from '../../../records/organization/configuration.ts';
import { changeTicket } from '../../../records/ticket/change.ts';
import { lockLanding } from '../../../records/ticket/landing.ts';
import { isUnnamed } from '../../../records/ticket/named.ts';
import { noteVisit } from '../../../records/report/visit-allowance.ts';
import { beatVisitor, channelOfChat, keepReceipts, messageOf, presentTicket, stateOf, visitorOf } from './visitor.ts';

const ofChannel = Closed({ channel: Type.String({ maxLength: 200 }) });
const ofVisit = Closed({ token: Type.String({ maxLength: 200 }) });
const mostAMinute = 30;

/** What a chat on a website looks like (查看聊天外观). */
export const showChatWindow = useCase({
  summary: 'Show what a chat on a website looks like',
  params: ofChannel,
  answer: ChatWindow,
  async run(context): Promise<Static<typeof ChatWindow>> {
    const { settings, active } = await channelOfChat(context);
    const { organization } = await configurationOf(context);
    return {
      organization: { name: organization.name, slug: organization.slug }, title: wordsOf(settings, 'title'), greeting: wordsOf(settings, 'greeting'), color: settings['color'] ?? '#1a56db',
      language: (settings['language'] ?? 'auto') as 'auto', ask: (settings['ask'] ?? 'optional') as 'optional', away: await isAway(context, settings) ? wordsOf(settings, 'away') : null, open: active,
    };
  },
});

async function isAway(context: Context, settings: ChannelRow['settings']): Promise<boolean> {
  if (settings['hours'] !== 'calendar') return false;
  const calendar = (await activeCalendars(context.transaction)).default?.calendar;
  return calendar !== undefined && !isWorkingTime(calendar, context.now.getTime());
}

/**
 * A visitor comes, or comes again (访客到来). Whom the own site vouches for has one chat on whatever device, by tokens that last for hours and come with the site's
 * signature only: none that was given out before they signed in shows it, and signing out ends those there are, so that nothing is left behind.
 */
export const openVisit = useCase({
  summary: 'Come to a chat on a website, or come again',
  params: ofChannel,
  body: OpenVisit,
  answer: Visit,
  status: 201,
  secret: true,
  async run(context, { body }): Promise<Static<typeof Visit>> {
    const { services, transaction, tenantId, now } = context;
    const channel = await channelOfChat(context);
    if (!channel.active) throw new Refusal('chat_closed');
    const origin = allowedOrigin(context, channel, body.origin);
    if (body.user && !isSigned(openChannel(services.secrets, channel)?.values ?? {}, body.user, now)) throw new Refusal('user_not_proven');
    const said = { ...saidOf(context, body), ...(body.language ? { language: body.language } : {}), ...pageOf(channel, body.page), origin };
    const visitor = await comeAgain(context, channel.id, body.token, body.user?.id, said) ?? await comeFirst(context, channel.id, body.user?.id ?? null, said);
    await keepVisitorOnline(transaction, visitor, now);
    const { token, expiresAt } = signVisit(services.secrets, tenantId, visitor, now);
    return { token, expiresAt: expiresAt.toISOString(), contact: { name: visitor.name, email: visitor.email, phone: visitor.phone }, chat: await stateOf(context, visitor, null, false) };
  },
});

/** The origin of the page that holds the chat; null on this program's own page. */
function allowedOrigin(context: Context, { settings }: ChannelRow, given: string | undefined): string | null {
  const origin = context.foreignOrigin ?? given ?? null;
  if (origin === null || origin === URL.parse(context.services.publicUrl)?.origin) return null;
  if (!originsOf(settings).includes(origin)) throw new Refusal('origin_not_allowed');
  return origin;
}

type Saying = Static<typeof ChatContact>;
const saidOf = (context: Context, { name, email, phone }: Saying): Saying => ({
  ...(name === undefined ? {} : { name: oneLine(name) }), ...(email === undefined ? {} : { email: email.toLowerCase() }), ...(phone === undefined ? {} : { phone: toStoredPhone(context, phone, '/phone') }),
});
const pageOf = ({ settings }: ChannelRow, page: Static<typeof OpenVisit>['page']) => (page && tellsPage(settings) ? { page } : {});

type Coming = Parameters<typeof updateVisitor>[2] & { origin: string | null };

async function comeAgain(context: Context, accountId: string, token: string | undefined, userKey: string | undefined, said: Coming): Promise<VisitorRow | null> {
  const { transaction, tenantId, services, now } = context;
  const ofUser = userKey === undefined ? undefined : await findUserVisitor(transaction, accountId, userKey);
  if (ofUser) return updateVisitor(transaction, ofUser.id, said);
  const visit = token === undefined ? null : readVisit(services.secrets, token, now);
  if (visit?.tenantId !== tenantId || visit.accountId !== accountId) return null;
  const before = await lockVisitor(transaction, visit.visitorId);
  // Of somebody else at this browser, or of them before they signed out.
  if (!before || before.account_id !== accountId || before.user_key !== null || before.token_round !== visit.round) return null;
  // Pages that follow with the token of before are let go at once.
  if (userKey !== undefined) transaction.afterCommit(() => announceChat(services, tenantId, before.id));
  return updateVisitor(transaction, before.id, { ...said, userKey: userKey ?? null });
}

async function comeFirst(context: Context, accountId: string, userKey: string | null, said: Coming): Promise<VisitorRow> {
  await noteVisit(context);
  return insertVisitor(context.transaction, { ...said, id: newId(context.now.getTime()), accountId, userKey }, context.now);
}

/** Where nothing else is written it is said by itself. */
const stayOnline = ({ services, tenantId, now }: Context, visitor: VisitorRow): void => {
  noteVisitorOnline(services.database, tenantId, visitor, now).catch((error: unknown) => services.log.warn({ error }, 'a visitor could not be kept online'));
};

/** How a visitor's chat stands (查看聊天): for whoever cannot follow it. */
export const showChat = useCase({
  summary: 'Show how a chat stands, from a message on',
  params: ofVisit,
  query: ShowVisit,
  answer: ChatState,
  async run(context, { query }) {
    const { tenantId, transaction, services, language } = context;
    const [visitor, channel] = [await visitorOf(context), await channelOfChat(context)];
    transaction.afterCommit(() => stayOnline(context, visitor));
    const staff = beatVisitor(services, tenantId, channel, visitor, await presentTicket(context, visitor), { state: 'viewing', tab: 'poll', language });
    if (staff.there) await noteSeenByStaff(transaction, visitor.id);
    return stateOf(context, staff.there ? await visitorOf(context) : visitor, query.after ?? null, staff.typing);
  },
});

/** A visitor writes (访客发消息): kept in the chat and in the inbox at once; what it becomes is seen to afterwards. */
export const sendChatMessage = useCase({
  summary: 'Write a message in a chat on a website',
  params: ofVisit,
  body: SendChatMessage,
  answer: ChatMessage,
  status: 201,
  async run(context, { body }) {
    const { tenantId, transaction, services, now } = context;
    // Theirs go one after another.
    const visitor = await visitorOf(context, lockVisitor);
    const known = await findChatMessage(transaction, visitor.id, 'in', body.key);
    if (known) return known.message;
    const text = readableText(body.body).trim();
    const ids = readUploads(context, body.uploads ?? []);
    if (text === '' && ids.length === 0) throw missingInput('/body');
    const first = await whenWritten(transaction, visitor.id, mostAMinute);
    const wait = first === null ? 0 : Math.ceil((first.getTime() + 60_000 - now.getTime()) / 1_000);
    if (wait > 0) throw new Refusal('chat_too_fast', { seconds: wait });
    const found = await filesByIds(context, ids);
    if (found.length < ids.length || found.some((file) => file.ticket_id !== null)) throw refuseInput('/uploads', 'unknown_reference', { field: 'uploads' });
    const files = ids.map((id) => chatFileOf(found.find((file) => file.id === id)!));
    const { message } = await addChatMessage(transaction, visitor.id, { direction: 'in', key: body.key, body: text, files, author: null }, now);
    const inbound = messageOf(visitor, { key: body.key, body: text, files }, now);
    await keepMessages(transaction, visitor.account_id, [inbound], rawOf(inbound), now);
    await keepVisitorOnline(transaction, visitor, now);
    transaction.afterCommit(() => {
      announceChat(services, tenantId, visitor.id);
      noteChannel.received(services.database, tenantId, visitor.account_id, now).catch((error: unknown) => services.log.warn({ error }, 'the health of a channel could not be noted'));
    });
    return message;
  },
});

/** A visitor says how they can be reached (访客留下联系方式). */
export const leaveContact = useCase({
  summary: 'Say in a chat how one can be reached',
  params: ofVisit,
  body: ChatContact,
  answer: ChatContact,
  async run(context, { body }) {
    const before = await visitorOf(context, lockVisitor);
    const visitor = await updateVisitor(context.transaction, before.id, saidOf(context, body));
    await tellTicket(context, before, visitor);
    const { name, email, phone } = visitor;
    return { ...(name === null ? {} : { name }), ...(email === null ? {} : { email }), ...(phone === null ? {} : { phone }) };
  },
});

/** What a visitor says of themselves stands on the ticket their chat is about, where it says nothing else. */
async function tellTicket(context: Context, before: VisitorRow, { name, email, phone, account_id, id }: VisitorRow): Promise<void> {
  const ticketId = await ticketOfVisitor(context.transaction, { account_id, id });
  const landing = ticketId === null ? undefined : await lockLanding(context, ticketId);
  // Of a merged one the contact is somebody else's.
  if (!landing || landing.named.id !== landing.ticket.id || landing.ticket.status === 'closed' || landing.ticket.status === 'cancelled') return;
  const { ticket } = landing;
  const unnamed = name !== null && (ticket.contact_name === before.name || await isUnnamed(context, ticket));
  const said = { ...(unnamed ? { contact_name: name } : {}), ...(email !== null && ticket.contact_email === null ? { contact_email: email } : {}), ...(phone !== null && ticket.contact_phone === null ? { contact_phone: phone } : {}) };
  if (Object.keys(said).length > 0) await changeTicket({ ...context, actor: { kind: 'customer', id: ticket.customer_id, name: said.contact_name ?? ticket.contact_name } }, ticket, said, { kind: 'ticket.changed', data: {} });
}

/** A visitor has had answers before their eyes (已读). */
export const markChatSeen = useCase({
  summary: 'Say up to which message one has read',
  params: ofVisit,
  body: ChatSeen,
  answer: null,
  async run(context, { body }) {
    const visitor = await visitorOf(context, lockVisitor);
    await keepReceipts(context, visitor, await noteRead(context.transaction, visitor.id, Math.min(body.upTo, Number(visitor.last_seq)), context.now), 'read');
  },
});

/** A visitor writes, is on another page, leaves, or signs out of the own site (访客动态). */
export const markChatPresence = useCase({
  summary: 'Say that one is writing, on which page one is, that one leaves, or that one signed out of the own site',
  params: ofVisit,
  body: ChatPresence,
  answer: null,
  async run(context, { body }) {
    const { tenantId, transaction, services, now, language } = context;
    const channel = await channelOfChat(context);
    let visitor = await visitorOf(context);
    if (body.page && tellsPage(channel.settings)) visitor = await updateVisitor(transaction, visitor.id, { page: body.page });
    if (body.state === 'left' || body.state === 'signed_out') await takeVisitorOffline(transaction, visitor.id, now);
    else transaction.afterCommit(() => stayOnline(context, visitor));
    if (body.state === 'signed_out') {
      await endVisitorTokens(transaction, visitor.id);
      transaction.afterCommit(() => announceChat(services, tenantId, visitor.id));
    }
    const states = { here: 'viewing', typing: 'typing', left: 'left', signed_out: 'left' } as const;
    beatVisitor(services, tenantId, channel, visitor, await presentTicket(context, visitor), { state: states[body.state], tab: 'page', language });
  },
});
