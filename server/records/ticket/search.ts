import { sql, type RawBuilder } from 'kysely';
import type { FieldSort, SearchSort, StandardSort } from '../../../contract/view.ts';
import type { Predicate } from '../../../rules/conditions/filter.ts';
import type { Reach } from '../../../rules/access/policy.ts';
import { matchScore } from '../../../rules/text/match-score.ts';
import type { SearchQuery } from '../../../rules/text/search-query.ts';
import type { Context } from '../../platform/context.ts';
import { invalidInput } from '../../platform/errors/refusal.ts';
import { configurationOf } from '../organization/configuration.ts';
import type { FilterTarget } from './filter-to-sql.ts';
import { estimate } from './estimate.ts';
import { fieldOrderOf, isFieldSort, sortedByField } from './field-order.ts';
import { mostWeighed, readPlace, writePlace } from './list-cursor.ts';
import type { TicketRow } from './row.ts';
import { beyondAll, lookAtNewest, newestWithWords, oldestWithWords, type Look } from './search-words.ts';
import { asCondition, conjuncts, selectPage, selectSome, ticketSet, type Order, type Place, type TicketSet } from './ticket-set.ts';

export interface SearchRequest {
  reach: Reach;
  predicate: Predicate;
  target: FilterTarget;
  query: SearchQuery;
  sort: SearchSort;
  limit: number;
  cursor: string | undefined;
}

export interface SearchPage {
  rows: TicketRow[];
  nextCursor: string | null;
}

/** What is read of a ticket that was found. */
interface Columns<Row> {
  names: RawBuilder<unknown>;
  /** Only types; never set. */
  readonly row?: Row;
}

const whole: Columns<TicketRow> = { names: sql`ticket.*` };
// By which matches are weighed and put in order, many for one that is shown.
const weighedBy = ['id', 'number', 'subject', 'contact_name', 'contact_phone', 'customer_id', 'address', 'priority', 'created_at', 'updated_at', 'resolved_at'] as const;
type Match = Pick<TicketRow, (typeof weighedBy)[number]>;
const weighable: Columns<Match> = { names: sql.join(weighedBy.map((name) => sql.ref(`ticket.${name}`))) };

// Where matches are hard to come by, no more of them are weighed than make a page once so many tickets were looked at.
const enoughLooked = 1_500;
// Where the filter leaves no more than about this, its tickets are looked into instead of those with the words.
const fewTickets = 800;
// What it costs, in microseconds, to look at the words of a ticket of the filter, and at whether one with the words is of it.
const lookAtWords = 15;
const lookAtFilter = 14;
// The newest tickets of a filter are looked into in steps, and no further than so many: the words may be elsewhere.
const firstStep = 1_000;
const longestStep = 1_500;
const furthest = 3_000;
// Below this share of all tickets, a few of the filter are looked into before the newest of all are.
const littleOfAll = 0.1;
// Orders other than by time are made among so many of the newest matches.
const mostOrdered = 2_000;

/**
 * A page of the tickets that hold what was typed (检索), within a reach and a filter. Whichever is rarer leads: the words,
 * newest first, or the tickets that the filter leaves. Nothing is ranked or counted beyond what a page needs.
 */
export async function searchPage(context: Context, request: SearchRequest): Promise<SearchPage> {
  const { query, sort, limit, cursor, reach, predicate, target } = request;
  // Nothing that could be looked for: no ticket holds it.
  if (query.terms === null) return { rows: [], nextCursor: null };
  if (query.number !== null) {
    const set = ticketSet(context, reach, predicate, target, [sql`ticket.number = ${query.number}`]);
    return { rows: await context.transaction.run(selectPage(set, { column: 'created_at', direction: 'desc' }, null, 1)) as unknown as TicketRow[], nextCursor: null };
  }
  // When something is due says nothing about how well it was found.
  if (sort === 'relevance' || sort === 'dueAt') return relevancePage(context, request);
  if (sort === '-createdAt' || sort === 'createdAt') {
    const after = cursor === undefined ? null : readPlace(cursor, sort);
    const rows = await inOrderOfTime(context, request, whole, sort === 'createdAt' ? 'asc' : 'desc', after, limit + 1);
    return pageOf(rows, limit, (row) => writePlace(sort, row.created_at, row.id));
  }
  if (isFieldSort(sort)) return pageByField(context, request, sort);
  return orderedPage(context, request, sort);
}

