import { Type, type Static } from 'typebox';
import { Closed, Id, Location, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { Completion, Guess } from './completion.ts';
import { FileSummary } from './file.ts';
import { statusColors } from './form.ts';
import { crewLimits } from './organization.ts';
import { VisitSummary } from './visit.ts';
import { slaMetrics } from '../rules/sla/policy.ts';
import { priorities, ticketActions, ticketStatuses, waitingReasons } from '../rules/ticket/lifecycle.ts';

export const channels = ['console', 'portal', 'phone', 'email', 'web', 'chat', 'wechat', 'mini_program', 'wecom', 'dingtalk', 'feishu', 'sms', 'social', 'qr', 'app', 'alarm', 'hotline', 'api'] as const;
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

/** Another ticket as this one names it. Of one that the caller may not read, only the number is shown. */
export const LinkedTicket = Closed({
  id: Nullable(Id),
  number: Type.String(),
  subject: Nullable(Type.String()),
  status: Nullable(StatusName),
}, { title: 'LinkedTicket' });
export type LinkedTicket = Static<typeof LinkedTicket>;

/** One line of a ticket list. */
export const TicketSummary = Closed({
  id: Id,
  number: Type.String({ description: 'Short human number, 20261121-00042' }),
  subject: Type.String(),
  status: StatusName,
  ownStatus: Nullable(Closed({ id: Id, name: Type.String(), color: OneOf(statusColors) }, { description: 'The organization’s own status within that class' })),
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
  mergedInto: Nullable(Closed({ id: Nullable(Id), number: Type.String() }, { description: 'The ticket it was merged into; without id when the caller may not read that one' })),
  led: Type.Optional(Type.Boolean({ description: 'True of a child whose parent is being worked on, or gathers a storm of alarms: what is done about it is done there' })),
  checklist: Nullable(Closed({ done: Type.Integer(), total: Type.Integer() }, { description: 'How much of its checklist is done' })),
  sla: Nullable(Closed({
    dueAt: NullableTimestamp, metric: Nullable(OneOf(slaMetrics)), breachedAt: NullableTimestamp,
  }, { description: 'Of the promises to the customer: what is due next and when, and when one was first broken. Why: GET /tickets/{id}/sla' })),
  version: Type.Integer(),
}, { title: 'TicketSummary' });
export type TicketSummary = Static<typeof TicketSummary>;

/** A ticket in full (工单). */
export const Ticket = Closed({
  ...TicketSummary.properties,
  description: Type.String(),
  resolution: Nullable(Type.String()),
  fields: Type.Record(Type.String(), Type.Unknown(), { description: 'Values of the type’s own fields by key' }),
  formVersion: Type.Integer({ description: 'The version of the type’s form it was made with: GET /ticket-types/{id}/versions/{number}' }),
  fieldNames: Type.Record(Type.String(), Type.String(), { description: 'Names of the people, customers, assets and files that fields refer to, by id; those the caller may not see are left out' }),
  statusChoices: Type.Array(Closed({ status: Type.String({ description: 'What to send as `status` with the action set_status: the id of an own status, or a class' }), class: StatusName, name: Type.String(), color: OneOf(statusColors), needs: Nullable(OneOf(['reason', 'resolution'])) }), { description: 'Statuses the caller may give it now; empty where the organization has none of its own' }),
  asset: Nullable(Closed({ id: Id, code: Type.String(), name: Type.String() })),
  guesses: Type.Array(Guess, { description: 'What was read out of the words of whoever wrote, stands on the ticket, and nobody has confirmed' }),
  completions: Type.Array(Completion, { description: 'What other systems were asked for it' }),
  priorityExplanation: PriorityExplanation,
  imported: Nullable(Closed({ number: Nullable(Type.String({ description: 'The number it had there' })) }, { description: 'That it came over from another system, with its history' })),
  reopenedCount: Type.Integer(),
  createdBy: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  mergedFrom: Type.Array(LinkedTicket, { description: 'Tickets merged into this one, directly or through another' }),
  parent: Nullable(LinkedTicket),
  children: Nullable(Closed({ total: Type.Integer(), open: Type.Integer(), resolved: Type.Integer(), cancelled: Type.Integer() }, { description: 'How its children stand; those that were merged elsewhere are counted there' })),
  visits: Type.Array(VisitSummary),
  files: Type.Array(FileSummary),
  survey: Nullable(Closed({ rating: Type.Integer(), comment: Nullable(Type.String()), answeredAt: Timestamp })),
  progressUrl: Type.String({ description: 'The customer’s signed link to follow the ticket' }),
  actions: Type.Array(OneOf(ticketActions), { description: 'What the caller may do now' }),
}, { title: 'Ticket' });
export type Ticket = Static<typeof Ticket>;

const category = Type.Union([Id, Type.String({ maxLength: 300 }), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 3 })], { description: 'Id, or the path of names as a list or joined by “/”' });

