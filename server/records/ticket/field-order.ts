import { sql, type RawBuilder } from 'kysely';
import type { FieldSort, SearchSort } from '../../../contract/view.ts';
import type { Reach } from '../../../rules/access/policy.ts';
import type { Predicate } from '../../../rules/conditions/filter.ts';
import { sortableFields, type SortableField } from '../../../rules/forms/sortable-fields.ts';
import { isId } from '../../platform/db/uuid.ts';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors/refusal.ts';
import { decodeCursor } from '../../platform/http/cursor.ts';
import type { Configuration } from '../organization/configuration.ts';
import { estimate } from './estimate.ts';
import { indexEntries } from './field-keys.ts';
import type { FilterTarget } from './filter-to-sql.ts';
import { isMoment } from './list-cursor.ts';
import type { TicketRow } from './row.ts';
import { selectPage, selectSome, ticketSet, type TicketSet } from './ticket-set.ts';

/** An order of a list by a field of the ticket type (按自定义字段排序): by value; what has none comes last, newest first. */
export interface FieldOrder {
  key: string;
  kind: SortableField['kind'];
  direction: 'asc' | 'desc';
  /** The types whose tickets may have a value. */
  typeIds: readonly string[];
  /** The keys of a choice, in the order in which the form has them: that is theirs. */
  options: readonly string[];
}

export const isFieldSort = (sort: SearchSort): sort is FieldSort => /^-?fields\./.test(sort);

const ordersOf = new WeakMap<Configuration, ReadonlyMap<string, Omit<FieldOrder, 'direction'>>>();

/** What an order by a field amounts to; null where the field is gone, or lists cannot go by it. */
export function fieldOrderOf(sort: FieldSort, configuration: Configuration): FieldOrder | null {
  let orders = ordersOf.get(configuration);
  if (!orders) {
    const types = [...configuration.types.values()];
    orders = new Map([...sortableFields(types.map((type) => type.form))].map(([key, fields]) => [key, {
      key, kind: fields[0]!.kind,
      typeIds: types.filter((type) => type.form.fields.some((field) => field.key === key)).map((type) => type.id),
      options: [...new Set(fields.flatMap((field) => (field.kind === 'choice' ? field.options.map((option) => option.key) : [])))],
    }]));
    ordersOf.set(configuration, orders);
  }
  const found = orders.get(sort.replace(/^-?fields\./, ''));
  return found ? { ...found, direction: sort.startsWith('-') ? 'desc' : 'asc' } : null;
}

/**
 * How a place was come to: by walking the index of values, by sorting a set that is small, or among what has no value. It is
 * kept from page to page, so that nothing is left out or comes twice.
 */
type Way = 'walk' | 'sort' | 'none';
export interface FieldPlace {
  way: Way;
  value: string | null;
  moment: string;
  id: string;
}
export interface PlacedRow {
  row: TicketRow;
  place: FieldPlace;
}

const longestValue = 400;

/** A place as an opaque text, as of list-cursor.ts. */
export function writeFieldPlace(order: string, group: string | null, { way, value, moment, id }: FieldPlace): string {
  return Buffer.from(JSON.stringify([order, group, way, value, moment, id])).toString('base64url');
}

export function readFieldPlace(cursor: string, order: string): FieldPlace & { group: string | null } {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 6 || parts[0] !== order) throw new Refusal('invalid_cursor');
  const [, group, way, value, moment, id] = parts as unknown[];
  const right = (group === null || (typeof group === 'string' && /^[\w-]{1,64}$/.test(group))) && isMoment(moment) && typeof id === 'string' && isId(id)
    && (way === 'none' ? value === null : (way === 'walk' || way === 'sort') && typeof value === 'string' && value.length <= longestValue && !value.includes('\0') && value.isWellFormed());
  if (!right) throw new Refusal('invalid_cursor');
  return { group, way, value, moment, id } as FieldPlace & { group: string | null };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(decodeCursor(cursor));
  } catch {
    return null;
  }
}

