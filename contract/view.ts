import { Type, type Static } from 'typebox';
import type { Filter as FilterRule } from '../rules/conditions/filter.ts';
import { Closed, Id, Nullable, NullableTimestamp, OneOf, Reference, Timestamp, limits, pageQuery, visible } from './common.ts';
import { AddComment, ListTickets, TakeAction, TicketSummary, UpdateTicket } from './ticket.ts';
import { ticketActions } from '../rules/ticket/lifecycle.ts';

/** Limits of views, searches, bulk runs and exports. */
export const viewLimits = {
  /** Views a person, a team or an organization may have of its own. */
  views: 200, columns: 40, icon: 40,
  /** A count beyond it is shown as “1,000+”. */
  count: 1_000,
  /** Groups of a list counted in one request. */
  countedGroups: 50,
  /** Tickets named one by one in a bulk request. */
  bulkIds: 1_000,
  /** Tickets a bulk run may touch, however they were chosen. */
  bulkTickets: 20_000,
  /** Up to so many are done within the request; more become a run in the background. */
  bulkAtOnce: 50,
  /** Tickets a preview looks at one by one. */
  bulkPreview: 1_000,
} as const;

const name = Type.String({ minLength: 1, maxLength: limits.name, pattern: visible });
const nameEn = Type.Optional(Nullable(Type.String({ maxLength: limits.name })));

/**
 * A filter (筛选条件) in the language of rules/conditions: {all: […]}, {any: […]}, {not: …} or {property, operator, value}.
 * Only its outline is described here; what each property takes is checked by the rule that faces and server share.
 */
export const Filter = Type.Unsafe<FilterRule>({
  title: 'TicketFilter', type: 'object', description: '{all: […]}, {any: […]}, {not: …} or {property, operator, value}; {all: []} means every ticket',
});

/** A condition of a view that can no longer be applied: it matches nothing, and never lets more through. */
export const FilterProblem = Closed({
  path: Type.String({ description: 'JSON pointer into the filter' }),
  property: Nullable(Type.String()),
  code: Type.String(),
  message: Type.String({ description: 'In the language of Accept-Language' }),
}, { title: 'FilterProblem' });
export type FilterProblem = Static<typeof FilterProblem>;

/** What a list can show beside number and subject; `fields.<key>` shows a field of the ticket type. */
export const standardColumns = [
  'number', 'subject', 'status', 'waitingFor', 'priority', 'type', 'category', 'channel', 'department', 'team', 'assignee', 'requester', 'phone', 'tier',
  'location', 'tags', 'rating', 'createdAt', 'updatedAt', 'acceptedAt', 'resolvedAt', 'closedAt', 'dueAt',
] as const;
export type StandardColumn = (typeof standardColumns)[number];
export const Column = Type.String({ pattern: `^(${standardColumns.join('|')}|fields\\.[a-z][a-zA-Z0-9_]{0,62})$`, maxLength: 70, description: `One of ${standardColumns.join(', ')}, or fields.<key>` });

/** Orders of a list. `relevance` only where something is searched for; -resolvedAt leaves out what is not resolved, dueAt what is not due at any time. */
export const viewSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt', '-resolvedAt', 'priority', 'dueAt'] as const;
export type StandardSort = (typeof viewSorts)[number];
/** By a field of the ticket type that is marked as indexed, falling with `-` (按自定义字段排序); tickets without a value come last. */
export type FieldSort = `fields.${string}` | `-fields.${string}`;
export type ViewSort = StandardSort | FieldSort;
export type SearchSort = ViewSort | 'relevance';

const sortOf = <Sort extends string>(known: readonly string[]) => Type.Unsafe<Sort>(Type.String({
  pattern: `^(${known.join('|')}|-?fields\\.[a-z][a-zA-Z0-9_]{0,62})$`, maxLength: 71,
  description: `One of ${known.join(', ')}, or fields.<key> and -fields.<key> of an indexed field`,
}));
// Where none is given: that of the view, else relevance where q is given, else -createdAt.
const viewSort = sortOf<ViewSort>(viewSorts);
const searchSort = sortOf<SearchSort>([...viewSorts, 'relevance']);

