import { Type, type Static } from 'typebox';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Page, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { FileSummary } from './file.ts';
import { LinkedTicket, PriorityName } from './ticket.ts';
import { sideConversationSides, sideConversationStates } from '../rules/ticket/collaboration.ts';
import { linkKinds } from '../rules/ticket/links.ts';
import { matterReasons, type MatterReason } from '../rules/ticket/same-matter.ts';

/** How much of each there may be (数量上限). */
export const collaborationLimits = {
  mergedAtOnce: 100, links: 500, children: 500, splitMessages: 100, checklistItems: 200, checklistText: 500, itemsAtOnce: 100, templates: 200, templateItems: 100,
  quotes: 20, sideConversations: 200, sideBody: limits.comment,
} as const;

const ticketNamed = Type.String({ minLength: 1, maxLength: 64, description: 'Id or number of a ticket' });
const note = Type.Optional(Type.String({ maxLength: limits.reason }));

// Merging

/** Exactly one of `into` (this ticket is merged into that one) and `sources` (those are merged into this one). */
export const MergeTickets = Closed({
  into: Type.Optional(ticketNamed),
  sources: Type.Optional(Type.Array(ticketNamed, { minItems: 1, maxItems: collaborationLimits.mergedAtOnce, uniqueItems: true })),
  note,
}, { title: 'MergeTickets' });
export type MergeTickets = Static<typeof MergeTickets>;

/** What became of each source (合并结果). With `into` a refusal is the answer itself; with `sources` each has its own. */
export const MergeResult = Closed({
  target: LinkedTicket,
  results: Type.Array(Closed({
    ticket: Type.String({ description: 'As it was named in the request' }),
    id: Nullable(Id),
    number: Nullable(Type.String()),
    merged: Type.Boolean(),
    problem: Nullable(Closed({ code: Type.String(), title: Type.String() }, { description: 'Why it was not merged' })),
  })),
}, { title: 'MergeResult' });
export type MergeResult = Static<typeof MergeResult>;
export const UnmergeTicket = Closed({ note }, { title: 'UnmergeTicket' });

/** Why another ticket may be the same matter (疑似原因). */
export const mergeReasons = matterReasons;
export type MergeReason = MatterReason;
export const mergeReasonNames: Record<MergeReason, { zh: string; en: string }> = {
  linked_duplicate: { zh: '已标为重复', en: 'Linked as a duplicate' },
  same_customer: { zh: '同一客户', en: 'Same customer' },
  same_phone: { zh: '同一电话', en: 'Same phone number' },
  same_asset: { zh: '同一设备', en: 'Same asset' },
  same_address: { zh: '同一地点', en: 'Same place' },
  near_place: { zh: '地点相近', en: 'Near by' },
  same_category: { zh: '同一分类', en: 'Same category' },
  similar_words: { zh: '内容相近', en: 'Similar words' },
};
/** Tickets that may be the same matter as this one (疑似重复工单), the likeliest first. */
export const MergeCandidates = Closed({
  items: Type.Array(Closed({
    ticket: LinkedTicket,
    createdAt: Timestamp,
    score: Type.Integer({ description: 'Points; only their order means something' }),
    reasons: Type.Array(Closed({ code: OneOf(mergeReasons), title: Type.String() }), { minItems: 1, description: 'The weightiest first' }),
    offered: Type.Boolean({ description: 'The same person on the same matter within the window: most likely one ticket' }),
  }), { maxItems: 10 }),
  crowd: Nullable(Closed({
    people: Type.Integer({ description: 'How many people reported it, this one and those below the parent included' }),
    reason: OneOf(['same_asset', 'same_place', 'same_words']),
    tickets: Type.Array(Closed({
      ...LinkedTicket.properties, address: Nullable(Type.String({ description: 'Where it is, as far as that was said' })), createdAt: Timestamp,
      sure: Type.Boolean({ description: 'False where its place fits elsewhere as well: somebody has to say whether it belongs here' }),
    }), { maxItems: 100, description: 'The others, without those that are below the parent already' }),
    /** The ticket that leads them already; this one itself where it does. */
    parent: Nullable(LinkedTicket),
  }, { description: 'Many people on one matter: may be gathered below one ticket' })),
}, { title: 'MergeCandidates' });
export type MergeCandidates = Static<typeof MergeCandidates>;

