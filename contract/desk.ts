import { Type, type Static } from 'typebox';
import type { Filter as FilterRule } from '../rules/conditions/filter.ts';
import { AddComment, PriorityName, Ticket, UpdateTicket } from './ticket.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { ticketActions, waitingReasons } from '../rules/ticket/lifecycle.ts';

/** How much of each there may be on a desk (数量上限). */
export const deskLimits = {
  watchers: 100, cannedReplies: 500, body: limits.comment, macros: 500, steps: 20, held: 20, heldSeconds: 60, drafts: 300, draftBytes: 65_536, unreadCounted: 100,
  absences: 100, absenceDays: 366, mentionTeams: 10, shortcuts: 100,
} as const;

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const active = Type.Optional(Type.Boolean({ description: 'false archives it; true takes it back into use' }));
export const shareKinds = ['personal', 'team', 'shared'] as const;
export type ShareKind = (typeof shareKinds)[number];
const Kind = OneOf(shareKinds, { description: 'personal: one’s own; team: its members’; shared: everybody’s' });

// Watchers

/** Somebody who follows a ticket (关注人). */
export const Watcher = Closed({ staff: Reference, since: Timestamp }, { title: 'Watcher' });
export type Watcher = Static<typeof Watcher>;
export const WatcherPage = Page(Watcher);

// Canned replies

const shortcut = Type.Optional(Nullable(Type.String({ maxLength: 40, pattern: '^[^\\s/]*$', description: 'Typed after “/” in the composer' })));
const category = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));
const cannedBody = Type.String({ minLength: 1, maxLength: deskLimits.body, pattern: visible, description: 'Text with variables such as {{customer.name}} or {{customer.name|您}}' });
/** A reply kept for use again (快捷回复). */
export const CannedReply = Closed({
  id: Id, kind: Kind, owner: Nullable(Reference), team: Nullable(Reference),
  name: Type.String(), shortcut: Nullable(Type.String()), category: Nullable(Type.String()), body: Type.String(),
  useCount: Type.Integer(), active: Type.Boolean(), editable: Type.Boolean({ description: 'Whether the reader may change or archive it' }),
  updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'CannedReply' });
export type CannedReply = Static<typeof CannedReply>;
export const CannedReplyPage = Page(CannedReply);
export const ListCannedReplies = Closed({
  ...pageQuery, q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of name, shortcut or body' })), kind: Type.Optional(Kind),
  category: Type.Optional(Type.String({ maxLength: limits.name })), archived: Type.Optional(Type.Boolean({ description: 'true: those that are archived instead' })),
});
export const CreateCannedReply = Closed({ kind: Kind, teamId: Type.Optional(Id), name, shortcut, category, body: cannedBody }, { title: 'CreateCannedReply' });
export type CreateCannedReply = Static<typeof CreateCannedReply>;
export const UpdateCannedReply = Closed({
  kind: Type.Optional(Kind), teamId: Type.Optional(Id), name: Type.Optional(name), shortcut, category, body: Type.Optional(cannedBody), active,
}, { title: 'UpdateCannedReply', minProperties: 1 });
export type UpdateCannedReply = Static<typeof UpdateCannedReply>;
export const RenderCannedReply = Closed({
  ticketId: Type.String({ minLength: 1, maxLength: 64, description: 'Id or number' }),
  preview: Type.Optional(Type.Boolean({ description: 'true: it is only looked at, and not counted as used' })),
}, { title: 'RenderCannedReply' });
/** A text with its variables filled in. */
export const RenderedText = Closed({ text: Type.String(), missing: Type.Array(Type.String(), { description: 'Variables that have no value on this ticket, left out' }) }, { title: 'RenderedText' });

// Macros

const text = { minLength: 1, maxLength: deskLimits.body, pattern: visible };
const tag = Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: limits.tags, uniqueItems: true });
const reason = Type.Optional(Type.String({ maxLength: limits.reason, description: 'With variables' }));
export const macroStepKinds = ['reply', 'note', 'set', 'tag', 'untag', 'act', 'checklist'] as const;
/**
 * One step of a macro, with what its kind takes and nothing else. reply, note: a comment; set: properties, as PATCH takes
 * them; tag, untag; act: a step of the ticket’s life, as its action takes it (`assignee: "me"` is whoever applies the
 * macro); checklist: adds items, or a template’s.
 */
