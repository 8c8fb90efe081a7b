/**
 * The filter language (筛选条件): which tickets are meant, as data. Views, bulk selections, automation and reports use it.
 * How it is read: check-filter.ts (is it well formed), resolve-filter.ts (into plain tests), filter-to-logic.ts (as a
 * JsonLogic rule, and on one record in memory), describe-filter.ts (in words). SQL is made from the plain tests, too.
 */

/** All, any or none of other filters, or one test of one property. `{all: []}` holds for every record, `{any: []}` for none. */
export type Filter = { readonly all: readonly Filter[] } | { readonly any: readonly Filter[] } | { readonly not: Filter } | FilterTest;

export interface FilterTest {
  /** A standard property ({@link ticketProperties}) or `fields.<key>`. */
  readonly property: string;
  readonly operator: FilterOperator;
  /** What to compare with; `empty`, `not_empty` take none. */
  readonly value?: FilterValue;
}

export type TimeUnit = 'minute' | 'hour' | 'day' | 'week' | 'month';
/** A stretch of time as counted back from (or on from) now; days and longer by the calendar of the organization's zone. */
export interface Span { readonly n: number; readonly unit: TimeUnit }
export const periods = ['today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'this_year'] as const;
/** A stretch of the calendar; weeks begin on Monday. */
export type Period = (typeof periods)[number];
export type FilterValue = string | number | boolean | readonly (string | number)[] | Span;

export const filterOperators = [
  'is', 'is_not', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'contains_all', 'under', 'not_under', 'empty', 'not_empty',
  'less', 'at_most', 'more', 'at_least', 'between', 'before', 'after', 'during', 'within_last', 'older_than', 'within_next',
] as const;
export type FilterOperator = (typeof filterOperators)[number];

/**
 * What kind of value a property has (属性类别).
 * text: words · key: one of fixed keys (status, choice) · reference: the id of a record · person: the id of a member of
 * staff, `me` · team: the id of a team, `mine` (any of one's own) · tree: a place in a tree (category, department) ·
 * set: several keys or ids (tags, choices; `me` where they are people) · number · money (minor units) · date (YYYY-MM-DD) ·
 * time (HH:MM) · date_time (RFC 3339) · boolean · presence: only whether there is one (files, places). For ids, people, teams and trees `none` means having none.
 */
export const propertyKinds = ['text', 'key', 'reference', 'person', 'team', 'tree', 'set', 'number', 'money', 'date', 'time', 'date_time', 'boolean', 'presence'] as const;
export type PropertyKind = (typeof propertyKinds)[number];

/** Which operators a kind takes, in the order they are offered. */
export const operatorsOf: Readonly<Record<PropertyKind, readonly FilterOperator[]>> = {
  text: ['contains', 'not_contains', 'is', 'is_not', 'starts_with', 'empty', 'not_empty'],
  key: ['is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'],
  reference: ['is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'],
  person: ['is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'],
  team: ['is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'],
  tree: ['under', 'not_under', 'is', 'is_not', 'in', 'not_in', 'empty', 'not_empty'],
  set: ['contains', 'not_contains', 'in', 'not_in', 'contains_all', 'empty', 'not_empty'],
  number: ['is', 'is_not', 'less', 'at_most', 'more', 'at_least', 'between', 'in', 'not_in', 'empty', 'not_empty'],
  money: ['is', 'is_not', 'less', 'at_most', 'more', 'at_least', 'between', 'empty', 'not_empty'],
  date: ['is', 'is_not', 'before', 'after', 'between', 'during', 'within_last', 'older_than', 'within_next', 'empty', 'not_empty'],
  date_time: ['is', 'is_not', 'before', 'after', 'between', 'during', 'within_last', 'older_than', 'within_next', 'empty', 'not_empty'],
  time: ['is', 'is_not', 'before', 'after', 'between', 'empty', 'not_empty'],
  boolean: ['is', 'is_not', 'empty', 'not_empty'],
  presence: ['empty', 'not_empty'],
};

/** Limits of every filter. */
export const filterLimits = { depth: 6, tests: 50, values: 100, text: 200, span: 3_660 } as const;

/** What one may filter by: its kind, and the keys it knows where those are fixed. */
export interface PropertyDefinition {
  readonly kind: PropertyKind;
  /** The keys a `key`, `set` or `tree` property takes; absent: any. */
  readonly keys?: readonly string[];
  /** Of a set of people: `me` is understood. */
  readonly people?: true;
  /** Never empty: `empty` and `not_empty` are not offered. */
  readonly always?: true;
  /** Of a customer: whoever was merged with the one who is named is meant, too. */
  readonly family?: true;
}
export type Properties = Readonly<Record<string, PropertyDefinition>>;

/** The standard properties of a ticket (标准属性); those of fields are made by `fieldProperties` in rules/forms. */
export const ticketProperties = {
  number: { kind: 'text', always: true },
  subject: { kind: 'text', always: true },
  description: { kind: 'text' },
  status: { kind: 'key', keys: ['new', 'open', 'waiting', 'resolved', 'closed', 'cancelled'], always: true },
  statusId: { kind: 'reference' },
  waitingFor: { kind: 'key', keys: ['customer', 'supplier', 'part', 'other'] },
  priority: { kind: 'key', keys: ['urgent', 'high', 'normal', 'low'], always: true },
  type: { kind: 'reference', always: true },
  category: { kind: 'tree' },
  channel: { kind: 'key', always: true },
  department: { kind: 'tree' },
  team: { kind: 'team' },
  assignee: { kind: 'person' },
  createdBy: { kind: 'person' },
  watcher: { kind: 'set', people: true },
  participant: { kind: 'set', people: true },
  customer: { kind: 'reference', family: true },
  account: { kind: 'reference' },
  asset: { kind: 'reference' },
  site: { kind: 'reference' },
  parent: { kind: 'reference' },
  tag: { kind: 'set' },
  rating: { kind: 'number' },
  reopenedCount: { kind: 'number', always: true },
  createdAt: { kind: 'date_time', always: true },
  updatedAt: { kind: 'date_time', always: true },
  acceptedAt: { kind: 'date_time' },
  resolvedAt: { kind: 'date_time' },
  closedAt: { kind: 'date_time' },
  dueAt: { kind: 'date_time' },
  breachedAt: { kind: 'date_time' },
} as const satisfies Properties;

/** Who asks, when and where: what `me`, `mine`, `today`, `within_last` and `under` are resolved with. */
export interface FilterContext {
  /** RFC 3339. */
  now: string;
  /** Id of the member of staff who asks; null where nobody does (automation): `me` is then nobody. */
  me: string | null;
  myTeams: readonly string[];
  /** IANA, of the organization. */
  timeZone: string;
  /** The keys or ids below an entry of a tree property, itself included; without it `under` is `is`. */
  below?: (property: string, entry: string) => readonly string[];
  /** The ids of all who are one with a customer by merging, that customer included; without it each is alone. */
  family?: (customerId: string) => readonly string[];
}

/**
 * A filter made plain (resolve-filter.ts): nothing depends on who asks, when, or on a tree any more. Two-valued: a test of
 * an empty value is false, `empty` apart, and `not` is the exact opposite (in SQL: `coalesce(test, false)` under NOT).
 * Text compares without regard to case ({@link foldCase}); instants as RFC 3339 in UTC with milliseconds.
 */
export type Predicate =
  | { readonly all: readonly Predicate[] } | { readonly any: readonly Predicate[] } | { readonly not: Predicate }
  /** The value is one of these (a set: has one of these). An empty list: false. */
  | { readonly property: string; readonly test: 'one_of'; readonly values: readonly (string | number | boolean)[] }
  /** A set has all of these. */
  | { readonly property: string; readonly test: 'has_all'; readonly values: readonly string[] }
  /** Bounds on numbers, dates, times, instants. */
  | { readonly property: string; readonly test: 'less' | 'at_most' | 'more' | 'at_least'; readonly value: string | number }
  /** Texts, without regard to case. */
  | { readonly property: string; readonly test: 'equals_text' | 'includes_text' | 'starts_with_text'; readonly value: string }
  /** null, absent, '', [] (and a set or text without anything in it). */
  | { readonly property: string; readonly test: 'empty' };

/**
 * Lower case by single characters, as PostgreSQL's `lower()` does it under the builtin C.UTF-8 locale (simple case mapping
 * of Unicode): no sigma rule, and İ becomes i.
 */
export function foldCase(text: string): string {
  let folded = '';
  for (const character of text) folded += character === 'İ' ? 'i' : character.toLowerCase();
  return folded;
}