interface Asked {
  reach: Reach;
  predicate: Predicate;
  target: FilterTarget;
}

/** At most so many tickets of a filter in an order by a field, from the beginning or from behind a place. */
export async function fieldPage(context: Context, asked: Asked, order: FieldOrder, after: FieldPlace | null, most: number): Promise<PlacedRow[]> {
  const { reach, predicate, target } = asked;
  const { has, ordered } = termsOf(order);
  const rows: PlacedRow[] = [];
  if (after?.way !== 'none') {
    const set = ticketSet(context, reach, predicate, target, [has]);
    // An entry in the index is a value: nothing else has to be asked, and what the planner cannot judge does not mislead it.
    const all = ticketSet(context, reach, predicate, target);
    const way = after?.way ?? await wayOf(context, all, order, target, most);
    // A number of a place that is none was not written by us.
    if (after && way === 'sort' && (order.kind === 'number' || order.kind === 'money' || order.kind === 'choice') && !Number.isFinite(Number(after.value))) throw new Refusal('invalid_cursor');
    rows.push(...way === 'sort' ? await sortedPage(context, set, order, ordered, after, most) : order.kind === 'choice' ? await optionByOption(context, asked, order, after, most) : await walkedPage(context, all, order, after, most));
    if (rows.length >= most) return rows;
  }
  const without = ticketSet(context, reach, predicate, target, [sql`NOT coalesce(${has}, FALSE)`]);
  const place = after?.way === 'none' ? after : null;
  const last = await context.transaction.run(selectPage(without, { column: 'created_at', direction: 'desc' }, place, most - rows.length)) as unknown as TicketRow[];
  return [...rows, ...last.map((row) => placed(row, 'none', null))];
}

const placed = (row: TicketRow, way: Way, value: string | null): PlacedRow => ({ row, place: { way, value, moment: row.created_at.toISOString(), id: row.id } });

/** Whether a ticket has a value, and what it is sorted by: in the same order as its entries in ticket_field are. */
function termsOf({ key, kind, typeIds, options }: FieldOrder): { has: RawBuilder<boolean>; ordered: RawBuilder<unknown> } {
  const value = sql`(ticket.fields -> ${key})`;
  const text = sql`(${value} #>> '{}')`;
  const amount = sql`(${value} -> 'amount')`;
  const typed = (of: RawBuilder<unknown>, type: 'string' | 'number' | 'boolean', then: RawBuilder<unknown>) => sql`CASE WHEN jsonb_typeof(${of}) = ${sql.lit(type)} THEN ${then} END`;
  const [present, ordered] = ((): [RawBuilder<unknown>, RawBuilder<unknown>] => {
    switch (kind) {
      case 'number': return [sql`jsonb_typeof(${value}) = 'number'`, typed(value, 'number', sql`${text}::float8`)];
      case 'money': return [sql`jsonb_typeof(${amount}) = 'number'`, typed(amount, 'number', sql`(${amount} #>> '{}')::float8`)];
      case 'boolean': return [sql`jsonb_typeof(${value}) = 'boolean'`, typed(value, 'boolean', sql`${text} COLLATE "C"`)];
      case 'choice': return [sql`jsonb_typeof(${value}) = 'string' AND ${text} = ANY(${options}::text[])`, sql`array_position(${options}::text[], ${text})::float8`];
      // As much of it as an entry holds.
      case 'text': return [sql`jsonb_typeof(${value}) = 'string' AND ${text} <> ''`, typed(value, 'string', sql`left(lower(${text}), 200) COLLATE "C"`)];
      default: return [sql`jsonb_typeof(${value}) = 'string' AND ${text} <> ''`, typed(value, 'string', sql`left(${text}, 200) COLLATE "C"`)];
    }
  })();
  return { has: sql<boolean>`(ticket.type_id = ANY(${typeIds}::uuid[]) AND ${present})`, ordered };
}

