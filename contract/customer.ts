import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { Call } from './call.ts';
import { customerSorts } from './record-sorts.ts';
import { Comment } from './ticket.ts';
import { newsChoices } from '../rules/news/events.ts';
import { maskLevels, personalData } from '../rules/privacy/masks.ts';
import { ticketStatuses, priorities } from '../rules/ticket/lifecycle.ts';
import { visitStatuses } from '../rules/ticket/visit-lifecycle.ts';
import { Scans, renewCode } from './scan.ts';

export const customerLimits = { tags: 20, tag: 40, address: 300, note: 10_000, contactPoints: 50, tiers: 50, sites: 500, searchWords: 100, accountDepth: 10 } as const;

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const phone = Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' });
const address = Type.String({ maxLength: customerLimits.address });
const lat = Type.Number({ minimum: -90, maximum: 90 });
const lng = Type.Number({ minimum: -180, maximum: 180 });
const tags = Type.Array(Type.String({ minLength: 1, maxLength: customerLimits.tag, pattern: visible }), { maxItems: customerLimits.tags, uniqueItems: true });
const externalId = Type.String({ minLength: 1, maxLength: 120, pattern: visible });
const tier = Type.String({ minLength: 1, maxLength: 40 });
const place = { lat: Type.Optional(Nullable(lat)), lng: Type.Optional(Nullable(lng)) };
const archived = Type.Optional(Type.Boolean({ description: 'true takes it out of use: lists leave it out, what refers to it keeps it; false takes it back' }));
export const RevealReason = Closed({ reason: Type.String({ minLength: 2, maxLength: limits.reason, pattern: visible, description: 'Why; stands in the audit trail' }) }, { title: 'RevealReason' });

// ---- Tiers

/** A customer tier (客户等级): data, in an order of the organization's own. Customers and accounts carry its key. */
export const CustomerTier = Closed({ id: Id, key: Type.String(), name: Type.String(), nameEn: Nullable(Type.String()), important: Type.Boolean({ description: 'Requests of such customers press more: it counts for their priority' }), position: Type.Integer(), active: Type.Boolean(), version: Type.Integer() }, { title: 'CustomerTier' });
export type CustomerTier = Static<typeof CustomerTier>;
export const CustomerTierPage = Page(CustomerTier);
const tierKey = Type.String({ minLength: 1, maxLength: 40, pattern: '^\\S+$' });
export const CreateCustomerTier = Closed({ key: tierKey, name, nameEn: Type.Optional(Nullable(Type.String({ maxLength: limits.name }))), important: Type.Optional(Type.Boolean()), position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })) }, { title: 'CreateCustomerTier' });
export const UpdateCustomerTier = Closed({
  name: Type.Optional(name), nameEn: Type.Optional(Nullable(Type.String({ maxLength: limits.name }))), important: Type.Optional(Type.Boolean()), position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })), active: Type.Optional(Type.Boolean()),
}, { title: 'UpdateCustomerTier', minProperties: 1 });
/** What a new organization starts with. */
export const standardTiers: readonly { key: string; name: string; nameEn: string; important?: true }[] = [
  { key: 'VIP', name: 'VIP 客户', nameEn: 'VIP', important: true }, { key: '重要', name: '重要客户', nameEn: 'Important', important: true }, { key: '普通', name: '普通客户', nameEn: 'Regular' },
];

// ---- Contact points

/** Kinds of contact points (联系方式), each with the kind of personal datum it is masked as. */
export const contactKinds = {
  phone: { datum: 'phone', zh: '电话', en: 'Phone number' },
  email: { datum: 'email', zh: '邮箱', en: 'E-mail address' },
  wechat_openid: { datum: 'identifier', zh: '微信 openid', en: 'WeChat openid' },
  wechat_unionid: { datum: 'identifier', zh: '微信 unionid', en: 'WeChat unionid' },
  wecom_external_id: { datum: 'identifier', zh: '企业微信外部联系人', en: 'WeCom external id' },
  dingtalk_id: { datum: 'identifier', zh: '钉钉账号', en: 'DingTalk id' },
  feishu_id: { datum: 'identifier', zh: '飞书账号', en: 'Feishu id' },
  alipay_id: { datum: 'identifier', zh: '支付宝账号', en: 'Alipay id' },
  other: { datum: 'identifier', zh: '其他账号', en: 'Other account' },
} as const satisfies Record<string, { datum: (typeof personalData)[number]; zh: string; en: string }>;
export type ContactKind = keyof typeof contactKinds;
const contactKind = OneOf(Object.keys(contactKinds) as ContactKind[]);