/** What a request that is being written is compared by. */
export const LikeQuery = Closed({
  subject: Type.Optional(Type.String({ maxLength: 200 })), customer: Type.Optional(Id), phone: Type.Optional(Type.String({ maxLength: 30 })), asset: Type.Optional(Id), category: Type.Optional(Id), address: Type.Optional(Type.String({ maxLength: 300 })),
});
export const GatherTickets = Closed({
  tickets: Type.Array(Id, { minItems: 0, maxItems: 100, uniqueItems: true, description: 'Those that come of the same cause' }),
  parent: Type.Optional(ticketNamed), subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
}, { title: 'GatherTickets' });
export const GatheredTickets = Closed({ parent: LinkedTicket, gathered: Type.Integer(), left: Type.Integer({ description: 'Those that could not be put below it: done, below another, or not the caller’s to change' }) }, { title: 'GatheredTickets' });

/** When tickets are proposed as one, or as many of one cause (查重设置). */
export const MatchingSettings = Closed({
  hours: Type.Integer({ minimum: 1, maximum: 720, description: 'Within which the same person means the same matter' }),
  crowd: Closed({ people: Type.Integer({ minimum: 2, maximum: 100 }), hours: Type.Integer({ minimum: 1, maximum: 168 }) }, { description: 'How many people within how long are proposed as one cause' }),
  storm: Nullable(Closed({ alarms: Type.Integer({ minimum: 2, maximum: 1_000 }), minutes: Type.Integer({ minimum: 1, maximum: 1_440 }) }, { description: 'How many alarms of one channel within how long are gathered by themselves' })),
  version: Type.Integer(),
}, { title: 'MatchingSettings' });
export type MatchingSettings = Static<typeof MatchingSettings>;
export const UpdateMatchingSettings = Closed({ hours: Type.Optional(MatchingSettings.properties.hours), crowd: Type.Optional(MatchingSettings.properties.crowd), storm: Type.Optional(MatchingSettings.properties.storm) }, { title: 'UpdateMatchingSettings', minProperties: 1 });

// Links

/** How two tickets belong together, as seen from this one. */
export const LinkKind = OneOf(linkKinds);
export const AddLink = Closed({ kind: LinkKind, ticket: ticketNamed }, { title: 'AddLink' });
export type AddLink = Static<typeof AddLink>;
/** A link of a ticket (关联). Of a ticket the caller may not read, only the number is shown. */
export const TicketLink = Closed({
  kind: LinkKind,
  ticket: LinkedTicket,
  via: Nullable(Type.String({ description: 'Number of the ticket, merged into this one, that the link was made on' })),
}, { title: 'TicketLink' });
export type TicketLink = Static<typeof TicketLink>;
export const TicketLinkPage = Page(TicketLink);
export const ListLinks = Closed({ ...pageQuery, kind: Type.Optional(LinkKind) });

// Splitting

/** A new ticket out of some messages of this one. What is not given is as on this ticket. */
export const SplitTicket = Closed({
  messageIds: Type.Array(Id, { maxItems: collaborationLimits.splitMessages, uniqueItems: true, description: 'Their text and attachments are copied; here they stay. None only where there is a description instead' }),
  subject: Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible }),
  description: Type.Optional(Type.String({ maxLength: limits.description })),
  type: Type.Optional(Type.String({ maxLength: 64, description: 'Id or key of the ticket type' })),
  category: Type.Optional(Nullable(Type.String({ maxLength: 300, description: 'Id, or the path of names joined by “/”' }))),
  priority: Type.Optional(PriorityName),
  team: Type.Optional(Nullable(Id)),
  fileIds: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Further files of this ticket to be copied' })),
  fieldKeys: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 300, uniqueItems: true, description: 'Which answers of this ticket’s own fields are taken over; of the same type all when absent, of another type none. Another type takes those of which its form has the like' })),
  link: Type.Optional(OneOf(['related', 'child', 'none'], { description: 'How the new ticket is linked with this one; related when absent' })),
}, { title: 'SplitTicket' });
export type SplitTicket = Static<typeof SplitTicket>;

