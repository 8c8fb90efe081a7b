import { sql, type RawBuilder } from 'kysely';
import type { SearchSort } from '../../../contract/view.ts';
import type { Predicate } from '../../../rules/conditions/filter.ts';
import type { Path, Reach } from '../../../rules/access/policy.ts';
import type { Context } from '../../platform/context.ts';
import { isId } from '../../platform/db/uuid.ts';
import { reachCondition } from '../access/reach-condition.ts';
import { predicateToSql, type FilterTarget } from './filter-to-sql.ts';

/** Where tickets are read from: rows of `ticket`, by their own columns or led to by a table that is kept beside them. */
interface Source {
  from: RawBuilder<unknown>;
  conditions: RawBuilder<unknown>[];
  /** The moment and the id as the table says them that leads: an order by them is its own order. */
  createdAt: RawBuilder<unknown>;
  id: RawBuilder<unknown>;
}

/**
 * Tickets somebody may read and a filter means (工单集合), from one source, or from several that may overlap: whoever may
 * see their own tickets and those of two teams reads five short index ranges instead of every ticket there is.
 */
export interface TicketSet {
  tenantId: string;
  sources: readonly Source[];
  /** The same by one condition over all tickets. */
  whole: TicketSet;
}

export type OrderColumn = 'created_at' | 'updated_at' | 'resolved_at';
export interface Order {
  column: OrderColumn;
  direction: 'asc' | 'desc';
}
/** A place in an order: behind the ticket with this moment (RFC 3339) and this id. */
export interface Place {
  moment: string;
  id: string;
}

// Each is planned by itself; more of them cost more than they save.
const mostSources = 24;

const plain: Omit<Source, 'conditions'> = { from: sql`ticket`, createdAt: sql.ref('ticket.created_at'), id: sql.ref('ticket.id') };

/** The tickets within a reach that a plain filter means, and that fulfil further conditions on `ticket`. */
export function ticketSet({ tenantId }: Pick<Context, 'tenantId'>, reach: Reach, predicate: Predicate, target: FilterTarget, further: readonly RawBuilder<unknown>[] = []): TicketSet {
  const tenant = sql`ticket.tenant_id = ${tenantId}`;
  if (reach.length === 0) return setOf(tenantId, [{ ...plain, conditions: [sql`FALSE`] }]);
  const tests = conjuncts(predicate);
  if (reach.some((path) => isEverything(path) || holdsAnyway(path, tests))) {
    const lead = leadOf(tenantId, tests, target);
    const condition = predicateToSql(lead ? { all: tests.filter((test) => test !== lead.test) } : predicate, target);
    return setOf(tenantId, [lead ? { ...lead.source, conditions: [...lead.source.conditions, tenant, condition, ...further] } : { ...plain, conditions: [tenant, condition, ...further] }]);
  }
  const condition = predicateToSql(predicate, target);
  const ways = reach.flatMap((path) => waysOf(tenantId, path));
  const whole = setOf(tenantId, [{ ...plain, conditions: [tenant, reachCondition(reach), condition, ...further] }]);
  if (ways.length > mostSources || ways.some((way) => way === null)) return whole;
  return { tenantId, sources: ways.map((way) => ({ ...way!, conditions: [...way!.conditions, tenant, condition, ...further] })), whole };
}

function setOf(tenantId: string, sources: readonly Source[]): TicketSet {
  const set: TicketSet = { tenantId, sources, get whole() {
    return set;
  } };
  return set;
}

// A query that begins in small letters is not prepared (platform/db/database.ts): the planner has to see its values.

