import { Type, type Static } from 'typebox';
import { Closed, Id, Location, Nullable, NullableTimestamp, OneOf, Page, Timestamp, limits, visible } from './common.ts';
import { FileSummary } from './file.ts';
import { Form } from './form.ts';
import { newsChoices } from '../rules/news/events.ts';
import { ticketStatuses } from '../rules/ticket/lifecycle.ts';
import { visitObstacles, visitStatuses } from '../rules/ticket/visit-lifecycle.ts';

const category = { id: Id, name: Type.String(), nameEn: Nullable(Type.String()) };

/** What a customer sees before reporting: who this is and what can be chosen. */
export const PortalHome = Closed({
  organization: Closed({ name: Type.String(), slug: Type.String(), timeZone: Type.String({ description: 'IANA; times are shown in it' }) }),
  categories: Type.Array(Closed({ ...category, deeper: Type.Boolean({ description: 'Whether there are others below it' }) }), { description: 'The first level' }),
  asset: Nullable(Closed({ code: Type.String(), name: Type.String(), address: Nullable(Type.String()) }, { description: 'The asset whose code was scanned' })),
  site: Nullable(Closed({ name: Type.String(), address: Nullable(Type.String()) }, { description: 'The place whose code was scanned' })),
  types: Type.Array(Closed({ id: Id, name: Type.String(), nameEn: Nullable(Type.String()), form: Form }), { description: 'What can be reported, the default first; each with the fields that are meant for customers' }),
  supportPhone: Nullable(Type.String()),
  phoneSignIn: Type.Boolean({ description: 'Whether codes can be sent by text message' }),
}, { title: 'PortalHome' });
export type PortalHome = Static<typeof PortalHome>;

/** What lies below a category of the first level (下级分类): the second level, each with its third. */
export const PortalCategories = Closed({ items: Type.Array(Closed({ ...category, items: Type.Array(Closed(category)) })) }, { title: 'PortalCategories' });
export type PortalCategories = Static<typeof PortalCategories>;

/** A photo, video or voice note sent before the report it belongs to. */
export const PortalUpload = Closed({ uploadToken: Type.String({ description: 'Name it in the report within an hour' }), name: Type.String(), mediaType: Type.String(), size: Type.Integer() }, { title: 'PortalUpload' });
export type PortalUpload = Static<typeof PortalUpload>;

export const CreateReport = Closed({
  description: Type.String({ minLength: 2, maxLength: limits.description, pattern: visible }),
  type: Type.Optional(Id),
  category: Type.Optional(Id),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'Fields of the type by key; files are named by their upload tokens' })),
  contact: Closed({ name: Type.Optional(Type.String({ maxLength: limits.name })), phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })) }),
  location: Type.Optional(Location),
  uploads: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 9, uniqueItems: true })),
  assetToken: Type.Optional(Type.String({ maxLength: 300, description: 'Token of a scanned code, of an asset or a place' })),
}, { title: 'CreateReport' });
export type CreateReport = Static<typeof CreateReport>;
export const ReportCreated = Closed({ number: Type.String(), token: Type.String(), url: Type.String() }, { title: 'ReportCreated' });
export type ReportCreated = Static<typeof ReportCreated>;

export const progressSteps = ['received', 'assigned', 'accepted', 'travelling', 'on_site', 'resolved', 'closed'] as const;

/** A ticket as its customer follows it (工单进度). */
export const Progress = Closed({
  number: Type.String(),
  continuesAs: Nullable(Type.String({ description: 'Number of the ticket it goes on as, when it was merged into another' })),
  organization: Closed({ name: Type.String(), slug: Type.String(), timeZone: Type.String({ description: 'IANA; times are shown in it' }) }),
  subject: Type.String(),
  description: Type.String(),
  status: OneOf(ticketStatuses),
  waitingFor: Nullable(Type.String()),
  address: Nullable(Type.String()),
  createdAt: Timestamp,
  steps: Type.Array(Closed({ step: OneOf(progressSteps), at: NullableTimestamp, done: Type.Boolean(), current: Type.Boolean() })),
  technician: Nullable(Closed({ name: Type.String(), status: OneOf(visitStatuses), windowStart: NullableTimestamp, windowEnd: NullableTimestamp, workSummary: Nullable(Type.String()), signedBy: Nullable(Type.String()),
    coming: Nullable(Closed({ metres: Type.Integer(), minutes: Type.Integer(), at: Timestamp }, { description: 'About how far off they are, and how long it will take, while they are on the way' })),
  })),
  obstacle: Nullable(Closed({ kind: OneOf(visitObstacles), at: Timestamp }, { description: 'Why the last visit ended without result; null once the next one is arranged or the matter is settled' })),
  messages: Type.Array(Closed({ id: Id, fromCustomer: Type.Boolean(), author: Nullable(Type.String()), body: Type.String(), at: Timestamp, files: Type.Array(FileSummary) })),
  files: Type.Array(FileSummary),
  resolution: Nullable(Type.String()),
  reportUrl: Nullable(Type.String({ description: 'Where the service report of the visit that settled it may be downloaded, as PDF' })),
  rating: Nullable(Closed({ rating: Type.Integer(), comment: Nullable(Type.String()) })),
  canConfirm: Type.Boolean(), canReopen: Type.Boolean(), canRate: Type.Boolean(), canComment: Type.Boolean(),
  news: Nullable(OneOf(newsChoices, { description: 'What they chose to hear by themselves; null where nothing can be told' })),
  version: Type.Integer(),
}, { title: 'Progress' });
export type Progress = Static<typeof Progress>;

export const ProgressComment = Closed({ body: Type.String({ minLength: 1, maxLength: limits.comment, pattern: visible }), uploads: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 9, uniqueItems: true })) });
export const ProgressConfirm = Closed({});
export const ProgressReopen = Closed({ reason: Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible }) });
export const ProgressRating = Closed({ rating: Type.Integer({ minimum: 1, maximum: 5 }), comment: Type.Optional(Type.String({ maxLength: 2_000 })) });

export const RequestPhoneCode = Closed({ phone: Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' }) });
export const PhoneCodeRequested = Closed({ expiresInSeconds: Type.Integer() });
export const PhoneSignIn = Closed({ phone: Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' }), code: Type.String({ pattern: '^[0-9]{6}$' }) });
export const CustomerSession = Closed({ token: Type.String(), expiresAt: Timestamp, customer: Closed({ id: Id, name: Type.String() }) });
export const CustomerTicket = Closed({ number: Type.String(), subject: Type.String(), status: OneOf(ticketStatuses), createdAt: Timestamp, url: Type.String() });
export const CustomerTicketPage = Page(CustomerTicket);