/** By what the lines of a list can stand together; groups follow one another in the order of the configuration. */
export const groupings = ['status', 'priority', 'assignee', 'team', 'department', 'type', 'channel'] as const;
export type Grouping = (typeof groupings)[number];

export const viewKinds = ['standard', 'shared', 'team', 'personal'] as const;

/** A view (视图): which tickets, what of them, in what order. Standard ones come with the program and are known by key. */
export const View = Closed({
  id: Type.String({ description: 'UUIDv7, or the key of a standard view' }),
  kind: OneOf(viewKinds),
  name: Type.String(),
  nameEn: Nullable(Type.String()),
  icon: Nullable(Type.String()),
  filter: Filter,
  columns: Type.Array(Type.String()),
  sort: viewSort,
  grouping: Nullable(OneOf(groupings)),
  position: Type.Integer({ description: 'Among those of its kind' }),
  favourite: Type.Boolean({ description: 'The reader’s own star' }),
  favouritePosition: Nullable(Type.Integer({ description: 'Among the reader’s favourites' })),
  team: Nullable(Reference),
  owner: Nullable(Reference),
  editable: Type.Boolean({ description: 'Whether the reader may change or remove it' }),
  problems: Type.Array(FilterProblem, { description: 'Conditions that can no longer be applied' }),
  version: Type.Integer(),
}, { title: 'View' });
export type View = Static<typeof View>;
export const ViewPage = Closed({ items: Type.Array(View), nextCursor: Nullable(Type.String()) });
export const ListViews = Closed({ ...pageQuery, kind: Type.Optional(OneOf(viewKinds)), favourite: Type.Optional(Type.Boolean({ description: 'true: only the reader’s favourites, in their order' })) });
export type ListViews = Static<typeof ListViews>;

const viewParts = {
  icon: Type.Optional(Nullable(Type.String({ maxLength: viewLimits.icon, pattern: '^[a-z0-9-]*$' }))),
  columns: Type.Optional(Type.Array(Column, { maxItems: viewLimits.columns, uniqueItems: true })),
  sort: Type.Optional(viewSort),
  grouping: Type.Optional(Nullable(OneOf(groupings))),
  position: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
};
export const CreateView = Closed({
  kind: OneOf(['personal', 'team', 'shared']), teamId: Type.Optional(Id), name, nameEn, filter: Filter, ...viewParts,
  favourite: Type.Optional(Type.Boolean()),
}, { title: 'CreateView' });
export type CreateView = Static<typeof CreateView>;
export const UpdateView = Closed({
  kind: Type.Optional(OneOf(['personal', 'team', 'shared'])), teamId: Type.Optional(Id), name: Type.Optional(name), nameEn, filter: Type.Optional(Filter), ...viewParts,
}, { title: 'UpdateView', minProperties: 1 });
export type UpdateView = Static<typeof UpdateView>;
export const MarkFavourite = Closed({ favourite: Type.Boolean(), position: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 })) }, { title: 'MarkFavourite' });

/** How many tickets a view holds now (实时计数). */
export const ViewCount = Closed({
  view: Type.String(),
  count: Nullable(Type.Integer({ description: 'null while it is being counted for the first time' })),
  capped: Type.Boolean({ description: 'There are at least so many: shown as “1,000+”' }),
  at: NullableTimestamp,
}, { title: 'ViewCount' });
export type ViewCount = Static<typeof ViewCount>;
export const ViewCounts = Closed({ items: Type.Array(ViewCount) }, { title: 'ViewCounts' });
export const ListViewCounts = Closed({ views: Type.Optional(Type.String({ maxLength: 4_000, description: 'Ids or keys separated by commas, at most 100; the standard views and the reader’s favourites when absent' })) });

/** How many tickets of a group a list holds now (分组计数). */
export const GroupCount = Closed({
  group: Type.String({ description: 'As in `groups`' }),
  count: Nullable(Type.Integer({ description: 'null while it is being counted for the first time' })),
  capped: Type.Boolean({ description: 'There are at least so many: shown as “1,000+”' }),
  at: NullableTimestamp,
}, { title: 'GroupCount' });
export type GroupCount = Static<typeof GroupCount>;
export const GroupCounts = Closed({ items: Type.Array(GroupCount) }, { title: 'GroupCounts' });

