import { Type, type Static } from 'typebox';
import { callStates } from '../rules/telephony/call.ts';
import { ticketStatuses } from '../rules/ticket/lifecycle.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery } from './common.ts';

export const callLimits = { note: 2_000, extension: 40, sipUser: 80, sipPassword: 200, segments: 5_000 } as const;
export const recordingStates = ['none', 'waiting', 'kept', 'lost'] as const;
export const transcriptStates = ['none', 'waiting', 'done', 'failed'] as const;

const TicketOfCall = Closed({ id: Id, number: Type.String(), subject: Type.String(), status: OneOf(ticketStatuses) });

/** A call (通话), numbers as far as the reader may see them. */
export const Call = Closed({
  id: Id, direction: OneOf(['inbound', 'outbound']), state: OneOf(callStates), number: Nullable(Type.String({ description: 'Of the other side; null where it is hidden' })), line: Nullable(Type.String({ description: 'The number of ours that was called, or called from' })),
  agent: Closed({ extension: Nullable(Type.String()), staff: Nullable(Reference) }), startedAt: Timestamp, answeredAt: NullableTimestamp, endedAt: NullableTimestamp,
  seconds: Nullable(Type.Integer({ description: 'How long they talked, or for which a missed call rang; null while it goes on' })),
  customer: Nullable(Closed({ ...Reference.properties, by: OneOf(['number', 'chosen'], { description: 'number: it is one they proved to be theirs; chosen: somebody said so' }) })),
  ticket: Nullable(TicketOfCall), callsBack: Type.Boolean({ description: 'The ticket asks somebody to call back' }), note: Type.String(),
  recording: Closed({ state: OneOf(recordingStates), mediaType: Nullable(Type.String()), failure: Nullable(Type.String()) }),
  transcript: OneOf(transcriptStates), channel: Reference, version: Type.Integer(), createdAt: Timestamp,
}, { title: 'Call' });
export type Call = Static<typeof Call>;
export const CallPage = Page(Call);
export type CallPage = Static<typeof CallPage>;
export const ListCalls = Closed({
  ...pageQuery, state: Type.Optional(OneOf(callStates)), direction: Type.Optional(OneOf(['inbound', 'outbound'])), mine: Type.Optional(OneOf(['all', 'current'], { description: 'all: calls of one’s own; current: those of them that go on' })),
  ticket: Type.Optional(Id), customer: Type.Optional(Id), number: Type.Optional(Type.String({ minLength: 3, maxLength: 40, description: 'The number as a whole, or its last digits (at least four)' })),
});

/** A piece of what was said (转写片段). */
export const Segment = Closed({ t0: Type.Number({ description: 'Seconds from the beginning' }), t1: Type.Number(), speaker: Nullable(Type.String()), text: Type.String(), confidence: Nullable(Type.Number()) }, { title: 'Segment' });

/** Somebody whose number calls (来电人), as far as is known. */
const KnownCaller = Closed({
  id: Id, name: Type.String(), tier: Nullable(Type.String()), account: Nullable(Reference), phone: Nullable(Type.String()), verified: Type.Boolean({ description: 'They proved that the number is theirs' }),
  tickets: Type.Array(TicketOfCall, { description: 'Unfinished ones, newest first, as far as the reader may see them' }),
});

/** A contact that was before (最近联系), by whatever channel. */
const FormerContact = Closed({
  kind: OneOf(['call', 'message', 'ticket']), at: Timestamp, channel: Type.String(), direction: OneOf(['inbound', 'outbound', 'internal']), text: Type.String(), ticket: Nullable(TicketOfCall),
});

