import { sql } from 'kysely';
import type { FieldSort, Grouping, SearchSort, StandardSort } from '../../../contract/view.ts';
import { channels } from '../../../contract/ticket.ts';
import type { Predicate } from '../../../rules/conditions/filter.ts';
import { reachOf, type Reach } from '../../../rules/access/policy.ts';
import { priorities, ticketStatuses } from '../../../rules/ticket/lifecycle.ts';
import type { SearchQuery } from '../../../rules/text/search-query.ts';
import { staffOf, type Context } from '../../platform/context.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { configurationOf, type Configuration } from '../organization/configuration.ts';
import { estimate } from './estimate.ts';
import { fieldOrderOf, fieldPage, isFieldSort, readFieldPlace, writeFieldPlace, type PlacedRow } from './field-order.ts';
import type { FilterTarget } from './filter-to-sql.ts';
import { readPlace, writePlace, type ListPlace } from './list-cursor.ts';
import type { TicketRow } from './row.ts';
import { searchPage } from './search.ts';
import { conjuncts, selectPage, selectSome, ticketSet, type Order, type TicketSet } from './ticket-set.ts';

export interface ListRequest {
  predicate: Predicate;
  target: FilterTarget;
  query: SearchQuery | null;
  sort: SearchSort;
  grouping: Grouping | null;
  limit: number;
  cursor: string | undefined;
}

export interface ListedPage {
  rows: TicketRow[];
  nextCursor: string | null;
}

const orders: Record<Exclude<StandardSort, 'priority' | 'dueAt'>, Order> = {
  '-createdAt': { column: 'created_at', direction: 'desc' },
  createdAt: { column: 'created_at', direction: 'asc' },
  '-updatedAt': { column: 'updated_at', direction: 'desc' },
  updatedAt: { column: 'updated_at', direction: 'asc' },
  '-resolvedAt': { column: 'resolved_at', direction: 'desc' },
};

/**
 * One page of the tickets a member of staff may read (工单列表). Permission is a condition of the query itself. Pages go
 * by key: the cursor holds the sort values of the last row, so that a page costs the same however deep it lies.
 */
export async function listTickets(context: Context, request: ListRequest): Promise<ListedPage> {
  const reach = reachOf(staffOf(context), 'ticket.read');
  const { query, grouping, predicate } = request;
  if (query) return searchPage(context, { ...request, query, reach });
  const sort = request.sort === 'relevance' ? '-createdAt' : request.sort;
  if (isFieldSort(sort)) return pageByField(context, request, reach, sort);
  if (sort === 'dueAt') return pageByDue(context, request, reach, grouping === null ? [{ key: null, predicate }] : (await groupsOf(context, grouping, predicate)).map((group) => ({ key: group.key, predicate: { all: [predicate, group.predicate] } })));
  if (grouping !== null) return groupedPage(context, request, reach, `${grouping} ${sort}`, sort === 'priority' ? orders['-createdAt'] : orders[sort], await groupsOf(context, grouping, predicate));
  // Within one priority the newest first. What is unfinished has an index of its own in this order.
  if (sort === 'priority') {
    const ranks = priorities.map((name, index) => ({ key: String(index + 1), predicate: oneOf('priority', name) }));
    return isUnfinished(predicate) && reach.some((path) => Object.keys(path).length === 0) ? unfinishedByPriority(context, request, reach) : groupedPage(context, request, reach, sort, orders['-createdAt'], ranks);
  }
  const order = orders[sort];
  const after = request.cursor === undefined ? null : readPlace(request.cursor, sort);
  const set = await setFor(context, ticketSet(context, reach, predicate, request.target), order);
  const rows = await context.transaction.run(selectPage(set, order, after, request.limit + 1)) as unknown as TicketRow[];
  const page = rows.slice(0, request.limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > request.limit && last ? writePlace(sort, last[order.column]!, last.id) : null };
}

/**
 * The index ranges of a reach are in the order in which tickets were made. In another order they have to be read whole and
 * sorted; where that is much, there are so many of them that walking all tickets in that order soon fills a page.
 */