/** A way to reach a customer. What of its value is shown is decided by the mask policy. */
export const ContactPoint = Closed({
  id: Id, kind: contactKind, value: Nullable(Type.String({ description: 'As the mask policy shows it to the caller; null when it shows nothing' })), label: Nullable(Type.String()),
  verifiedAt: NullableTimestamp, preferred: Type.Boolean({ description: 'The first choice among those of its kind' }), createdAt: Timestamp, version: Type.Integer(),
  customer: Reference,
}, { title: 'ContactPoint' });
export type ContactPoint = Static<typeof ContactPoint>;
const contactLabel = Type.Optional(Nullable(Type.String({ maxLength: 40, description: 'Work, home, the daughter’s …' })));
export const AddContactPoint = Closed({ kind: contactKind, value: Type.String({ minLength: 1, maxLength: 254, pattern: visible }), label: contactLabel }, { title: 'AddContactPoint' });
export const UpdateContactPoint = Closed({ value: Type.Optional(Type.String({ minLength: 1, maxLength: 254, pattern: visible, description: 'A changed one is no longer verified; sessions of the customer that rest on a verified phone end' })), label: contactLabel, preferred: Type.Optional(Type.Boolean({ description: 'true makes it the first choice among those of its kind, in place of another' })) }, { title: 'UpdateContactPoint', minProperties: 1 });
export const VerifyContactPoint = Closed({ note: Type.Optional(Type.String({ maxLength: 200, description: 'How it was verified' })) }, { title: 'VerifyContactPoint' });
export const RevealedValue = Closed({ value: Type.String() }, { title: 'RevealedValue' });

// ---- Customers

const shown = 'As the mask policy shows it to the caller';
const customer = {
  id: Id, name: Type.String(), phone: Nullable(Type.String({ description: shown })), email: Nullable(Type.String({ description: shown })), tier: Nullable(Type.String({ description: 'Key of a customer tier' })),
  account: Nullable(Reference), address: Nullable(Type.String()), tags: Type.Array(Type.String()), ticketCount: Type.Integer({ description: 'Up to 1,000' }),
  archivedAt: NullableTimestamp, mergedInto: Nullable(Reference), createdAt: Timestamp, version: Type.Integer(),
};
/** A customer as lists show them (客户). */
export const Customer = Closed(customer, { title: 'Customer' });
export type Customer = Static<typeof Customer>;
export const CustomerPage = Page(Customer);
/** A customer in full, with what was merged into them (客户档案). */
export const CustomerDetail = Closed({
  ...customer,
  idNumber: Nullable(Type.String({ description: shown })), language: Nullable(OneOf(['zh-CN', 'en'])), externalId: Nullable(Type.String()), accountRole: Nullable(Type.String({ description: 'What they are in their account' })),
  location: Nullable(Closed({ lat, lng })),
  contactPoints: Type.Array(ContactPoint, { description: 'The first choices, then verified ones; with those of customers merged into this one' }),
  merged: Type.Array(Closed({ id: Id, name: Type.String(), mergedAt: Timestamp, mergedBy: Nullable(Type.String()) }), { description: 'Customers merged into this one, newest first' }),
  news: OneOf(newsChoices, { description: 'What they chose to hear of their tickets by itself' }),
  assetCount: Type.Integer({ description: 'Up to 1,000' }), noteCount: Type.Integer({ description: 'Up to 1,000' }),
  mayReveal: Type.Boolean({ description: 'Whether the caller may have the masked data revealed' }),
}, { title: 'CustomerDetail' });
export type CustomerDetail = Static<typeof CustomerDetail>;

const sort = Type.Optional(OneOf(customerSorts, { description: '-createdAt when absent; Chinese names by pinyin' }));
export const ListCustomers = Closed({
  ...pageQuery, sort,
  q: Type.Optional(Type.String({ maxLength: customerLimits.searchWords, description: 'Part of the name or of the account’s name; a whole phone number or its last four digits (any part of three digits or more for those who may reveal it); a whole e-mail address' })),
  tier: Type.Optional(tier), tag: Type.Optional(Type.String({ maxLength: customerLimits.tag })), account: Type.Optional(Id),
  archived: Type.Optional(Type.Boolean({ description: 'Those taken out of use instead' })),
}, { title: 'ListCustomers' });
export type ListCustomers = Static<typeof ListCustomers>;