// Checklists

const itemText = Type.String({ minLength: 1, maxLength: collaborationLimits.checklistText, pattern: visible });
/** One thing to be done (检查项). */
export const ChecklistItem = Closed({
  id: Id,
  text: Type.String(),
  required: Type.Boolean({ description: 'The ticket cannot be resolved while it is open' }),
  done: Nullable(Closed({ at: Timestamp, by: Closed({ id: Nullable(Id), name: Nullable(Type.String()) }) })),
  assignee: Nullable(Reference),
  dueAt: NullableTimestamp,
  template: Nullable(Reference),
  version: Type.Integer(),
}, { title: 'ChecklistItem' });
export type ChecklistItem = Static<typeof ChecklistItem>;
export const Checklist = Closed({ items: Type.Array(ChecklistItem), done: Type.Integer(), total: Type.Integer() }, { title: 'Checklist' });
export type Checklist = Static<typeof Checklist>;
/** Exactly one of `items` and `template`. */
export const AddChecklistItems = Closed({
  items: Type.Optional(Type.Array(Closed({ text: itemText, assignee: Type.Optional(Id), dueAt: Type.Optional(Timestamp) }), { minItems: 1, maxItems: collaborationLimits.itemsAtOnce })),
  template: Type.Optional(Id),
}, { title: 'AddChecklistItems' });
export type AddChecklistItems = Static<typeof AddChecklistItems>;
export const UpdateChecklistItem = Closed({
  text: Type.Optional(itemText),
  done: Type.Optional(Type.Boolean()),
  assignee: Type.Optional(Nullable(Id)),
  dueAt: Type.Optional(NullableTimestamp),
}, { title: 'UpdateChecklistItem', minProperties: 1 });
export type UpdateChecklistItem = Static<typeof UpdateChecklistItem>;
export const OrderChecklist = Closed({ itemIds: Type.Array(Id, { minItems: 1, maxItems: collaborationLimits.checklistItems, uniqueItems: true, description: 'All items, in the new order' }) }, { title: 'OrderChecklist' });

const templateItems = Type.Array(itemText, { minItems: 1, maxItems: collaborationLimits.templateItems });
const templateName = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
/** A checklist kept for use on many tickets (检查清单模板). */
export const ChecklistTemplate = Closed({
  id: Id, name: Type.String(), nameEn: Nullable(Type.String()),
  items: Type.Array(Type.String()),
  ticketTypes: Type.Array(Reference, { description: 'New tickets of these types get it by themselves' }),
  requiredBeforeResolve: Type.Boolean({ description: 'A ticket cannot be resolved while an item of it is open' }),
  active: Type.Boolean(), version: Type.Integer(),
}, { title: 'ChecklistTemplate' });
export type ChecklistTemplate = Static<typeof ChecklistTemplate>;
export const ChecklistTemplatePage = Page(ChecklistTemplate);
export const ListChecklistTemplates = Closed({ ...pageQuery, active: Type.Optional(OneOf(['true', 'false'])) });
export const CreateChecklistTemplate = Closed({
  name: templateName, nameEn: Type.Optional(Type.String({ maxLength: limits.name })), items: templateItems,
  ticketTypeIds: Type.Optional(Type.Array(Id, { maxItems: 100, uniqueItems: true })), requiredBeforeResolve: Type.Optional(Type.Boolean()),
}, { title: 'CreateChecklistTemplate' });
export type CreateChecklistTemplate = Static<typeof CreateChecklistTemplate>;
export const UpdateChecklistTemplate = Closed({
  name: Type.Optional(templateName), nameEn: Type.Optional(Nullable(Type.String({ maxLength: limits.name }))), items: Type.Optional(templateItems),
  ticketTypeIds: Type.Optional(Type.Array(Id, { maxItems: 100, uniqueItems: true })), requiredBeforeResolve: Type.Optional(Type.Boolean()), active: Type.Optional(Type.Boolean()),
}, { title: 'UpdateChecklistTemplate', minProperties: 1 });
export type UpdateChecklistTemplate = Static<typeof UpdateChecklistTemplate>;