async function setFor(context: Context, set: TicketSet, order: Order): Promise<TicketSet> {
  if (order.column === 'created_at' || set.sources.length === 1) return set;
  return (await estimate(context.transaction, selectSome(set, null))).rows > mostSorted ? set.whole : set;
}

const mostSorted = 15_000;

interface Group {
  key: string;
  predicate: Predicate;
}

const oneOf = (property: string, ...values: string[]): Predicate => ({ property, test: 'one_of', values });
// Asked for together; a page seldom reaches over more.
const groupsAtOnce = 4;

/** Group after group: each is a short range of an index, however many tickets there are in all. */
async function groupedPage(context: Context, { predicate, target, limit, cursor }: ListRequest, reach: Reach, name: string, order: Order, groups: readonly Group[]): Promise<ListedPage> {
  const place: ListPlace | null = cursor === undefined ? null : readPlace(cursor, name);
  const start = place === null ? 0 : groups.findIndex((group) => group.key === place.group);
  // The group is no longer there: what came behind it cannot be told.
  if (start < 0) return { rows: [], nextCursor: null };
  const rows: { row: TicketRow; key: string }[] = [];
  for (let at = start; at < groups.length && rows.length <= limit; at += groupsAtOnce) {
    const pages = await Promise.all(groups.slice(at, at + groupsAtOnce).map(async (group) => {
      const set = ticketSet(context, reach, { all: [predicate, group.predicate] }, target);
      const after = place !== null && group.key === place.group ? place : null;
      const found = await context.transaction.run(selectPage(set, order, after, limit + 1 - rows.length)) as unknown as TicketRow[];
      return found.map((row) => ({ row, key: group.key }));
    }));
    rows.push(...pages.flat());
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page.map((one) => one.row), nextCursor: rows.length > limit && last ? writePlace(name, last.row[order.column]!, last.row.id, last.key) : null };
}

/** In order of a field: of each group, where there are groups. */
async function pageByField(context: Context, { predicate, target, grouping, limit, cursor }: ListRequest, reach: Reach, sort: FieldSort): Promise<ListedPage> {
  const order = fieldOrderOf(sort, await configurationOf(context));
  // What cannot be gone by is told apart when the list is opened (records/view/open-list.ts).
  if (order === null) throw invalidInput('/sort', 'not_sortable');
  const name = grouping === null ? sort : `${grouping} ${sort}`;
  const place = cursor === undefined ? null : readFieldPlace(cursor, name);
  const groups: { key: string | null; predicate: Predicate }[] = grouping === null ? [{ key: null, predicate }] : (await groupsOf(context, grouping, predicate)).map((group) => ({ key: group.key, predicate: { all: [predicate, group.predicate] } }));
  const start = place === null ? 0 : groups.findIndex((group) => group.key === place.group);
  if (start < 0) return { rows: [], nextCursor: null };
  const rows: (PlacedRow & { key: string | null })[] = [];
  for (let at = start; at < groups.length && rows.length <= limit; at += 1) {
    const { key, predicate: grouped } = groups[at]!;
    const found = await fieldPage(context, { reach, predicate: grouped, target }, order, place !== null && key === place.group ? place : null, limit + 1 - rows.length);
    rows.push(...found.map((one) => ({ ...one, key })));
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page.map((one) => one.row), nextCursor: rows.length > limit && last ? writeFieldPlace(name, last.key, last.place) : null };
}

