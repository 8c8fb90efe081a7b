import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, pageQuery, visible } from './common.ts';
import { notificationReasons, type NotificationReason } from './desk.ts';

/** The ways out of the program by which staff are told (通知渠道), beside the inbox, which is always one. */
export const noticeChannels = ['wecom', 'dingtalk', 'feishu', 'web_push', 'email', 'sms'] as const;
export type NoticeChannel = (typeof noticeChannels)[number];
export const Channel = OneOf(noticeChannels);

/** How pressing a notice is (紧急程度): urgent ones pass quiet hours and digests, and go two ways at once. */
export const urgencies = ['urgent', 'normal', 'low'] as const;
export type Urgency = (typeof urgencies)[number];

/** What becomes of a delivery (投递状态). `sent`: the other side took it; `delivered`: it said that it arrived. */
export const deliveryStates = ['waiting', 'sending', 'sent', 'delivered', 'failed', 'suppressed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * Why a delivery is not on its way (投递原因): no account, no address, an address that nobody confirmed, no device, an address,
 * an account or a content that the other side refuses, one that cannot be reached, one that asks for a pause, one that rests
 * after failures, read before it was sent, its person left, switched off since, ended by an administrator.
 */
export const deliveryReasons = ['no_account', 'no_address', 'not_confirmed', 'no_device', 'address', 'account', 'content', 'temporary', 'rate_limited', 'resting', 'already_read', 'inactive', 'switched_off', 'expired'] as const;
export type DeliveryReason = (typeof deliveryReasons)[number];

/**
 * What keeps a message from being taken, in a word (失败原因代码): what the other side said stands beside it. `platform`: what answered is not the platform; `insecure`: it offers no encryption, or its certificate is not trusted;
 * `carrier`: it was taken and did not arrive; `sealed`: the secrets were sealed under another key.
 */
export const noticeProblems = ['recipient', 'credentials', 'content', 'service', 'busy', 'unreachable', 'timeout', 'private_address', 'bad_address', 'insecure', 'platform', 'sealed', 'resting', 'expired', 'carrier'] as const;
export type NoticeProblem = (typeof noticeProblems)[number];

export const noticeLimits = { title: 200, body: 4_000, field: 500, secret: 4_000, devices: 20, address: 200, listed: 5, codeSeconds: 60, codeMinutes: 10, codeAttempts: 5, codesADay: 10 } as const;

// Accounts

export interface AccountField {
  name: string;
  /** Sealed and never shown again. */
  secret?: true;
  /** How it is made up where none is given: a token, a signing secret of Standard Webhooks, or so many letters and digits. Those of another side cannot be. */
  made?: 'token' | 'signing' | number;
  optional?: true;
  /** It is needed once that other one is given. */
  neededWith?: string;
  choices?: readonly string[];
  pattern?: string;
  standard?: string;
}

const host = '^[A-Za-z0-9.:_-]{1,253}$';
const url = '^https?://[^\\s]{1,480}$';
const baseUrl: AccountField = { name: 'baseUrl', optional: true, pattern: url };

/** What an account of each channel takes, by its mode (渠道账号表单). */
export const accountForms: Record<NoticeChannel, Record<string, readonly AccountField[]>> = {
  email: {
    smtp: [
      { name: 'host', pattern: host }, { name: 'port', pattern: '^[0-9]{1,5}$', standard: '465' }, { name: 'security', choices: ['tls', 'starttls', 'none'], standard: 'tls' },
      { name: 'user', optional: true }, { name: 'password', secret: true, optional: true }, { name: 'from', pattern: '^[^\\s@<>,;"]{1,64}@[^\\s@<>,;"]{1,190}$' }, { name: 'fromName', optional: true },
    ],
  },
  sms: {
    aliyun: [{ name: 'accessKeyId' }, { name: 'accessKeySecret', secret: true }, { name: 'signName' }, { name: 'templateCode' }, baseUrl],
    tencent: [{ name: 'secretId' }, { name: 'secretKey', secret: true }, { name: 'sdkAppId', pattern: '^[0-9]{1,20}$' }, { name: 'signName' }, { name: 'templateId', pattern: '^[0-9]{1,20}$' }, { name: 'region', standard: 'ap-guangzhou' }, baseUrl],
    gateway: [{ name: 'url', pattern: url }, { name: 'secret', secret: true, optional: true }],
  },
  wecom: {
    app: [{ name: 'corpId' }, { name: 'agentId', pattern: '^[0-9]{1,20}$' }, { name: 'secret', secret: true }, baseUrl],
    robot: [{ name: 'webhookUrl', secret: true, pattern: url }],
  },
  dingtalk: {
    app: [{ name: 'appKey' }, { name: 'appSecret', secret: true }, { name: 'agentId', pattern: '^[0-9]{1,20}$' }, baseUrl],
    robot: [{ name: 'webhookUrl', secret: true, pattern: url }, { name: 'secret', secret: true, optional: true }],
  },
  feishu: {
    app: [{ name: 'appId' }, { name: 'appSecret', secret: true }, { name: 'idType', choices: ['open_id', 'user_id', 'email'], standard: 'open_id' }, baseUrl],
    robot: [{ name: 'webhookUrl', secret: true, pattern: url }, { name: 'secret', secret: true, optional: true }],
  },
  web_push: { vapid: [{ name: 'subject', pattern: '^(mailto:[^\\s@]+@[^\\s@]+|https://[^\\s]+)$' }] },
};

const Values = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: noticeLimits.secret }), { maxProperties: 20 });
/** How the organization sends on a channel (通知渠道账号). */
export const NoticeAccount = Closed({
  channel: Channel, configured: Type.Boolean(), active: Type.Boolean(), mode: Nullable(Type.String()),
  settings: Type.Record(Type.String(), Type.String(), { description: 'What is no secret' }),
  secrets: Type.Array(Type.String(), { description: 'Which secrets are kept; none is ever shown' }),
  health: Closed({
    state: OneOf(['unused', 'well', 'failing', 'resting']), lastSuccessAt: NullableTimestamp, lastFailureAt: NullableTimestamp, lastFailureCode: Nullable(OneOf(noticeProblems)), lastFailure: Nullable(Type.String({ description: 'What the other side said, in its own words' })),
    failures: Type.Integer({ description: 'In a row' }), restsUntil: NullableTimestamp, waiting: Type.Integer({ description: 'Deliveries that wait; counted up to 1,000' }),
  }),
  receiptUrl: Nullable(Type.String({ description: 'Text messages by a cloud: the address for its receipts, to be written down there. Whoever knows it can say what has arrived' })),
  version: Type.Integer(),
}, { title: 'NoticeAccount' });
export type NoticeAccount = Static<typeof NoticeAccount>;
export const NoticeAccountList = Closed({ items: Type.Array(NoticeAccount) }, { title: 'NoticeAccountList' });
export const UpdateNoticeAccount = Closed({
  mode: Type.Optional(Type.String({ maxLength: 40 })), settings: Type.Optional(Type.Unsafe<Static<typeof Values>>({ ...Values, description: 'A secret that is left out stays as it is, unless the address it goes to (host, baseUrl, url) changes: then it has to be given again' })), active: Type.Optional(Type.Boolean()),
}, { title: 'UpdateNoticeAccount', minProperties: 1 });
export const TestNotice = Closed({ address: Type.Optional(Type.String({ minLength: 1, maxLength: noticeLimits.address, description: 'Where to; the caller’s own when absent' })) }, { title: 'TestNotice' });

