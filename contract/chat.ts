import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Timestamp, limits, phonePattern, visible } from './common.ts';

export const chatLimits = { text: 4_000, files: 5, url: 1_000, title: 200, userId: 200, page: 100 } as const;

const Words = Closed({ 'zh-CN': Type.String(), en: Type.String() });

/** How a chat on a website looks and what it says (网页聊天外观). */
export const ChatWindow = Closed({
  organization: Closed({ name: Type.String(), slug: Type.String() }), title: Words, greeting: Words,
  color: Type.String({ description: 'Of the head and the button, as #rrggbb' }), language: OneOf(['auto', 'zh-CN', 'en'], { description: 'auto: the page’s own' }),
  ask: OneOf(['never', 'optional', 'required'], { description: 'Whether visitors are asked for name and contact before they write' }),
  away: Nullable(Words), open: Type.Boolean({ description: 'Whether visitors can write at present' }),
}, { title: 'ChatWindow' });
export type ChatWindow = Static<typeof ChatWindow>;

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const email = Type.String({ maxLength: 200, pattern: '^[^\\s@<>]{1,64}@[A-Za-z0-9.-]{1,190}$' });
const phone = Type.String({ minLength: 3, maxLength: 30, pattern: phonePattern });
const ChatPage = Closed({
  url: Type.String({ maxLength: chatLimits.url, pattern: '^https?://' }), title: Type.Optional(Type.String({ maxLength: chatLimits.title })), referrer: Type.Optional(Type.String({ maxLength: chatLimits.url })),
}, { title: 'ChatPage' });

/** A visitor comes, or comes again (访客到来). */
export const OpenVisit = Closed({
  token: Type.Optional(Type.String({ maxLength: 200, description: 'The token of an earlier visit, which goes on' })),
  user: Type.Optional(Closed({
    id: Type.String({ minLength: 1, maxLength: chatLimits.userId, pattern: visible }), at: Type.Integer({ minimum: 0, maximum: 99_999_999_999, description: 'When the site signed it, in seconds since 1970: it holds for 24 hours' }),
    signature: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'HMAC-SHA256 of `id.at` under the channel’s secret, in hexadecimal' }),
  }, { description: 'The user of the own site; their chat goes on on whatever device' })),
  name: Type.Optional(name), email: Type.Optional(email), phone: Type.Optional(phone),
  language: Type.Optional(OneOf(['zh-CN', 'en'])),
  origin: Type.Optional(Type.String({ maxLength: 300, description: 'The origin of the page that holds the chat, where that is not the one that calls' })),
  page: Type.Optional(ChatPage),
}, { title: 'OpenVisit' });

export const ChatFile = Closed({ id: Id, name: Type.String(), mediaType: Type.String(), size: Type.Integer(), width: Nullable(Type.Integer()), height: Nullable(Type.Integer()) }, { title: 'ChatFile' });
export type ChatFile = Static<typeof ChatFile>;
/** A message as the visitor’s page shows it (聊天消息). */
export const ChatMessage = Closed({
  seq: Type.Integer({ description: 'Its place in the chat, from 1 on without gaps' }), key: Type.String(), direction: OneOf(['in', 'out'], { description: 'in: the visitor’s own' }),
  body: Type.String(), files: Type.Array(ChatFile), author: Nullable(Type.String()), at: Timestamp,
}, { title: 'ChatMessage' });
export type ChatMessage = Static<typeof ChatMessage>;
/** How a chat stands (聊天状态). */
export const ChatState = Closed({
  messages: Type.Array(ChatMessage, { description: 'Those behind `after`, oldest first; the newest of all without it' }), more: Type.Boolean({ description: 'There are others behind these' }),
  last: Type.Integer({ description: 'The place of the newest of all' }), seen: Type.Integer({ description: 'Up to which place somebody of the staff has seen it' }), typing: Type.Boolean({ description: 'Somebody of the staff is writing' }),
}, { title: 'ChatState' });
export type ChatState = Static<typeof ChatState>;
export const Visit = Closed({
  token: Type.String({ description: 'For the addresses of the visit; lasts for 90 days, for a user of the own site for 12 hours, and begins anew with each visit. None that was given out before somebody signed in or out of the site is good any longer' }), expiresAt: Timestamp,
  contact: Closed({ name: Nullable(Type.String()), email: Nullable(Type.String()), phone: Nullable(Type.String()) }), chat: ChatState,
}, { title: 'ChatVisit' });
export const ShowVisit = Closed({ after: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'The place of the newest message that is known' })) });
export const SendChatMessage = Closed({
  key: Type.String({ pattern: '^[A-Za-z0-9-]{8,64}$', description: 'The page’s own name for it: what comes twice is kept once' }), body: Type.String({ maxLength: chatLimits.text }),
  uploads: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: chatLimits.files, uniqueItems: true })),
}, { title: 'SendChatMessage' });
export const ChatContact = Closed({ name: Type.Optional(name), email: Type.Optional(email), phone: Type.Optional(phone) }, { title: 'ChatContact', minProperties: 1 });
export const ChatSeen = Closed({ upTo: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }, { title: 'ChatSeen' });
export const ChatPresence = Closed({ state: OneOf(['here', 'typing', 'left', 'signed_out'], { description: 'signed_out: they left the own site’s account; the tokens of the visit are good for nothing any longer' }), page: Type.Optional(ChatPage) }, { title: 'ChatPresence' });

/** Who writes on the website, as colleagues see it (访客情况). */
export const TicketVisitor = Closed({
  visitor: Nullable(Closed({
    name: Nullable(Type.String()), online: Type.Boolean(), lastAt: NullableTimestamp, proven: Type.Boolean({ description: 'The own site vouches for who they are' }), user: Nullable(Type.String({ description: 'What the own site vouches for: its own name for them. Everything else, `name` included, is only said' })), site: Nullable(Type.String()),
    page: Nullable(Closed({ url: Type.String(), title: Type.String(), referrer: Type.String() }, { description: 'Where the channel allows it' })),
  }, { description: 'Null of tickets that came by no chat' })),
}, { title: 'TicketVisitor' });
export type TicketVisitor = Static<typeof TicketVisitor>;
