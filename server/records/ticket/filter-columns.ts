import { sql, type RawBuilder } from 'kysely';
import { foldCase } from '../../../rules/conditions/filter.ts';
import { priorities, ticketStatuses, waitingReasons } from '../../../rules/ticket/lifecycle.ts';
import { isId } from '../../platform/db/uuid.ts';

type Value = string | number | boolean;
type Bound = 'less' | 'at_most' | 'more' | 'at_least';

/** How a standard property is tested in SQL. */
export interface FilterColumn {
  oneOf(values: readonly Value[]): RawBuilder<boolean>;
  empty: RawBuilder<boolean>;
  bound?: (test: Bound, value: string | number) => RawBuilder<boolean>;
  /** Of texts. */
  value?: RawBuilder<unknown>;
}

const never = sql<boolean>`FALSE`;
const operators: Record<Bound, string> = { less: '<', at_most: '<=', more: '>', at_least: '>=' };
export const comparison = (test: Bound): RawBuilder<unknown> => sql.raw(operators[test]);

const ticket = (name: string) => sql.ref(`ticket.${name}`);

/** Words that the program itself knows: only they become literals. */
function words(name: string, known: readonly string[]): FilterColumn {
  const column = ticket(name);
  return {
    oneOf: (values) => {
      const some = values.filter((value): value is string => typeof value === 'string' && known.includes(value));
      if (some.length === 0) return never;
      return some.length === 1 ? sql`${column} = ${sql.lit(some[0]!)}` : sql`${column} IN (${sql.join(some.map((value) => sql.lit(value)))})`;
    },
    empty: sql`${column} IS NULL`,
  };
}

function ids(name: string): FilterColumn {
  const column = ticket(name);
  return { oneOf: (values) => amongIds(column, values), empty: sql`${column} IS NULL` };
}

function amongIds(column: RawBuilder<unknown>, values: readonly Value[]): RawBuilder<boolean> {
  const some = idsAmong(values);
  if (some.length === 0) return never;
  return some.length === 1 ? sql`${column} = ${some[0]}::uuid` : sql`${column} = ANY(${some}::uuid[])`;
}

/** What cannot be an id names nothing. Only as they are stored: capitals are another text. */
function idsAmong(values: readonly Value[]): string[] {
  return values.filter((value): value is string => typeof value === 'string' && isId(value) && value === value.toLowerCase());
}

function text(name: string): FilterColumn {
  const column = ticket(name);
  return { oneOf: (values) => sql`${column} = ANY(${values.filter((value) => typeof value === 'string')}::text[])`, empty: sql`coalesce(${column}, '') = ''`, value: column };
}

function keys(name: string): FilterColumn {
  const column = ticket(name);
  return {
    oneOf: (values) => {
      const some = values.filter((value) => typeof value === 'string');
      return some.length === 1 ? sql`${column} = ${some[0]}` : sql`${column} = ANY(${some}::text[])`;
    },
    empty: sql`coalesce(${column}, '') = ''`,
  };
}

function number(name: string): FilterColumn {
  const column = ticket(name);
  return {
    oneOf: (values) => sql`${column} = ANY(${values.filter((value) => typeof value === 'number')}::float8[])`,
    empty: sql`${column} IS NULL`,
    bound: (test, value) => (typeof value === 'number' ? sql`${column} ${comparison(test)} ${value}::float8` : never),
  };
}

function moment(name: string): FilterColumn {
  const column = ticket(name);
  return {
    oneOf: (values) => sql`${column} = ANY(${values.filter((value) => typeof value === 'string')}::timestamptz[])`,
    empty: sql`${column} IS NULL`,
    bound: (test, value) => (typeof value === 'string' ? sql`${column} ${comparison(test)} ${value}::timestamptz` : never),
  };
}

/** Things of which a ticket has several, each a row of a table that has the ticket's moment in its key. */
function rows(table: 'ticket_tag' | 'ticket_participant' | 'ticket_watcher', name: 'tag' | 'staff_id'): FilterColumn {
  const has = (condition: RawBuilder<unknown>) => sql<boolean>`EXISTS (SELECT 1 FROM ${sql.table(table)} has
    WHERE has.tenant_id = ticket.tenant_id AND ${condition} AND has.created_at = ticket.created_at AND has.ticket_id = ticket.id)`;
  const column = sql.ref(`has.${name}`);
  return {
    oneOf: (values) => {
      const some = name === 'tag' ? values.filter((value): value is string => typeof value === 'string') : idsAmong(values);
      if (some.length === 0) return never;
      const type = sql.raw(name === 'tag' ? 'text' : 'uuid');
      return has(some.length === 1 ? sql`${column} = ${some[0]}::${type}` : sql`${column} = ANY(${some}::${type}[])`);
    },
    empty: table === 'ticket_tag' ? sql`cardinality(ticket.tags) = 0` : table === 'ticket_participant' ? sql`cardinality(ticket.participant_ids) = 0`
      // By the ticket, as the key begins with the person.
      : sql`NOT EXISTS (SELECT 1 FROM ticket_watcher has WHERE has.tenant_id = ticket.tenant_id AND has.ticket_id = ticket.id)`,
  };
}