const idNumber = Type.String({ minLength: 4, maxLength: 40, pattern: '^[0-9A-Za-z()（）-]+$', description: 'Kept sealed; shown masked' });
const profile = {
  tier: Type.Optional(Nullable(tier)), address: Type.Optional(Nullable(address)), ...place, accountId: Type.Optional(Nullable(Id)), accountRole: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
  language: Type.Optional(Nullable(OneOf(['zh-CN', 'en']))), tags: Type.Optional(tags), idNumber: Type.Optional(Nullable(idNumber)), externalId: Type.Optional(Nullable(externalId)),
};
export const CreateCustomer = Closed({ name, phone: Type.Optional(phone), email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })), ...profile }, { title: 'CreateCustomer' });
export type CreateCustomer = Static<typeof CreateCustomer>;
export const UpdateCustomer = Closed({ name: Type.Optional(name), ...profile, news: Type.Optional(OneOf(newsChoices, { description: 'What they said they want to hear of their tickets by itself' })), archived }, { title: 'UpdateCustomer', minProperties: 1 });
export type UpdateCustomer = Static<typeof UpdateCustomer>;
export const RevealedCustomer = Closed({ name: Type.String(), idNumber: Nullable(Type.String()), contactPoints: Type.Array(Closed({ id: Id, kind: contactKind, value: Type.String() })) }, { title: 'RevealedCustomer' });

// ---- Merging

/** Why two customers may be one (疑似重复): every reason with its points, so that it can be judged. */
export const DuplicateReason = Closed({
  reason: OneOf(['same_phone', 'same_email', 'said_phone', 'said_email', 'same_identifier', 'same_id_number', 'similar_name', 'similar_address', 'same_account']),
  points: Type.Integer(), detail: Nullable(Type.String({ description: 'What is alike, personal data masked' })),
}, { title: 'DuplicateReason' });
export const DuplicateCandidate = Closed({ customer: Customer, score: Type.Integer({ minimum: 0, maximum: 100 }), reasons: Type.Array(DuplicateReason) }, { title: 'DuplicateCandidate' });
export type DuplicateCandidate = Static<typeof DuplicateCandidate>;
export const DuplicateList = Closed({ items: Type.Array(DuplicateCandidate, { description: 'The likeliest first' }) });
/** By which channels somebody writes (客户的会话). */
export const CustomerConversations = Closed({ items: Type.Array(Closed({
  id: Id, channel: Type.String({ description: 'The kind of the account' }), account: Type.String(), contact: Nullable(Type.String({ description: 'What they are called there' })), lastInboundAt: NullableTimestamp,
  ticket: Nullable(Closed({ number: Type.String(), subject: Type.String() }, { description: 'What it is about at present, as far as the reader may see it' })),
})) }, { title: 'CustomerConversations' });
export type CustomerConversations = Static<typeof CustomerConversations>;

/** What the customer that stays may take over of the one that is merged; `tags` adds theirs, `address` takes the coordinates along, `account` what they are in it. */
export const mergeableParts = ['name', 'tier', 'address', 'account', 'language', 'tags', 'idNumber'] as const;
export type MergeablePart = (typeof mergeableParts)[number];
export const MergeCustomer = Closed({
  into: Type.String({ format: 'uuid', description: 'The customer that stays' }), reason: Type.Optional(Type.String({ maxLength: limits.reason })),
  take: Type.Optional(Type.Array(OneOf(mergeableParts), { maxItems: mergeableParts.length, uniqueItems: true, description: 'What the customer that stays takes over; undoing the merge puts back what nobody has changed since' })),
}, { title: 'MergeCustomer' });
export const UnmergeCustomer = Closed({ reason: Type.Optional(Type.String({ maxLength: limits.reason })) }, { title: 'UnmergeCustomer' });

// ---- Notes and history