// Deliveries

/** One message to one person on one channel, and what became of it (投递记录). */
export const NoticeDelivery = Closed({
  id: Id, staff: Reference, purpose: OneOf(['notice', 'test', 'code']), channel: Channel, state: OneOf(deliveryStates), urgency: OneOf(urgencies),
  reason: Nullable(OneOf(deliveryReasons)), problemCode: Nullable(OneOf(noticeProblems)), problem: Nullable(Type.String({ description: 'What the other side said, in its own words' })), address: Nullable(Type.String({ description: 'With its middle hidden' })),
  count: Type.Integer({ description: 'How many notifications it tells of' }), attempts: Type.Integer(), step: Type.Integer({ description: 'Of the ladder: 0 at first, then each time nobody answered' }),
  insteadOf: Nullable(Channel), escalatedFrom: Nullable(Reference), acknowledgedAt: NullableTimestamp,
  ticket: Nullable(Closed({ id: Id, number: Type.String(), subject: Type.String() }, { description: 'The first it tells of, as far as the reader may see it' })),
  createdAt: Timestamp, dueAt: Timestamp, sentAt: NullableTimestamp, settledAt: NullableTimestamp,
}, { title: 'NoticeDelivery' });
export type NoticeDelivery = Static<typeof NoticeDelivery>;
export const NoticeDeliveryPage = Page(NoticeDelivery);
export const ListNoticeDeliveries = Closed({ ...pageQuery, state: Type.Optional(OneOf(deliveryStates)), channel: Type.Optional(Channel), staff: Type.Optional(Id), urgency: Type.Optional(OneOf(urgencies)) });
export const NoticeDeliveryList = Closed({ items: Type.Array(NoticeDelivery) }, { title: 'NoticeDeliveryList' });

