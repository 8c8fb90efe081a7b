import { Type, type Static } from 'typebox';
import { Closed, Id, Location, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { FileSummary } from './file.ts';
import { crewLimits } from './organization.ts';
import { answerRules, type AnswerRule } from '../rules/ticket/field-sync.ts';
import { visitActions, visitObstacles, visitStatuses } from '../rules/ticket/visit-lifecycle.ts';
import { priorities, ticketStatuses } from '../rules/ticket/lifecycle.ts';

const inBoth = Closed({ zh: Type.String(), en: Type.String() });
/** What the office, or another device of theirs, and the technician both changed of one field, and which of the two holds (字段冲突). */
export const VisitConflict = Closed({
  field: Type.String(),
  label: inBoth,
  technician: Nullable(Closed(inBoth.properties, { description: 'The answer in words; null where it is closed to some, as the history tells it to those who may see it' })),
  office: Nullable(inBoth),
  kept: OneOf(['technician', 'office']),
  rule: OneOf(Object.keys(answerRules) as AnswerRule[]),
  by: Nullable(Type.String({ description: 'Who changed it at the office' })),
  own: Type.Boolean({ description: 'The other answer is the technician’s own, from another device or the console' }),
  at: Timestamp,
}, { title: 'VisitConflict' });
export type VisitConflict = Static<typeof VisitConflict>;

export const needLimits = { lines: 20, line: 200 } as const;
export const tickLimit = 100;


/** An on-site appointment as it stands on its ticket (上门服务). */
export const VisitSummary = Closed({
  id: Id,
  status: OneOf(visitStatuses),
  technician: Reference,
  members: Type.Array(Reference, { description: 'Who comes beside the technician; they see the visit, its steps are taken by the technician' }),
  windowStart: NullableTimestamp,
  windowEnd: NullableTimestamp,
  plannedStart: Nullable(Type.String({ format: 'date-time', description: 'When it is planned to begin, which the customer was not told' })),
  plannedEnd: NullableTimestamp,
  note: Nullable(Type.String({ description: 'What whoever assigned it wants the technician to know' })),
  acceptedAt: NullableTimestamp,
  travelStartedAt: NullableTimestamp,
  checkedInAt: NullableTimestamp,
  checkInDistance: Nullable(Type.Integer({ description: 'Metres between the check-in and the place of the ticket' })),
  checkInReason: Nullable(Type.String({ description: 'Why the check-in was far away, or without a position' })),
  completedAt: NullableTimestamp,
  workSummary: Nullable(Type.String()),
  signedBy: Nullable(Type.String()),
  obstacle: Nullable(Closed({
    kind: OneOf(visitObstacles),
    note: Nullable(Type.String()),
    at: Timestamp,
  }, { description: 'Why the visit ended without result; of an incomplete visit only' })),
  needs: Type.Array(Type.String(), { description: 'What the next visit needs: parts, tools, people' }),
  parts: Type.Array(Type.String(), { description: 'What was used up: parts and materials, a line each' }),
  conflicts: Type.Array(VisitConflict, { description: 'Fields that the office and the technician both changed; null as a value where it is closed to the caller' }),
  needsTakeover: Type.Boolean({ description: 'Its technician left the organization while it was under way: somebody else has to be sent, or the ticket settled' }),
  version: Type.Integer(),
}, { title: 'VisitSummary' });
export type VisitSummary = Static<typeof VisitSummary>;

/** What a technician needs to fill in the fields of the ticket's type with a step, also where there is no network (上门表单). */
export const VisitForm = Closed({
  typeId: Id,
  version: Type.Integer({ description: 'The version of the type’s form that the ticket answers to; it never changes' }),
  values: Type.Record(Type.String(), Type.Unknown(), { description: 'The answers as they stand, as the caller may see them' }),
  names: Type.Record(Type.String(), Type.String(), { description: 'Names of what answers refer to by id' }),
  ticket: Type.Record(Type.String(), Type.Unknown(), { description: 'What the rules of the form may look at of the ticket' }),
}, { title: 'VisitForm', description: 'Null where the type has no fields, the visit is over, or it is somebody else’s' });
export type VisitForm = Static<typeof VisitForm>;

/** A visit as its technician sees it: with what is to be done, where and for whom. */
export const Visit = Closed({
  ...VisitSummary.properties,
  ticket: Closed({
    id: Id,
    number: Type.String(),
    withheld: Type.Boolean({ description: 'The visit ended and its ticket is no longer for this technician to read: of the ticket only id, number and createdAt are told, the location is null, and no files are listed' }),
    subject: Type.String({ description: 'Empty when withheld' }),
    description: Type.String({ description: 'Empty when withheld' }),
    status: Nullable(OneOf(ticketStatuses, { description: 'Null when withheld' })),
    priority: Nullable(OneOf(priorities, { description: 'Null when withheld' })),
    category: Nullable(Type.Array(Type.String())),
    requesterName: Nullable(Type.String()),
    requesterPhone: Nullable(Type.String({ description: 'In full for the technician and those who come along while the visit runs, otherwise as the mask policy shows it to the caller' })),
    asset: Nullable(Closed({ id: Id, code: Type.String(), name: Type.String() })),
    createdAt: Timestamp,
    dueAt: NullableTimestamp,
  }),
  location: Nullable(Location),
  checklist: Type.Array(Closed({
    id: Id, text: Type.String(), required: Type.Boolean({ description: 'The job cannot be completed while it is open' }), done: Nullable(Closed({ at: Timestamp, by: Nullable(Type.String()) })),
  }, { title: 'VisitChecklistItem' }), { description: 'The checklist of the ticket; empty when withheld' }),
  files: Type.Array(FileSummary),
  form: Nullable(VisitForm),
  actions: Type.Array(OneOf(visitActions)),
}, { title: 'Visit' });
export type Visit = Static<typeof Visit>;
export const VisitPage = Page(Visit);

export const ListVisits = Closed({
  ...pageQuery,
  technician: Type.Optional(Type.String({ maxLength: 64, description: 'Staff id or `me`' })),
  state: Type.Optional(OneOf(['current', 'done'], { description: 'current: still to do; done: completed, incomplete, declined or cancelled' })),
});

/** The body of a technician's step; which properties are needed depends on the step. */
export const TakeVisitAction = Closed({
  reason: Type.Optional(Type.String({ maxLength: limits.reason, description: 'decline: why; check_in: why there is no position, or why it is far from the place (needed from 1,000 metres on)' })),
  obstacle: Type.Optional(OneOf(visitObstacles, { description: 'report_obstacle: no_access (nobody there or no way in; the ticket waits for the customer), part_needed (it waits for the part) or return_visit (it goes back to the dispatchers)' })),
  note: Type.Optional(Type.String({ maxLength: limits.reason, description: 'report_obstacle: what colleagues have to know, such as which part; needed unless the obstacle is no_access' })),
  needs: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: needLimits.line, pattern: visible }), { maxItems: needLimits.lines, description: 'report_obstacle with part_needed or return_visit: what the next visit needs, a line each' })),
  parts: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: needLimits.line, pattern: visible }), { maxItems: needLimits.lines, description: 'complete, report_obstacle: what was used up, a line each' })),
  items: Type.Optional(Type.Array(Closed({ id: Id, done: Type.Boolean() }), { minItems: 1, maxItems: tickLimit, description: 'check_items: items of the ticket’s checklist that are done, or are not after all' })),
  recorded: Type.Optional(Type.Array(Closed({ fileId: Id, at: Timestamp, location: Type.Optional(Nullable(Location)), accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'Metres' })) }), { maxItems: limits.attachments, description: 'When and where files among the attachments were recorded: films and words, into which nothing can be written' })),
  rating: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: 'complete: how the customer who signed rated the service at the technician’s phone; needs the signature' })),
  ratingComment: Type.Optional(Type.String({ maxLength: 2_000 })),
  location: Type.Optional(Location),
  accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000, description: 'Metres' })),
  occurredAt: Type.Optional(Timestamp),
  stepId: Type.Optional(Type.String({ format: 'uuid', description: 'The step’s own id: sent again, however much later, it is not taken twice, and the answer is the visit as it stands' })),
  workSummary: Type.Optional(Type.String({ minLength: 1, maxLength: limits.description, pattern: visible })),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Photos uploaded before' })),
  signatureFileId: Type.Optional(Id),
  signedBy: Type.Optional(Type.String({ minLength: 1, maxLength: limits.name })),
  fields: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'log_work, complete: answers to fields of the ticket’s form, refused with any other step; with complete those that it wants of a resolved ticket have to be there' })),
  seen: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 300, description: 'What these fields held when they were answered: what the office changed since is merged field by field, and told in `conflicts`' })),
}, { title: 'TakeVisitAction' });
export type TakeVisitAction = Static<typeof TakeVisitAction>;

export const ChangeVisitMembers = Closed({
  members: Type.Array(Id, { maxItems: crewLimits.others, uniqueItems: true }),
  override: Type.Optional(Type.String({ minLength: 1, maxLength: limits.reason, pattern: visible, description: 'Why somebody comes along whom the customer does not accept, who knows too little or does not serve the area; refused with `override_needed` without it' })),
}, { title: 'ChangeVisitMembers' });
