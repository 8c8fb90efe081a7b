import { Type, type Static } from 'typebox';
import { Closed, Id, Location, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery } from './common.ts';
import { FileSummary } from './file.ts';
import { VisitSummary } from './visit.ts';
import { priorities, ticketActions, ticketStatuses, waitingReasons } from '../rules/ticket/lifecycle.ts';

export const channels = ['console', 'portal', 'phone', 'email', 'web', 'chat', 'wechat', 'mini_program', 'wecom', 'dingtalk', 'feishu', 'sms', 'qr', 'app', 'alarm', 'hotline', 'api'] as const;
/** The way a request came in (渠道). */
export const Channel = OneOf(channels);
export type Channel = Static<typeof Channel>;
export const PriorityName = OneOf(priorities);
export const StatusName = OneOf(ticketStatuses);

/** Why the priority is what it is (优先级说明): one line for each factor, weights in points. */
export const PriorityExplanation = Closed({
  score: Type.Number(),
  overridden: Type.Boolean({ description: 'A person or the caller set the priority' }),
  factors: Type.Array(Closed({ factor: Type.String(), points: Type.Number(), detail: Type.Optional(Type.String()) })),
}, { title: 'PriorityExplanation' });

export const RequesterInput = Closed({
  customerId: Type.Optional(Id),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: limits.name })),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 30, pattern: '^\\+?[0-9 ()-]+$' })),
  email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
}, { title: 'RequesterInput' });

/** Who asked (报修人). Phone and e-mail are masked; `POST …/reveal` shows them and is recorded. */
export const Requester = Closed({
  customerId: Nullable(Id),
  name: Nullable(Type.String()),
  phone: Nullable(Type.String({ description: 'Masked, 138****5678' })),
  email: Nullable(Type.String({ description: 'Masked' })),
  tier: Nullable(Type.String()),
}, { title: 'Requester' });

const Category = Closed({ id: Id, path: Type.Array(Type.String()) }, { title: 'CategoryReference' });

/** One line of a ticket list. */
export const TicketSummary = Closed({
  id: Id,
  number: Type.String({ description: 'Short human number, 20261121-00042' }),
  subject: Type.String(),
  status: StatusName,
  waitingFor: Nullable(OneOf(waitingReasons)),
  priority: PriorityName,
  channel: Channel,
  type: Closed({ id: Id, key: Type.String(), name: Type.String() }),
  category: Nullable(Category),
  department: Nullable(Reference),
  team: Nullable(Reference),
  assignee: Nullable(Reference),
  acceptedAt: NullableTimestamp,
  requester: Requester,
  location: Nullable(Location),
  tags: Type.Array(Type.String()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  resolvedAt: NullableTimestamp,
  closedAt: NullableTimestamp,
  rating: Nullable(Type.Integer({ minimum: 1, maximum: 5 })),
  version: Type.Integer(),
}, { title: 'TicketSummary' });
export type TicketSummary = Static<typeof TicketSummary>;

/** A ticket in full (工单). */
export const Ticket = Closed({
  ...TicketSummary.properties,
  description: Type.String(),
  resolution: Nullable(Type.String()),
  fields: Type.Record(Type.String(), Type.Unknown()),
  asset: Nullable(Closed({ id: Id, code: Type.String(), name: Type.String() })),
  priorityExplanation: PriorityExplanation,
  reopenedCount: Type.Integer(),
  createdBy: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  visits: Type.Array(VisitSummary),
  files: Type.Array(FileSummary),
  survey: Nullable(Closed({ rating: Type.Integer(), comment: Nullable(Type.String()), answeredAt: Timestamp })),
  progressUrl: Type.String({ description: 'The customer’s signed link to follow the ticket' }),
  actions: Type.Array(OneOf(ticketActions), { description: 'What the caller may do now' }),
}, { title: 'Ticket' });
export type Ticket = Static<typeof Ticket>;

const category = Type.Union([Id, Type.String({ maxLength: 300 }), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 3 })], { description: 'Id, or the path of names as a list or joined by “/”' });

export const CreateTicket = Closed({
  type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of the ticket type; the organization’s default when absent' })),
  subject: Type.String({ minLength: 1, maxLength: limits.subject, pattern: '\\S' }),
  description: Type.Optional(Type.String({ maxLength: limits.description })),
  requester: Type.Optional(RequesterInput),
  category: Type.Optional(category),
  priority: Type.Optional(PriorityName),
  team: Type.Optional(Id),
  assignee: Type.Optional(Id),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 200 })),
  location: Type.Optional(Location),
  assetId: Type.Optional(Id),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true })),
  channel: Type.Optional(Channel),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Ids of files uploaded before' })),
}, { title: 'CreateTicket' });
export type CreateTicket = Static<typeof CreateTicket>;