/** Where a search was found in a ticket (`formerNumber`: the number it had elsewhere, or of a ticket merged into it): a piece of text and the marked ranges in it, by UTF-16 units (half-open). Plain text, never HTML. */
export const Highlight = Closed({
  property: OneOf(['number', 'formerNumber', 'subject', 'requester', 'phone', 'customer', 'location', 'resolution', 'description', 'comment', 'sideConversation']),
  text: Type.String(),
  ranges: Type.Array(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 2 })),
  commentId: Type.Optional(Id),
}, { title: 'Highlight' });
export type Highlight = Static<typeof Highlight>;

/** One line of a list of a view or a search. */
export const TicketLine = Closed({
  ...TicketSummary.properties,
  fields: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'The fields among the columns' })),
  fieldNames: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Names of the people, customers, assets and files they refer to, by id' })),
  highlights: Type.Optional(Type.Array(Highlight)),
}, { title: 'TicketLine' });
export type TicketLine = Static<typeof TicketLine>;
export const TicketLinePage = Closed({
  problems: Type.Optional(Type.Array(FilterProblem, { description: 'Conditions of the view that could not be applied' })),
  items: Type.Array(TicketLine),
  nextCursor: Nullable(Type.String()),
}, { title: 'TicketLinePage' });
export type TicketLinePage = Static<typeof TicketLinePage>;

const { limit: _limit, cursor: _cursor, sort: _sort, ...listed } = ListTickets.properties;
const moreFilters = {
  ...listed,
  view: Type.Optional(Type.String({ maxLength: 64, description: 'Id of a view or key of a standard one; the other parameters narrow it' })),
  filter: Type.Optional(Type.String({ maxLength: 8_000, description: 'A filter as JSON; narrows what the others leave' })),
};

// In an order by a text, a place holds as much of it as is indexed.
const longCursor = Type.String({ maxLength: 2_000, description: 'nextCursor of the page before' });

/** What GET /tickets takes. */
export const ListTicketLines = Closed({
  ...pageQuery, cursor: Type.Optional(longCursor), ...moreFilters,
  sort: Type.Optional(searchSort),
  grouping: Type.Optional(OneOf([...groupings, 'none'], { description: 'That of the view when absent' })),
  columns: Type.Optional(Type.String({ maxLength: 3_000, description: 'Columns separated by commas; those of the view when absent. Only fields.<key> change the answer' })),
}, { title: 'ListTicketLines' });
export type ListTicketLines = Static<typeof ListTicketLines>;

/** What POST /tickets/group-counts takes; it changes nothing. Filters may be too long for an address. */
export const CountGroups = Closed({
  view: Type.Optional(Type.String({ maxLength: 64 })),
  filter: Type.Optional(Filter),
  grouping: OneOf(groupings),
  groups: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: viewLimits.countedGroups, uniqueItems: true, description: 'A status, priority or channel, or the id of a person, team, department or type; `none` for those without' }),
}, { title: 'CountGroups' });
export type CountGroups = Static<typeof CountGroups>;

const q = Type.Optional(Type.String({ maxLength: 200, description: 'Number or its end, phone number or its last four digits, words, “phrases in quotes”' }));

/** Searches and filters that nobody saved (高级搜索). */
export const SearchTickets = Closed({
  q, filter: Type.Optional(Filter), view: Type.Optional(Type.String({ maxLength: 64 })),
  sort: Type.Optional(searchSort),
  grouping: Type.Optional(Nullable(OneOf(groupings))),
  columns: Type.Optional(Type.Array(Column, { maxItems: viewLimits.columns, uniqueItems: true })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.page })),
  cursor: Type.Optional(longCursor),
}, { title: 'SearchTickets' });
export type SearchTickets = Static<typeof SearchTickets>;

/** What GET /tickets/export takes; the answer is the file. */
export const ExportTickets = Closed({
  ...moreFilters,
  format: OneOf(['csv', 'xlsx']),
  sort: Type.Optional(viewSort),
  columns: Type.Optional(Type.String({ maxLength: 3_000, description: 'Columns separated by commas; those of the view when absent' })),
}, { title: 'ExportTickets' });
export type ExportTickets = Static<typeof ExportTickets>;

// — Bulk —

