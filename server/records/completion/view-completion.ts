import type { Completion, Guess } from '../../../contract/completion.ts';
import type { Transaction } from '../../platform/db/database.ts';
import type { Masks } from '../customer/personal-data/masks.ts';
import type { TicketRow } from '../ticket/row.ts';
import { completionsOf, ofWords } from './completions.ts';
import { openGuesses } from './guesses.ts';

/** What was filled into a ticket by itself (自动填写情况): guesses that stand, and what other systems were asked. */
export async function viewFilled(transaction: Transaction, ticket: TicketRow, masks: Masks): Promise<{ guesses: Guess[]; completions: Completion[] }> {
  const [guesses, completions] = await Promise.all([openGuesses(transaction, ticket), completionsOf(transaction, ticket.id)]);
  return {
    guesses: guesses.map(({ field, words, confidence, source, made_at }) => ({
      field, words: field === 'phone' || field === 'email' ? masks.show(field, words) ?? '' : words, confidence: Math.round(confidence * 100) / 100, by: source as Guess['by'], at: made_at.toISOString(),
    })),
    completions: completions.filter(({ source, state, filled }) => source !== ofWords && (state !== 'nothing' || Object.keys(filled as object).length > 0)).map(({ source, name, state, filled, failure, failure_detail: said, settled_at: at, attempts }) => ({
      source, name: name ?? '', state: state as Completion['state'], filled: Object.keys(filled as object), reason: failure, said, attempts, at: at?.toISOString() ?? null,
    })),
  };
}
