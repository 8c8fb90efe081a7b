import { sql, type RawBuilder } from 'kysely';
import type { Transaction } from '../../../platform/db/database.ts';
import { containing } from '../../../platform/db/like.ts';

/**
 * How many of the newest records are looked at one by one (逐条查看). What is frequent is found among them at once; what is
 * rare enough not to be has so few hits that the index of words gives them quickly. An organization that has no more
 * records than this needs no index at all, and finds what it wrote a moment ago.
 */
export const walked = 5_000;

/** The condition that each word of what was typed stands in one of these columns. */
export function eachWordIn(q: string, columns: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  const words = q.split(/\s+/).filter((word) => word !== '').slice(0, 8);
  return sql<boolean>`(${sql.join(words.map((word) => sql`(${sql.join(columns.map((column) => sql`${column} ILIKE ${containing(word)}`), sql` OR `)})`), sql` AND `)})`;
}

/** Ids of the records of a kind with these words, as a condition on a column. */
export function idWithWords(column: RawBuilder<unknown>, tenantId: string, kind: 'customer' | 'account' | 'asset', query: string): RawBuilder<boolean> {
  return sql<boolean>`${column} IN (SELECT records_with_words(${tenantId}, ${kind}, ${query}::tsquery))`;
}

/**
 * Rows of several branches of a search, each once, no more than asked for. How names follow one another only the database
 * knows: where several branches found something, `again` reads it in that order.
 */
export async function mergeBranches<Row extends { id: string }>(branches: readonly (readonly Row[])[], again: (ids: readonly string[]) => Promise<Row[]>): Promise<Row[]> {
  const found = branches.filter((rows) => rows.length > 0);
  if (found.length <= 1) return [...(found[0] ?? [])];
  const rows = new Map(found.flat().map((row) => [row.id, row]));
  // The walk found all that the others did.
  return rows.size === found[0]!.length ? [...found[0]!] : again([...rows.keys()]);
}

/** Runs a query of rows. It has to begin with `select` in small letters: so it is not prepared, and planned by its values. */
export function rowsOf<Row>(transaction: Transaction, query: RawBuilder<unknown>): Promise<Row[]> {
  return transaction.run(query as RawBuilder<Row>);
}