// Side conversations

/** A conversation beside a ticket (旁路会话): with a team, a department, or somebody outside by e-mail. */
export const SideConversation = Closed({
  id: Id,
  ticket: Closed({ id: Nullable(Id), number: Type.String() }, { description: 'Without id when the caller may not read the ticket' }),
  subject: Type.String(),
  kind: OneOf(['team', 'department', 'email']),
  team: Nullable(Reference),
  department: Nullable(Reference),
  email: Nullable(Closed({ address: Type.String(), name: Nullable(Type.String()) })),
  state: OneOf(sideConversationStates),
  openedBy: Closed({ id: Nullable(Id), name: Nullable(Type.String()) }),
  awaits: Nullable(OneOf(sideConversationSides, { description: 'Whose answer is awaited: of those who were asked, or of those who ask; null once it is closed' })),
  messageCount: Type.Integer(),
  lastMessage: Nullable(Closed({ author: Nullable(Type.String()), preview: Type.String() })),
  createdAt: Timestamp, lastMessageAt: Timestamp, closedAt: NullableTimestamp,
  version: Type.Integer(),
}, { title: 'SideConversation' });
export type SideConversation = Static<typeof SideConversation>;
export const SideConversationPage = Page(SideConversation);
export const ListSideConversations = Closed({ ...pageQuery, state: Type.Optional(OneOf(sideConversationStates)) });
export const sideConversationBoxes = ['asked', 'opened', 'all'] as const;
export const ListOwnSideConversations = Closed({
  ...ListSideConversations.properties,
  box: Type.Optional(OneOf(sideConversationBoxes, { description: 'asked: those with the caller’s teams and department (when absent); opened: those the caller started; all: both' })),
  awaiting: Type.Optional(Type.Boolean({ description: 'true: only open ones in which it is the caller’s side that has to answer' })),
});

/** What was written in it. Quotes are copies: whoever sees the thread sees them, and nothing else of the ticket. */
export const SideMessage = Closed({
  id: Id,
  direction: OneOf(['internal', 'outbound', 'inbound']),
  author: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  body: Type.String(),
  quotes: Type.Array(Closed({ author: Nullable(Type.String()), at: Timestamp, body: Type.String() })),
  files: Type.Array(FileSummary),
  delivery: Nullable(Closed({ state: OneOf(['queued', 'sending', 'sent', 'failed']), address: Type.String(), sentAt: NullableTimestamp }, { description: 'Of an e-mail' })),
  createdAt: Timestamp,
}, { title: 'SideMessage' });
export type SideMessage = Static<typeof SideMessage>;
export const SideMessagePage = Page(SideMessage);

const sideContent = {
  body: Type.String({ minLength: 1, maxLength: collaborationLimits.sideBody, pattern: visible }),
  quoteIds: Type.Optional(Type.Array(Id, { maxItems: collaborationLimits.quotes, uniqueItems: true, description: 'Messages of the ticket to be quoted' })),
  attachments: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Files uploaded before' })),
  shareFileIds: Type.Optional(Type.Array(Id, { maxItems: limits.attachments, uniqueItems: true, description: 'Files of the ticket to be shown here' })),
};
/** Exactly one of `team`, `department` and `email` says with whom. */
export const OpenSideConversation = Closed({
  subject: Type.String({ minLength: 1, maxLength: limits.subject, pattern: visible }),
  team: Type.Optional(Id),
  department: Type.Optional(Id),
  email: Type.Optional(Closed({ address: Type.String({ format: 'email', maxLength: 254 }), name: Type.Optional(Type.String({ minLength: 1, maxLength: limits.name })) })),
  ...sideContent,
}, { title: 'OpenSideConversation' });
export type OpenSideConversation = Static<typeof OpenSideConversation>;
/** Whoever takes part without reading the ticket can neither quote it nor share its files. */
export const ReplyInSideConversation = Closed(sideContent, { title: 'ReplyInSideConversation' });
export type ReplyInSideConversation = Static<typeof ReplyInSideConversation>;