// Policy

export const ladderSteps = ['lead', 'manager'] as const;
/** What happens when nobody answers something urgent (升级通知策略). */
export const NoticePolicy = Closed({
  escalateAfterMinutes: Nullable(Type.Integer({ minimum: 1, maximum: 1_440, description: 'null: nobody else is told' })),
  ladder: Type.Array(OneOf(ladderSteps), { maxItems: 2, uniqueItems: true, description: 'Once the person’s own channels are used up: lead, the lead of the ticket’s team; manager, a manager of its department' }),
  version: Type.Integer(),
}, { title: 'NoticePolicy' });
export type NoticePolicy = Static<typeof NoticePolicy>;
export const UpdateNoticePolicy = Closed({ escalateAfterMinutes: Type.Optional(NoticePolicy.properties.escalateAfterMinutes), ladder: Type.Optional(NoticePolicy.properties.ladder) }, { title: 'UpdateNoticePolicy', minProperties: 1 });

// Templates

/** What templates there are: one for each reason, and those for several at once. */
export const templateKinds = [...notificationReasons, 'several'] as const;
export type TemplateKind = (typeof templateKinds)[number];
export const TemplateKey = Closed({ kind: OneOf(templateKinds), channel: Channel, language: OneOf(['zh-CN', 'en']) });
const Words = Closed({ title: Type.String({ minLength: 1, maxLength: noticeLimits.title, pattern: visible }), body: Type.String({ maxLength: noticeLimits.body }) });
/** What a notice says on a channel (通知模板). */
export const NoticeTemplate = Closed({
  kind: OneOf(templateKinds), channel: Channel, language: OneOf(['zh-CN', 'en']), standard: Words, published: Nullable(Words), draft: Nullable(Words), publishedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'NoticeTemplate' });
export type NoticeTemplate = Static<typeof NoticeTemplate>;
export const NoticeTemplateSummaries = Closed({ items: Type.Array(Closed({ kind: OneOf(templateKinds), channel: Channel, language: OneOf(['zh-CN', 'en']), published: Type.Boolean(), draft: Type.Boolean() })) }, { title: 'NoticeTemplateSummaries' });
export const UpdateNoticeTemplate = Closed({ draft: Nullable(Words) }, { title: 'UpdateNoticeTemplate' });
export const PreviewNoticeTemplate = Closed({ title: Words.properties.title, body: Words.properties.body }, { title: 'PreviewNoticeTemplate' });
export const NoticePreview = Closed({ title: Type.String(), body: Type.String(), payload: Type.String({ description: 'What goes to the channel, in its own form' }), unknown: Type.Array(Type.String(), { description: 'Variables that stand for nothing' }) }, { title: 'NoticePreview' });

