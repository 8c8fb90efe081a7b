import { beginningOfPeriod, organizationMark, periodMark, periodOf } from '../../../rules/text/marks.ts';
import { quote } from '../../../rules/text/bigrams.ts';
import type { Context } from '../../platform/context.ts';
import { statement, type Statement } from '../../platform/db/database.ts';

/** A ticket that holds the words, and when it was made. */
export interface Found {
  ticket_id: string;
  created_at: Date;
}

/** From the newest ticket on, or from the oldest: what is asked on the way, in which order. */
interface Way {
  step: -1 | 1;
  rows: Statement<Found & { found: boolean }>;
  inPeriod: Statement<Found>;
  inAll: Statement<Found & { held: number }>;
  /** The ticket at the other end. */
  end: Statement<{ created_at: Date }>;
}

const newestFirst: Way = {
  step: -1,
  rows: statement('search.newest_rows', `
  SELECT ticket_id, created_at, words @@ $2::tsquery AS found
  FROM (SELECT ticket_id, created_at, words FROM ticket_search WHERE tenant_id = $1 AND (created_at, ticket_id) < ($3::timestamptz, $4::uuid)
    ORDER BY created_at DESC, ticket_id DESC LIMIT $5) newest
  ORDER BY created_at DESC, ticket_id DESC`),
  inPeriod: statement('search.newest_with', 'SELECT ticket_id, created_at FROM newest_tickets_with_words($1, $2::tsquery, $3::tsquery, $4, $5, $6)'),
  inAll: statement('search.newest_of_all', `
  SELECT ticket_id, created_at, held FROM (SELECT ticket_id, created_at, count(*) OVER ()::int AS held FROM some_tickets_with_words($1, $2::tsquery, $3::tsquery, $6)) AS found
  WHERE held >= $6 OR (created_at, ticket_id) < ($4::timestamptz, $5::uuid) ORDER BY created_at DESC, ticket_id DESC LIMIT $7`),
  end: statement('search.first_row', 'SELECT created_at FROM ticket_search WHERE tenant_id = $1 ORDER BY created_at, ticket_id LIMIT 1'),
};
const oldestFirst: Way = {
  step: 1,
  rows: statement('search.oldest_rows', `
  SELECT ticket_id, created_at, words @@ $2::tsquery AS found
  FROM (SELECT ticket_id, created_at, words FROM ticket_search WHERE tenant_id = $1 AND (created_at, ticket_id) > ($3::timestamptz, $4::uuid)
    ORDER BY created_at, ticket_id LIMIT $5) oldest
  ORDER BY created_at, ticket_id`),
  inPeriod: statement('search.oldest_with', 'SELECT ticket_id, created_at FROM oldest_tickets_with_words($1, $2::tsquery, $3::tsquery, $4, $5, $6)'),
  inAll: statement('search.oldest_of_all', `
  SELECT ticket_id, created_at, held FROM (SELECT ticket_id, created_at, count(*) OVER ()::int AS held FROM some_tickets_with_words($1, $2::tsquery, $3::tsquery, $6)) AS found
  WHERE held >= $6 OR (created_at, ticket_id) > ($4::timestamptz, $5::uuid) ORDER BY created_at, ticket_id LIMIT $7`),
  end: statement('search.last_row', 'SELECT created_at FROM ticket_search WHERE tenant_id = $1 ORDER BY created_at DESC, ticket_id DESC LIMIT 1'),
};

// So many of the newest tickets are looked at one by one: a word that stands in every tenth fills a page.
const lookedAt = 600;
const firstChunk = 200;
const chunk = 1_000;
// What is expected to be this rare in all is looked for everywhere at once; after some periods, when more is wanted than
// they held, what is less rare as well…
const fewInAll = [500, 1_000, 3_000];
// …unless it turns out to have been more frequent once.
const mostAtOnce = 4_000;
const day = 86_400_000;

