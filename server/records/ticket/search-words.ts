import { beginningOfPeriod, organizationMark, periodMark, periodOf } from '../../../rules/text/marks.ts';
import { quote } from '../../../rules/text/bigrams.ts';
import type { Context } from '../../platform/context.ts';
import { statement } from '../../platform/db/database.ts';

/** A ticket that holds the words, and when it was made. */
export interface Found {
  ticket_id: string;
  created_at: Date;
}

const newestRows = statement<Found & { found: boolean }>('search.newest_rows', `
  SELECT ticket_id, created_at, words @@ $2::tsquery AS found
  FROM (SELECT ticket_id, created_at, words FROM ticket_search WHERE tenant_id = $1 AND (created_at, ticket_id) < ($3::timestamptz, $4::uuid)
    ORDER BY created_at DESC, ticket_id DESC LIMIT $5) newest
  ORDER BY created_at DESC, ticket_id DESC`);
const newestWith = statement<Found>('search.newest_with', 'SELECT ticket_id, created_at FROM newest_tickets_with_words($1, $2::tsquery, $3, $4, $5)');
const oldestWith = statement<Found>('search.oldest_with', 'SELECT ticket_id, created_at FROM oldest_tickets_with_words($1, $2::tsquery, $3, $4, $5)');
const someWith = statement<Found>('search.some_with', 'SELECT ticket_id, created_at FROM some_tickets_with_words($1, $2::tsquery, $3)');
const firstRow = statement<{ created_at: Date }>('search.first_row', 'SELECT created_at FROM ticket_search WHERE tenant_id = $1 ORDER BY created_at, ticket_id LIMIT 1');

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

/** What a look at the newest tickets gave. */
export interface Look {
  found: Found[];
  looked: number;
  /** The last that was looked at; none when there are no more behind it. */
  last: Found | null;
}

/** Looks at the newest tickets behind a place, one by one: it finds what is common, and tells how common it is. */
export async function lookAtNewest(context: Pick<Context, 'tenantId' | 'transaction'>, terms: string, before: { moment: string; id: string }): Promise<Look> {
  const rows = await context.transaction.query(newestRows, [context.tenantId, terms, before.moment, before.id, lookedAt]);
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
export async function* newestWithWords(context: Pick<Context, 'tenantId' | 'transaction'>, terms: string, before: { moment: string; id: string }, look?: Look): AsyncGenerator<Found[]> {
  const { tenantId, transaction } = context;
  const { found: among, last } = look ?? await lookAtNewest(context, terms, before);
  if (among.length > 0) yield among;
  if (!last) return;

  let place = { moment: last.created_at.toISOString(), id: last.ticket_id };
  const [first] = await transaction.query(firstRow, [tenantId]);
  const beginning = first!.created_at.getTime();
  const oldest = periodOf(beginning);
  const newest = among[0]?.created_at.getTime() ?? last.created_at.getTime();
  let askedAll = false;
  let size = firstChunk;
  let found = among.length;
  const begun = periodOf(last.created_at.getTime());
  for (let period = begun; period >= oldest; period -= 1) {
    const inPeriod = `${terms} & ${quote(periodMark(tenantId, period))}`;
    for (;;) {
      const rows = await transaction.query(newestWith, [tenantId, inPeriod, place.moment, place.id, size]);
      const whole = rows.length < size;
      found += rows.length;
      size = chunk;
      if (rows.length > 0) {
        yield rows;
        place = placeOf(rows.at(-1)!);
      }
      if (whole) break;
    }
    if (askedAll || period === oldest) continue;
    // As many as there were a day, up to here, there may be for the rest of the days.
    const reached = beginningOfPeriod(period);
    const expected = (found * (reached - beginning)) / Math.max(day, newest - reached);
    if (expected > fewInAll[Math.min(begun - period, fewInAll.length - 1)]!) continue;
    askedAll = true;
    const all = await transaction.query(someWith, [tenantId, `${terms} & ${quote(organizationMark(tenantId))}`, mostAtOnce + 1]);
    if (all.length > mostAtOnce) continue;
    const rest = all.filter((row) => isBehind(row, place)).sort(newestFirst);
    if (rest.length > 0) yield rest;
    return;
  }
}

/** The same from the oldest on. */
export async function* oldestWithWords(context: Pick<Context, 'tenantId' | 'transaction'>, terms: string, after: { moment: string; id: string } | null): AsyncGenerator<Found[]> {
  let place = after ?? { moment: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const rows = await context.transaction.query(oldestWith, [context.tenantId, `${terms} & ${quote(organizationMark(context.tenantId))}`, place.moment, place.id, chunk]);
    if (rows.length > 0) yield rows;
    if (rows.length < chunk) return;
    place = placeOf(rows.at(-1)!);
  }
}

const placeOf = (row: Found) => ({ moment: row.created_at.toISOString(), id: row.ticket_id });

function isBehind(row: Found, place: { moment: string; id: string }): boolean {
  const moment = row.created_at.toISOString();
  return moment < place.moment || (moment === place.moment && row.ticket_id < place.id);
}

function newestFirst(a: Found, b: Found): number {
  return b.created_at.getTime() - a.created_at.getTime() || (a.ticket_id < b.ticket_id ? 1 : -1);
}
