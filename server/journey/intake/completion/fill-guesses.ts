import type { Found } from '../../../../rules/text/extract.ts';
import type { Context } from '../../../platform/context.ts';
import { guessesOf, putGuesses, stands, type Guess, type GuessRow } from '../../../records/completion/guesses.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { fillTicket } from './fill.ts';

/** What was read out of words, before anything of a ticket is looked at. */
export interface Read {
  text: string;
  found: Found[];
  category: { id: string; confidence: number; words: string[] } | null;
  asset: { id: string; code: string; name: string; address: string | null; criticality: 'low' | 'normal' | 'high'; words: string } | null;
}

/**
 * Fills guesses into a ticket where it is empty, or where an earlier guess stands that nobody confirmed and that was less sure, and marks them.
 *
 * @param present what was guessed of it so far, where that is known
 */
export async function fillGuesses(context: Context, configuration: Configuration, ticket: TicketRow, guesses: readonly Guess[], present?: readonly GuessRow[]): Promise<{ ticket: TicketRow; filled: string[] }> {
  if (guesses.length === 0) return { ticket, filled: [] };
  const earlier = new Map((present ?? await guessesOf(context.transaction, ticket.id)).map((row) => [row.field, row]));
  const fit = guesses.filter(({ field, confidence }) => {
    const known = earlier.get(field);
    // Confirmed, or put right by somebody: it is theirs now.
    return !known || (known.confirmed_at === null && stands(ticket, known) && confidence >= known.confidence);
  });
  const byField = new Map(fit.map((guess) => [guess.field, guess]));
  const told = { guessed: fit.map(({ field, words, confidence, source }) => ({ field, ...(field === 'phone' || field === 'email' ? {} : { words }), confidence: Math.round(confidence * 100) / 100, by: source })) };
  const { ticket: changed, filled } = await fillTicket(context, configuration, ticket, Object.fromEntries(fit.map(({ field, value }) => [field, value])), (field) => earlier.has(field), told);
  await putGuesses(context.transaction, ticket.id, Object.entries(filled).map(([field, value]) => ({ ...byField.get(field)!, value })), context.now);
  return { ticket: changed, filled: Object.keys(filled) };
}