export const MacroStep = Closed({
  kind: OneOf(macroStepKinds),
  body: Type.Optional(Type.String({ ...text, description: 'reply, note: with variables' })),
  priority: Type.Optional(PriorityName), category: UpdateTicket.properties.category, fields: UpdateTicket.properties.fields, subject: UpdateTicket.properties.subject,
  status: Type.Optional(Type.String({ maxLength: 64, description: 'set, act: id of an own status, or a class' })),
  tags: Type.Optional(tag),
  action: Type.Optional(OneOf([...ticketActions, 'set_status'], { description: 'act: which' })),
  assignee: Type.Optional(Nullable(Type.String({ maxLength: 36, pattern: '^(me|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$', description: 'act: staff id or `me`' }))),
  team: Type.Optional(Id), reason, note: reason,
  for: Type.Optional(OneOf(waitingReasons)),
  resolution: Type.Optional(Type.String({ maxLength: limits.description, description: 'With variables' })),
  items: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 500, pattern: visible }), { minItems: 1, maxItems: 100, description: 'checklist' })),
  template: Type.Optional(Id),
}, { title: 'MacroStep' });
export type MacroStep = Static<typeof MacroStep>;
const steps = Type.Array(MacroStep, { minItems: 1, maxItems: deskLimits.steps });
const Condition = Type.Unsafe<FilterRule>({ title: 'Filter', type: 'object', description: 'On which tickets it is offered; on all when null' });

/** Several steps taken at once (宏). */
export const Macro = Closed({
  id: Id, kind: Kind, owner: Nullable(Reference), team: Nullable(Reference), name: Type.String(), description: Nullable(Type.String()),
  steps: Type.Array(MacroStep), condition: Nullable(Condition), useCount: Type.Integer(), active: Type.Boolean(), editable: Type.Boolean(),
  updatedAt: Timestamp, version: Type.Integer(),
}, { title: 'Macro' });
export type Macro = Static<typeof Macro>;
export const MacroPage = Page(Macro);
export const ListMacros = Closed({
  ...pageQuery, q: Type.Optional(Type.String({ maxLength: 100, description: 'Part of the name' })), kind: Type.Optional(Kind),
  ticket: Type.Optional(Type.String({ maxLength: 64, description: 'Id or number: only those whose condition holds for it' })),
  archived: Type.Optional(Type.Boolean({ description: 'true: those that are archived instead' })),
});
const description = Type.Optional(Nullable(Type.String({ maxLength: 500 })));
export const CreateMacro = Closed({ kind: Kind, teamId: Type.Optional(Id), name, description, steps, condition: Type.Optional(Nullable(Condition)) }, { title: 'CreateMacro' });
export type CreateMacro = Static<typeof CreateMacro>;
export const UpdateMacro = Closed({
  kind: Type.Optional(Kind), teamId: Type.Optional(Id), name: Type.Optional(name), description, steps: Type.Optional(steps), condition: Type.Optional(Nullable(Condition)), active,
}, { title: 'UpdateMacro', minProperties: 1 });
export type UpdateMacro = Static<typeof UpdateMacro>;
/** What a macro said at one of its versions (宏的历史版本). */
export const MacroVersion = Closed({
  version: Type.Integer(), name: Type.String(), description: Nullable(Type.String()), steps: Type.Array(MacroStep), condition: Nullable(Condition),
  changedBy: Nullable(Reference), changedAt: Timestamp,
}, { title: 'MacroVersion' });
export type MacroVersion = Static<typeof MacroVersion>;
export const MacroVersionPage = Page(MacroVersion);

export const ApplyMacro = Closed({ dryRun: Type.Optional(Type.Boolean({ description: 'Says what would change, and changes nothing' })) }, { title: 'ApplyMacro' });
/** What a macro changed, or would. */
export const MacroApplied = Closed({
  dryRun: Type.Boolean(),
  changes: Type.Array(Closed({ property: Type.String({ description: 'As the ticket names it; fields.<key> for a field' }), before: Type.Unknown(), after: Type.Unknown() })),
  messages: Type.Array(Closed({ visibility: OneOf(['public', 'internal']), body: Type.String() }), { description: 'Comments with their variables filled in' }),
  checklistItems: Type.Integer({ description: 'How many items it adds to the checklist' }),
  ticket: Nullable(Ticket),
}, { title: 'MacroApplied' });
export type MacroApplied = Static<typeof MacroApplied>;

// Undo send

