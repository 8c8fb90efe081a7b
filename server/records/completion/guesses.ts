import type { Selectable } from 'kysely';
import { build, sharedStatement, statement, type Transaction } from '../../platform/db/database.ts';
import { canonicalJson } from '../../platform/facts/fact.ts';
import type { TicketGuessTable } from '../../platform/db/tables.ts';
import type { TicketRow } from '../ticket/row.ts';

export type GuessRow = Selectable<TicketGuessTable>;

/** Something guessed of a ticket, before it is written down (猜测). */
export interface Guess {
  /** category, asset, address, name, phone, email, subject, priority, fields.<key>. */
  field: string;
  value: unknown;
  words: string;
  confidence: number;
  source: 'rule' | 'model' | 'llm';
}

const columns: Readonly<Record<string, keyof TicketRow>> = { category: 'category_id', asset: 'asset_id', address: 'address', name: 'contact_name', phone: 'contact_phone', email: 'contact_email', subject: 'subject', priority: 'priority' };

/** What a ticket has where something may be guessed; null where it has nothing. */
export function standing(ticket: TicketRow, field: string): unknown {
  if (field.startsWith('fields.')) {
    const fields = ticket.fields as Record<string, unknown>;
    const key = field.slice('fields.'.length);
    return Object.hasOwn(fields, key) ? fields[key] ?? null : null;
  }
  if (field === 'place') return ticket.lat === null || ticket.lng === null ? null : { lat: ticket.lat, lng: ticket.lng };
  const column = columns[field];
  return column === undefined ? null : ticket[column] ?? null;
}

/** Whether a guess still stands: whatever anybody put in its place ends it. */
export const stands = (ticket: TicketRow, guess: Pick<GuessRow, 'field' | 'value'>): boolean => canonicalJson(standing(ticket, guess.field)) === canonicalJson(guess.value);

const find = statement<GuessRow>('ticket_guess.of', 'SELECT * FROM ticket_guess WHERE tenant_id = $1 AND ticket_id = $2');

/** Everything that was ever guessed of a ticket. */
export const guessesOf = (transaction: Transaction, ticketId: string): Promise<GuessRow[]> => transaction.query(find, [transaction.tenantId, ticketId]);

const findTogether = sharedStatement<{ id: string }, GuessRow & { place: number }>('ticket_guess.of_together', `
  SELECT given.place, g.* FROM json_to_recordset($2) AS given (place integer, id uuid) CROSS JOIN LATERAL (SELECT * FROM ticket_guess WHERE tenant_id = $1 AND ticket_id = given.id OFFSET 0) g`);

/** As `guessesOf`, by one statement for all who share the commit. */
export const guessesTogether = (transaction: Transaction, ticketId: string): Promise<GuessRow[]> => transaction.queryTogether(findTogether, { id: ticketId });

/** What was guessed and stands, unconfirmed (待确认的猜测). */
export const openGuesses = async (transaction: Transaction, ticket: TicketRow): Promise<GuessRow[]> => (await guessesOf(transaction, ticket.id)).filter((guess) => guess.confirmed_at === null && stands(ticket, guess));

/** Writes guesses down; one of the same field takes the place of the one before. */
export async function putGuesses(transaction: Transaction, ticketId: string, guesses: readonly Guess[], now: Date): Promise<void> {
  if (guesses.length === 0) return;
  await transaction.run(build.insertInto('ticket_guess').values(guesses.map(({ field, value, words, confidence, source }) => ({
    tenant_id: transaction.tenantId, ticket_id: ticketId, field, value: JSON.stringify(value), words: words.slice(0, 200).toWellFormed(), confidence, source, made_at: now,
  }))).onConflict((conflict) => conflict.columns(['tenant_id', 'ticket_id', 'field']).doUpdateSet((row) => ({
    value: row.ref('excluded.value'), words: row.ref('excluded.words'), confidence: row.ref('excluded.confidence'), source: row.ref('excluded.source'), made_at: row.ref('excluded.made_at'), confirmed_at: null, confirmed_by: null,
  }))));
}

const confirm = statement<{ field: string }>('ticket_guess.confirm', `
  UPDATE ticket_guess SET confirmed_at = $4, confirmed_by = $5 WHERE tenant_id = $1 AND ticket_id = $2 AND field = ANY($3::text[]) AND confirmed_at IS NULL RETURNING field`);

/** Somebody says that guesses are right. @returns those that were open */
export const confirmGuesses = async (transaction: Transaction, ticketId: string, fields: readonly string[], now: Date, by: string | null): Promise<string[]> =>
  (await transaction.query(confirm, [transaction.tenantId, ticketId, fields, now, by])).map((row) => row.field);