function pageOf(rows: TicketRow[], limit: number, cursorOf: (row: TicketRow) => string): SearchPage {
  const page = rows.slice(0, limit);
  return { rows: page, nextCursor: rows.length > limit ? cursorOf(page.at(-1)!) : null };
}

/** Matches in order of time, behind a place: at most so many; from `enough` on no more than are found without much looking. */
async function inOrderOfTime<Row>(context: Context, request: SearchRequest, columns: Columns<Row>, direction: 'asc' | 'desc', after: Place | null, most: number, enough = most): Promise<Row[]> {
  const terms = request.query.terms!;
  const narrowed = await narrowing(context, request);
  if (narrowed?.few) return narrowed.few.length === 0 ? [] : readFound(context, request, columns, narrowed.few, { direction, after, most, look: true });
  const rows: Row[] = [];
  const walk: Walk = { place: after, ended: false, looked: 0, held: 0 };
  let look: Look | undefined;
  if (direction === 'desc') {
    // Where the filter leaves little of all, some of that tells how frequent the words are, and is looked at already.
    if (narrowed && narrowed.share < littleOfAll) await walkFilter(context, request, columns, narrowed.set, walk, { most, enough, furthest: 1 }, rows);
    else look = await lookAtNewest(context, terms, after ?? beyondAll);
    let filterLed = false;
    if (narrowed && (!look || look.last) && !walk.ended && rows.length < most) {
      // Whichever is rarer leads.
      const frequency = look ? Math.max(look.found.length, 0.5) / look.looked : Math.max(walk.held, 0.5) / walk.looked;
      filterLed = lookAtWords / frequency < lookAtFilter / narrowed.share;
      if (filterLed) {
        await walkFilter(context, request, columns, narrowed.set, walk, { most, enough, furthest, frequency }, rows);
        look = undefined;
      }
    }
    if (walk.ended || rows.length >= (filterLed ? enough : most)) return rows;
  }
  const chunks = direction === 'desc' ? newestWithWords(context, terms, walk.place ?? beyondAll, look) : oldestWithWords(context, terms, after);
  let looked = 0;
  for await (const found of chunks) {
    // Of many that were found only as many are read as may be needed.
    for (let at = 0, step = (narrowed ? 3 : 1) * (most - rows.length); at < found.length && rows.length < most; at += step, step *= 2) {
      rows.push(...await readFound(context, request, columns, found.slice(at, at + step).map((one) => one.ticket_id), { direction, after: null, most: most - rows.length, look: false }));
    }
    looked += found.length;
    if (rows.length >= most || (rows.length >= enough && looked >= enoughLooked)) break;
  }
  return rows;
}

/** What reach and filter leave: all of it when it is little, else its share of all tickets; null when there is neither. */
async function narrowing(context: Context, { reach, predicate, target }: SearchRequest): Promise<{ set: TicketSet; few: string[] | null; share: number } | null> {
  if (conjuncts(predicate).length === 0 && reach.some((path) => Object.keys(path).length === 0)) return null;
  const set = ticketSet(context, reach, predicate, target);
  const all = ticketSet(context, [{}], { all: [] }, target);
  const [expected, whole] = await Promise.all([estimate(context.transaction, selectSome(set, null)), estimate(context.transaction, selectSome(all, null))]);
  const share = expected.rows / Math.max(1, whole.rows);
  if (expected.rows > fewTickets) return { set, few: null, share };
  const rows = await context.transaction.run(selectSome(set, 4 * fewTickets));
  // The planner may have been wrong.
  return { set, few: rows.length >= 4 * fewTickets ? null : rows.map((row) => row.id), share };
}

