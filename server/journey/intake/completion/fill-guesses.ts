import type { Found } from '../../../../rules/text/extract.ts';
import type { Context } from '../../../platform/context.ts';
import { statement } from '../../../platform/db/database.ts';
import { guessesOf, putGuesses, stands, type Guess, type GuessRow } from '../../../records/completion/guesses.ts';
import type { Configuration } from '../../../records/organization/configuration.ts';
import type { TicketRow } from '../../../records/ticket/row.ts';
import { fillTicket } from './fill.ts';

const findChosen = statement<{ chosen: boolean }>('fact.category_chosen', `
  SELECT EXISTS (SELECT FROM fact WHERE tenant_id = $1 AND ticket_id = $2 AND kind = 'ticket.changed' AND actor_kind IN ('staff', 'api_key', 'rule') AND data -> 'after' ? 'categoryId') AS chosen`);

/**
 * Whether a guess only says more exactly what its customer chose (细化分类): of what a form offers they take what is near. What a colleague gave, or a rule, stays.
 */
async function isRefined({ transaction, tenantId }: Context, configuration: Configuration, ticket: TicketRow, guess: unknown): Promise<boolean> {
  if (ticket.category_id === null || ticket.created_by_kind !== 'customer' || typeof guess !== 'string' || guess === ticket.category_id) return false;
  let above = configuration.categories.get(guess)?.parentId ?? null;
  while (above !== null && above !== ticket.category_id) above = configuration.categories.get(above)?.parentId ?? null;
  return above !== null && !(await transaction.query(findChosen, [tenantId, ticket.id]))[0]!.chosen;
}

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
  const refined = await isRefined(context, configuration, ticket, byField.get('category')?.value);
  const told = { guessed: fit.map(({ field, words, confidence, source }) => ({ field, ...(field === 'phone' || field === 'email' ? {} : { words }), confidence: Math.round(confidence * 100) / 100, by: source })) };
  const { ticket: changed, filled } = await fillTicket(context, configuration, ticket, Object.fromEntries(fit.map(({ field, value }) => [field, value])), (field) => earlier.has(field) || (field === 'category' && refined), told);
  await putGuesses(context.transaction, ticket.id, Object.entries(filled).map(([field, value]) => ({ ...byField.get(field)!, value })), context.now);
  return { ticket: changed, filled: Object.keys(filled) };
}