/** What is due first comes first (按到期时间): the index of clocks is walked, group after group where there are groups. */
async function pageByDue(context: Context, { target, grouping, limit, cursor }: ListRequest, reach: Reach, groups: readonly { key: string | null; predicate: Predicate }[]): Promise<ListedPage> {
  const name = grouping === null ? 'dueAt' : `${grouping} dueAt`;
  const place = cursor === undefined ? null : readPlace(cursor, name);
  const start = place === null ? 0 : groups.findIndex((group) => (group.key ?? undefined) === place.group);
  if (start < 0) return { rows: [], nextCursor: null };
  const rows: { row: TicketRow; due: Date; key: string | null }[] = [];
  for (let at = start; at < groups.length && rows.length <= limit; at += 1) {
    const { key, predicate } = groups[at]!;
    const { from, conditions } = ticketSet(context, reach, predicate, target).whole.sources[0]!;
    const behind = place !== null && at === start ? sql` AND (clocks.due_at, clocks.ticket_id) > (${place.moment}::timestamptz, ${place.id}::uuid)` : sql``;
    const found = await context.transaction.run(sql`select ticket.*, clocks.due_at AS placed_by FROM sla_ticket clocks JOIN ${from} ON ticket.tenant_id = clocks.tenant_id AND ticket.id = clocks.ticket_id
      WHERE clocks.tenant_id = ${context.tenantId} AND clocks.due_at IS NOT NULL${behind} AND ${sql.join(conditions, sql` AND `)} ORDER BY clocks.due_at, clocks.ticket_id LIMIT ${limit + 1 - rows.length}`) as unknown as (TicketRow & { placed_by: Date })[];
    rows.push(...found.map(({ placed_by: due, ...row }) => ({ row, due, key })));
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page.map((one) => one.row), nextCursor: rows.length > limit && last ? writePlace(name, last.due, last.row.id, last.key ?? undefined) : null };
}

/** As the index of unfinished tickets has them, for whoever may see all. */
async function unfinishedByPriority(context: Context, { predicate, target, limit, cursor }: ListRequest, reach: Reach): Promise<ListedPage> {
  const place = cursor === undefined ? null : readPlace(cursor, 'priority');
  const rank = Number(place?.group ?? 0);
  // Said twice, as only the first is a range of the index.
  const behind = place === null ? [] : [sql`ticket.priority >= ${rank}::smallint`, sql`(ticket.priority > ${rank}::smallint OR (ticket.priority = ${rank}::smallint AND (ticket.created_at, ticket.id) < (${place.moment}::timestamptz, ${place.id}::uuid)))`];
  // What nobody has is a range of the index as well, when that column begins the order.
  const nobody = conjuncts(predicate).some((test) => 'test' in test && test.test === 'empty' && test.property === 'assignee');
  const set = ticketSet(context, reach, predicate, target, nobody ? [...behind, sql`ticket.assignee_id IS NULL`] : behind);
  const { from, conditions } = set.sources[0]!;
  const rows = await context.transaction.run(sql`select ticket.* FROM ${from} WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY ${nobody ? sql`ticket.assignee_id, ` : sql``}ticket.priority, ticket.created_at DESC, ticket.id DESC LIMIT ${limit + 1}`) as unknown as TicketRow[];
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last ? writePlace('priority', last.created_at, last.id, String(last.priority)) : null };
}

/** Whether a filter leaves only what is unfinished. */
function isUnfinished(predicate: Predicate): boolean {
  return conjuncts(predicate).some((test) => 'test' in test && test.test === 'one_of' && test.property === 'status' && test.values.length > 0
    && test.values.every((value) => value === 'new' || value === 'open' || value === 'waiting'));
}

/** The groups of a list in the order in which they follow one another; those that the filter shuts out are left out. */
async function groupsOf(context: Context, grouping: Grouping, predicate: Predicate): Promise<Group[]> {
  const configuration = await configurationOf(context);
  const values = await valuesOf(context, grouping, configuration);
  const allowed = conjuncts(predicate).filter((test) => 'test' in test && test.test === 'one_of' && test.property === grouping).map((test) => new Set((test as { values: readonly unknown[] }).values));
  const groups = values.filter((value) => allowed.every((some) => some.has(value))).map((value) => ({ key: value, predicate: oneOf(grouping, value) }));
  return ['team', 'department', 'assignee'].includes(grouping) && allowed.length === 0 ? [...groups, { key: 'none', predicate: { property: grouping, test: 'empty' } }] : groups;
}

async function valuesOf(context: Context, grouping: Grouping, configuration: Configuration): Promise<readonly string[]> {
  switch (grouping) {
    case 'status': return ticketStatuses;
    case 'priority': return priorities;
    case 'channel': return channels;
    case 'team': return [...configuration.teams.keys()];
    case 'department': return [...configuration.departments.keys()];
    case 'type': return [...configuration.types.keys()];
    case 'assignee':
      return (await context.transaction.run(sql<{ id: string }>`select id FROM staff WHERE tenant_id = ${context.tenantId} ORDER BY name, id`)).map((row) => row.id);
  }
}