/** How far the tickets of a filter were looked into: behind which place there may be more, how many were looked at, and how many held the words. */
interface Walk {
  place: Place | null;
  ended: boolean;
  looked: number;
  held: number;
}

/**
 * Looks into the tickets of a filter, newest first, for those with the words, and adds them to the rows. Goes on from
 * where it came to before.
 */
async function walkFilter<Row>(context: Context, request: SearchRequest, columns: Columns<Row>, set: TicketSet, walk: Walk, { most, enough, furthest, frequency }: { most: number; enough: number; furthest: number; frequency?: number }, rows: Row[]): Promise<void> {
  while (!walk.ended && walk.looked < furthest && rows.length < (walk.looked >= enoughLooked ? enough : most)) {
    // As many as are expected to hold what is wanted, and some more, as asking once again costs more.
    const wanted = most - rows.length;
    const share = walk.looked > 0 ? Math.max(walk.held, 0.5) / walk.looked : frequency ?? 1;
    const step = Math.round(Math.min(Math.max((1.3 * wanted) / share, firstStep), longestStep));
    const page = selectPage(set, { column: 'created_at', direction: 'desc' }, walk.place, step, 'places');
    // In the order of the page, so that no more of it is looked at than is needed.
    const some = await context.transaction.run(sql<{ id: string; created_at: Date; found: boolean; place: number }>`select * FROM (
        SELECT page.id, page.created_at, coalesce(s.words @@ ${request.query.terms}::tsquery, FALSE) AS found, (row_number() OVER (ORDER BY page.created_at DESC, page.id DESC))::int AS place
        FROM (${page}) page LEFT JOIN ticket_search s ON s.tenant_id = ${context.tenantId} AND s.ticket_id = page.id) looked
      WHERE found OR place = ${step} ORDER BY created_at DESC, id DESC LIMIT ${wanted}`);
    const found = some.filter((row) => row.found).map((row) => row.id);
    if (found.length > 0) rows.push(...await readFound(context, request, columns, found, { direction: 'desc', after: null, most: wanted, look: false }));
    const last = some.at(-1);
    walk.ended = some.length < wanted && last?.place !== step;
    if (last) walk.place = { moment: last.created_at.toISOString(), id: last.id };
    walk.looked += walk.ended ? step : last!.place;
    walk.held += found.length;
  }
}

/** Of tickets that were found, those that are meant, in order of time; `look`: whether their words have to be looked at. */
async function readFound<Row>(context: Context, { reach, predicate, target, query }: SearchRequest, columns: Columns<Row>, ids: readonly string[], { direction, after, most, look }: { direction: 'asc' | 'desc'; after: Place | null; most: number; look: boolean }): Promise<Row[]> {
  const order = sql.raw(direction === 'desc' ? 'DESC' : 'ASC');
  const conditions: RawBuilder<unknown>[] = [
    asCondition(reach, predicate, target),
    ...look ? [sql`EXISTS (SELECT 1 FROM ticket_search s WHERE s.tenant_id = ticket.tenant_id AND s.ticket_id = ticket.id AND s.words @@ ${query.terms}::tsquery)`] : [],
    ...after ? [sql`(ticket.created_at, ticket.id) ${sql.raw(direction === 'desc' ? '<' : '>')} (${after.moment}::timestamptz, ${after.id}::uuid)`] : [],
    ...query.phrases.map(phraseCondition),
  ];
  return await context.transaction.run(sql`select ${columns.names} FROM unnest(${ids}::uuid[]) AS found (id) JOIN ticket ON ticket.tenant_id = ${context.tenantId} AND ticket.id = found.id
    WHERE ${sql.join(conditions, sql` AND `)} ORDER BY ticket.created_at ${order}, ticket.id ${order} LIMIT ${most}`) as unknown as Row[];
}

