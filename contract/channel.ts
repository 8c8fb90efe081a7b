import { Type, type Static } from 'typebox';
import { cleansings, mappingLimits } from '../rules/intake/mapping.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Timestamp, limits, pageQuery, visible } from './common.ts';
import type { AccountField } from './notice.ts';
import { deviceForms, smsForms, socialForms } from './social-forms.ts';

/** Channels that are set up in the console and bring something in by calls (可自建的接入渠道). */
export const inboundKinds = ['webhook', 'alertmanager', 'zabbix', 'wechat_official_account', 'wechat_mini_program', 'wechat_kf', 'wecom', 'dingtalk', 'feishu', 'email', 'web_chat', 'phone', 'hotline', 'sms', 'telegram', 'whatsapp', 'messenger', 'line', 'douyin', 'weibo', 'mqtt'] as const;
export type InboundKind = (typeof inboundKinds)[number];

export const channelLimits = { accounts: 100, secret: 4_000, field: 500, body: 2_097_152 } as const;
const token: AccountField = { name: 'token', secret: true, made: 'token', pattern: '^\\S{16,300}$' };
// What callbacks of WeChat and WeCom are signed and encrypted with: chosen here, written down on the platform's side.
const sealedCallbacks: readonly AccountField[] = [
  { name: 'token', secret: true, made: 32, pattern: '^[A-Za-z0-9]{3,32}$' }, { name: 'encodingAesKey', secret: true, made: 43, pattern: '^[A-Za-z0-9+/]{43}$' },
];
const baseUrl: AccountField = { name: 'baseUrl', optional: true, pattern: '^https?://[^\\s]{1,480}$' };
const ofPlatform = (name: string): AccountField => ({ name, pattern: '^[A-Za-z0-9_-]{5,64}$' });
const dingtalkApp: readonly AccountField[] = [ofPlatform('clientId'), { name: 'clientSecret', secret: true }, { name: 'robotCode', optional: true, pattern: '^[A-Za-z0-9_-]{5,64}$' }];

// What a chat on websites says, in both languages; where one is left out, the other stands for it.
const inTwo = (name: string): readonly AccountField[] => [{ name, optional: true }, { name: `${name}En`, optional: true }];
const webOrigin = 'https?://[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?';

const mailServer = '^[A-Za-z0-9.:-]{1,190}$';
// What becomes of mail that no person wrote, and where answers go out; without a server nothing goes out by mail.
const mailOut: readonly AccountField[] = [
  { name: 'automated', standard: 'keep', choices: ['keep', 'ticket'] }, { name: 'fromName', optional: true }, { name: 'smtpHost', optional: true, pattern: mailServer }, { name: 'smtpPort', optional: true, pattern: '^[0-9]{1,5}$' }, { name: 'smtpSecurity', optional: true, choices: ['tls', 'starttls', 'none'] },
  { name: 'smtpUser', optional: true }, { name: 'smtpPassword', secret: true, optional: true }, { name: 'signature', optional: true },
];
const mailAddress: AccountField = { name: 'address', pattern: '^[^\\s@<>,;:"\\\\()\\[\\]+]{1,64}@[A-Za-z0-9.-]{1,190}$' };