// History

/** Why a chain does not hold, in words (断链原因). */
export const chainFaultNames = {
  altered: { zh: '这条记录被改动过', en: 'This entry was altered' },
  missing: { zh: '这里缺了一条记录', en: 'An entry is missing here' },
  not_linked: { zh: '这条记录与前一条接不上', en: 'This entry does not follow the one before it' },
  cut_off: { zh: '后面的记录不见了', en: 'The entries from here on are gone' },
  added: { zh: '这条记录是后来塞进来的', en: 'This entry was put in later' },
  orphan: { zh: '这条记录所属的工单不存在', en: 'The ticket of this entry does not exist' },
  unsealed: { zh: '这条记录没有系统的封印', en: 'This entry does not bear the seal of the program' },
  other_key: { zh: '这条记录是用另一个 SECRET_KEY 封印的', en: 'This entry was sealed with another SECRET_KEY' },
} as const;
/** What may be wrong with the seals over the whole log. */
export const anchorFaultNames = {
  seal_altered: { zh: '封存点被改动过', en: 'The seal was altered' },
  seal_missing: { zh: '前面的封存点不见了', en: 'Seals before this one are gone' },
  seal_other_key: { zh: '封存点是用另一个 SECRET_KEY 做的', en: 'The seal was made with another SECRET_KEY' },
  facts_missing: { zh: '封存之后有记录被删除', en: 'Entries were deleted after they were sealed' },
  facts_added: { zh: '封存之后有记录被塞进来', en: 'Entries were put in after the seal' },
  facts_altered: { zh: '封存之后有记录被改写', en: 'Entries were written anew after they were sealed' },
} as const;
export const chainFaults = Object.keys(chainFaultNames) as (keyof typeof chainFaultNames)[];
/** Whether a ticket's history is as it was written (历史校验). */
export const HistoryVerification = Closed({
  number: Type.String(),
  intact: Type.Boolean(),
  length: Type.Integer({ description: 'How many facts hold' }),
  unkeyed: Type.Integer({ description: 'Of them, those of before facts were sealed with a key: they hold together, but whoever has the database could have written them anew, up to the moment they came under a seal of the whole log' }),
  broken: Nullable(Closed({
    position: Type.Integer({ description: 'The first place in the ticket’s history that does not hold, from 1' }),
    kind: Nullable(Type.String({ description: 'Of the fact that stands there' })),
    fault: OneOf(chainFaults, { description: 'altered: the fact is not what was written; missing: none is there; not_linked: it does not follow the one before; cut_off: the last ones are gone; added: more than were written; orphan: of no ticket; unsealed: it does not bear the program’s seal; other_key: it was sealed with another SECRET_KEY' }),
    title: Type.String({ description: 'In the language of Accept-Language' }),
  })),
  checkedAt: Timestamp,
}, { title: 'HistoryVerification' });
export type HistoryVerification = Static<typeof HistoryVerification>;

/** One change since the version a caller worked from, oldest first; in the `details` of the 412 answer. */
export const VersionChange = Closed({
  property: Type.String({ description: 'As PATCH names it; `fields.<key>` for a field' }),
  before: Type.Unknown(),
  after: Type.Unknown(),
  actor: Closed({ kind: Type.String(), id: Nullable(Id), name: Nullable(Type.String()) }),
  at: Timestamp,
}, { title: 'VersionChange' });
export type VersionChange = Static<typeof VersionChange>;