/** Matches as whole rows, in their order. */
async function wholeRowsOf(context: Context, request: SearchRequest, matches: readonly Match[]): Promise<TicketRow[]> {
  if (matches.length === 0) return [];
  const found = await readFound(context, { ...request, query: { ...request.query, phrases: [] } }, whole, matches.map((match) => match.id), { direction: 'desc', after: null, most: matches.length, look: false });
  const rows = new Map(found.map((row) => [row.id, row]));
  return matches.flatMap((match) => rows.get(match.id) ?? []);
}

/** A phrase stands in one of the texts just so, without regard to case, width and how much room is between its words. */
function phraseCondition(phrase: string): RawBuilder<unknown> {
  const holds = (text: RawBuilder<unknown>) => sql`position(${phrase} in regexp_replace(lower(normalize(${text}, NFKC)), '\\s+', ' ', 'g')) > 0`;
  return sql`(${holds(sql`concat_ws(E'\\n', ticket.number, ticket.subject, ticket.contact_name, ticket.address, ticket.resolution, ticket.description)`)}
    OR EXISTS (SELECT 1 FROM customer c WHERE c.tenant_id = ticket.tenant_id AND c.id = ticket.customer_id AND ${holds(sql`c.name`)})
    OR EXISTS (SELECT 1 FROM message m WHERE m.tenant_id = ticket.tenant_id AND m.ticket_id = ticket.id AND ${holds(sql`m.body`)})
    OR EXISTS (SELECT 1 FROM side_conversation s LEFT JOIN side_message m ON m.tenant_id = s.tenant_id AND m.conversation_id = s.id
      WHERE s.tenant_id = ticket.tenant_id AND s.ticket_id = ticket.id AND ${holds(sql`concat_ws(E'\n', s.subject, m.body)`)}))`;
}