export const HoldReply = Closed({
  ...AddComment.properties,
  seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: deskLimits.heldSeconds, description: 'How long it can be taken back; as the author’s preferences say when absent (15)' })),
}, { title: 'HoldReply' });
export type HoldReply = Static<typeof HoldReply>;
/** A comment that leaves when its time has come, unless it is taken back before (撤销发送). */
export const HeldReply = Closed({
  id: Id, ticketId: Id, comment: AddComment, state: OneOf(['held', 'failed']), createdAt: Timestamp, releaseAt: Timestamp,
  problem: Nullable(Closed({ code: Type.String(), title: Type.String() }, { description: 'Why it could not be sent; the text is kept until it is taken back' })),
}, { title: 'HeldReply' });
export type HeldReply = Static<typeof HeldReply>;
export const HeldReplyPage = Page(HeldReply);

// Drafts

const place = Type.String({ minLength: 1, maxLength: 120, pattern: '^[a-z][a-z0-9-]*(:[A-Za-z0-9-]+){0,3}$', description: 'Where it is written: ticket:<id>:reply, ticket:<id>:note, new-ticket, …' });
/** Something begun and not sent (草稿); only its writer sees it. */
export const Draft = Closed({ place: Type.String(), content: Type.Record(Type.String(), Type.Unknown()), version: Type.Integer(), updatedAt: Timestamp }, { title: 'Draft' });
export type Draft = Static<typeof Draft>;
export const DraftPage = Page(Draft);
export const SaveDraft = Closed({
  place, content: Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 100, description: 'At most 64 KB as JSON' }),
  version: Type.Optional(Type.Integer({ minimum: 0, description: 'The version this one was written over; 0 or absent for a new one. Another one there now is answered 409 draft_conflict with both' })),
}, { title: 'SaveDraft' });
export const ListDrafts = Closed({ ...pageQuery, place: Type.Optional(place) });
export const DeleteDraft = Closed({ place });

// Presence

export const presenceStates = ['viewing', 'typing'] as const;
export const BeatPresence = Closed({
  state: OneOf([...presenceStates, 'left'], { description: 'Sent every 10 s; whoever is silent for 30 s has left' }),
  tab: Type.Optional(Type.String({ maxLength: 40, pattern: '^[A-Za-z0-9-]+$', description: 'Tells several windows of one person apart' })),
  note: Type.Optional(Type.Literal(true, { description: 'What is being written is for colleagues: the customer is not told of it' })),
}, { title: 'BeatPresence' });
/** Who is on a ticket beside the caller (在看的人). */
export const Presence = Closed({ ticketId: Id, people: Type.Array(Closed({
  id: Id, name: Type.String(), state: OneOf(presenceStates), note: Type.Optional(Type.Literal(true, { description: 'They write for colleagues' })), visitor: Type.Optional(Type.Literal(true, { description: 'The customer themselves, at a chat on a website' })),
  page: Type.Optional(Closed({ url: Type.String(), title: Type.String() }, { description: 'The page the customer is on' })),
})) }, { title: 'Presence' });
export type Presence = Static<typeof Presence>;

// Notifications

export const notificationReasons = ['mentioned', 'team_mentioned', 'assigned', 'delegated', 'replied', 'watching', 'returned', 'held_failed', 'rule', 'rule_suspended', 'side_conversation', 'checklist', 'urgent', 'sla_warned', 'sla_breached', 'sla_escalated', 'unanswered', 'offered', 'unclaimed', 'hurried', 'rescheduled'] as const;
export type NotificationReason = (typeof notificationReasons)[number];
/** Something a person is told of (通知). */
export const Notification = Closed({
  id: Id, reason: OneOf(notificationReasons), factKind: Type.String({ description: 'What happened, for instance ticket.resolved' }),
  ticket: Nullable(Closed({ id: Id, number: Type.String(), subject: Type.String() })),
  sideConversation: Nullable(Closed({ id: Id, subject: Type.String() }, { description: 'The conversation beside a ticket it is about' })),
  actor: Nullable(Type.String()), preview: Nullable(Type.String()),
  for: Nullable(Closed({ ...Reference.properties }, { description: 'The absent colleague it was meant for' })),
  urgency: OneOf(['urgent', 'normal', 'low']), carried: Type.Boolean({ description: 'It went out on other channels, too, or will: GET …/deliveries tells how' }),
  createdAt: Timestamp, readAt: NullableTimestamp,
}, { title: 'Notification' });
export type Notification = Static<typeof Notification>;
export const NotificationPage = Page(Notification);
export const ListNotifications = Closed({ ...pageQuery, unread: Type.Optional(Type.Boolean({ description: 'true: only those not read yet' })) });
export const NotificationCount = Closed({ unread: Type.Integer(), capped: Type.Boolean({ description: 'There are at least so many: shown as “99+”' }) }, { title: 'NotificationCount' });
export const MarkNotificationsRead = Closed({ upTo: Id }, { title: 'MarkNotificationsRead', description: 'All up to this one, itself included' });