const signing: AccountField = { name: 'secret', secret: true, made: 'signing', pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$' };
// What becomes of calls nobody took, and how recordings are fetched.
const telephony: readonly AccountField[] = [
  { name: 'callBack', standard: 'call_back', choices: ['call_back', 'no_ticket'] }, { name: 'callBackMinutes', standard: '240', pattern: '^[1-9][0-9]{0,4}$' }, { name: 'recordingAuthorization', secret: true, optional: true, pattern: '^[\\x20-\\x7e]{1,1000}$' },
  { name: 'recordingHost', optional: true, neededWith: 'recordingAuthorization', pattern: '^[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?$' },
];
// Where browsers become telephones: SIP over a WebSocket.
const softphone: readonly AccountField[] = [
  { name: 'softphoneUrl', optional: true, pattern: '^(wss://[A-Za-z0-9.-]{1,190}|ws://(localhost|127\\.0\\.0\\.1))(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]{0,200})?$' },
  { name: 'softphoneDomain', optional: true, pattern: '^[A-Za-z0-9.-]{1,190}$' }, { name: 'softphoneStun', optional: true, pattern: '^stuns?:[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?$' },
];
// Where a hotline is told what became of its cases; without an address that is done there by hand.
const reporting: readonly AccountField[] = [{ name: 'reportUrl', optional: true, pattern: '^https?://[^\\s]{1,480}$' }];

/** What an account of each kind takes, by its mode (渠道账号表单). A secret that is not given is made up. */
export const inboundForms: Record<InboundKind, Record<string, readonly AccountField[]>> = {
  webhook: {
    token: [token, { name: 'each', optional: true, pattern: '^[^\\s.]+(\\.[^\\s.]+){0,9}$' }],
    signature: [{ name: 'secret', secret: true, made: 'signing', pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$' }, { name: 'each', optional: true, pattern: '^[^\\s.]+(\\.[^\\s.]+){0,9}$' }],
  },
  alertmanager: { token: [token] },
  zabbix: { token: [token] },
  wechat_official_account: { encrypted: [ofPlatform('appId'), { name: 'appSecret', secret: true }, ...sealedCallbacks, { name: 'templateId', optional: true, pattern: '^[A-Za-z0-9_-]{10,80}$' }, { name: 'templateData', optional: true, pattern: '^[a-z_0-9]+=[^;]+(;[a-z_0-9]+=[^;]+){0,9}$' }, baseUrl] },
  wechat_mini_program: { encrypted: [ofPlatform('appId'), { name: 'appSecret', secret: true }, ...sealedCallbacks, { name: 'templateId', optional: true, pattern: '^[A-Za-z0-9_-]{10,80}$' }, { name: 'templateData', optional: true, pattern: '^[a-z_0-9]+=[^;]+(;[a-z_0-9]+=[^;]+){0,9}$' }, { name: 'templatePage', optional: true, pattern: '^[A-Za-z0-9_/?&=.{}-]{1,200}$' }, baseUrl] },
  wechat_kf: { encrypted: [ofPlatform('corpId'), { name: 'secret', secret: true }, ...sealedCallbacks, baseUrl] },
  wecom: { encrypted: [ofPlatform('corpId'), { name: 'agentId', pattern: '^[0-9]{1,20}$' }, { name: 'secret', secret: true }, ...sealedCallbacks, { name: 'welcome', optional: true }, baseUrl] },
  dingtalk: {
    stream: [...dingtalkApp, baseUrl],
    http: [...dingtalkApp, ...sealedCallbacks, baseUrl],
  },
  feishu: { events: [ofPlatform('appId'), { name: 'appSecret', secret: true }, { name: 'encryptKey', secret: true, made: 32, pattern: '^\\S{8,100}$' }, { name: 'verificationToken', secret: true, optional: true, pattern: '^\\S{8,100}$' }, baseUrl] },
  web_chat: {
    page: [
      // Whose pages may hold it: nobody's unless they are named.
      { name: 'origins', optional: true, pattern: `^${webOrigin}([ ,，]+${webOrigin}){0,30}$` }, ...inTwo('title'), ...inTwo('greeting'), { name: 'color', standard: '#1a56db', pattern: '^#[0-9a-fA-F]{6}$' },
      { name: 'language', standard: 'auto', choices: ['auto', 'zh-CN', 'en'] }, { name: 'ask', standard: 'optional', choices: ['never', 'optional', 'required'] }, { name: 'hours', standard: 'always', choices: ['always', 'calendar'] }, ...inTwo('away'),
      { name: 'context', standard: 'yes', choices: ['yes', 'no'] }, { name: 'secret', secret: true, made: 'token', pattern: '^\\S{16,300}$' },
    ],
  },
  email: {
    imap: [
      mailAddress, { name: 'host', pattern: mailServer }, { name: 'port', standard: '993', pattern: '^[0-9]{1,5}$' }, { name: 'security', standard: 'tls', choices: ['tls', 'starttls', 'none'] }, { name: 'user', optional: true },
      { name: 'password', secret: true }, { name: 'mailbox', standard: 'INBOX' }, ...mailOut,
    ],
    smtp: [mailAddress, ...mailOut],
  },
  phone: {
    token: [token, ...telephony, ...softphone], signature: [signing, ...telephony, ...softphone],
    ari: [
      { name: 'baseUrl', pattern: '^https?://[^\\s]{1,480}$' }, { name: 'user', pattern: '^[^\\s:]{1,100}$' }, { name: 'password', secret: true }, { name: 'app', standard: 'bihuan', pattern: '^[A-Za-z0-9_-]{1,60}$' },
      { name: 'technology', standard: 'PJSIP', pattern: '^[A-Za-z0-9]{1,20}$' }, { name: 'dialContext', standard: 'from-internal', pattern: '^[A-Za-z0-9_.-]{1,79}$' }, { name: 'record', standard: 'record_no', choices: ['record_no', 'record_yes'] }, ...telephony.slice(0, 2), ...softphone,
    ],
  },
  hotline: { signature: [signing, ...reporting], token: [token, ...reporting] },
  ...smsForms, ...socialForms, ...deviceForms,
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

const Values = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: channelLimits.secret }), { maxProperties: 30 });

/** How a channel fares (渠道健康). */
export const ChannelHealth = Closed({
  state: OneOf(['unused', 'well', 'refusing', 'off']), lastReceivedAt: NullableTimestamp, lastRefusedAt: NullableTimestamp, lastRefusal: Nullable(Type.String({ description: '`code: words`, or `code/what/name: words` where it is known what is to be mended: `compare` or `key` the secret of that name, `plain` set that encryption, `other_app` it is for that one' })),
  waiting: Type.Integer({ description: 'Messages not taken in yet; counted up to 1,000' }), quarantined: Type.Integer({ description: 'Messages put aside; counted up to 1,000' }),
  replies: Closed({
    sent: Type.Integer(), failed: Type.Integer({ description: 'Those that failed, are held, or are tried again, as far as it lies with the account or the platform; not what one customer takes no more' }), failing: Type.Integer({ description: 'Those of them after the last that went out' }), lastFailedAt: NullableTimestamp, failure: Nullable(Type.String({ description: 'Why the last one failed, as on its message' })),
    failureDetail: Nullable(Type.String({ description: 'What the platform said' })), failingSince: NullableTimestamp,
  }, { description: 'Answers of the last 24 hours to those who write by it; of very many the newest 5,000. `failingSince`: the first that failed after the last that went out' }),
  lastMinute: Type.Integer({ description: 'Messages that came within the last minute; counted up to 10,000' }), lastDay: Type.Integer({ description: 'Messages that came within the last 24 hours; counted up to 10,000' }),
}, { title: 'ChannelHealth' });
export type ChannelHealth = Static<typeof ChannelHealth>;

/** A channel by which requests come in (渠道账号). */
export const InboundChannel = Closed({
  id: Id, kind: OneOf(inboundKinds), name: Type.String(), active: Type.Boolean(), mode: Type.String(), settings: Type.Record(Type.String(), Type.String(), { description: 'What is no secret' }),
  secrets: Type.Array(Type.String(), { description: 'Which secrets are kept; none is ever shown again' }), mapping: Mapping,
  url: Type.String({ description: 'Where the other program calls' }),
  mailPort: Nullable(Type.Integer({ description: 'Of mail that is delivered directly: the port at which this program takes it; null where it takes none (SMTP_PORT), and of other channels' })),
  health: ChannelHealth,
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
  archived: Type.Optional(Type.Literal(true, { description: 'Takes the channel away for good: its address answers no more; what came by it stays' })),
}, { title: 'UpdateChannel', minProperties: 1 });
/** How often somebody agreed to a message of a template in the organization's own mini program (订阅消息授权). */
export const AddGrants = Closed({
  identity: Type.String({ minLength: 1, maxLength: 320, description: 'The openid' }), templates: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 20, description: 'Each once for each time it was agreed to' }),
}, { title: 'AddGrants' });
export const Grants = Closed({ items: Type.Array(Closed({ templateId: Type.String(), remaining: Type.Integer() })) }, { title: 'Grants' });
export const TryMapping = Closed({ kind: OneOf(inboundKinds), each: Type.Optional(Type.String({ maxLength: 200 })), mapping: Mapping, body: Type.String({ maxLength: 262_144, description: 'What the other program sends, as text' }) }, { title: 'TryMapping' });