const tags = Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: limits.tags, uniqueItems: true });
/** Steps of a ticket's life, and what else can be done to many tickets at once. */
export const bulkKinds = [...ticketActions, 'set_status', 'reply', 'note', 'tag', 'untag', 'set', 'macro'] as const;
export type BulkKind = (typeof bulkKinds)[number];
const { attachments: _attachments, body: _body, visibility: _visibility, ...commented } = AddComment.properties;

/**
 * What is done to each ticket (批量操作). A step of its life takes what the action takes; reply and note a `body`; tag and
 * untag `tags`; set what to `set`; macro a `macroId`. Each ticket goes through the rules of the same thing done to it alone.
 */
export const BulkAction = Closed({
  kind: OneOf(bulkKinds),
  ...TakeAction.properties,
  body: Type.Optional(Type.String({ minLength: 1, maxLength: limits.comment, pattern: visible, description: 'reply, note' })),
  ...commented,
  tags: Type.Optional(tags),
  set: Type.Optional(Closed({
    subject: UpdateTicket.properties.subject, priority: UpdateTicket.properties.priority, category: UpdateTicket.properties.category, status: UpdateTicket.properties.status, fields: UpdateTicket.properties.fields,
  }, { minProperties: 1, description: 'set: what' })),
  macroId: Type.Optional(Id),
}, { title: 'BulkAction' });
export type BulkAction = Static<typeof BulkAction>;

/** Which tickets (所选工单): by id, or all that a view and a filter hold; then how many the caller believes they are. */
export const BulkSelection = Closed({
  ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: viewLimits.bulkIds, uniqueItems: true })),
  view: Type.Optional(Type.String({ maxLength: 64 })),
  filter: Type.Optional(Filter),
  q,
  expectedCount: Type.Optional(Type.Integer({ minimum: 0, description: 'Without ids: what the preview said; another number is refused, as something came or went meanwhile' })),
}, { title: 'BulkSelection' });
export type BulkSelection = Static<typeof BulkSelection>;

export const RunBulk = Closed({
  id: Type.Optional(Type.String({ format: 'uuid', description: 'An id of the caller’s making: sending the same again continues this run and does nothing twice' })),
  selection: BulkSelection,
  action: BulkAction,
  dryRun: Type.Optional(Type.Boolean({ description: 'Says what would become of each ticket, and changes nothing' })),
}, { title: 'RunBulk' });
export type RunBulk = Static<typeof RunBulk>;

export const bulkOutcomes = ['pending', 'done', 'unchanged', 'refused', 'failed'] as const;
/** What became of one ticket, or would. `unchanged`: it was so already. */
export const BulkResult = Closed({
  ticketId: Id,
  number: Nullable(Type.String()),
  subject: Nullable(Type.String()),
  outcome: OneOf(bulkOutcomes),
  code: Nullable(Type.String({ description: 'Of the refusal' })),
  message: Nullable(Type.String({ description: 'Why it was refused, in the language of Accept-Language' })),
}, { title: 'BulkResult' });
export type BulkResult = Static<typeof BulkResult>;

export const bulkStates = ['preview', 'running', 'done', 'cancelled'] as const;
/** A bulk run (批量任务), or the preview of one. */
export const BulkRun = Closed({
  id: Nullable(Id),
  state: OneOf(bulkStates),
  action: BulkAction,
  total: Type.Integer({ description: 'Tickets chosen' }),
  counts: Closed({ pending: Type.Integer(), done: Type.Integer(), unchanged: Type.Integer(), refused: Type.Integer(), failed: Type.Integer() }),
  createdBy: Nullable(Reference),
  createdAt: Nullable(Timestamp),
  finishedAt: NullableTimestamp,
  results: Type.Array(BulkResult, { description: 'Of a preview and of a run within the request; else asked for page by page' }),
}, { title: 'BulkRun' });
export type BulkRun = Static<typeof BulkRun>;
export const BulkRunPage = Closed({ items: Type.Array(BulkRun), nextCursor: Nullable(Type.String()) });
export const ListBulkResults = Closed({ ...pageQuery, outcome: Type.Optional(OneOf(bulkOutcomes)) });
export const BulkResultPage = Closed({ items: Type.Array(BulkResult), nextCursor: Nullable(Type.String()) });
