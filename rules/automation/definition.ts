import type { Filter } from '../conditions/filter.ts';
import type { Priority } from '../ticket/lifecycle.ts';

/** Limits of every rule, and of how far rules may go (自动化上限). */
export const automationLimits = {
  rules: 200, actions: 20, counts: 5, facts: 20, recipients: 50, checklist: 50, headers: 20,
  /** Rules that may lead to one another, one fact after the other, before the chain is cut. */
  depth: 8,
  /** How often one rule may act on one ticket within an hour: what a chain does not carry is caught by it. */
  perTicketAnHour: 20,
  /** Failures in a row after which a rule is switched off. */
  failures: 10,
  /** Tickets one turn of a schedule takes up. */
  sweep: 1_000,
  /** The longest stretch a rule looks back or waits, in days. */
  days: 366,
} as const;

/** What a rule can listen to (可选触发事件): what happens to a ticket, and no more. */
export const automationFacts = [
  'ticket.created', 'ticket.changed', 'ticket.status_changed', 'ticket.assigned', 'ticket.transferred', 'ticket.accepted', 'ticket.declined', 'ticket.returned',
  'ticket.waiting_started', 'ticket.waiting_ended', 'ticket.resolved', 'ticket.confirmed', 'ticket.reopened', 'ticket.closed', 'ticket.cancelled', 'ticket.rated',
  'comment.added', 'merge.received', 'ticket.split', 'link.added', 'checklist.item_done', 'side_conversation.replied',
  'visit.scheduled', 'visit.accepted', 'visit.declined', 'visit.travel_started', 'visit.checked_in', 'visit.completed', 'visit.obstacle_reported', 'visit.cancelled',
] as const;
export type AutomationFact = (typeof automationFacts)[number];

export interface Stretch { readonly n: number; readonly unit: 'minute' | 'hour' | 'day' | 'week' }

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
/** When something is done again and again (周期): every so many minutes or hours, or at a time of day, by the organization's clock. Monday is 1. */
export type Recurrence =
  | { readonly kind: 'interval'; readonly n: number; readonly unit: 'minute' | 'hour' }
  | { readonly kind: 'daily'; readonly at: string }
  | { readonly kind: 'weekly'; readonly days: readonly number[]; readonly at: string };

/**
 * What makes a rule look at a ticket (触发条件). facts: one of these happened, or happened so long ago (`after`).
 * schedule: its time has come, for every ticket that fulfils the conditions. untouched: nothing was changed on an unfinished
 * ticket for so long.
 */
export type Trigger =
  | { readonly kind: 'facts'; readonly facts: readonly AutomationFact[]; readonly after?: Stretch }
  | { readonly kind: 'schedule'; readonly every: Recurrence }
  | { readonly kind: 'untouched'; readonly for: Stretch };

export const countedBy = ['asset', 'customer', 'account', 'category', 'site'] as const;
/**
 * How many tickets there are alike (计数条件): of the same asset, customer, account, category or site, made within the last so
 * many days, this one among them; those merged or cancelled do not count. Conditions name it `count.<key>`.
 */
export interface Count {
  readonly key: string;
  readonly same: (typeof countedBy)[number];
  readonly within: Stretch;
  /** Only tickets of this one's type. */
  readonly sameType?: boolean;
}

/** Somebody found out at the moment of the action (表达式取人). */
export const personExpressions = ['creator', 'assignee', 'team_lead', 'last_for_asset', 'last_for_customer'] as const;
export const teamExpressions = ['category_team', 'ticket_team'] as const;
export type Whom =
  | { readonly person: string }
  | { readonly team: string }
  | { readonly expression: (typeof personExpressions)[number] | (typeof teamExpressions)[number] };

/** One thing a rule does (动作); what it takes is checked by {@link checkDefinition}. */
export type Action =
  | { readonly kind: 'set'; readonly priority?: Priority; readonly category?: string | null; readonly fields?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'status'; readonly status: string; readonly for?: string; readonly reason?: string; readonly resolution?: string }
  | { readonly kind: 'tag' | 'untag'; readonly tags: readonly string[] }
  | { readonly kind: 'assign'; readonly to: Whom; readonly note?: string }
  | { readonly kind: 'comment'; readonly visibility: 'public' | 'internal'; readonly body: string }
  | { readonly kind: 'notify'; readonly whom: readonly Whom[]; readonly text: string }
  | { readonly kind: 'watch'; readonly whom: readonly Whom[] }
  | { readonly kind: 'checklist'; readonly items?: readonly string[]; readonly template?: string }
  | { readonly kind: 'macro'; readonly macro: string }
  | { readonly kind: 'flow'; readonly flow: string }
  | { readonly kind: 'create'; readonly relation: 'child' | 'related' | 'none'; readonly type?: string; readonly subject: string; readonly description?: string; readonly priority?: Priority; readonly category?: string; readonly team?: string; readonly tags?: readonly string[] }
  | { readonly kind: 'call'; readonly method: 'POST' | 'PUT' | 'GET'; readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };
export const actionKinds = ['set', 'status', 'tag', 'untag', 'assign', 'comment', 'notify', 'watch', 'checklist', 'macro', 'flow', 'create', 'call'] as const satisfies readonly Action['kind'][];

/** A rule acts at most once for a ticket, an asset or a customer: ever, or within a stretch of time (频率限制). */
export interface Once { readonly per: 'ticket' | 'asset' | 'customer'; readonly within?: Stretch }

/** An automation rule as it is published (自动化规则定义): when, if, then. */
export interface Definition {
  readonly trigger: Trigger;
  readonly counts?: readonly Count[];
  readonly conditions: Filter;
  readonly actions: readonly Action[];
  readonly once?: Once;
}

const unitMilliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;
/** The length of a stretch in milliseconds; days have 24 hours. */
export const stretchMilliseconds = ({ n, unit }: Stretch): number => n * unitMilliseconds[unit];