// One's own

const channelsBy = Object.fromEntries(notificationReasons.map((reason) => [reason, Type.Array(Channel, { uniqueItems: true, maxItems: noticeChannels.length })])) as Record<NotificationReason, ReturnType<typeof Type.Array<typeof Channel>>>;
const Digest = Closed({ every: OneOf(['off', 'hour', 'day']), at: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'day: when; HH:MM by the person’s clock' }) });
const TimeZone = Type.String({ minLength: 1, maxLength: 60, description: 'IANA; null: the organization’s' });
const personal = {
  channels: Closed(channelsBy, { description: 'By reason: where a notice goes beside the inbox' }),
  urgent: Type.Array(Channel, { uniqueItems: true, maxItems: noticeChannels.length, description: 'In what order channels are taken for what is urgent: the first two at once, the others when nobody answers' }),
  digest: Digest, timeZone: Nullable(TimeZone),
};
export const NoticeDevice = Closed({ id: Id, name: Type.String(), face: OneOf(['console', 'field']), endpointDigest: Type.String({ description: 'SHA-256 of its endpoint, base64url: by it a browser knows itself' }), createdAt: Timestamp, lastSentAt: NullableTimestamp }, { title: 'NoticeDevice' });
export const NoticeAddress = Closed({
  channel: Channel, address: Nullable(Type.String()), source: OneOf(['record', 'own', 'none']), confirmed: Type.Boolean(),
  pending: Nullable(Closed({ address: Type.String(), expiresAt: Timestamp }, { description: 'Waits for the code that was sent there' })),
}, { title: 'NoticeAddress' });
export type NoticeAddress = Static<typeof NoticeAddress>;
/** How somebody wants to be told outside of the program (个人通知渠道). */
export const NoticeSettings = Closed({
  ...personal, organizationTimeZone: Type.String(), available: Type.Array(Channel, { description: 'What the organization has set up' }), addresses: Type.Array(NoticeAddress), devices: Type.Array(NoticeDevice),
  pushKey: Nullable(Type.String({ description: 'The key a browser needs to take pushes (applicationServerKey)' })), version: Type.Integer(),
}, { title: 'NoticeSettings' });
export type NoticeSettings = Static<typeof NoticeSettings>;
export type PersonalNotices = Pick<NoticeSettings, 'channels' | 'urgent' | 'digest' | 'timeZone'>;
export const UpdateNoticeSettings = Closed({
  channels: Type.Optional(Closed(Object.fromEntries(notificationReasons.map((reason) => [reason, Type.Optional(channelsBy[reason])])) as Record<NotificationReason, ReturnType<typeof Type.Optional<(typeof channelsBy)[NotificationReason]>>>)),
  urgent: Type.Optional(personal.urgent), digest: Type.Optional(Digest), timeZone: Type.Optional(personal.timeZone),
}, { title: 'UpdateNoticeSettings', minProperties: 1 });
export type UpdateNoticeSettings = Static<typeof UpdateNoticeSettings>;

export const AddressedChannel = OneOf(['email', 'sms', 'wecom', 'dingtalk', 'feishu']);
export const SetNoticeAddress = Closed({ channel: AddressedChannel, address: Type.String({ minLength: 1, maxLength: noticeLimits.address, pattern: visible }) }, { title: 'SetNoticeAddress' });
export const ConfirmNoticeAddress = Closed({ code: Type.String({ pattern: '^[0-9]{6}$' }) }, { title: 'ConfirmNoticeAddress' });
export const AddNoticeDevice = Closed({
  name: Type.String({ minLength: 1, maxLength: 100 }), face: OneOf(['console', 'field']), endpoint: Type.String({ minLength: 10, maxLength: 2_000, pattern: '^https?://' }),
  keys: Closed({ p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{80,100}={0,2}$' }), auth: Type.String({ pattern: '^[A-Za-z0-9_-]{20,30}={0,2}$' }) }),
}, { title: 'AddNoticeDevice' });