/** In another order than by time: of the newest matches, which are few enough to be put in order. */
async function orderedPage(context: Context, request: SearchRequest, sort: Exclude<StandardSort, '-createdAt' | 'createdAt'>): Promise<SearchPage> {
  const { limit, cursor } = request;
  const matches = await inOrderOfTime(context, request, weighable, 'desc', null, mostOrdered);
  const order: Order = sort === '-updatedAt' ? { column: 'updated_at', direction: 'desc' } : sort === 'updatedAt' ? { column: 'updated_at', direction: 'asc' } : { column: sort === 'priority' ? 'created_at' : 'resolved_at', direction: 'desc' };
  const rank = (row: Match) => (sort === 'priority' ? row.priority : 0);
  const moment = (row: Match) => (row[order.column] ?? new Date(0)).getTime();
  const compare = (a: { rank: number; moment: number; id: string }, b: { rank: number; moment: number; id: string }) => a.rank - b.rank
    || (order.direction === 'desc' ? -1 : 1) * (a.moment - b.moment || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const keyed = matches.filter((row) => row[order.column] !== null).map((row) => ({ row, rank: rank(row), moment: moment(row), id: row.id })).sort(compare);
  const place = cursor === undefined ? null : readPlace(cursor, sort);
  const behind = place === null ? keyed : keyed.filter((one) => compare(one, { rank: place.group === undefined ? 0 : Number(place.group), moment: Date.parse(place.moment), id: place.id }) > 0);
  return pageOf(await wholeRowsOf(context, request, behind.slice(0, limit + 1).map((one) => one.row)), limit, (row) => writePlace(sort, row[order.column]!, row.id, sort === 'priority' ? String(row.priority) : undefined));
}

/** In order of a field: of the newest matches as well. A place is the ticket that was last, or where it stood if it is gone. */
async function pageByField(context: Context, request: SearchRequest, sort: FieldSort): Promise<SearchPage> {
  const { limit, cursor } = request;
  const order = fieldOrderOf(sort, await configurationOf(context));
  if (order === null) throw invalidInput('/sort', 'not_sortable');
  const matches = sortedByField(await inOrderOfTime(context, request, whole, 'desc', null, mostOrdered), order);
  const place = cursor === undefined ? null : readPlace(cursor, sort);
  const found = place === null ? -1 : matches.findIndex((row) => row.id === place.id);
  const from = place === null ? 0 : found < 0 ? Math.max(0, place.score ?? 0) : found + 1;
  const rows = matches.slice(from, from + limit);
  const last = rows.at(-1);
  return { rows, nextCursor: last && from + limit < matches.length ? writePlace(sort, last.created_at, last.id, undefined, { score: from + rows.length }) : null };
}

/** The best matches first: the newest of them weighed against one another, behind these the others in order of time. */
async function relevancePage(context: Context, request: SearchRequest): Promise<SearchPage> {
  const { limit, cursor, query } = request;
  const place = cursor === undefined ? null : readPlace(cursor, 'relevance');
  // As it was when the first page was asked for: what has come since would push everything down.
  const asOf = place?.asOf ?? context.now.toISOString();
  const before: Place = { moment: new Date(Date.parse(asOf) + 1).toISOString(), id: beyondAll.id };
  if (place && place.score === undefined) {
    const rows = await inOrderOfTime(context, request, whole, 'desc', place, limit + 1);
    return pageOf(rows, limit, (row) => writePlace('relevance', row.created_at, row.id, undefined, { asOf }));
  }
  // The same ones for every page, as many as were weighed for the first.
  const most = place?.weighed ?? mostWeighed;
  const enough = place ? most + 1 : Math.min(most, limit) + 1;
  const newest = await inOrderOfTime(context, request, weighable, 'desc', place ? before : null, most + 1, enough);
  const more = newest.length >= enough;
  const weighed = more ? newest.length - 1 : newest.length;
  const names = await namesOf(context, newest);
  const scored = newest.slice(0, weighed).map((row) => ({
    row, id: row.id, score: Math.round(1_000 * matchScore(query, {
      number: row.number, subject: row.subject, names: [row.contact_name, names.get(row.customer_id ?? '') ?? null], address: row.address,
      phone: row.contact_phone, age: Date.parse(asOf) - row.created_at.getTime(),
    })),
  })).sort((a, b) => b.score - a.score || b.row.created_at.getTime() - a.row.created_at.getTime() || (a.id < b.id ? 1 : -1));
  const from = place ? scored.findIndex((one) => one.id === place.id) + 1 || scored.findIndex((one) => one.score < place.score!) : 0;
  const page = from < 0 ? [] : scored.slice(from, from + limit);
  const rows = await wholeRowsOf(context, request, page.map((one) => one.row));
  const last = page.at(-1);
  if (last && from + page.length < scored.length) return { rows, nextCursor: writePlace('relevance', last.row.created_at, last.id, undefined, { asOf, score: last.score, weighed }) };
  const oldest = newest[weighed - 1];
  if (!more || !oldest) return { rows, nextCursor: null };
  // What was weighed is all shown: the page is filled up with what follows in order of time.
  const behind: Place = { moment: oldest.created_at.toISOString(), id: oldest.id };
  const room = limit - rows.length;
  if (room === 0) return { rows, nextCursor: writePlace('relevance', oldest.created_at, oldest.id, undefined, { asOf }) };
  const rest = pageOf(await inOrderOfTime(context, request, whole, 'desc', behind, room + 1), room, (row) => writePlace('relevance', row.created_at, row.id, undefined, { asOf }));
  return { rows: [...rows, ...rest.rows], nextCursor: rest.nextCursor };
}

async function namesOf(context: Context, rows: readonly Match[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.map((row) => row.customer_id).filter((id) => id !== null))];
  if (ids.length === 0) return new Map();
  const found = await context.transaction.run(sql<{ id: string; name: string }>`select id, name FROM customer WHERE tenant_id = ${context.tenantId} AND id = ANY(${ids}::uuid[])`);
  return new Map(found.map((row) => [row.id, row.name]));
}