/** A colleague's note about a customer (客户备注). */
export const CustomerNote = Closed({
  id: Id, customerId: Id, body: Type.String(), author: Closed({ id: Nullable(Id), name: Nullable(Type.String()) }), pinned: Type.Boolean(),
  createdAt: Timestamp, editedAt: NullableTimestamp, version: Type.Integer(),
}, { title: 'CustomerNote' });
export type CustomerNote = Static<typeof CustomerNote>;
export const CustomerNotePage = Page(CustomerNote);
const noteBody = Type.String({ minLength: 1, maxLength: customerLimits.note, pattern: visible });
export const AddCustomerNote = Closed({ body: noteBody, pinned: Type.Optional(Type.Boolean()) }, { title: 'AddCustomerNote' });
export const UpdateCustomerNote = Closed({ body: Type.Optional(noteBody), pinned: Type.Optional(Type.Boolean()) }, { title: 'UpdateCustomerNote', minProperties: 1 });

export const historyKinds = ['ticket', 'message', 'call', 'visit', 'note', 'change'] as const;
/** One entry of a record's history over all channels (往来记录), of customers, accounts and assets alike. */
export const HistoryEntry = Closed({
  id: Type.String(), kind: OneOf(historyKinds), at: Timestamp,
  ticket: Nullable(Closed({ id: Id, number: Type.String(), subject: Type.String(), status: OneOf(ticketStatuses), priority: OneOf(priorities), channel: Type.String(), assignee: Nullable(Reference) }, { description: 'Of tickets, messages and visits' })),
  visit: Nullable(Closed({ id: Id, status: OneOf(visitStatuses), technician: Reference, windowStart: NullableTimestamp, completedAt: NullableTimestamp, workSummary: Nullable(Type.String()) }, { description: 'An on-site appointment, by when it was made' })),
  message: Nullable(Comment), note: Nullable(CustomerNote), call: Nullable(Call),
  change: Nullable(Closed({ kind: Type.String(), title: Type.String(), actor: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }), data: Type.Record(Type.String(), Type.Unknown()) })),
}, { title: 'HistoryEntry' });
export type HistoryEntry = Static<typeof HistoryEntry>;
export const HistoryPage = Page(HistoryEntry);
export const ShowHistory = Closed({ ...pageQuery, kinds: Type.Optional(Type.String({ maxLength: 60, description: `One or several of ${historyKinds.join(', ')}, separated by commas; all when absent` })) }, { title: 'ShowHistory' });

// ---- Accounts and sites

/** Kinds of accounts (客户单位类型). */
export const accountKinds = { company: { zh: '企业', en: 'Company' }, household: { zh: '家庭', en: 'Household' }, building: { zh: '楼宇', en: 'Building' }, community: { zh: '小区', en: 'Community' }, shop: { zh: '商铺', en: 'Shop' }, institution: { zh: '机关事业单位', en: 'Institution' }, other: { zh: '其他', en: 'Other' } } as const;
export type AccountKind = keyof typeof accountKinds;
const accountKind = OneOf(Object.keys(accountKinds) as AccountKind[]);
/** A company, household or building that customers belong to (客户单位). */
export const Account = Closed({
  id: Id, name: Type.String(), kind: accountKind, parent: Nullable(Reference), childCount: Type.Integer({ description: 'Up to 1,000' }), code: Nullable(Type.String({ description: 'Contract or customer number' })), tier: Nullable(Type.String()), address: Nullable(Type.String()),
  description: Nullable(Type.String()), externalId: Nullable(Type.String()), memberCount: Type.Integer({ description: 'Up to 1,000' }), siteCount: Type.Integer({ description: 'Up to 1,000' }), assetCount: Type.Integer({ description: 'Up to 1,000' }),
  archivedAt: NullableTimestamp, createdAt: Timestamp, version: Type.Integer(),
}, { title: 'Account' });
export type Account = Static<typeof Account>;
export const AccountPage = Page(Account);
export const ListAccounts = Closed({ ...pageQuery, sort, q: Type.Optional(Type.String({ maxLength: customerLimits.searchWords, description: 'Part of the name, or the beginning of the code' })), kind: Type.Optional(accountKind), tier: Type.Optional(tier), parent: Type.Optional(Type.String({ pattern: '^(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$', maxLength: 36, description: 'Those directly below an account, or with `none` those below no other' })), archived: Type.Optional(Type.Boolean()) }, { title: 'ListAccounts' });
export type ListAccounts = Static<typeof ListAccounts>;
const accountCode = Type.String({ minLength: 1, maxLength: 64, pattern: visible });
const accountParts = { parentId: Type.Optional(Nullable(Id)), code: Type.Optional(Nullable(accountCode)), tier: Type.Optional(Nullable(tier)), address: Type.Optional(Nullable(address)), description: Type.Optional(Nullable(Type.String({ maxLength: 2_000 }))), externalId: Type.Optional(Nullable(externalId)) };
export const CreateAccount = Closed({ name, kind: Type.Optional(accountKind), ...accountParts }, { title: 'CreateAccount' });
export type CreateAccount = Static<typeof CreateAccount>;
export const UpdateAccount = Closed({ name: Type.Optional(name), kind: Type.Optional(accountKind), ...accountParts, archived }, { title: 'UpdateAccount', minProperties: 1 });
export type UpdateAccount = Static<typeof UpdateAccount>;