/** A property of something the ticket refers to. */
function through(reference: 'customer_id' | 'asset_id', table: 'customer' | 'asset', name: 'account_id' | 'site_id'): FilterColumn {
  const found = (condition: RawBuilder<unknown>) => sql<boolean>`${ticket(reference)} IN (SELECT other.id FROM ${sql.table(table)} other WHERE other.tenant_id = ticket.tenant_id AND ${condition})`;
  const column = sql.ref(`other.${name}`);
  return {
    oneOf: (values) => (idsAmong(values).length === 0 ? never : found(amongIds(column, values))),
    empty: sql`NOT coalesce(${found(sql`${column} IS NOT NULL`)}, FALSE)`,
  };
}

/** What the clocks of a ticket come to: tickets without any have none. */
function ofClocks(name: 'due_at' | 'breached_at'): FilterColumn {
  const column = sql.ref(`clocks.${name}`);
  const found = (condition: RawBuilder<unknown>) => sql<boolean>`ticket.id IN (SELECT clocks.ticket_id FROM sla_ticket clocks WHERE clocks.tenant_id = ticket.tenant_id AND ${condition})`;
  return {
    oneOf: (values) => found(sql`${column} = ANY(${values.filter((value) => typeof value === 'string')}::timestamptz[])`),
    empty: sql`NOT ${found(sql`${column} IS NOT NULL`)}`,
    bound: (test, value) => (typeof value === 'string' ? found(sql`${column} ${comparison(test)} ${value}::timestamptz`) : never),
  };
}

const byStaff = sql<boolean>`ticket.created_by_kind IN ('staff', 'api_key')`;

/** By the names of `ticketProperties` in rules/conditions/filter.ts. */
const columns: Readonly<Record<string, FilterColumn>> = {
  number: text('number'),
  subject: text('subject'),
  description: text('description'),
  status: words('status', ticketStatuses),
  statusId: ids('status_id'),
  waitingFor: words('waiting_for', waitingReasons),
  priority: {
    oneOf: (values) => {
      const ranks = values.map((value) => (priorities as readonly unknown[]).indexOf(value) + 1).filter((rank) => rank > 0);
      if (ranks.length === 0) return never;
      return ranks.length === 1 ? sql`ticket.priority = ${sql.lit(ranks[0]!)}` : sql`ticket.priority IN (${sql.join(ranks.map((rank) => sql.lit(rank)))})`;
    },
    empty: never,
  },
  type: ids('type_id'),
  category: ids('category_id'),
  channel: keys('channel'),
  department: ids('department_id'),
  team: ids('team_id'),
  // In words that no index has: by its statistics hardly any ticket has nobody, so that the planner would take all of these
  // and sort them; among the unfinished, where it is asked, they are many.
  assignee: { ...ids('assignee_id'), empty: sql`(ticket.assignee_id IS NULL) IS TRUE` },
  createdBy: {
    oneOf: (values) => (idsAmong(values).length === 0 ? never : sql`(${byStaff} AND ${amongIds(ticket('created_by_id'), values)})`),
    empty: sql`NOT (${byStaff} AND ticket.created_by_id IS NOT NULL)`,
  },
  watcher: rows('ticket_watcher', 'staff_id'),
  participant: rows('ticket_participant', 'staff_id'),
  customer: ids('customer_id'),
  account: through('customer_id', 'customer', 'account_id'),
  asset: ids('asset_id'),
  site: through('asset_id', 'asset', 'site_id'),
  parent: ids('parent_id'),
  tag: rows('ticket_tag', 'tag'),
  rating: number('rating'),
  reopenedCount: number('reopened_count'),
  createdAt: moment('created_at'),
  updatedAt: moment('updated_at'),
  acceptedAt: moment('accepted_at'),
  resolvedAt: moment('resolved_at'),
  closedAt: moment('closed_at'),
  dueAt: ofClocks('due_at'),
  breachedAt: ofClocks('breached_at'),
};

/** How a standard property is tested; undefined when lists know nothing of it. */
export function columnOf(property: string): FilterColumn | undefined {
  return Object.hasOwn(columns, property) ? columns[property] : undefined;
}

/** Every standard property that lists can go by. */
export const filterableProperties: readonly string[] = Object.keys(columns);

/** Without regard to case, as `foldCase` has it. */
export function textTest(value: RawBuilder<unknown>, test: 'equals_text' | 'includes_text' | 'starts_with_text', text: string): RawBuilder<boolean> {
  const folded = foldCase(text);
  if (test === 'equals_text') return sql<boolean>`lower(${value}) = ${folded}`;
  if (test === 'starts_with_text') return sql<boolean>`starts_with(lower(${value}), ${folded})`;
  return sql<boolean>`position(${folded} in lower(${value})) > 0`;
}