// What costs less by the planner's reckoning (some 12 ms) is read whole and sorted.
const cheapest = 8_000;
// What it costs beside to take the value out of the answers of one ticket, of which the planner knows nothing: some 2.5 µs.
const costOfValue = 2;

/** A small set is read and sorted; of a large one the index of values is walked, if the planner finds that cheaper. */
async function wayOf(context: Context, all: TicketSet, order: FieldOrder, target: FilterTarget, most: number): Promise<Way> {
  // The values are still being written down.
  if (!target.indexedFields.has(order.key)) return 'sort';
  const { rows, cost } = await estimate(context.transaction, selectSome(all, null));
  const sorting = cost + rows * costOfValue;
  if (sorting <= cheapest) return 'sort';
  if (order.kind === 'choice') return 'walk';
  return (await estimate(context.transaction, selectWalked(context, all, order, null, most))).cost < sorting ? 'walk' : 'sort';
}

type Placed = TicketRow & { placed_by: string };

const split = ({ placed_by: value, ...row }: Placed, way: Way): PlacedRow => placed(row, way, value);

async function sortedPage(context: Context, set: TicketSet, order: FieldOrder, ordered: RawBuilder<unknown>, after: FieldPlace | null, most: number): Promise<PlacedRow[]> {
  const rows = await context.transaction.run(selectSorted(set, order, ordered, after, most)) as unknown as Placed[];
  return rows.map((row) => split(row, 'sort'));
}

function selectSorted(set: TicketSet, { kind, direction }: FieldOrder, ordered: RawBuilder<unknown>, after: FieldPlace | null, most: number): RawBuilder<Record<string, unknown>> {
  const [only] = set.sources;
  const [from, conditions] = set.sources.length === 1 ? [only!.from, [...only!.conditions]]
    : [sql`(${selectSome(set, null)}) found JOIN ticket ON ticket.tenant_id = ${set.tenantId} AND ticket.id = found.id`, []];
  const way = sql.raw(direction === 'desc' ? 'DESC' : 'ASC');
  const type = sql.raw(kind === 'number' || kind === 'money' || kind === 'choice' ? 'float8' : 'text');
  if (after) conditions.push(sql`(${ordered}, ticket.created_at, ticket.id) ${sql.raw(direction === 'desc' ? '<' : '>')} (${after.value}::${type}, ${after.moment}::timestamptz, ${after.id}::uuid)`);
  return sql`select ticket.*, (${ordered})::text AS placed_by FROM ${from} WHERE ${conditions.length === 0 ? sql`TRUE` : sql.join(conditions, sql` AND `)}
    ORDER BY ${ordered} ${way}, ticket.created_at ${way}, ticket.id ${way} LIMIT ${most}`;
}

async function walkedPage(context: Context, set: TicketSet, order: FieldOrder, after: FieldPlace | null, most: number): Promise<PlacedRow[]> {
  const rows = await context.transaction.run(selectWalked(context, set, order, after, most)) as unknown as Placed[];
  return rows.map((row) => split(row, 'walk'));
}

/** The entries of the field in their order, type by type, as far as a page goes; each with its ticket, if that is meant. */
function selectWalked({ tenantId }: Pick<Context, 'tenantId'>, { whole }: TicketSet, { key, typeIds, direction }: FieldOrder, after: FieldPlace | null, most: number): RawBuilder<Record<string, unknown>> {
  const { from, conditions } = whole.sources[0]!;
  const way = sql.raw(direction === 'desc' ? 'DESC' : 'ASC');
  const behind = after ? sql` AND (entry.value, entry.created_at, entry.ticket_id) ${sql.raw(direction === 'desc' ? '<' : '>')} (${after.value}::text, ${after.moment}::timestamptz, ${after.id}::uuid)` : sql``;
  const parts = typeIds.map((typeId) => sql`(SELECT ticket.*, entry.value AS placed_by FROM ticket_field entry JOIN ${from} ON ticket.tenant_id = entry.tenant_id AND ticket.id = entry.ticket_id
    WHERE entry.tenant_id = ${tenantId} AND entry.type_id = ${typeId}::uuid AND entry.field = ${key}${behind} AND ${sql.join(conditions, sql` AND `)}
    ORDER BY entry.value ${way}, entry.created_at ${way}, entry.ticket_id ${way} LIMIT ${most})`);
  return sql`select * FROM (${sql.join(parts, sql` UNION ALL `)}) found ORDER BY placed_by ${way}, created_at ${way}, id ${way} LIMIT ${most}`;
}