export const beyondAll = { moment: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' } as const;
const beforeAll = { moment: '-infinity', id: '00000000-0000-0000-0000-000000000000' } as const;

type Searching = Pick<Context, 'tenantId' | 'transaction'>;
interface Place { moment: string; id: string }

/** What a look at the newest tickets gave, or at the oldest. */
export interface Look {
  found: Found[];
  looked: number;
  /** The last that was looked at; none when there are no more behind it. */
  last: Found | null;
}

/** Looks at the newest tickets behind a place, one by one: it finds what is common, and tells how common it is. */
export async function lookAtNewest(context: Searching, terms: string, before: Place): Promise<Look> {
  return lookAt(context, newestFirst, terms, before);
}

async function lookAt({ tenantId, transaction }: Searching, way: Way, terms: string, place: Place): Promise<Look> {
  const rows = await transaction.query(way.rows, [tenantId, terms, place.moment, place.id, lookedAt]);
  return { found: rows.filter((row) => row.found), looked: rows.length, last: rows.length < lookedAt ? null : rows.at(-1)! };
}

/**
 * The tickets that hold some words, newest first, in chunks (从新到旧检索). No step of it costs more than some
 * milliseconds, however many tickets there are and whether the words are rare or common: first the newest tickets are
 * looked at one by one, which finds what is common; then the index of words is asked for one period of 32 days after the
 * other; and as soon as what is left is expected to be little, for all of it at once.
 *
 * @param terms the text of a tsquery
 * @param look what `lookAtNewest` gave, when it was asked before
 */
export function newestWithWords(context: Searching, terms: string, before: Place, look?: Look): AsyncGenerator<Found[]> {
  return withWords(context, newestFirst, terms, before, look);
}

/** The same from the oldest on. */
export function oldestWithWords(context: Searching, terms: string, after: Place | null): AsyncGenerator<Found[]> {
  return withWords(context, oldestFirst, terms, after ?? beforeAll);
}

async function* withWords(context: Searching, way: Way, terms: string, from: Place, look?: Look): AsyncGenerator<Found[]> {
  const { tenantId, transaction } = context;
  const { step } = way;
  const { found: among, last } = look ?? await lookAt(context, way, terms, from);
  if (among.length > 0) yield among;
  if (!last) return;

  let place = placeOf(last);
  const [farthest] = await transaction.query(way.end, [tenantId]);
  const end = farthest!.created_at.getTime();
  const start = (among[0] ?? last).created_at.getTime();
  const begun = periodOf(last.created_at.getTime());
  const final = periodOf(end);
  let size = firstChunk;
  let found = among.length;
  let askedAll = false;
  for (let period = begun; (final - period) * step >= 0; period += step) {
    for (;;) {
      const rows = await transaction.query(way.inPeriod, [tenantId, quote(periodMark(tenantId, period)), terms, place.moment, place.id, size]);
      const whole = rows.length < size;
      found += rows.length;
      size = chunk;
      if (rows.length > 0) {
        yield rows;
        place = placeOf(rows.at(-1)!);
      }
      if (whole) break;
    }
    if (askedAll || period === final) continue;
    // As many as there were a day, up to here, there may be for the rest of the days.
    const reached = beginningOfPeriod(step < 0 ? period : period + 1);
    const expected = (found * Math.abs(reached - end)) / Math.max(day, Math.abs(start - reached));
    if (expected > fewInAll[Math.min(Math.abs(begun - period), fewInAll.length - 1)]!) continue;
    askedAll = true;
    for (let wanted = firstChunk; ; wanted = mostAtOnce) {
      const rest = await transaction.query(way.inAll, [tenantId, quote(organizationMark(tenantId)), terms, place.moment, place.id, mostAtOnce, wanted]);
      if (rest.length === 0) return;
      if (rest[0]!.held >= mostAtOnce) break;
      yield rest;
      if (rest.length < wanted) return;
      place = placeOf(rest.at(-1)!);
    }
  }
}

const placeOf = (row: Found): Place => ({ moment: row.created_at.toISOString(), id: row.ticket_id });