// Preferences

const NotifyBy = Closed({ inApp: Type.Boolean(), desktop: Type.Boolean(), sound: Type.Boolean() });
const notifyProperties = Object.fromEntries(notificationReasons.map((word) => [word, NotifyBy])) as Record<NotificationReason, typeof NotifyBy>;
const timeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM by the organization’s clock' });
const preferenceParts = {
  language: Nullable(OneOf(['zh-CN', 'en'], { description: 'null: as the browser says' })),
  theme: OneOf(['system', 'light', 'dark']),
  density: OneOf(['comfortable', 'compact']),
  undoSeconds: Type.Integer({ minimum: 0, maximum: deskLimits.heldSeconds, description: '0: replies are sent at once' }),
  desktopNotifications: Type.Boolean(),
  quietHours: Nullable(Closed({ from: timeOfDay, to: timeOfDay }, { description: 'No desktop notifications and no sound; may go over midnight' })),
  signature: Type.String({ maxLength: 2_000 }),
  shortcuts: Type.Record(Type.String(), Type.String({ maxLength: 40 }), { maxProperties: deskLimits.shortcuts, description: 'Keys by command, named like ticket.reply' }),
};
/** How somebody wants to work (个人设置). */
export const Preferences = Closed({ ...preferenceParts, notify: Closed(notifyProperties) }, { title: 'Preferences' });
export type Preferences = Static<typeof Preferences>;
/** Those named are changed; within `notify` reason by reason. */
export const UpdatePreferences = Closed({
  ...Object.fromEntries(Object.entries(preferenceParts).map(([key, schema]) => [key, Type.Optional(schema)])) as { [Key in keyof typeof preferenceParts]: ReturnType<typeof Type.Optional<(typeof preferenceParts)[Key]>> },
  notify: Type.Optional(Closed(Object.fromEntries(notificationReasons.map((word) => [word, Type.Optional(NotifyBy)])) as Record<NotificationReason, ReturnType<typeof Type.Optional<typeof NotifyBy>>>)),
}, { title: 'UpdatePreferences', minProperties: 1 });
export type UpdatePreferences = Static<typeof UpdatePreferences>;

// Absence

/** When somebody is away, and who stands in (请假代理). Over or cancelled ones have no effect. */
export const Absence = Closed({
  id: Id, staff: Reference, from: Timestamp, to: Timestamp, cover: Nullable(Reference), note: Nullable(Type.String()),
  state: OneOf(['planned', 'current', 'over', 'cancelled']), version: Type.Integer(),
}, { title: 'Absence' });
export type Absence = Static<typeof Absence>;
export const AbsencePage = Page(Absence);
export const ListAbsences = Closed({
  ...pageQuery, staff: Type.Optional(Type.String({ maxLength: 64, description: 'Staff id or `me`' })), cover: Type.Optional(Type.String({ maxLength: 64, description: 'Staff id or `me`' })),
  state: Type.Optional(OneOf(['current', 'coming'], { description: 'current: now; coming: now or later. All when absent' })),
});
const cover = Type.Optional(Nullable(Id));
const absenceNote = Type.Optional(Nullable(Type.String({ maxLength: 500 })));
export const PlanAbsence = Closed({ staffId: Type.Optional(Id), from: Timestamp, to: Timestamp, coverId: cover, note: absenceNote }, { title: 'PlanAbsence', description: 'Without staffId one’s own; somebody else’s takes organization.write' });
export type PlanAbsence = Static<typeof PlanAbsence>;
export const ChangeAbsence = Closed({ from: Type.Optional(Timestamp), to: Type.Optional(Timestamp), coverId: cover, note: absenceNote }, { title: 'ChangeAbsence', minProperties: 1 });

// Delegation

/** A colleague who helps with a ticket; the assignee stays (协办). */
export const DelegateTicket = Closed({ staffId: Id, note: Type.Optional(Type.String({ maxLength: limits.reason })) }, { title: 'DelegateTicket' });
/** Who takes part in a ticket beside its assignee. */
export const Helpers = Closed({ items: Type.Array(Reference), mayDelegate: Type.Boolean({ description: 'Whether the caller may ask a colleague to help now' }) }, { title: 'Helpers' });