/** A page of a set in an order, and behind a place: whole rows of `ticket`, or only their ids and moments. */
export function selectPage(set: TicketSet, order: Order, after: Place | null, limit: number, only: 'places' | 'rows' = 'rows'): RawBuilder<Record<string, unknown>> {
  const direction = sql.raw(order.direction === 'desc' ? 'DESC' : 'ASC');
  const part = (source: Source, wanted: RawBuilder<unknown>) => {
    const key = order.column === 'created_at' ? source.createdAt : sql.ref(`ticket.${order.column}`);
    const conditions = [
      ...source.conditions,
      // What was never resolved has no place in an order by it.
      ...order.column === 'resolved_at' ? [sql`ticket.resolved_at IS NOT NULL`] : [],
      ...after ? [sql`(${key}, ${source.id}) ${sql.raw(order.direction === 'desc' ? '<' : '>')} (${after.moment}::timestamptz, ${after.id}::uuid)`] : [],
    ];
    return sql`select ${wanted} FROM ${source.from} WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ${key} ${direction}, ${source.id} ${direction} LIMIT ${limit}`;
  };
  const places = sql`ticket.id, ticket.${sql.raw(order.column)}`;
  if (set.sources.length === 1) return part(set.sources[0]!, only === 'rows' ? sql`ticket.*` : places) as RawBuilder<Record<string, unknown>>;
  const column = sql.ref(order.column);
  // The same ticket may be found in several ways.
  const parts = set.sources.map((source) => sql`(${part(source, places)})`);
  const page = sql`select id, ${column} FROM (${sql.join(parts, sql` UNION `)}) found ORDER BY ${column} ${direction}, id ${direction} LIMIT ${limit}`;
  if (only === 'places') return page as RawBuilder<Record<string, unknown>>;
  return sql`select ticket.* FROM (${page}) page JOIN ticket ON ticket.tenant_id = ${set.tenantId} AND ticket.id = page.id
    ORDER BY page.${sql.raw(order.column)} ${direction}, page.id ${direction}`;
}

/** A whole set in the order of a list, for who reads it by a cursor of the database; `byField`: an order by a field, in words. */
export function selectAll(set: TicketSet, sort: SearchSort, byField?: RawBuilder<unknown>): RawBuilder<Record<string, unknown>> {
  const order = byField ?? sql.raw({ createdAt: 'ticket.created_at, ticket.id', '-updatedAt': 'ticket.updated_at DESC, ticket.id DESC', updatedAt: 'ticket.updated_at, ticket.id',
    '-resolvedAt': 'ticket.resolved_at DESC, ticket.id DESC', priority: 'ticket.priority, ticket.created_at DESC, ticket.id DESC',
    dueAt: '(SELECT clocks.due_at FROM sla_ticket clocks WHERE clocks.tenant_id = ticket.tenant_id AND clocks.ticket_id = ticket.id), ticket.id' }[sort as string] ?? 'ticket.created_at DESC, ticket.id DESC');
  const where = (source: Source) => sql.join([...source.conditions, ...sort === '-resolvedAt' ? [sql`ticket.resolved_at IS NOT NULL`] : []], sql` AND `);
  const [only] = set.sources;
  if (set.sources.length === 1) return sql`select ticket.* FROM ${only!.from} WHERE ${where(only!)} ORDER BY ${order}`;
  const parts = set.sources.map((source) => sql`(SELECT ticket.id FROM ${source.from} WHERE ${where(source)})`);
  return sql`select ticket.* FROM (${sql.join(parts, sql` UNION `)}) found JOIN ticket ON ticket.tenant_id = ${set.tenantId} AND ticket.id = found.id ORDER BY ${order}`;
}

/** The ids of a set, each once, at most so many (all for null) and in no order; with the tickets' moments. */
export function selectSome(set: TicketSet, most: number | null): RawBuilder<{ id: string; created_at: Date }> {
  const limit = most === null ? sql`` : sql` LIMIT ${most}`;
  const parts = set.sources.map((source) => sql`select ticket.id, ticket.created_at FROM ${source.from} WHERE ${sql.join(source.conditions, sql` AND `)}${limit}`);
  if (parts.length === 1) return parts[0] as RawBuilder<{ id: string; created_at: Date }>;
  return sql`select id, created_at FROM (${sql.join(parts.map((one) => sql`(${one})`), sql` UNION `)}) found${limit}`;
}

/** How many a set holds, counted no further than `most`. */
export function selectCount(set: TicketSet, most: number): RawBuilder<{ count: number }> {
  return sql`select count(*)::int AS count FROM (${selectSome(set, most)}) counted`;
}

/** As one condition on `ticket`, for queries that come from elsewhere. */
export function asCondition(reach: Reach, predicate: Predicate, target: FilterTarget): RawBuilder<boolean> {
  return sql`(${reachCondition(reach)} AND ${predicateToSql(predicate, target)})`;
}