export const CreateTicket = Closed({
  type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of the ticket type; the template’s or the organization’s default when absent' })),
  template: Type.Optional(Id),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible, description: 'Needed unless the template has one' })),
  description: Type.Optional(Type.String({ maxLength: limits.description })),
  requester: Type.Optional(RequesterInput),
  category: Type.Optional(category),
  priority: Type.Optional(PriorityName),
  team: Type.Optional(Id),
  assignee: Type.Optional(Id),
  override: Type.Optional(Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible, description: 'Why somebody is sent against a rule (a skill they lack, whom the customer wants or does not accept, an area they do not serve); refused with `override_needed` without it' })),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300 })),
  location: Type.Optional(Location),
  assetId: Type.Optional(Id),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: limits.tags, uniqueItems: true })),
  channel: Type.Optional(Channel),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Ids of files uploaded before' })),
}, { title: 'CreateTicket' });
export type CreateTicket = Static<typeof CreateTicket>;

/** What may be edited directly; steps of the ticket's life are actions. */
export const UpdateTicket = Closed({
  type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of another ticket type: answers move over where its form takes them, those given as `fields` come on top; refused while a flow is under way on the ticket' })),
  requester: Type.Optional(Type.Union([RequesterInput, Type.Null()], { description: 'Who asked, in place of who stood there. A phone and an e-mail that are left out stay while the customer does' })),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible })),
  description: Type.Optional(Type.String({ maxLength: limits.description })),
  category: Type.Optional(Nullable(category)),
  priority: Type.Optional(PriorityName),
  status: Type.Optional(Type.String({ maxLength: 64, description: 'Id of an own status of the class the ticket is in, or that class for none; other classes are reached by actions' })),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'Those named are changed; null empties one' })),
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
  body: Type.String({ minLength: 1, maxLength: limits.comment, pattern: visible }),
  visibility: OneOf(['public', 'internal'], { description: 'public: the customer sees it; internal: a note for colleagues' }),
  mentions: Type.Optional(Type.Array(Id, { maxItems: 50, uniqueItems: true, description: 'Staff ids' })),
  mentionTeams: Type.Optional(Type.Array(Id, { maxItems: 10, uniqueItems: true, description: 'Team ids: all their members are told' })),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true })),
  toChildren: Type.Optional(Type.Boolean({ description: 'A public reply goes to the customers of all children as well' })),
}, { title: 'AddComment' });
export type AddComment = Static<typeof AddComment>;

/** The ways by which an answer reaches a customer (回复路径), the best first. */
export const replyRoutes = ['conversation', 'template', 'other', 'email', 'sms', 'page'] as const;
const Skips = Type.Array(Closed({ route: OneOf(replyRoutes), reason: Type.String() }), { description: 'Ways that were left out, and why' });