// Asked for together; a page seldom reaches over more.
const optionsAtOnce = 4;

/** The tickets of one answer after another, each in an order of time that has an index. */
async function optionByOption(context: Context, { reach, predicate, target }: Asked, order: FieldOrder, after: FieldPlace | null, most: number): Promise<PlacedRow[]> {
  const { key, direction, typeIds } = order;
  const options = direction === 'desc' ? order.options.toReversed() : order.options;
  const reached = Number(after?.value) - 1;
  const first = after === null ? 0 : direction === 'desc' ? options.length - 1 - reached : reached;
  const rows: PlacedRow[] = [];
  if (!(first >= 0 && first < options.length)) return rows;
  const ofTypes = typeIds.length === 0 ? sql`FALSE` : sql`ticket.type_id = ANY(${typeIds}::uuid[])`;
  for (let at = first; at < options.length && rows.length < most; at += optionsAtOnce) {
    const pages = await Promise.all(options.slice(at, at + optionsAtOnce).map(async (option) => {
      const set = ticketSet(context, reach, { all: [predicate, { property: `fields.${key}`, test: 'one_of', values: [option] }] }, target, [ofTypes]);
      const behind = after !== null && option === options[first] ? after : null;
      const found = await context.transaction.run(selectPage(set, { column: 'created_at', direction }, behind, most - rows.length)) as unknown as TicketRow[];
      return found.map((row) => placed(row, 'walk', String(order.options.indexOf(option) + 1)));
    }));
    rows.push(...pages.flat());
  }
  return rows.slice(0, most);
}

/** How a whole set is put in this order, for who reads it by a cursor of the database. */
export function wholeFieldOrder(order: FieldOrder): RawBuilder<unknown> {
  const { has, ordered } = termsOf(order);
  const way = sql.raw(order.direction === 'desc' ? 'DESC' : 'ASC');
  return sql`CASE WHEN ${has} THEN 0 ELSE 1 END, CASE WHEN ${has} THEN ${ordered} END ${way}, CASE WHEN ${has} THEN ticket.created_at END ${way}, CASE WHEN ${has} THEN ticket.id END ${way}, ticket.created_at DESC, ticket.id DESC`;
}

/** Tickets that are at hand, in the same order. They come newest first. */
export function sortedByField(rows: readonly TicketRow[], { key, kind, typeIds, options, direction }: FieldOrder): TicketRow[] {
  const turn = direction === 'desc' ? -1 : 1;
  const valueOf = (row: TicketRow): string | number | null => {
    const value = typeIds.includes(row.type_id) ? (row.fields as Record<string, unknown>)[key] : undefined;
    if (kind !== 'choice') return indexEntries(kind, value)[0] ?? null;
    const at = typeof value === 'string' ? options.indexOf(value) : -1;
    return at < 0 ? null : at;
  };
  const keyed = rows.map((row, index) => ({ row, index, value: valueOf(row) }));
  const withValue = keyed.filter((one) => one.value !== null).sort((a, b) => turn * (compareByCodePoint(a.value!, b.value!) || b.index - a.index));
  return [...withValue, ...keyed.filter((one) => one.value === null)].map((one) => one.row);
}

/** As the database compares in "C": by code points, where JavaScript goes by UTF-16 units. */
function compareByCodePoint(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}