/** A place of an account (地点) where work is done: whom to ask for, and how one gets in. */
export const Site = Closed({
  id: Id, account: Reference, name: Type.String(), address: Nullable(Type.String()), location: Nullable(Closed({ lat, lng })),
  contactName: Nullable(Type.String()), contactPhone: Nullable(Type.String({ description: shown })), accessHours: Nullable(Type.Array(Closed({ weekday: Type.Integer(), startsMinute: Type.Integer(), endsMinute: Type.Integer() }))), accessNotes: Nullable(Type.String({ description: 'Gate, key, parking, hours' })),
  scanUrl: Type.String({ description: 'What the QR code at the place opens' }), scans: Scans,
  archivedAt: NullableTimestamp, createdAt: Timestamp, version: Type.Integer(),
}, { title: 'Site' });
export type Site = Static<typeof Site>;
export const SitePage = Page(Site);
export const ListSites = Closed({ ...pageQuery, archived: Type.Optional(Type.Boolean()) });
const accessHours = Nullable(Type.Array(Closed({ weekday: Type.Integer({ minimum: 1, maximum: 7 }), startsMinute: Type.Integer({ minimum: 0, maximum: 1_439 }), endsMinute: Type.Integer({ minimum: 1, maximum: 1_440 }) }), { maxItems: 42, description: 'When one may enter, by the clock of the organization; null: at any time. Nobody is planned or proposed outside of it' }));
const siteParts = { accessHours: Type.Optional(accessHours), address: Type.Optional(Nullable(address)), ...place, contactName: Type.Optional(Nullable(Type.String({ maxLength: limits.name }))), contactPhone: Type.Optional(Nullable(phone)), accessNotes: Type.Optional(Nullable(Type.String({ maxLength: 2_000 }))) };
export const CreateSite = Closed({ name, ...siteParts }, { title: 'CreateSite' });
export const UpdateSite = Closed({ name: Type.Optional(name), ...siteParts, archived, renewCode }, { title: 'UpdateSite', minProperties: 1 });
export type CreateSite = Static<typeof CreateSite>;
export type UpdateSite = Static<typeof UpdateSite>;

// ---- Masks

const level = OneOf(maskLevels);
const datumRule = Closed({ everybody: level, roles: Type.Record(Type.String({ format: 'uuid' }), level, { maxProperties: 200, propertyNames: { format: 'uuid' }, description: 'By role id, where a role sees something else than everybody' }) });
const policy = Closed(Object.fromEntries(personalData.map((datum) => [datum, datumRule])) as Record<(typeof personalData)[number], typeof datumRule>);
/** Who sees what of personal data (脱敏策略). */
export const Masks = Closed({
  mine: Closed(Object.fromEntries(personalData.map((datum) => [datum, level])) as Record<(typeof personalData)[number], typeof level>, { description: 'What the caller sees' }),
  revealsPerHour: Type.Integer(), revealsLeft: Type.Integer({ description: 'How many the caller may still have within this hour' }),
  policy, version: Type.Integer(),
}, { title: 'Masks' });
export type Masks = Static<typeof Masks>;
export const UpdateMasks = Closed({
  policy: Type.Optional(Closed(Object.fromEntries(personalData.map((datum) => [datum, Type.Optional(datumRule)])) as Record<(typeof personalData)[number], ReturnType<typeof Type.Optional<typeof datumRule>>>, { minProperties: 1, description: 'Those named are replaced' })),
  revealsPerHour: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
}, { title: 'UpdateMasks', minProperties: 1 });
export type UpdateMasks = Static<typeof UpdateMasks>;