/** What came in by a channel and what became of it (收件记录). */
export const InboxMessage = Closed({
  id: Id, externalId: Type.String(), thread: Type.String(), occurredAt: Timestamp, receivedAt: Timestamp, state: OneOf(['waiting', 'done', 'passed_over', 'quarantined']),
  outcome: Nullable(Type.String()), attempts: Type.Integer(), failure: Nullable(Type.String()), failureDetail: Nullable(Type.String()), failureWords: Nullable(Type.String({ description: 'The failure in the language of Accept-Language, where it is one of the API’s refusals' })), note: Nullable(Type.String({ description: 'Why somebody let it be' })), preview: Type.String({ description: 'What it says or tells of, in a line' }),
  who: Nullable(Type.String({ description: 'Who it is from, as far as it says' })),
  ticket: Nullable(Closed({ id: Id, number: Type.String() }, { description: 'As far as the reader may see it' })),
}, { title: 'InboxMessage' });
export type InboxMessage = Static<typeof InboxMessage>;
export const InboxPage = Page(InboxMessage);
export const ListInbox = Closed({
  ...pageQuery, state: Type.Optional(OneOf(['waiting', 'done', 'passed_over', 'quarantined'])),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A part of the name the platform gave a message, or of its thread; looked for among the newest 20,000' })),
});
/** A message with all that is known of it (收件详情). */
export const InboxMessageDetail = Closed({
  ...InboxMessage.properties, channel: Closed({ id: Id, kind: Type.String(), name: Type.String() }),
  values: Type.Record(Type.String(), Type.Unknown(), { description: 'What was read of it, by target' }), parts: Type.Array(Type.Record(Type.String(), Type.Unknown())), alarm: Nullable(Type.Record(Type.String(), Type.Unknown())),
  bytes: Type.Integer({ description: 'Size of the call as it came; 0 when it is not kept' }),
  excerpt: Nullable(Type.String({ description: 'The beginning of what came, as text, up to 4,000 characters: of what was put aside, or of which nothing could be read' })),
}, { title: 'InboxMessageDetail' });
export type InboxMessageDetail = Static<typeof InboxMessageDetail>;
export const inboxActions = ['reprocess', 'discard', 'replay'] as const;
const reason = Type.Optional(Type.String({ maxLength: 500, description: 'Why a message is discarded' }));
export const SettleMessage = Closed({ reason }, { title: 'SettleMessage' });
export const SettleMessages = Closed({ ids: Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true }), reason }, { title: 'SettleMessages' });
export const SettledMessages = Closed({ settled: Type.Integer(), skipped: Type.Integer({ description: 'Those to which this can not be done' }) }, { title: 'SettledMessages' });