/** The tests that must all hold. */
export function conjuncts(predicate: Predicate): Predicate[] {
  return 'all' in predicate ? predicate.all.flatMap(conjuncts) : [predicate];
}

const isEverything = (path: Path): boolean => !path.typeIds && path.people === undefined && !path.teamIds && !path.departmentIds;

/** Whether all that the tests leave is within a path: then the filter is the permission. */
function holdsAnyway(path: Path, tests: readonly Predicate[]): boolean {
  const within = (properties: readonly string[], allowed: readonly string[]) => tests.some((test) => 'test' in test && test.test === 'one_of' && test.values.length > 0
    && properties.includes(test.property) && test.values.every((value) => typeof value === 'string' && allowed.includes(value)));
  return (!path.typeIds || within(['type'], path.typeIds))
    && (path.people === undefined || within(['assignee', 'createdBy', 'participant'], [path.people]))
    && (!path.teamIds || within(['team'], path.teamIds))
    && (!path.departmentIds || within(['department'], path.departmentIds));
}

/** The one test whose own table, in the order of lists, is the quickest way to its tickets. */
function leadOf(tenantId: string, tests: readonly Predicate[], target: FilterTarget): { test: Predicate; source: Source } | null {
  for (const test of tests) {
    if (!('test' in test) || !Object.hasOwn(target.properties, test.property)) continue;
    const value = test.test === 'one_of' && test.values.length === 1 || test.test === 'has_all' && test.values.length === 1 ? test.values[0] : undefined;
    if (typeof value !== 'string') continue;
    if (test.property === 'tag') return { test, source: ledBy(tenantId, 'ticket_tag', sql`lead.tag = ${value}`) };
    if ((test.property === 'participant' || test.property === 'watcher') && isId(value)) {
      return { test, source: ledBy(tenantId, test.property === 'watcher' ? 'ticket_watcher' : 'ticket_participant', sql`lead.staff_id = ${value}::uuid`) };
    }
    const key = /^fields\.(.+)$/.exec(test.property)?.[1];
    const types = key === undefined ? undefined : target.indexedFields.get(key);
    if (types?.length === 1) return { test, source: ledBy(tenantId, 'ticket_field', sql`lead.type_id = ${types[0]}::uuid AND lead.field = ${key} AND lead.value = ${value}`) };
  }
  return null;
}

function ledBy(tenantId: string, table: 'ticket_tag' | 'ticket_participant' | 'ticket_watcher' | 'ticket_field', condition: RawBuilder<unknown>): Source {
  return {
    from: sql`${sql.table(table)} lead JOIN ticket ON ticket.tenant_id = lead.tenant_id AND ticket.id = lead.ticket_id`,
    conditions: [sql`lead.tenant_id = ${tenantId}`, condition],
    createdAt: sql.ref('lead.created_at'), id: sql.ref('lead.ticket_id'),
  };
}

/** The index ranges a path of a reach amounts to; null for one that is no range. */
function waysOf(tenantId: string, path: Path): (Source | null)[] {
  const types = path.typeIds ? [sql`ticket.type_id = ANY(${path.typeIds}::uuid[])`] : [];
  const by = (condition: RawBuilder<unknown>): Source => ({ ...plain, conditions: [condition, ...types] });
  const ways: (Source | null)[] = [];
  if ([path.people, path.teamIds, path.departmentIds].filter((part) => part !== undefined).length !== 1) return [null];
  if (path.people !== undefined) {
    ways.push(by(sql`ticket.assignee_id = ${path.people}::uuid`));
    ways.push(by(sql`ticket.created_by_kind IN ('staff', 'api_key') AND ticket.created_by_id = ${path.people}::uuid`));
    const taking = ledBy(tenantId, 'ticket_participant', sql`lead.staff_id = ${path.people}::uuid`);
    ways.push({ ...taking, conditions: [...taking.conditions, ...types] });
  }
  for (const id of path.teamIds ?? []) ways.push(by(sql`ticket.team_id = ${id}::uuid`));
  for (const id of path.departmentIds ?? []) ways.push(by(sql`ticket.department_id = ${id}::uuid`));
  return ways;
}