/** What became of an answer on its way to the customer (送达情况). */
export const ReplyDelivery = Closed({
  id: Id, channel: Type.String({ description: 'The kind of the account' }), account: Type.String(), contact: Nullable(Type.String()),
  state: OneOf(['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'held'], { description: 'sent: the platform took it; held: nobody can tell whether it was taken, and a person decides' }),
  route: Nullable(OneOf(replyRoutes)), skips: Skips, reason: Nullable(Type.String({ description: 'Why it failed or waits: a stable word' })), said: Nullable(Type.String({ description: 'What the platform said' })), at: Timestamp,
}, { title: 'ReplyDelivery' });
export type ReplyDelivery = Static<typeof ReplyDelivery>;

/** By which way an answer would go out now (回复路径预告). */
export const ReplyRoute = Closed({
  conversation: Nullable(Closed({
    id: Id, channel: Type.String(), account: Type.String(), contact: Nullable(Type.String()), lastInboundAt: NullableTimestamp,
    closesAt: NullableTimestamp, grants: Nullable(Type.Integer({ description: 'How many subscription messages they agreed to and that are left; null where the channel asks for no such consent' })), quota: Nullable(Closed({ left: Type.Integer(), of: Type.Integer() })), parts: Type.Array(Type.String()), textBytes: Nullable(Type.Integer()),
  }, { description: 'The conversation the ticket came by; null of tickets that came by none' })),
  route: Nullable(OneOf(replyRoutes, { description: 'Null where no way is left: somebody has to reach the customer otherwise' })), via: Nullable(Type.String({ description: 'The account it would go by' })), skips: Skips,
}, { title: 'ReplyRoute' });
export type ReplyRoute = Static<typeof ReplyRoute>;
export const deliveryActions = ['send_again', 'mark_arrived'] as const;

export const Comment = Closed({
  id: Id,
  ticketId: Id,
  visibility: OneOf(['public', 'internal']),
  direction: OneOf(['inbound', 'outbound', 'internal']),
  author: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  body: Type.String(),
  files: Type.Array(FileSummary),
  createdAt: Timestamp,
  origin: Nullable(Closed({ kind: OneOf(['merged', 'copied', 'parent']), number: Type.String() }, { description: 'merged: written to a ticket that was merged into this one; copied: taken over when this ticket was split off; parent: sent to all children of that ticket' })),
  deliveries: Type.Array(ReplyDelivery, { description: 'Of an answer to a ticket that came by a conversation: what became of it, for each of those it went to' }),
}, { title: 'Comment' });
export type Comment = Static<typeof Comment>;

/** One entry of a ticket's timeline (时间线): a fact, with the comment it made known when there is one. */
export const TimelineEntry = Closed({
  id: Type.String(),
  kind: Type.String(),
  title: Type.String({ description: 'In the language of Accept-Language' }),
  at: Timestamp,
  recordedAt: Timestamp,
  actor: Closed({ kind: OneOf(['staff', 'customer', 'api_key', 'system', 'rule']), id: Nullable(Id), name: Nullable(Type.String()) }),
  data: Type.Record(Type.String(), Type.Unknown(), { description: 'What the fact says: before/after of changed properties, reasons, names' }),
  comment: Nullable(Comment),
  files: Type.Array(FileSummary),
  ticketNumber: Nullable(Type.String({ description: 'Of the ticket it happened on, when that is another one: merged into this one, or the one this was merged into' })),
}, { title: 'TimelineEntry' });
export type TimelineEntry = Static<typeof TimelineEntry>;
export const TimelinePage = Page(TimelineEntry);

/** The body of an action; which properties are needed depends on the action. */
export const TakeAction = Closed({
  assignee: Type.Optional(Nullable(Id)),
  expectedAssignee: Type.Optional(Type.Union([Id, Type.Null()], { description: 'assign: who had it, or null for nobody, as the caller saw it; refused when somebody else has it by now' })),
  override: Type.Optional(Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible, description: 'assign: why something is done against a rule (a skill they lack, whom the customer wants or does not accept, an area they do not serve, a visit that is held, another window than the one that was promised); refused with `override_needed` without it. transfer: the same, where `reason` says nothing' })),
  team: Type.Optional(Id),
  visit: Type.Optional(Closed({ windowStart: Type.Optional(Timestamp), windowEnd: Type.Optional(Timestamp), members: Type.Optional(Type.Array(Id, { maxItems: crewLimits.others, uniqueItems: true, description: 'Who comes along' })) }, { description: 'assign: schedule an on-site visit; assigning a technician does so by itself' })),
  reason: Type.Optional(Type.String({ maxLength: limits.reason })),
  note: Type.Optional(Type.String({ maxLength: limits.reason })),
  for: Type.Optional(OneOf(waitingReasons, { description: 'wait: for whom' })),
  resolution: Type.Optional(Type.String({ maxLength: limits.description, description: 'resolve: what was done' })),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'Answers that come with the step; those that the form wants in the state it leads to are refused when missing' })),
  status: Type.Optional(Type.String({ maxLength: 64, description: 'set_status: id of an own status, or a class; other actions: id of an own status of the class they lead to' })),
  children: Type.Optional(OneOf(['resolve', 'leave'], { description: 'resolve: whether open children are resolved with it; leave when absent' })),
}, { title: 'TakeAction' });
export type TakeAction = Static<typeof TakeAction>;

export const ActionList = Closed({ actions: Type.Array(OneOf(ticketActions)) });
export const RevealInput = Closed({ reason: Type.Optional(Type.String({ maxLength: limits.reason })) });
export const RevealedContact = Closed({ fields: Type.Record(Type.String(), Type.Unknown(), { description: 'The answers of masked fields' }), name: Nullable(Type.String()), phone: Nullable(Type.String()), email: Nullable(Type.String()) });
