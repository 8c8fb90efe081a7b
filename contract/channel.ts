import { Type, type Static } from 'typebox';
import { cleansings, mappingLimits } from '../rules/intake/mapping.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Timestamp, limits, pageQuery, visible } from './common.ts';
import type { AccountField } from './notice.ts';

/** Channels that are set up in the console and bring something in by calls (可自建的接入渠道). */
export const inboundKinds = ['webhook', 'alertmanager', 'zabbix'] as const;
export type InboundKind = (typeof inboundKinds)[number];

export const channelLimits = { accounts: 100, secret: 4_000, field: 500, body: 2_097_152 } as const;
const token: AccountField = { name: 'token', secret: true, pattern: '^\\S{16,300}$' };

/** What an account of each kind takes, by its mode (渠道账号表单). A secret that is not given is made up. */
export const inboundForms: Record<InboundKind, Record<string, readonly AccountField[]>> = {
  webhook: {
    token: [token, { name: 'each', optional: true, pattern: '^[^\\s.]+(\\.[^\\s.]+){0,9}$' }],
    signature: [{ name: 'secret', secret: true, pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$' }, { name: 'each', optional: true, pattern: '^[^\\s.]+(\\.[^\\s.]+){0,9}$' }],
  },
  alertmanager: { token: [token] },
  zabbix: { token: [token] },
};

/** What a mapping may fill (映射目标), beside `fields.<key>` of the ticket's form. */
export const mappingTargets = [
  'externalId', 'occurredAt', 'type', 'subject', 'description', 'category', 'priority', 'requester.name', 'requester.phone', 'requester.email', 'location.address', 'location.lat', 'location.lng', 'assetCode', 'tags',
  'alarm.key', 'alarm.episode', 'alarm.state',
] as const;
export const isMappingTarget = (target: string): boolean => (mappingTargets as readonly string[]).includes(target) || /^fields\.[a-z][A-Za-z0-9_]{0,39}$/.test(target);

export const Mapping = Type.Array(Closed({
  target: Type.String({ minLength: 1, maxLength: 60 }),
  from: Type.Optional(Type.String({ minLength: 1, maxLength: mappingLimits.path, description: 'A path into what came: names and numbers of list items between dots' })),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: mappingLimits.text, description: 'A text with {{paths}}' })),
  value: Type.Optional(Type.Union([Type.String({ maxLength: mappingLimits.text }), Type.Number(), Type.Boolean()])),
  cleanse: Type.Optional(Type.Array(OneOf(cleansings), { maxItems: 10 })),
  table: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 200 }), { maxProperties: mappingLimits.table })),
  otherwise: Type.Optional(Type.String({ maxLength: mappingLimits.text })),
}, { title: 'FieldMapping' }), { maxItems: mappingLimits.mappings });

const Values = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: channelLimits.secret }), { maxProperties: 10 });

/** A channel by which requests come in (渠道账号). */
export const InboundChannel = Closed({
  id: Id, kind: OneOf(inboundKinds), name: Type.String(), active: Type.Boolean(), mode: Type.String(), settings: Type.Record(Type.String(), Type.String(), { description: 'What is no secret' }),
  secrets: Type.Array(Type.String(), { description: 'Which secrets are kept; none is ever shown again' }), mapping: Mapping,
  url: Type.String({ description: 'Where the other program calls' }),
  health: Closed({
    state: OneOf(['unused', 'well', 'refusing', 'off']), lastReceivedAt: NullableTimestamp, lastRefusedAt: NullableTimestamp, lastRefusal: Nullable(Type.String()),
    waiting: Type.Integer({ description: 'Messages not taken in yet; counted up to 1,000' }), quarantined: Type.Integer({ description: 'Messages put aside; counted up to 1,000' }),
  }),
  version: Type.Integer(), createdAt: Timestamp,
}, { title: 'InboundChannel' });
export type InboundChannel = Static<typeof InboundChannel>;
export const CreatedChannel = Closed({ ...InboundChannel.properties, made: Type.Record(Type.String(), Type.String(), { description: 'Secrets that were made up: shown this once' }) }, { title: 'CreatedChannel' });
export const CreateChannel = Closed({
  kind: OneOf(inboundKinds), name: Type.String({ minLength: 1, maxLength: limits.name, pattern: visible }), mode: Type.Optional(Type.String({ maxLength: 40 })),
  settings: Type.Optional(Type.Unsafe<Static<typeof Values>>({ ...Values })), mapping: Type.Optional(Mapping), active: Type.Optional(Type.Boolean()),
}, { title: 'CreateChannel' });
export const UpdateChannel = Closed({
  name: Type.Optional(CreateChannel.properties.name), mode: Type.Optional(Type.String({ maxLength: 40 })),
  settings: Type.Optional(Type.Unsafe<Static<typeof Values>>({ ...Values, description: 'A secret that is left out stays as it is' })), mapping: Type.Optional(Mapping), active: Type.Optional(Type.Boolean()),
}, { title: 'UpdateChannel', minProperties: 1 });
export const TryMapping = Closed({ kind: OneOf(inboundKinds), each: Type.Optional(Type.String({ maxLength: 200 })), mapping: Mapping, body: Type.String({ maxLength: 262_144, description: 'What the other program sends, as text' }) }, { title: 'TryMapping' });

/** What came in by a channel and what became of it (收件记录). */
export const InboxMessage = Closed({
  id: Id, externalId: Type.String(), thread: Type.String(), occurredAt: Timestamp, receivedAt: Timestamp, state: OneOf(['waiting', 'done', 'passed_over', 'quarantined']),
  outcome: Nullable(Type.String()), attempts: Type.Integer(), failure: Nullable(Type.String()), failureDetail: Nullable(Type.String()), preview: Type.String(),
  ticket: Nullable(Closed({ id: Id, number: Type.String() }, { description: 'As far as the reader may see it' })),
}, { title: 'InboxMessage' });
export type InboxMessage = Static<typeof InboxMessage>;
export const InboxPage = Page(InboxMessage);
export const ListInbox = Closed({ ...pageQuery, state: Type.Optional(OneOf(['waiting', 'done', 'passed_over', 'quarantined'])) });