/** A call with all that helps whoever takes it (来电弹屏). */
export const CallCard = Closed({
  ...Call.properties, segments: Type.Array(Segment), transcriptFailure: Nullable(Type.String()), people: Type.Array(KnownCaller, { description: 'Whose number it is; not who it is, where they did not prove it' }),
  tickets: Type.Array(TicketOfCall, { description: 'Unfinished ones on which this number stands though none of these people has them, newest first' }), contacts: Type.Array(FormerContact, { description: 'Newest first' }),
}, { title: 'CallCard' });
export type CallCard = Static<typeof CallCard>;
export const UpdateCall = Closed({
  note: Type.Optional(Type.String({ maxLength: callLimits.note })), ticketId: Type.Optional(Nullable(Type.String({ maxLength: 40, description: 'The ticket it is about, by id or number; null takes it from its ticket' }))), customerId: Type.Optional(Nullable(Id)),
}, { title: 'UpdateCall', minProperties: 1 });
export const DialCall = Type.Union([
  Closed({ ticketId: Type.String({ maxLength: 64, description: 'Whose number stands on a ticket, by its id or number' }) }), Closed({ customerId: Id, contactPointId: Id }),
], { title: 'DialCall', description: 'Nobody has to see a number in order to call it' });
export const OpenCallTicket = Closed({
  subject: Type.Optional(Type.String({ maxLength: limits.subject })), description: Type.Optional(Type.String({ maxLength: 20_000 })), type: Type.Optional(Type.String({ maxLength: 64 })), category: Type.Optional(Type.String({ maxLength: 64 })),
  customerId: Type.Optional(Nullable(Id)), name: Type.Optional(Type.String({ maxLength: limits.name, description: 'Of somebody who is not known yet' })),
}, { title: 'OpenCallTicket' });

/** Somebody's place on the telephone system (分机). */
export const PhoneLine = Closed({
  extension: Nullable(Type.String()), sipUser: Nullable(Type.String({ description: 'Who their browser is on the SIP server of the telephone system' })), hasSipPassword: Type.Boolean(), version: Type.Integer(),
}, { title: 'PhoneLine' });
export type PhoneLine = Static<typeof PhoneLine>;
/** Whether calls come in here at all, and one’s own extension (本人电话). */
export const Telephone = Closed({ connected: Type.Boolean(), extension: Nullable(Type.String()), dials: Type.Boolean({ description: 'Calls can be made from the console' }), softphone: Type.Boolean({ description: 'One’s own browser can be a telephone' }) }, { title: 'Telephone' });
export type Telephone = Static<typeof Telephone>;
export const UpdatePhoneLine = Closed({
  extension: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: callLimits.extension, pattern: '^[A-Za-z0-9._*#+-]+$' }))),
  sipUser: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: callLimits.sipUser, pattern: '^[A-Za-z0-9._*+-]+$' }))),
  sipPassword: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: callLimits.sipPassword, pattern: '^[\\x20-\\x7e]+$', description: 'Kept sealed, and given to nobody but that person’s own session; null removes it. It belongs to its user: another sipUser takes it away' }))),
}, { title: 'UpdatePhoneLine', minProperties: 1 });
/** What a browser needs to be somebody’s telephone (软电话). */
export const Softphone = Closed({
  server: Type.String({ description: 'The WebSocket of the telephone system' }), domain: Type.String(), stun: Nullable(Type.String()), user: Type.String(), password: Type.String(), name: Type.String(),
}, { title: 'Softphone' });
export type Softphone = Static<typeof Softphone>;
/** Colleagues a call can be handed on to (可转接的同事). */
export const Colleagues = Closed({ items: Type.Array(Closed({ id: Id, name: Type.String(), extension: Type.String() })) }, { title: 'Colleagues' });
export type Colleagues = Static<typeof Colleagues>;

export const speechProtocols = ['whisper', 'funasr'] as const;
/** What writes down what was said on the telephone (语音转写接入). Its key is never shown. */
export const SpeechSetting = Closed({
  enabled: Type.Boolean(), protocol: OneOf(speechProtocols), baseUrl: Nullable(Type.String()), model: Nullable(Type.String()), language: Nullable(Type.String()), hasKey: Type.Boolean(), timeoutSeconds: Type.Integer(),
  ready: Type.Boolean({ description: 'Whether it is switched on and has all it needs' }), updatedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'SpeechSetting' });
export type SpeechSetting = Static<typeof SpeechSetting>;
export const UpdateSpeechSetting = Closed({
  enabled: Type.Optional(Type.Boolean()), protocol: Type.Optional(OneOf(speechProtocols)),
  baseUrl: Type.Optional(Nullable(Type.String({ maxLength: 500, pattern: '^(https?|wss?)://[^\\s?#@]+[^\\s?#@/]$', description: 'whisper: up to the version, https://host/v1; funasr: wss://host:10095' }))),
  model: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))), language: Type.Optional(Nullable(Type.String({ pattern: '^[a-z]{2,3}$', description: 'What is spoken; left to the service when null' }))),
  key: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 500, pattern: '^[\\x21-\\x7e]+$', description: 'Sent as a bearer token; null removes it. It belongs to its address: another baseUrl takes it away' }))),
  timeoutSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 1_800 })),
}, { title: 'UpdateSpeechSetting', minProperties: 1 });