/** What may be edited directly; steps of the ticket's life are actions. */
export const UpdateTicket = Closed({
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: limits.subject, pattern: '\\S' })),
  description: Type.Optional(Type.String({ maxLength: limits.description })),
  category: Type.Optional(Nullable(category)),
  priority: Type.Optional(PriorityName),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 200 })),
  location: Type.Optional(Nullable(Location)),
  assetId: Type.Optional(Nullable(Id)),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true })),
}, { title: 'UpdateTicket', minProperties: 1 });
export type UpdateTicket = Static<typeof UpdateTicket>;

export const ticketSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', 'priority'] as const;
const words = (description: string) => Type.Optional(Type.String({ maxLength: 400, description }));
export const ListTickets = Closed({
  ...pageQuery,
  status: words('One or several statuses, separated by commas'),
  assignee: words('Staff id, `me` or `none`'),
  team: words('Team id, `mine` or `none`'),
  type: words('Id or key of a ticket type'),
  category: words('Category id; tickets below it are included'),
  priority: words('One or several priorities, separated by commas'),
  tag: words('Tag'),
  channel: words('Channel'),
  customer: words('Customer id'),
  asset: words('Asset id'),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Number, or words of subject, description and customer' })),
  sort: Type.Optional(OneOf(ticketSorts)),
}, { title: 'ListTickets' });
export type ListTickets = Static<typeof ListTickets>;
export const TicketPage = Page(TicketSummary);
export type TicketPage = Static<typeof TicketPage>;

export const AddComment = Closed({
  body: Type.String({ minLength: 1, maxLength: limits.comment, pattern: '\\S' }),
  visibility: OneOf(['public', 'internal'], { description: 'public: the customer sees it; internal: a note for colleagues' }),
  mentions: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true, description: 'Staff ids' })),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true })),
}, { title: 'AddComment' });
export type AddComment = Static<typeof AddComment>;

export const Comment = Closed({
  id: Id,
  ticketId: Id,
  visibility: OneOf(['public', 'internal']),
  direction: OneOf(['inbound', 'outbound', 'internal']),
  author: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  body: Type.String(),
  files: Type.Array(FileSummary),
  createdAt: Timestamp,
}, { title: 'Comment' });
export type Comment = Static<typeof Comment>;

/** One entry of a ticket's timeline (时间线): a fact, with the comment it made known when there is one. */
export const TimelineEntry = Closed({
  id: Type.String(),
  kind: Type.String(),
  title: Type.String({ description: 'In the language of Accept-Language' }),
  at: Timestamp,
  recordedAt: Timestamp,
  actor: Closed({ kind: OneOf(['staff', 'customer', 'api_key', 'system']), id: Nullable(Id), name: Nullable(Type.String()) }),
  data: Type.Record(Type.String(), Type.Unknown(), { description: 'What the fact says: before/after of changed properties, reasons, names' }),
  comment: Nullable(Comment),
  files: Type.Array(FileSummary),
}, { title: 'TimelineEntry' });
export type TimelineEntry = Static<typeof TimelineEntry>;
export const TimelinePage = Page(TimelineEntry);

/** The body of an action; which properties are needed depends on the action. */
export const TakeAction = Closed({
  assignee: Type.Optional(Nullable(Id)),
  team: Type.Optional(Id),
  visit: Type.Optional(Closed({ windowStart: Type.Optional(Timestamp), windowEnd: Type.Optional(Timestamp) }, { description: 'assign: schedule an on-site visit; assigning a technician does so by itself' })),
  reason: Type.Optional(Type.String({ maxLength: limits.reason })),
  note: Type.Optional(Type.String({ maxLength: limits.reason })),
  for: Type.Optional(OneOf(waitingReasons, { description: 'wait: for whom' })),
  resolution: Type.Optional(Type.String({ maxLength: limits.description, description: 'resolve: what was done' })),
}, { title: 'TakeAction' });
export type TakeAction = Static<typeof TakeAction>;

export const ActionList = Closed({ actions: Type.Array(OneOf(ticketActions)) });
export const RevealInput = Closed({ reason: Type.Optional(Type.String({ maxLength: limits.reason })) });
export const RevealedContact = Closed({ name: Nullable(Type.String()), phone: Nullable(Type.String()), email: Nullable(Type.String()) });
